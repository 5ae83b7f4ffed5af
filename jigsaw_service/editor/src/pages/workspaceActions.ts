/** Workspace actions of the editor's header, each on what is on the canvas now. */
import { editorUrl, type App } from '../app';
import * as workspaces from '../api/workspaces';
import type { LanguageInfo, Workspace } from '../api/types';
import type { Canvas } from '../canvas/canvas';
import { t } from '../i18n';
import { confirmed } from '../ui/dialogs';
import { downloadText } from '../ui/download';
import { makeCopy, moveToTrash, telling } from '../workspaces/actions';
import type { ExportFormat, SourceFile } from './exporting';

/** The page that has them. */
export interface ActionsPage {
  readonly app: App;
  readonly workspace: Workspace;
  readonly canvas: Canvas | undefined;
  languageInfo(): Promise<LanguageInfo | undefined>;
  /** Beginning of a file of the workspace's language. */
  fileHeader(): Promise<string>;
  /** Resolves once the service has what is on the canvas, or some time has passed. */
  saved(): Promise<void>;
}

export class WorkspaceActions {
  readonly #page: ActionsPage;

  constructor(page: ActionsPage) {
    this.#page = page;
  }

  async share(): Promise<void> {
    await telling(async () => {
      const { openShareDialog } = await import('../share/shareDialog');
      openShareDialog(this.#page.app, this.#page.workspace);
    });
  }

  async copy(): Promise<void> {
    const { app, workspace } = this.#page;
    await this.#page.saved();
    const copy = await makeCopy(app.client, workspace, app.config.revision);
    if (copy) location.href = editorUrl(app, copy.id);
  }

  async trash(): Promise<void> {
    const { app, workspace } = this.#page;
    const title = t('trash.title', { name: workspace.name });
    if (!(await confirmed(title, t('trash.text'), t('trash.button')))) return;
    await this.#page.saved();
    if (await moveToTrash(app.client, workspace)) location.href = app.config.prefix;
  }

  async export(format: ExportFormat): Promise<void> {
    const { canvas, workspace } = this.#page;
    if (!canvas) return;
    // Without a network, too.
    if (format === 'xml') {
      downloadText(workspace.name, '.xml', canvas.xml(), 'application/xml');
      return;
    }
    await telling(async () => {
      const { exportAs } = await import('./exporting');
      await exportAs(
        format,
        workspace.name,
        canvas,
        () => this.#source(),
        () => this.#json(),
      );
    });
  }

  async #source(): Promise<SourceFile> {
    const { language } = this.#page.workspace;
    const info = await this.#page.languageInfo();
    return {
      extension: info?.file_extension ?? '.txt',
      header: await this.#page.fileHeader(),
      language,
      kernelLanguage: info?.kernel_language ?? language,
    };
  }

  /** The service writes it, of what it has: so what was done here has to be there first. */
  #json(): Promise<string | undefined> {
    return telling(async () => {
      await this.#page.saved();
      const { app, workspace } = this.#page;
      return workspaces.exportJson(app.client, workspace.id, app.config.revision);
    });
  }
}
