/** States of a workspace as they were, fetched once. */
import type { Client } from '../api/client';
import * as workspaces from '../api/workspaces';
import { parseWorkspace } from '../xml/strictXml';
import { nextFrame } from '../canvas/scheduler';
import type { Records } from '../document/records';
import { readRecords } from '../document/xml';
import { giveIds } from '../xml/ids';

/** States that are kept: enough for going to and fro. */
const KEPT = 12;

/** State to look at: a revision by number, or the present one. */
export type Which = number | 'now';

export class States {
  readonly #client: Client;
  readonly #workspaceId: string;

  readonly #kept = new Map<number, Promise<Records>>();

  constructor(client: Client, workspaceId: string) {
    this.#client = client;
    this.#workspaceId = workspaceId;
  }

  /** Nobody may change what this gives. What a revision holds never changes; what is now, does. */
  of(which: Which): Promise<Records> {
    if (which === 'now') return this.#read();
    let state = this.#kept.get(which);
    if (!state) {
      state = this.#read(which);
      state.catch(() => this.#kept.delete(which));
      this.#kept.set(which, state);
      const [oldest] = this.#kept.keys();
      if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    }
    return state;
  }

  async #read(revision?: number): Promise<Records> {
    const { xml } = await workspaces.readXml(this.#client, this.#workspaceId, revision);
    const root = parseWorkspace(xml);
    await nextFrame();
    giveIds(root);
    return readRecords(root);
  }
}
