/** One workspace, opened: its blocks on a canvas, and the live connection behind it. */
import type { App } from '../app';
import * as workspaces from '../api/workspaces';
import type { Workspace } from '../api/types';
import type { Canvas, LoadReport } from '../canvas/canvas';
import { isRightToLeft, locale, t } from '../i18n';
import type { Language } from '../languages';
import type { LiveClient } from '../live/liveClient';
import { webSocketOf } from '../live/socket';
import { newClient, UnsentWork, type UnsentKey } from '../live/unsent';
import { isDark } from '../ui/dark';

export interface Opened {
  canvas: Canvas;
  report: LoadReport;
  /** None where nothing changes: an old revision, or what is in the trash. */
  live: Connected | undefined;
}

/** A connection, and where its unsent work is kept. */
export interface Connected {
  client: LiveClient;
  unsent: UnsentWork;
  key: UnsentKey;
}

type Blocks = typeof import('./blocks');

/** Parts of a workspace, on their way before there is a place to show it. */
export interface Parts {
  head: Promise<workspaces.Head>;
  blocks: Promise<Blocks>;
  language: Promise<Language>;
}

/** Asks for all of them at once. A failure is told where the blocks belong. */
export function partsOf({ language }: Workspace, head: Promise<workspaces.Head>): Parts {
  const blocks = import('./blocks');
  const parts = { head, blocks, language: blocks.then((it) => it.loadLanguage(language)) };
  parts.language.catch(() => undefined);
  return parts;
}

/** Shows the blocks in `host`. Throws `ApiProblem`, or `InvalidWorkspace` for what cannot be shown. */
export async function open(
  app: App,
  workspace: Workspace,
  parts: Parts,
  host: HTMLElement,
  on: { canvas(canvas: Canvas): void },
): Promise<Opened> {
  const blocks = await parts.blocks;
  const isFixed = workspace.trashed !== null || app.config.revision !== undefined;
  const canvas = await blocks.Canvas.create(host, {
    language: await parts.language,
    readOnly: workspace.role === 'viewer' || isFixed,
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
  const live = isFixed ? undefined : connect(app, workspace, blocks, canvas, head);
  return { canvas, report, live };
}

/** Connects what is on the canvas, which is `head`, with everybody else's. */
export function connect(
  { client, config }: App,
  workspace: Workspace,
  { LiveClient }: Blocks,
  canvas: Canvas,
  head: workspaces.Head,
): Connected | undefined {
  const { program } = canvas;
  const state = stateOf(head.etag);
  if (!program || !state) return undefined;
  const key = {
    hub: config.hub,
    user: config.user?.name ?? '',
    workspace: workspace.id,
    epoch: state.epoch,
    client: newClient(),
  };
  const unsent = new UnsentWork(key, () => canvas.xml());
  const live = new LiveClient({
    replica: program.replica,
    connect: webSocketOf(client, workspace.id),
    client: key.client,
    ...state,
    unsentStore: unsent,
    signedOut: () => {
      client.signOut();
    },
  });
  return { client: live, unsent, key };
}

/** The epoch and the clock that a tag such as `"k3v9-17"` names. */
export function stateOf(etag: string): { epoch: string; clock: number } | undefined {
  const [, epoch, clock] = /^"?(.+)[-.:](\d+)"?$/.exec(etag) ?? [];
  return epoch === undefined ? undefined : { epoch, clock: Number(clock) };
}
