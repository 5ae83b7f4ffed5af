/** What there is to say about a workspace above its blocks, each with what can be done about it. */
import { editorUrl, type App } from '../app';
import * as workspaces from '../api/workspaces';
import type { Workspace } from '../api/types';
import { ago, t } from '../i18n';
import type { LeftDraft } from '../save/drafts';
import type { Conflict } from '../save/workspaceSaver';
import { downloadText } from './exporting';
import { copyOf, type Opened } from './openWorkspace';
import { telling } from './workspaceActions';

/** More unknown types than this would only make a long sentence. */
const TYPES_NAMED = 8;

export interface Notice {
  text: string;
  look?: 'warning';
  actions: { label: string; href?: string; do?: () => void }[];
}

/** The page that shows them. */
export interface NoticedPage {
  readonly app: App;
  readonly workspace: Workspace;
  requestUpdate(): void;
  copy(): void;
  /** Other blocks have been loaded than those that were shown. */
  blocksReplaced(): void;
}

export class Notices {
  all: readonly Notice[] = [];

  constructor(private readonly page: NoticedPage) {}

  say(notice: Notice): void {
    this.all = [...this.all, notice];
    this.page.requestUpdate();
  }

  #unsay(notice: Notice): void {
    this.all = this.all.filter((other) => other !== notice);
    this.page.requestUpdate();
  }

  /** What the person should know of the workspace that was opened. */
  greet(opened: Opened): void {
    const state = this.#state();
    if (state) this.say(state);
    const { unknownTypes } = opened.report;
    if (unknownTypes.length > 0) {
      const types = unknownTypes.slice(0, TYPES_NAMED).join(', ');
      const text = t('editor.unknownBlocks', { count: unknownTypes.length, types });
      this.say({ text, actions: [] });
    }
    for (const draft of opened.left) this.#offer(draft, opened);
  }

  /** Why these blocks cannot be changed here and now, if so. */
  #state(): Notice | undefined {
    const { app, workspace } = this.page;
    const { revision } = app.config;
    if (revision !== undefined) return this.#oldRevision(revision);
    if (workspace.trashed) {
      const restore = { label: t('home.restore'), do: () => void this.#takeOutOfTrash() };
      return { text: t('editor.inTrash'), look: 'warning', actions: [restore] };
    }
    if (workspace.role !== 'viewer') return undefined;
    const copy = () => {
      this.page.copy();
    };
    return { text: t('editor.viewing'), actions: [{ label: t('copy.button'), do: copy }] };
  }

  #oldRevision(number: number): Notice {
    const { app, workspace } = this.page;
    const restore = {
      label: t('editor.restoreRevision'),
      do: () => void this.#restoreRevision(number),
    };
    const back = { label: t('editor.backToNow'), href: editorUrl(app, workspace.id) };
    return {
      text: t('editor.oldRevision', { number }),
      actions: workspace.role === 'viewer' ? [back] : [restore, back],
    };
  }

  async #restoreRevision(number: number): Promise<void> {
    const { app, workspace } = this.page;
    const made = await telling(() => workspaces.restoreRevision(app.client, workspace.id, number));
    if (made) location.href = editorUrl(app, workspace.id);
  }

  async #takeOutOfTrash(): Promise<void> {
    const { app, workspace } = this.page;
    if (await telling(() => workspaces.restore(app.client, workspace.id))) location.reload();
  }

  /** Somebody else saved first: theirs is what is shown, mine is a workspace of its own. */
  conflict({ copy, changedBy }: Conflict): void {
    const openMine = { label: t('save.openMine'), href: editorUrl(this.page.app, copy.id) };
    const dismiss = {
      label: t('common.dismiss'),
      do: () => {
        this.#unsay(notice);
      },
    };
    const text = t('save.conflictText', { who: changedBy || t('save.someone') });
    const notice: Notice = { text, look: 'warning', actions: [openMine, dismiss] };
    this.say(notice);
  }

  #offer(draft: LeftDraft, opened: Opened): void {
    const { workspace } = this.page;
    const restore = {
      label: t('save.draftRestore'),
      do: () => void this.#restoreDraft(draft, opened, notice),
    };
    const download = {
      label: t('save.draftDownload'),
      do: () => {
        downloadText(workspace.name, '.xml', draft.xml, 'application/xml');
      },
    };
    const discard = {
      label: t('save.draftDiscard'),
      do: () => {
        this.#forget(draft, opened, notice);
      },
    };
    const notice: Notice = {
      text: t('save.draftText', { when: ago(draft.kept) }),
      look: 'warning',
      actions: workspace.role === 'viewer' ? [download, discard] : [restore, download, discard],
    };
    this.say(notice);
  }

  /** On the head it was made on, a draft goes on there; otherwise it becomes a workspace of its own. */
  async #restoreDraft(draft: LeftDraft, opened: Opened, notice: Notice): Promise<void> {
    const { app, workspace } = this.page;
    if (draft.etag === opened.saver.etag && !opened.saver.hasUnsavedWork) {
      await opened.canvas.load(draft.xml);
      this.page.blocksReplaced();
      opened.saver.changed();
    } else {
      const copy = await telling(() => copyOf(app.client, workspace, draft.xml));
      if (!copy) return;
      const openMine = { label: t('save.openMine'), href: editorUrl(app, copy.id) };
      this.say({ text: t('home.copied', { name: copy.name }), actions: [openMine] });
    }
    this.#forget(draft, opened, notice);
  }

  #forget(draft: LeftDraft, opened: Opened, notice: Notice): void {
    void opened.drafts.forget(draft.key);
    this.#unsay(notice);
  }
}
