/** The differences of two states in words, and which two they are. */
import { html, nothing, type TemplateResult } from 'lit';
import { dateTime, t } from '../i18n';
import { icon } from '../ui/icons';
import type { Found, HistoryModel, View } from './model';
import { KINDS, type Entry } from './review';
import type { Which } from './states';
import { details, kindText, variableText } from './words';

type Comparing = Extract<View, { kind: 'compare' }>;

/** Entries that are told at once; more come as one asks for them. */
const AT_ONCE = 200;

export function comparisonView(model: HistoryModel, view: Comparing): TemplateResult {
  const { found } = model;
  return html`<div class="history-body">
    <div class="compared">
      ${chooser(model, t('history.earlier'), view.before, (which) => {
        model.compare(which, view.after);
      })}
      ${chooser(model, t('history.later'), view.after, (which) => {
        model.compare(view.before, which);
      })}
    </div>
    <div class="segmented" role="group" aria-label=${t('history.how')}>
      ${(['blocks', 'code'] as const).map(
        (how) =>
          html`<button
            aria-pressed=${view.as === how}
            @click=${() => {
              model.as(how);
            }}
          >
            ${t(how === 'blocks' ? 'history.asBlocks' : 'history.asCode')}
          </button>`,
      )}
    </div>
    <p role="status" class=${found ? 'visually-hidden' : 'quiet'}>
      ${model.trouble ? '' : statusText(found)}
    </p>
    ${found ? differences(model, found) : nothing}
  </div>`;
}

function statusText(found: Found | undefined): string {
  if (!found) return t('history.comparing');
  const { counts, variables, entries } = found.review;
  if (entries.length + variables.length === 0) return t('history.noDifference');
  return t('history.summary', counts);
}

function chooser(
  model: HistoryModel,
  label: string,
  chosen: Which,
  choose: (which: Which) => void,
): TemplateResult {
  const offered = (model.revisions ?? []).filter(({ thinned }) => !thinned);
  const missing = chosen !== 'now' && !offered.some(({ number }) => number === chosen);
  const option = (which: Which, text: string) =>
    html`<option value=${which} ?selected=${which === chosen}>${text}</option>`;
  return html`<label class="field">
    <span>${label}</span>
    <select
      class="input small"
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        choose(value === 'now' ? 'now' : Number(value));
      }}
    >
      ${option('now', t('history.now'))}
      ${missing ? option(chosen, t('history.revision', { number: chosen })) : nothing}
      ${offered.map(({ number, label: name, created }) =>
        option(number, `${name ?? t('history.revision', { number })} · ${dateTime(created)}`),
      )}
    </select>
  </label>`;
}

function differences(model: HistoryModel, found: Found): TemplateResult {
  const { counts, entries, variables } = found.review;
  if (entries.length + variables.length === 0)
    return html`<p class="hint">${t('history.noDifference')}</p>`;
  const step = (by: 1 | -1, label: string) =>
    html`<button
      class="icon-button small ${by < 0 ? 'upwards' : ''}"
      aria-label=${label}
      title=${label}
      ?disabled=${entries.length === 0}
      @click=${() => {
        model.step(by);
      }}
    >
      ${icon('arrowDown')}
    </button>`;
  return html`<div class="row legend-row">
      <ul class="legend">
        ${KINDS.map(
          (kind) =>
            html`<li class="diff-${kind}">
              ${swatch(kind)}${kindText(kind)} <strong>${counts[kind]}</strong>
            </li>`,
        )}
      </ul>
      <span class="row">
        ${step(-1, t('history.previousDifference'))} ${step(1, t('history.nextDifference'))}
      </span>
    </div>
    <ol class="differences" aria-label=${t('history.differences')}>
      ${entries.slice(0, shownOf(model)).map((entry) => entryView(model, found, entry))}
      ${variables.map((one) => html`<li class="difference"><span>${variableText(one)}</span></li>`)}
    </ol>
    ${
      entries.length > shownOf(model)
        ? html`<button
            class="button small"
            @click=${() => {
              shown.set(model, shownOf(model) + AT_ONCE);
              model.changed();
            }}
          >
            ${t('common.more')}
          </button>`
        : nothing
    }`;
}

const shown = new WeakMap<HistoryModel, number>();

/** Never fewer than lead to the block that is pointed at. */
function shownOf(model: HistoryModel): number {
  const { found, pointed } = model;
  const at = found?.review.entries.findIndex(({ id }) => id === pointed) ?? -1;
  return Math.max(shown.get(model) ?? AT_ONCE, at + 1);
}

/** The pattern of a kind as its marks have it. */
const swatch = (kind: string) =>
  html`<svg class="swatch" viewBox="0 0 20 16" aria-hidden="true">
    <rect class="diff-fill" width="20" height="16" rx="4" fill="url(#diff-${kind})" />
    <rect class="diff-outline" x="1" y="1" width="18" height="14" rx="3" />
  </svg>`;

function entryView(model: HistoryModel, found: Found, entry: Entry): TemplateResult {
  const { id, kind } = entry;
  const isPointed = model.pointed === id;
  return html`<li class="difference diff-${kind}">
    <button
      aria-current=${isPointed}
      @click=${() => {
        model.pointAt(id);
      }}
    >
      ${swatch(kind)}
      <span>
        <strong>${kindText(kind)}</strong>
        <bdi>${found.describe(id) || t('history.someBlock')}</bdi>
        ${details(entry, (other) => found.describe(other)).map((text) => html`<span class="quiet">${text}</span>`)}
      </span>
    </button>
  </li>`;
}
