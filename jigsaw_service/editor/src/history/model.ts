/** History model: the list of revisions, and the view that is open. */
import { editorUrl, type App } from '../app';
import * as workspaces from '../api/workspaces';
import type { Change, Revision, Workspace } from '../api/types';
import { t } from '../i18n';
import { problemText } from '../ui/problemText';
import { toast } from '../ui/toast';
import { telling } from '../workspaces/actions';
import { Player } from './player';
import type { Review } from './review';
import { States, type Which } from './states';
import { Timeline } from './timeline';

/** View on the stage, if there is one. */
export type View =
  | { kind: 'revision'; number: number }
  | { kind: 'compare'; before: Which; after: Which; as: 'blocks' | 'code' }
  | { kind: 'play'; player: Player };

/** Findings of a comparison, with the words for its blocks. */
export interface Found {
  review: Review;
  describe(id: string): string;
}

const PAGE = 50;
const WHOLE = 200;

/** Fires `change` whenever something is to be drawn anew. */
export class HistoryModel extends EventTarget {
  readonly states: States;
  revisions: readonly Revision[] | undefined;
  trouble = '';
  view: View | undefined;
  /** Of the comparison that is shown, once it is known. */
  found: Found | undefined;
  /** The block that was last asked for, in the document of the comparison. */
  pointed: string | undefined;
  #next: string | null = null;
  #loading: Promise<void> | undefined;

  constructor(
    readonly app: App,
    readonly workspace: Workspace,
    /** The revision that the page itself shows, where it is an old one. */
    readonly page: number | undefined,
    /** The clock of what the workspace is now. */
    readonly clock: () => number = () => workspace.clock,
  ) {
    super();
    this.states = new States(app.client, workspace.id);
  }

  get mayEdit(): boolean {
    return this.workspace.role !== 'viewer' && this.workspace.trashed === null;
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** The newest revision. */
  get last(): number {
    return this.revisions?.[0]?.number ?? this.workspace.revision;
  }

  /** True if the blocks have changed since the newest revision. */
  get hasMovedOn(): boolean {
    const newest = this.revisions?.[0];
    return newest !== undefined && this.clock() > newest.clock;
  }

  /** True if this revision holds the present state. */
  isNow(number: number): boolean {
    return number === this.last && !this.hasMovedOn;
  }

  revision(number: number): Revision | undefined {
    return this.revisions?.find((revision) => revision.number === number);
  }

  changed(): void {
    this.dispatchEvent(new Event('change'));
  }

  /** Begins the list, or begins it again when there is a new revision. */
  async load(): Promise<void> {
    try {
      const size = Math.min(WHOLE, Math.max(PAGE, this.revisions?.length ?? 0));
      const page = await workspaces.revisions(this.app.client, this.workspace.id, size);
      this.revisions = page.items;
      this.#next = page.next;
      this.trouble = '';
    } catch (error) {
      this.trouble = problemText(error);
    }
    this.changed();
  }

  more(): Promise<void> {
    return (this.#loading ??= this.#more().finally(() => (this.#loading = undefined)));
  }

  async #more(): Promise<void> {
    const next = this.#next;
    if (next === null) return;
    const page = await telling(() => workspaces.moreRevisions(this.app.client, next));
    if (!page) return;
    this.revisions = [...(this.revisions ?? []), ...page.items];
    this.#next = page.next;
    this.changed();
  }

  // ---- What one looks at

  /** Tells, beside, why the view can't be shown. */
  fail(error: unknown): void {
    this.trouble = problemText(error);
    this.changed();
  }

  show(view: View | undefined): void {
    this.trouble = '';
    if (this.view?.kind === 'play') this.view.player.pause();
    this.view = view;
    if (view?.kind !== 'compare') this.found = undefined;
    this.pointed = undefined;
    this.#tellAddress();
    this.changed();
  }

  showRevision(number: number): void {
    this.show({ kind: 'revision', number });
  }

  compare(before: Which, after: Which): void {
    this.found = undefined;
    this.show({ kind: 'compare', before, after, as: 'blocks' });
  }

  as(how: 'blocks' | 'code'): void {
    if (this.view?.kind !== 'compare') return;
    this.view = { ...this.view, as: how };
    this.changed();
  }

  pointAt(id: string): void {
    this.pointed = id;
    if (this.view?.kind === 'compare') this.view = { ...this.view, as: 'blocks' };
    this.changed();
  }

  /** Goes to the next difference, or the one before. */
  step(by: 1 | -1): void {
    const entries = this.found?.review.entries ?? [];
    if (entries.length === 0) return;
    const at = entries.findIndex(({ id }) => id === this.pointed);
    const next = at < 0 ? (by > 0 ? 0 : -1) : (at + by) % entries.length;
    this.pointAt(entries.at(next)?.id ?? '');
  }

  /** So that the address leads back to what is shown. */
  #tellAddress(): void {
    const { view, page } = this;
    const shown = new URLSearchParams();
    if (view?.kind === 'revision') shown.set('revision', String(view.number));
    else if (view?.kind === 'compare') {
      shown.set('revision', String(view.before === 'now' ? this.last : view.before));
      shown.set('compare', String(view.after));
    } else if (page !== undefined) shown.set('revision', String(page));
    const query = shown.size > 0 ? `?${shown.toString()}` : '';
    history.replaceState(history.state, '', `${editorUrl(this.app, this.workspace.id)}${query}`);
  }

  async play(): Promise<void> {
    const { client } = this.app;
    const { id } = this.workspace;
    await telling(async () => {
      while (this.hasMore) await this.more();
      const clock = (await workspaces.read(client, id)).clock;
      const changes: Change[] = [];
      let page = await workspaces.history(client, id, clock);
      for (;;) {
        changes.push(...page.items);
        if (page.next === null) break;
        page = await workspaces.moreHistory(client, page.next);
      }
      const timeline = new Timeline(this.revisions ?? [], changes, (number) =>
        this.states.of(number),
      );
      const player = new Player(timeline);
      player.addEventListener('change', () => {
        this.changed();
      });
      this.show({ kind: 'play', player });
    });
  }

  // ---- What one does

  async restore(number: number): Promise<void> {
    const made = await this.#restore(number);
    if (!made) return;
    this.show(undefined);
    const undo = () => void this.#restore(made - 1);
    toast(t('history.restored', { number, made }), { label: t('history.undo'), do: undo });
  }

  /** The number of the new revision. */
  async #restore(number: number): Promise<number | undefined> {
    const { client } = this.app;
    const made = await telling(() => workspaces.restoreRevision(client, this.workspace.id, number));
    if (!made) return undefined;
    if (this.page !== undefined) location.href = editorUrl(this.app, this.workspace.id);
    await this.load();
    return made.number;
  }

  async label(number: number, label: string | null): Promise<boolean> {
    const { client } = this.app;
    const labelled = await telling(() =>
      workspaces.labelRevision(client, this.workspace.id, number, label),
    );
    if (!labelled) return false;
    this.revisions = this.revisions?.map((old) => (old.number === number ? labelled : old));
    this.changed();
    return true;
  }

  async copy(revision: number): Promise<void> {
    const { client } = this.app;
    const copy = await telling(() => workspaces.copy(client, this.workspace.id, { revision }));
    if (copy) location.href = editorUrl(this.app, copy.id);
  }
}
