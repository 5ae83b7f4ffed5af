/** Running the workspace on the page: on which kernel, and whether the person has agreed to it. */
import type { App } from '../app';
import * as workspaces from '../api/workspaces';
import type { Workspace } from '../api/types';
import { Agreement, askToRun } from '../trust/agreement';
import { provenanceOf } from '../trust/provenance';
import { Runner } from '../run/runner';
import { TrustSession } from '../trust/trustSession';
import { telling } from '../workspaces/actions';

export class Running {
  readonly #app: App;
  readonly #workspace: Workspace;

  readonly runner: Runner;
  /** Trust session: what runs without asking. */
  readonly trustSession = new TrustSession();
  readonly #agreement: Agreement;
  /** Names of the people whose changes have reached this page. */
  readonly #heard = new Set<string>();

  constructor(app: App, workspace: Workspace, kernelLanguage: () => Promise<string>) {
    this.#app = app;
    this.#workspace = workspace;

    const { id, name, kernel_name: kernelName, language } = workspace;
    const { frame: notebook } = app.config;
    this.runner = new Runner(app.client, {
      workspaceId: id,
      name,
      kernelName,
      kernelLanguage,
      notebook,
    });
    this.#agreement = new Agreement({
      hub: app.config.hub,
      user: this.#me,
      workspace: id,
      trustSession: this.trustSession,
      provenance: () => provenanceOf(app.client, id, this.#me, this.#heard),
      ask: (program, provenance) => askToRun(program, language.toLowerCase(), provenance),
    });
    // Somebody who comes back to the page wants to see what has come meanwhile.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) void this.runner.look();
    });
    // A page that is left may come back as it was.
    addEventListener('pagehide', () => {
      this.trustSession.end();
    });
  }

  get #me(): string {
    return this.#app.config.user?.name ?? '';
  }

  /** Runs `code` if it is all the person's own, or they agree to it. */
  run(code: string): Promise<void> {
    return this.runner.run(code, () =>
      this.#agreement.covers({ code, kernelName: this.runner.kernelName }),
    );
  }

  /** A change by `author` is on the canvas. */
  heard(author: string): void {
    if (author === '' || author === this.#me) return;
    this.#heard.add(author);
    this.trustSession.heard(author);
  }

  /** Takes another kernel from now on, and keeps that in the workspace where I may. */
  async choose(kernelName: string): Promise<Workspace | undefined> {
    this.runner.choose(kernelName);
    const { id, role } = this.#workspace;
    if (role === 'viewer') return undefined;
    return telling(() => workspaces.change(this.#app.client, id, { kernel_name: kernelName }));
  }
}
