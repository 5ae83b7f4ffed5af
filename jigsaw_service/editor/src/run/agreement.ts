/** Code that holds others' changes runs only after this person has seen exactly that code and agreed. */
import { html } from 'lit';
import type { Client } from '../api/client';
import * as workspaces from '../api/workspaces';
import { listOf, t } from '../i18n';
import { askWithForm } from '../ui/dialogs';
import { codeView } from './codeView';

/** Agreements kept for a workspace; the oldest is asked for again. */
const KEPT = 100;

export interface Circumstances {
  hub: string;
  user: string;
  workspace: string;
  /** Whose changes the workspace holds besides this person's. */
  others(): Promise<readonly string[]>;
  /** Shows the code and who changed it, and gives the person's answer. */
  ask(code: string, others: readonly string[]): Promise<boolean>;
}

/** What one person in one browser has agreed to run of one workspace. */
export class Agreement {
  /** For browsers that keep nothing, or have no digest because the Hub is reached without TLS. */
  readonly #thisPage = new Set<string>();
  #asking = false;

  constructor(
    private readonly about: Circumstances,
    private readonly given?: Pick<Storage, 'getItem' | 'setItem'>,
  ) {}

  /** Not touched before it is needed: the first touch waits for the disk. */
  get #kept(): Pick<Storage, 'getItem' | 'setItem'> {
    return this.given ?? localStorage;
  }

  /**
   * Whether `code` may run now: it is the person's own, or they agree to it. Rejects where it cannot
   * be told whose it is.
   */
  async covers(code: string): Promise<boolean> {
    if (this.#asking) return false;
    this.#asking = true;
    try {
      return await this.#decide(code);
    } finally {
      this.#asking = false;
    }
  }

  async #decide(code: string): Promise<boolean> {
    const digest = await digestOf(code);
    if (this.#thisPage.has(code) || (digest && this.#digests().includes(digest))) return true;
    const others = await this.about.others();
    if (others.length === 0) return true;
    if (!(await this.about.ask(code, others))) return false;
    this.#thisPage.add(code);
    if (digest) this.#keep(digest);
    return true;
  }

  get #place(): string {
    const { hub, user, workspace } = this.about;
    return `jigsaw-agreed ${JSON.stringify([hub, user, workspace])}`;
  }

  #digests(): string[] {
    try {
      const found: unknown = JSON.parse(this.#kept.getItem(this.#place) ?? '[]');
      return Array.isArray(found) ? found.map(String) : [];
    } catch {
      return [];
    }
  }

  #keep(digest: string): void {
    try {
      const digests = [...this.#digests(), digest].slice(-KEPT);
      this.#kept.setItem(this.#place, JSON.stringify(digests));
    } catch {
      // A browser that keeps nothing asks again next time.
    }
  }
}

/** SHA-256 in hexadecimal; undefined where the browser offers none, as without TLS. */
async function digestOf(code: string): Promise<string | undefined> {
  // Missing outside secure contexts, whatever its type says.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  const bytes = await subtle?.digest('SHA-256', new TextEncoder().encode(code));
  return bytes && [...new Uint8Array(bytes)].map((n) => n.toString(16).padStart(2, '0')).join('');
}

/** Everybody but `me` who made the head or a revision of it; the owner of what is not mine is one of them. */
export async function othersIn(client: Client, id: string, me: string): Promise<string[]> {
  const workspace = await workspaces.read(client, id);
  const found = new Set([workspace.owner, workspace.modified_by]);
  let page = await workspaces.revisions(client, id);
  for (;;) {
    for (const { authors } of page.items) for (const author of authors) found.add(author);
    if (page.next === null) break;
    page = await workspaces.moreRevisions(client, page.next);
  }
  found.delete(me);
  return [...found].sort();
}

/** Shows exactly what would run and who had a hand in it; true for “Run it”. */
export async function askToRun(
  code: string,
  language: string,
  others: readonly string[],
): Promise<boolean> {
  const content = html`<p>${t('agreement.text', { who: listOf(others) })}</p>
    ${codeView(code, language, t('agreement.code'))}`;
  return (await askWithForm(t('agreement.title'), content, t('agreement.run'))) !== undefined;
}
