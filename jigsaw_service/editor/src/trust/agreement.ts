/**
 * Code that others had a hand in runs only after this person has seen exactly that code, and the kernel that
 * was chosen for it, and agreed; or, for the rest of the trustSession, has agreed to all changes by certain people.
 */
import { html } from 'lit';
import { t } from '../i18n';
import { askWithForm } from '../ui/dialogs';
import { codeView } from '../run/codeView';
import { inWords } from './provenance';
import type { Provenance, TrustSession } from './trustSession';

/** Agreements kept for a workspace; the oldest is asked for again. */
const KEPT = 100;

/** Answer of the person: to run nothing, this code, or in this trustSession all by these people. */
export type TrustDecision = 'no' | 'once' | 'sitting';

/** Program that would run. */
export interface RunnableProgram {
  code: string;
  /** The kernel that was chosen for the workspace; null: any of its language. */
  kernelName: string | null;
}

export interface Circumstances {
  hub: string;
  user: string;
  workspace: string;
  trustSession: TrustSession;
  /** Provenance: the people who have a hand in the workspace now. */
  provenance(): Promise<Provenance>;
  /** Shows the program and who changed it, and gives the person's answer. */
  ask(program: RunnableProgram, provenance: Provenance): Promise<TrustDecision>;
}

/** Agreement of one person in one browser to run certain programs of one workspace. */
export class Agreement {
  readonly #about: Circumstances;
  readonly #given: undefined | Pick<Storage, 'getItem' | 'setItem'>;

  /** For browsers that keep nothing, or have no digest because the Hub is reached without TLS. */
  readonly #thisPage = new Set<string>();
  #asking = false;

  constructor(about: Circumstances, given?: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#about = about;
    this.#given = given;
  }

  /** Not touched before it is needed: the first touch waits for the disk. */
  get #kept(): Pick<Storage, 'getItem' | 'setItem'> {
    return this.#given ?? localStorage;
  }

  /**
   * True if `program` may run now: it is the person's own, or they agree to it. Rejects where its
   * authors cannot be told.
   */
  async covers(program: RunnableProgram): Promise<boolean> {
    if (this.#asking) return false;
    this.#asking = true;
    try {
      return await this.#decide(program);
    } finally {
      this.#asking = false;
    }
  }

  async #decide(program: RunnableProgram): Promise<boolean> {
    const { trustSession } = this.#about;
    const content = contentOf(program);
    const digest = await digestOf(content);
    if (this.#thisPage.has(content) || (digest && this.#digests().includes(digest))) return true;
    // Asked after the code was made, so that nobody who had a hand in it is missing.
    const provenance = await this.#about.provenance();
    if (provenance.others.length === 0 && provenance.files === 0) return true;
    if (trustSession.covers(provenance)) return true;
    trustSession.end();
    const answer = await this.#about.ask(program, provenance);
    if (answer === 'no') return false;
    this.#thisPage.add(content);
    if (digest) this.#keep(digest);
    if (answer === 'sitting') trustSession.agree(provenance);
    return true;
  }

  get #place(): string {
    const { hub, user, workspace } = this.#about;
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

/** To what somebody agrees; no code has a zero in it. */
function contentOf({ code, kernelName }: RunnableProgram): string {
  return kernelName === null ? code : `\0${kernelName}\0${code}`;
}

/** SHA-256 in hexadecimal; undefined where the browser offers none, as without TLS. */
async function digestOf(content: string): Promise<string | undefined> {
  // Missing outside secure contexts, although its type says otherwise.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  const bytes = await subtle?.digest('SHA-256', new TextEncoder().encode(content));
  return bytes && [...new Uint8Array(bytes)].map((n) => n.toString(16).padStart(2, '0')).join('');
}

/** Shows exactly what would run, where, and who had a hand in it. */
export async function askToRun(
  { code, kernelName }: RunnableProgram,
  language: string,
  provenance: Provenance,
): Promise<TrustDecision> {
  const who = inWords(provenance);
  const kernel = kernelName === null ? '' : html`<p>${t('agreement.kernel', { kernelName })}</p>`;
  const content = html`<p>${t('agreement.text', { who })}</p>
    ${codeView(code, language, t('agreement.code'))} ${kernel}
    <label class="check">
      <input type="checkbox" name="sitting" aria-describedby="sitting-ends" />
      <span>${t('agreement.sitting', { who })}</span>
    </label>
    <p class="quiet" id="sitting-ends">${t('agreement.sittingEnds')}</p>`;
  const answer = await askWithForm(t('agreement.title'), content, t('agreement.run'));
  if (!answer) return 'no';
  return answer.has('sitting') ? 'sitting' : 'once';
}
