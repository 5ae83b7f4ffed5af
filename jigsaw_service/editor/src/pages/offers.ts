/** Blocks that the notebook brings: shown in numbers, put in only by the person's click. */
import type { App } from '../app';
import * as workspaces from '../api/workspaces';
import type { Workspace } from '../api/types';
import type { Canvas } from '../canvas/canvas';
import { InvalidWorkspace } from '../xml/invalidWorkspace';
import { t } from '../i18n';
import { toast } from '../ui/toast';
import type { Notice, Notices } from './notices';
import { telling } from '../workspaces/actions';

const TYPES_NAMED = 8;

export class Offers {
  readonly #app: App;
  readonly #workspace: Workspace;
  readonly #notices: Notices;

  #shown: Notice | undefined;

  constructor(app: App, workspace: Workspace, notices: Notices) {
    this.#app = app;
    this.#workspace = workspace;
    this.#notices = notices;
  }

  /** Shows what is in `xml` and two buttons; gives a slug where there is nothing to offer. */
  offer(xml: string, canvas: Canvas): string | undefined {
    if (this.#workspace.role === 'viewer' || canvas.readOnly) return 'not-allowed';
    // One at a time, however often it is sent; and what was answered is not asked again.
    if (this.#shown || this.#answered(xml)) return undefined;
    try {
      this.#show(xml, canvas.report(xml));
      return undefined;
    } catch (error) {
      if (!(error instanceof InvalidWorkspace)) throw error;
      return 'invalid-workspace';
    }
  }

  #show(xml: string, { blocks, known, unknownTypes }: ReturnType<Canvas['report']>): void {
    const unknown = blocks - known;
    const types = unknownTypes.slice(0, TYPES_NAMED).join(', ');
    const text = unknown
      ? t('frame.offerUnknown', { blocks, known, unknown, types })
      : t('frame.offer', { blocks });
    const notice: Notice = {
      text,
      actions: [
        { label: t('frame.import'), do: () => void this.#import(xml) },
        {
          label: t('common.dismiss'),
          do: () => {
            this.#done(xml);
          },
        },
      ],
    };
    this.#shown = notice;
    this.#notices.show(notice);
  }

  /** As an upload: who made these blocks is not known, and Run will ask about them. */
  async #import(xml: string): Promise<void> {
    const { client } = this.#app;
    const done = await telling(async () => {
      const { etag } = await workspaces.readXml(client, this.#workspace.id);
      await workspaces.writeXml(client, this.#workspace.id, xml, etag);
      return true;
    });
    if (!done) return;
    this.#done(xml);
    toast(t('frame.imported'));
  }

  #done(xml: string): void {
    if (this.#shown) this.#notices.dismiss(this.#shown);
    this.#shown = undefined;
    try {
      localStorage.setItem(this.#place, mark(xml));
    } catch {
      // A browser that keeps nothing is asked again next time.
    }
  }

  #answered(xml: string): boolean {
    try {
      return localStorage.getItem(this.#place) === mark(xml);
    } catch {
      return false;
    }
  }

  get #place(): string {
    const { hub, user } = this.#app.config;
    return `jigsaw-offered ${JSON.stringify([hub, user?.name, this.#workspace.id])}`;
  }
}

/** Tells one file from another; nobody gains by two that look the same. */
function mark(xml: string): string {
  let hash = 0;
  for (let at = 0; at < xml.length; at++) hash = (Math.imul(hash, 31) + xml.charCodeAt(at)) | 0;
  return `${xml.length}.${hash}`;
}
