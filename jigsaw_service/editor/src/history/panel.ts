/** History panel beside the blocks: the revisions by work sitting, or the view that is open. */
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { t } from '../i18n';
import { icon } from '../ui/icons';
import { PageElement } from '../ui/pageElement';
import { comparisonView } from './comparisonView';
import type { HistoryModel } from './model';
import { playbackView } from './playbackView';
import './revisionList';

class HistoryPanel extends PageElement {
  static override properties = { model: { attribute: false }, close: { attribute: false } };
  declare model: HistoryModel;
  declare close: () => void;

  #view: unknown;

  override connectedCallback(): void {
    super.connectedCallback();
    this.model.addEventListener('change', this.#changed);
    this.addEventListener('keydown', this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.model.removeEventListener('change', this.#changed);
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>('h2')?.focus();
  }

  readonly #changed = () => {
    this.requestUpdate();
  };

  readonly #pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.model.view) this.model.show(undefined);
    else this.close();
  };

  protected override render(): TemplateResult {
    const { model } = this;
    const { view } = model;
    const isList = !view || view.kind === 'revision';
    return html`<section class="history" aria-label=${t('history.title')}>
      <header class="panel-head">
        ${
          isList
            ? html`<h2 tabindex="-1">${t('history.title')}</h2>
                <button
                  class="button small"
                  ?disabled=${!model.revisions}
                  @click=${() => void model.play()}
                >
                  ${icon('run')}${t('history.play')}
                </button>`
            : html`<button
                  class="button small"
                  @click=${() => {
                    model.show(undefined);
                  }}
                >
                  ${t('history.back')}
                </button>
                <h2 tabindex="-1">
                  ${t(view.kind === 'play' ? 'history.playing' : 'history.differences')}
                </h2>`
        }
        <button
          class="icon-button small"
          aria-label=${t('history.close')}
          title=${t('history.close')}
          @click=${() => {
            this.close();
          }}
        >
          ${icon('close')}
        </button>
      </header>
      ${model.trouble ? html`<p class="hint" role="alert">${model.trouble}</p>` : nothing}
      ${this.#body()}
    </section>`;
  }

  #body(): TemplateResult {
    const { model } = this;
    if (model.view?.kind === 'compare') return comparisonView(model, model.view);
    if (model.view?.kind === 'play') return playbackView(model.view.player);
    return html`<revision-list .model=${model}></revision-list>`;
  }

  /** Moves the focus to the title when the view changes from the list to a comparison, or back. */
  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const kind = this.model.view?.kind;
    const place = kind === 'revision' ? undefined : kind;
    if (this.hasUpdated && place !== this.#view && this.#view !== null)
      this.querySelector<HTMLElement>('h2')?.focus();
    this.#view = place;
  }
}

customElements.define('history-panel', HistoryPanel);
