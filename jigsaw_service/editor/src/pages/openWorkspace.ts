/** One workspace, opened: its blocks on a canvas, and the saver behind it. */
import type { App } from '../app';
import * as workspaces from '../api/workspaces';
import type { Workspace } from '../api/types';
import { Canvas, type LoadReport } from '../canvas/canvas';
import { isRightToLeft, locale, t } from '../i18n';
import type { Language } from '../languages';
import { beginSitting, BrowserDrafts, type LeftDraft } from '../save/drafts';
import { WorkspaceSaver } from '../save/workspaceSaver';
import { isDark } from '../ui/dark';

export interface Opened {
  canvas: Canvas;
  saver: WorkspaceSaver;
  report: LoadReport;
  /** What an earlier tab of this person left unsaved. */
  left: LeftDraft[];
  drafts: BrowserDrafts;
}

/** What is on its way before there is a place to show it. */
export interface Parts {
  head: Promise<workspaces.Head>;
  language: Promise<Language>;
}

/** Shows the blocks in `host`. Throws `ApiProblem`, or `InvalidWorkspace` for what cannot be shown. */
export async function open(
  app: App,
  workspace: Workspace,
  parts: Parts,
  host: HTMLElement,
  on: { canvas(canvas: Canvas): void },
): Promise<Opened> {
  const canvas = await Canvas.create(host, {
    language: await parts.language,
    readOnly:
      workspace.role === 'viewer' ||
      workspace.trashed !== null ||
      app.config.revision !== undefined,
    rtl: isRightToLeft(),
    dark: isDark(),
    media: `${app.config.static}media/`,
    locale: locale(),
    // Blockly calls its canvas a region of blocks, too; two regions of one name would be hard to tell apart.
    messages: { WORKSPACE_LABEL_PLAIN: t('editor.canvas') },
  });
  on.canvas(canvas);
  const head = await parts.head;
  const report = await canvas.load(head.xml);
  // What is left to do can wait until the blocks are seen.
  await new Promise(requestAnimationFrame);
  const key = {
    hub: app.config.hub,
    user: app.config.user?.name ?? '',
    workspace: workspace.id,
    sitting: beginSitting(),
  };
  const drafts = new BrowserDrafts();
  const left = await leftOver(drafts, key, head.xml);
  const saver = makeSaver(app, workspace, canvas, { drafts, key, etag: head.etag });
  return { canvas, saver, report, left, drafts };
}

function makeSaver(
  { client }: App,
  workspace: Workspace,
  canvas: Canvas,
  {
    drafts,
    key,
    etag,
  }: {
    drafts: BrowserDrafts;
    key: { hub: string; user: string; workspace: string; sitting: string };
    etag: string;
  },
): WorkspaceSaver {
  return new WorkspaceSaver(
    {
      key,
      drafts,
      read: () => canvas.xml(),
      write: (save) => workspaces.writeXml(client, workspace.id, { ...save, sitting: key.sitting }),
      copyMine: (xml) => copyOf(client, workspace, xml),
    },
    etag,
  );
}

/** A new workspace of mine that holds my version of a shared one. */
export function copyOf(
  client: App['client'],
  { name, language }: Workspace,
  xml: string,
): Promise<Workspace> {
  return workspaces.create(client, { name: t('save.copyName', { name }), language, xml });
}

/** Drafts that say something new; those that were saved after all are let go. */
async function leftOver(
  drafts: BrowserDrafts,
  key: Omit<LeftDraft['key'], 'epoch'>,
  head: string,
): Promise<LeftDraft[]> {
  const all = await drafts.left(key).catch(() => []);
  const saved = all.filter(({ xml }) => xml === head);
  for (const draft of saved) void drafts.forget(draft.key);
  return all.filter((draft) => !saved.includes(draft));
}
