/** History on the editor page: fetched when it is first asked for, and its place on the page. */
import { html, nothing, type TemplateResult } from 'lit';
import type { App } from '../app';
import type { Workspace } from '../api/types';
import type { HistoryModel } from '../history/model';
import { telling } from '../workspaces/actions';

/** The page that shows it. */
export interface HistoryPage {
  readonly app: App;
  readonly workspace: Workspace;
  /** Of what the workspace is now. */
  readonly clock: number;
  requestUpdate(): void;
}

export class HistorySide {
  readonly #page: HistoryPage;

  model: HistoryModel | undefined;
  #back: Element | null = null;
  #hadMovedOn = false;

  constructor(page: HistoryPage) {
    this.#page = page;
  }

  /** Opens it, or closes it again. */
  toggle(): void {
    if (this.model) this.close();
    else void this.open();
  }

  open(): Promise<HistoryModel | undefined> {
    return telling(async () => {
      this.#back ??= document.activeElement;
      const { HistoryModel } = await import('../history');
      if (this.model) return this.model;
      const { app, workspace } = this.#page;
      const model = new HistoryModel(app, workspace, app.config.revision, () => this.#page.clock);
      model.addEventListener('change', () => {
        this.#page.requestUpdate();
      });
      this.model = model;
      this.#page.requestUpdate();
      await model.load();
      return model;
    });
  }

  async compare(before: number, after: number | 'now'): Promise<void> {
    (await this.open())?.compare(before, after);
  }

  close(): void {
    if (!this.model) return;
    this.model.show(undefined);
    this.model = undefined;
    this.#page.requestUpdate();
    if (this.#back instanceof HTMLElement) this.#back.focus();
    this.#back = null;
  }

  /** There is a new revision, or another name for one. */
  refresh(): void {
    void this.model?.load();
  }

  /** The blocks have changed: what was the current revision may be so no longer. */
  movedOn(): void {
    const hasMovedOn = this.model?.hasMovedOn ?? false;
    if (hasMovedOn !== this.#hadMovedOn) this.model?.changed();
    this.#hadMovedOn = hasMovedOn;
  }

  /** True if something else than the workspace's own blocks is to be seen. */
  get isStaged(): boolean {
    return this.model?.view !== undefined;
  }

  /** History panel, shown instead of code and output. */
  panel(): TemplateResult | typeof nothing {
    if (!this.model) return nothing;
    const close = () => {
      this.close();
    };
    return html`<history-panel
      class=${this.isStaged ? 'staged' : ''}
      .model=${this.model}
      .close=${close}
    ></history-panel>`;
  }

  /** Over the blocks. */
  stage(): TemplateResult | typeof nothing {
    if (!this.isStaged) return nothing;
    return html`<history-stage .model=${this.model}></history-stage>`;
  }
}
