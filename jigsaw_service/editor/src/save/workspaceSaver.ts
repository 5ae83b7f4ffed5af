/**
 * The one door through which a workspace is saved from this tab.
 *
 *   S1  A change is sent at most two seconds after it was made.
 *   S2  “Saved” is said only when the service has acknowledged exactly what is on the canvas.
 *   S3  Work is kept in the browser before it is sent, and let go when it was acknowledged.
 *   S4  A save whose answer was lost is sent again unchanged, so that the service can recognise it.
 *   S5  When somebody else saved first, theirs stays; mine becomes a copy.
 *   S6  What the service will not take is said, kept and not tried again until it changes.
 */
import { ApiProblem } from '../api/problem';
import type { Saved, Workspace } from '../api/types';
import { epochOf, type DraftKey, type Drafts } from './drafts';

/** Milliseconds without a change after which we save, and the most that a change waits. */
const QUIET = 700;
const AT_MOST = 1500;

const RETRY_FIRST = 1000;
const RETRY_AT_MOST = 30_000;

/** Browsers refuse larger bodies in requests that outlive the page. */
const KEEPALIVE_BYTES = 60_000;

export type SaveState = 'saved' | 'saving' | 'offline' | 'conflict' | 'refused';

export interface Conflict {
  /** Where my version went. */
  copy: Workspace;
  changedBy: string;
}

/** What the saver needs of the rest of the page. */
export interface SaverParts {
  key: Omit<DraftKey, 'epoch'>;
  drafts: Drafts;
  read(): string;
  write(save: {
    xml: string;
    etag: string;
    keepalive?: boolean;
  }): Promise<Saved & { etag: string }>;
  copyMine(xml: string): Promise<Workspace>;
}

/** Events: `state`; `conflict` (`CustomEvent<Conflict>`), after which the page loads the head and calls `reset`. */
export class WorkspaceSaver extends EventTarget {
  state: SaveState = 'saved';
  /** Why the state is `refused` or `offline`. */
  problem: ApiProblem | undefined;
  savedAt: Date | undefined;

  #changes = 0;
  #acknowledged = 0;
  #changedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending = false;
  #failures = 0;
  /** What was sent and not answered yet. */
  #unanswered: { xml: string; change: number } | undefined;

  constructor(
    private readonly parts: SaverParts,
    public etag: string,
  ) {
    super();
  }

  get hasUnsavedWork(): boolean {
    return this.#changes !== this.#acknowledged;
  }

  /** The canvas has changed. */
  changed(): void {
    if (this.state === 'conflict') return;
    const now = Date.now();
    if (!this.hasUnsavedWork) this.#changedAt = now;
    this.#changes += 1;
    if (this.state !== 'offline') this.#become('saving');
    if (this.#failures === 0) this.#saveAfter(Math.min(QUIET, this.#changedAt + AT_MOST - now));
  }

  /** Saves now: on Ctrl+S, when the network is back, when somebody signed in again. */
  async saveNow(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#sending || !this.hasUnsavedWork || this.state === 'conflict') return;
    this.#sending = true;
    try {
      await this.#send();
    } finally {
      this.#sending = false;
    }
    if (this.state === 'saving') this.#saveAfter(QUIET);
  }

  /** The page may be going away: keeps the work and tries to send it behind the page's back. */
  leave(): void {
    if (!this.hasUnsavedWork || this.state === 'conflict') return;
    const xml = this.parts.read();
    void this.#keep(xml);
    if (this.#sending || new Blob([xml]).size > KEEPALIVE_BYTES) return;
    void this.saveNow();
  }

  /** Goes on from another head: after a conflict, or after a revision was restored. */
  reset(etag: string): void {
    clearTimeout(this.#timer);
    this.etag = etag;
    this.#changes = this.#acknowledged = this.#failures = 0;
    this.#unanswered = undefined;
    this.problem = undefined;
    this.#become('saved');
  }

  async #send(): Promise<void> {
    const { xml, change } = (this.#unanswered ??= {
      xml: this.parts.read(),
      change: this.#changes,
    });
    await this.#keep(this.#unanswered.change === this.#changes ? xml : this.parts.read());
    try {
      const keepalive =
        document.visibilityState === 'hidden' && new Blob([xml]).size <= KEEPALIVE_BYTES;
      const saved = await this.parts.write({ xml, etag: this.etag, keepalive });
      await this.#acknowledge(saved.etag, change);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      await this.#failed(error, xml);
    }
  }

  async #acknowledge(etag: string, change: number): Promise<void> {
    this.etag = etag;
    this.#unanswered = undefined;
    this.#failures = 0;
    this.problem = undefined;
    this.#acknowledged = change;
    this.#changedAt = Date.now();
    this.savedAt = new Date();
    if (this.hasUnsavedWork) {
      this.#become('saving');
      return;
    }
    this.#become('saved');
    await this.parts.drafts.forget(this.#key).catch(() => undefined);
  }

  async #failed(problem: ApiProblem, xml: string): Promise<void> {
    this.problem = problem;
    if (problem.slug === 'workspace-changed') {
      await this.#setAside(problem);
    } else if (problem.isPassing || problem.status === 401 || problem.slug === 'xsrf') {
      this.#failures += 1;
      this.#become('offline');
      this.#saveAfter(Math.min(RETRY_AT_MOST, RETRY_FIRST * 2 ** (this.#failures - 1)));
    } else {
      this.#unanswered = undefined;
      await this.#keep(xml);
      this.#become('refused');
    }
  }

  /** S5. Until the copy is made, the work is in the browser and everything is tried again. */
  async #setAside(problem: ApiProblem): Promise<void> {
    try {
      const copy = await this.parts.copyMine(this.parts.read());
      this.#become('conflict');
      await this.parts.drafts.forget(this.#key).catch(() => undefined);
      const { changed_by: who } = problem.members;
      const changedBy = typeof who === 'string' ? who : '';
      this.dispatchEvent(new CustomEvent<Conflict>('conflict', { detail: { copy, changedBy } }));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.#failures += 1;
      this.#become('offline');
      this.#saveAfter(RETRY_FIRST * 2 ** Math.min(5, this.#failures));
    }
  }

  async #keep(xml: string): Promise<void> {
    const draft = { xml, etag: this.etag, kept: new Date().toISOString() };
    // A browser that keeps nothing (full, or private) must not stop the save itself.
    await this.parts.drafts.keep(this.#key, draft).catch(() => undefined);
  }

  get #key(): DraftKey {
    return { ...this.parts.key, epoch: epochOf(this.etag) };
  }

  #saveAfter(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.saveNow(), Math.max(0, milliseconds));
  }

  #become(state: SaveState): void {
    this.state = state;
    this.dispatchEvent(new Event('state'));
  }
}
