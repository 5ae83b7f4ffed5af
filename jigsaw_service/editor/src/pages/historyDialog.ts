/** The revisions of a workspace: to look at an old one, or to bring it back. */
import { html, type TemplateResult } from 'lit';
import { editorUrl, type App } from '../app';
import * as workspaces from '../api/workspaces';
import type { Revision, Workspace } from '../api/types';
import { ago, dateTime, t } from '../i18n';
import { openDialog } from '../ui/dialogs';
import { PageElement } from '../ui/pageElement';
import { problemText } from '../ui/problemText';
import { telling } from './workspaceActions';

/** `restored` hears when an old revision was brought back. */
export function openHistory(
  app: App,
  workspace: Workspace,
  restored: (number: number) => void,
): void {
  const dialog = openDialog(
    t('history.title', { name: workspace.name }),
    html`<history-list
      .app=${app}
      .workspace=${workspace}
      @restored=${(event: CustomEvent<number>) => {
        dialog.close();
        restored(event.detail);
      }}
    ></history-list>`,
  );
}

class HistoryList extends PageElement {
  static override properties = {
    app: { attribute: false },
    workspace: { attribute: false },
    revisions: { state: true },
    next: { state: true },
    trouble: { state: true },
  };
  declare app: App;
  declare workspace: Workspace;
  declare revisions: readonly Revision[] | undefined;
  declare next: string | null;
  declare trouble: string;

  constructor() {
    super();
    this.next = null;
    this.trouble = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  protected override render(): TemplateResult {
    if (this.trouble) return html`<p role="alert">${this.trouble}</p>`;
    if (!this.revisions) return html`<p class="quiet">${t('common.loading')}</p>`;
    return html`<ol class="history-list">
        ${this.revisions.map((revision, index) => this.#row(revision, index === 0))}
      </ol>
      ${
        this.next
          ? html`<button class="button" @click=${() => void this.#more()}>
              ${t('common.more')}
            </button>`
          : ''
      }`;
  }

  #row(revision: Revision, isCurrent: boolean): TemplateResult {
    const { number, authors, created, label, blocks } = revision;
    return html`<li>
      <div class="grow">
        <strong>${label ?? t('history.revision', { number })}</strong>
        ${isCurrent ? html`<span class="badge">${t('history.current')}</span>` : ''}
        <p class="quiet">
          <time datetime=${created} title=${dateTime(created)}>${ago(created)}</time> ·
          ${authors.join(', ')} · ${t('history.blocks', { count: blocks })}
        </p>
      </div>
      ${isCurrent ? '' : this.#buttons(number)}
    </li>`;
  }

  #buttons(number: number): TemplateResult {
    return html`<a
        class="button small"
        aria-label=${t('history.openRevision', { number })}
        href=${editorUrl(this.app, this.workspace.id, number)}
        >${t('history.open')}</a
      >
      ${
        this.workspace.role === 'viewer'
          ? ''
          : html`<button
              class="button small"
              aria-label=${t('history.restoreRevision', { number })}
              @click=${() => void this.#restore(number)}
            >
              ${t('history.restore')}
            </button>`
      }`;
  }

  async #restore(number: number): Promise<void> {
    const made = await telling(() =>
      workspaces.restoreRevision(this.app.client, this.workspace.id, number),
    );
    if (made) this.dispatchEvent(new CustomEvent('restored', { detail: number }));
  }

  async #load(): Promise<void> {
    try {
      const page = await workspaces.revisions(this.app.client, this.workspace.id);
      this.revisions = page.items;
      this.next = page.next;
    } catch (error) {
      this.trouble = problemText(error);
    }
  }

  async #more(): Promise<void> {
    const { next } = this;
    if (next === null) return;
    const page = await telling(() => workspaces.moreRevisions(this.app.client, next));
    if (!page) return;
    this.revisions = [...(this.revisions ?? []), ...page.items];
    this.next = page.next;
  }
}

customElements.define('history-list', HistoryList);
