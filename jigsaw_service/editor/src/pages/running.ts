/** Running the workspace on the page: on which kernel, and whether the person has agreed to it. */
import type { App } from '../app';
import * as workspaces from '../api/workspaces';
import type { Workspace } from '../api/types';
import { Agreement, askToRun, othersIn } from '../run/agreement';
import { Runner } from '../run/runner';
import { telling } from './workspaceActions';

export class Running {
  readonly runner: Runner;
  readonly #agreement: Agreement;
  #others: Promise<string[]> | undefined;

  constructor(
    private readonly app: App,
    private readonly workspace: Workspace,
    kernelLanguage: () => Promise<string>,
  ) {
    const { id, name, kernel_name: kernelName, language } = workspace;
    this.runner = new Runner(app.client, { workspaceId: id, name, kernelName, kernelLanguage });
    this.#agreement = new Agreement({
      hub: app.config.hub,
      user: this.#me,
      workspace: id,
      others: () => this.findOthers(),
      ask: (code, others) => askToRun(code, language.toLowerCase(), others),
    });
  }

  get #me(): string {
    return this.app.config.user?.name ?? '';
  }

  /** Runs `code` if it is all the person's own, or they agree to it. */
  run(code: string): Promise<void> {
    return this.runner.run(code, () => this.#agreement.covers(code));
  }

  /** Asked once for the blocks that are shown, and again when others have changed them. */
  findOthers(): Promise<string[]> {
    const found = (this.#others ??= othersIn(this.app.client, this.workspace.id, this.#me));
    found.catch(() => (this.#others = undefined));
    return found;
  }

  othersChanged(): void {
    this.#others = undefined;
  }

  /** Takes another kernel from now on, and keeps that in the workspace where I may. */
  async choose(kernelName: string): Promise<Workspace | undefined> {
    this.runner.choose(kernelName);
    const { id, role } = this.workspace;
    if (role === 'viewer') return undefined;
    return telling(() => workspaces.change(this.app.client, id, { kernel_name: kernelName }));
  }
}
