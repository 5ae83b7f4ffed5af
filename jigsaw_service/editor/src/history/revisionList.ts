/** The revisions by work sitting; the chosen one with what can be done with it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Revision } from '../api/types';
import { ago, dateTime, listOf, locale, t } from '../i18n';
import { PageElement } from '../ui/pageElement';
import type { HistoryModel } from './model';
import { sittingsOf, type Sitting } from './sittings';

const KIND_TEXT = {
  creation: 'history.kindCreation',
  automatic: 'history.kindAutomatic',
  upload: 'history.kindUpload',
  import: 'history.kindImport',
  restore: 'history.kindRestore',
  copy: 'history.kindCopy',
} as const satisfies Record<Revision['kind'], string>;

class RevisionList extends PageElement {
  static override properties = { model: { attribute: false }, naming: { state: true } };
  declare model: HistoryModel;
  /** The revision that is being named. */
  declare naming: number | undefined;

  /** More is fetched as the end of the list comes into view. */
  readonly #watcher = new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) void this.model.more();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.model.addEventListener('change', this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.model.removeEventListener('change', this.#changed);
    this.#watcher.disconnect();
  }

  readonly #changed = () => {
    this.requestUpdate();
  };

  protected override updated(): void {
    this.#watcher.disconnect();
    const end = this.querySelector('.history-more');
    if (end) this.#watcher.observe(end);
    this.querySelector<HTMLInputElement>('[autofocus]:not(:focus)')?.focus();
  }

  protected override render(): TemplateResult {
    const { revisions, hasMore, trouble } = this.model;
    if (!revisions)
      return trouble ? html`` : html`<p class="hint" role="status">${t('common.loading')}</p>`;
    return html`<div class="history-body">
      ${
        this.model.hasMovedOn
          ? html`<p class="history-now">
              <strong>${t('history.now')}</strong>
              <span class="quiet">${t('history.movedOn')}</span>
            </p>`
          : nothing
      }
      ${sittingsOf(revisions).map((sitting) => this.#sitting(sitting))}
      ${
        hasMore
          ? html`<button class="button small history-more" @click=${() => void this.model.more()}>
              ${t('common.more')}
            </button>`
          : nothing
      }
    </div>`;
  }

  #sitting({ revisions, people, from, to }: Sitting): TemplateResult {
    return html`<section class="sitting">
      <h3>${span(from, to)} <span class="quiet">${listOf(people)}</span></h3>
      <ol>
        ${revisions.map((revision) => this.#row(revision))}
      </ol>
    </section>`;
  }

  #row(revision: Revision): TemplateResult {
    const { number, thinned } = revision;
    const { model } = this;
    const isChosen = model.view?.kind === 'revision' && model.view.number === number;
    return html`<li class="revision ${isChosen ? 'chosen' : ''} ${thinned ? 'thinned' : ''}">
      ${
        thinned
          ? html`<div class="revision-look">${this.#told(revision)}</div>`
          : html`<button
              class="revision-look"
              aria-expanded=${isChosen}
              @click=${() => {
                model.show(isChosen ? undefined : { kind: 'revision', number });
              }}
            >
              ${this.#told(revision)}
            </button>`
      }
      ${isChosen ? this.#actions(revision) : nothing}
    </li>`;
  }

  #told({ number, label, authors, created, kind, blocks, bytes, thinned }: Revision) {
    const { page } = this.model;
    const told = [
      ...(label ? [t('history.revision', { number })] : []),
      listOf(authors),
      t(KIND_TEXT[kind]),
      t('history.blocks', { count: blocks }),
      sizeText(bytes),
      ...(thinned ? [t('history.thinned')] : []),
    ];
    return html`<span class="revision-title">
        <strong>${label ?? t('history.revision', { number })}</strong>
        ${this.model.isNow(number) ? html`<span class="badge">${t('history.current')}</span>` : nothing}
        ${number === page ? html`<span class="badge">${t('history.shown')}</span>` : nothing}
        <time class="quiet" datetime=${created} title=${dateTime(created)}>${ago(created)}</time>
      </span>
      <span class="quiet revision-told">${told.join(' · ')}</span>`;
  }

  #actions(revision: Revision): TemplateResult {
    const { number, label } = revision;
    const { model } = this;
    const act = (text: string, run: () => void, name = text) =>
      html`<button class="button small" aria-label=${name} @click=${run}>${text}</button>`;
    const before = model.revisions?.find((one) => one.number < number && !one.thinned);
    if (this.naming === number) return this.#namingForm(revision);
    return html`<div class="row revision-actions">
      ${
        model.isNow(number)
          ? nothing
          : act(t('history.compareNow'), () => {
              model.compare(number, 'now');
            })
      }
      ${
        before
          ? act(t('history.compareBefore'), () => {
              model.compare(before.number, number);
            })
          : nothing
      }
      ${
        model.mayEdit && !model.isNow(number)
          ? act(
              t('history.restore'),
              () => void model.restore(number),
              t('history.restoreRevision', { number }),
            )
          : nothing
      }
      ${act(t('history.copy'), () => void model.copy(number), t('history.copyRevision', { number }))}
      ${
        model.mayEdit
          ? act(t(label ? 'history.rename' : 'history.name'), () => {
              this.naming = number;
            })
          : nothing
      }
      ${
        model.mayEdit && label
          ? act(t('history.unname'), () => void model.label(number, null))
          : nothing
      }
    </div>`;
  }

  #namingForm({ number, label }: Revision): TemplateResult {
    const done = () => {
      this.naming = undefined;
    };
    const save = (event: SubmitEvent) => {
      event.preventDefault();
      const name = new FormData(event.target as HTMLFormElement).get('name');
      if (typeof name === 'string' && name.trim())
        void this.model.label(number, name.trim()).then((saved) => {
          if (saved) done();
        });
    };
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      done();
    };
    return html`<form class="row revision-actions" @submit=${save} @keydown=${pressed}>
      <input
        class="input small"
        name="name"
        required
        maxlength="200"
        autocomplete="off"
        autofocus
        aria-label=${t('history.nameLabel', { number })}
        .value=${label ?? ''}
      />
      <button class="button small primary">${t('history.nameSave')}</button>
      <button type="button" class="button small" @click=${done}>${t('common.cancel')}</button>
    </form>`;
  }
}

/** From when to when, as the language says it. */
function span(from: string, to: string): string {
  const format = new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' });
  return format.formatRange(new Date(from), new Date(to));
}

function sizeText(bytes: number): string {
  const inKilobytes = bytes >= 1000;
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: inKilobytes ? 'kilobyte' : 'byte',
    maximumFractionDigits: bytes < 10_000 ? 1 : 0,
  }).format(inKilobytes ? bytes / 1000 : bytes);
}

customElements.define('revision-list', RevisionList);
