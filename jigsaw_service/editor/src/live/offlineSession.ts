/** Offline session: the workspace as I had it, and which of my work doesn't survive the return. */
import { same, type Patch } from '../document/records';
import type { Batch, Replica } from '../document/replica';
import { writeXml } from '../document/xml';

/** Offline work that could not be kept. */
export interface Dropped {
  changes: number;
  xml: string;
}

export class OfflineSession {
  readonly #replica: Replica;

  readonly #xml: string;
  /** The batch with which all is answered that was done offline. */
  readonly #last: number;
  #lost = 0;

  /** Nothing of it is answered yet. */
  constructor(replica: Replica) {
    this.#replica = replica;

    this.#xml = writeXml(replica.records);
    this.#last = replica.pending.at(-1)?.n ?? 0;
  }

  isOverAt(n: number): boolean {
    return n >= this.#last;
  }

  /** Takes the answer to one batch; batches are answered in order. */
  answered({ wanted }: Batch, patch: Patch): void {
    const { records, pending } = this.#replica;
    for (const [id, keys] of Object.entries(wanted.blocks ?? {})) {
      // Blocks that I have changed again since are judged by that.
      if (!keys || pending.some((later) => id in (later.wanted.blocks ?? {}))) continue;
      const record = records.blocks.get(id);
      const made = patch.blocks?.[id];
      const isKept = ([key, value]: [string, unknown]) =>
        key === 's' || (made && key in made) || same(record?.[key] ?? null, value);
      if (!record || !Object.entries(keys).every(isKept)) this.#lost++;
    }
  }

  /** Blocks that are not as I had made them; undefined where all are. */
  get dropped(): Dropped | undefined {
    return this.#lost > 0 ? { changes: this.#lost, xml: this.#xml } : undefined;
  }
}
