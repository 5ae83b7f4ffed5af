/** Notices above the blocks of a workspace, each with what can be done about it. */
import { editorUrl, type App } from '../app';
import * as workspaces from '../api/workspaces';
import type { Workspace } from '../api/types';
import { ago, t } from '../i18n';
import type { Resent } from '../live/resendUnsent';
import type { Dropped } from '../live/offlineSession';
import type { SetAside } from '../live/liveClient';
import { forgetLeft, type LeftWork } from '../live/unsent';
import { downloadText } from '../ui/download';
import type { Opened } from './openWorkspace';
import { copyOf, telling } from '../workspaces/actions';

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
  compare(revision: number, other: number | 'now'): void;
}

export class Notices {
  readonly #page: NoticedPage;

  all: readonly Notice[] = [];

  constructor(page: NoticedPage) {
    this.#page = page;
  }

  show(notice: Notice): void {
    this.all = [...this.all, notice];
    this.#page.requestUpdate();
  }

  dismiss(notice: Notice): void {
    this.all = this.all.filter((other) => other !== notice);
    this.#page.requestUpdate();
  }

  /** Notices on the workspace that was opened. */
  greet(opened: Opened): void {
    const state = this.#state();
    if (state) this.show(state);
    const { unknownTypes, silentTypes } = opened.report;
    if (unknownTypes.length > 0) {
      const types = unknownTypes.slice(0, TYPES_NAMED).join(', ');
      const text = [t('editor.unknownBlocks', { count: unknownTypes.length, types })];
      if (silentTypes.length > 0) {
        const inside = [...new Set(silentTypes)].slice(0, TYPES_NAMED).join(', ');
        text.push(t('editor.silentBlocks', { count: silentTypes.length, types: inside }));
      }
      this.show({ text: text.join('. '), actions: [] });
    }
  }

  /** There are no blocks to be seen: of an old revision, those of now may be. */
  cannotOpen(why: string): void {
    const { app, workspace } = this.#page;
    const back = { label: t('editor.backToNow'), href: editorUrl(app, workspace.id) };
    const actions = app.config.revision === undefined ? [] : [back];
    this.show({ text: t('editor.cannotOpen', { why }), look: 'warning', actions });
  }

  /** Notice of why these blocks cannot be changed here and now, if so. */
  #state(): Notice | undefined {
    const { app, workspace } = this.#page;
    const { revision } = app.config;
    if (revision !== undefined) return this.#oldRevision(revision);
    if (workspace.trashed) {
      const restore = { label: t('home.restore'), do: () => void this.#takeOutOfTrash() };
      return { text: t('editor.inTrash'), look: 'warning', actions: [restore] };
    }
    if (workspace.role !== 'viewer') return undefined;
    const copy = () => {
      this.#page.copy();
    };
    return { text: t('editor.viewing'), actions: [{ label: t('copy.button'), do: copy }] };
  }

  #oldRevision(number: number): Notice {
    const { app, workspace } = this.#page;
    const restore = {
      label: t('editor.restoreRevision'),
      do: () => void this.#restoreRevision(number),
    };
    const compare = {
      label: t('history.compareNow'),
      do: () => {
        this.#page.compare(number, 'now');
      },
    };
    const back = { label: t('editor.backToNow'), href: editorUrl(app, workspace.id) };
    const isFixed = workspace.role === 'viewer' || workspace.trashed !== null;
    return {
      text: t('editor.oldRevision', { number }),
      actions: isFixed ? [compare, back] : [restore, compare, back],
    };
  }

  async #restoreRevision(number: number): Promise<void> {
    const { app, workspace } = this.#page;
    const made = await telling(() => workspaces.restoreRevision(app.client, workspace.id, number));
    if (made) location.href = editorUrl(app, workspace.id);
  }

  async #takeOutOfTrash(): Promise<void> {
    const { app, workspace } = this.#page;
    if (await telling(() => workspaces.restore(app.client, workspace.id))) location.reload();
  }

  /** Work of mine that the service won't have. */
  setAside({ why, detail, xml }: SetAside): void {
    const text = {
      refused: () => t('save.refusedText', { why: detail }),
      unexplained: () => t('save.unexplainedText'),
      role: () => t('save.roleText'),
      'not-allowed': () => t('save.goneText'),
      'not-found': () => t('save.goneText'),
      'epoch-changed': () => t('save.epochText'),
    }[why]();
    this.#offer(text, xml);
  }

  /** Notice of offline work that could not be kept. */
  dropped({ changes, xml }: Dropped): void {
    this.#offer(t('save.droppedText', { count: changes }), xml);
  }

  /** There is no coming back to this workspace. */
  ended(slug: string): void {
    this.show({
      text: t(slug === 'epoch-changed' ? 'save.epochEnded' : 'save.ended'),
      look: 'warning',
      actions: [],
    });
  }

  /** Notice of work that an earlier tab left: it was brought to the service, or is offered. */
  left(left: LeftWork, resent: Resent): void {
    const when = ago(left.kept);
    if (resent.outcome === 'delivered') {
      void forgetLeft(left);
      if (resent.batches === 0) return;
      const isWhole = resent.lost === 0;
      const text = t(isWhole ? 'save.deliveredText' : 'save.deliveredPartlyText', { when });
      if (isWhole || left.xml === undefined) this.#sayOnce(text);
      else this.#offer(text, left.xml);
    } else if (left.xml !== undefined)
      this.#offer(t('save.draftText', { when }), left.xml, () => void forgetLeft(left));
    // Without the whole of it there is nothing to show; perhaps it can be brought another time.
    else if (resent.outcome === 'refused') void forgetLeft(left);
  }

  #sayOnce(text: string): void {
    const notice: Notice = { text, actions: [this.#dismissal(() => notice)] };
    this.show(notice);
  }

  #dismissal(notice: () => Notice, gone?: () => void) {
    return {
      label: gone ? t('save.draftDiscard') : t('common.dismiss'),
      do: () => {
        gone?.();
        this.dismiss(notice());
      },
    };
  }

  /** My version, as a workspace of its own or as a file; `gone` when I need it no more. */
  #offer(text: string, xml: string, gone?: () => void): void {
    const { workspace } = this.#page;
    const copy = {
      label: t('save.makeMine'),
      do: () => void this.#makeMine(xml, notice, gone),
    };
    const download = {
      label: t('save.draftDownload'),
      do: () => {
        downloadText(workspace.name, '.xml', xml, 'application/xml');
      },
    };
    const dismiss = this.#dismissal(() => notice, gone);
    const notice: Notice = { text, look: 'warning', actions: [copy, download, dismiss] };
    this.show(notice);
  }

  async #makeMine(xml: string, notice: Notice, gone?: () => void): Promise<void> {
    const { app, workspace } = this.#page;
    const copy = await telling(() => copyOf(app.client, workspace, xml));
    if (!copy) return;
    gone?.();
    this.dismiss(notice);
    const openMine = { label: t('save.openMine'), href: editorUrl(app, copy.id) };
    this.show({ text: t('home.copied', { name: copy.name }), actions: [openMine] });
  }
}
