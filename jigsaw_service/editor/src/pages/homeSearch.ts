/** The search on the home page: words, order, and the filters behind a button. */
import { html, type TemplateResult } from 'lit';
import type { LanguageInfo } from '../api/types';
import { t } from '../i18n';
import { icon } from '../ui/icons';
import { filtersInUse, ROLES, SORTS, type HomeFilter, type Sort } from './homeFilter';

export interface SearchOptions {
  languages: readonly LanguageInfo[];
  /** Names of owners on show, to complete. */
  owners: readonly string[];
  /** Types of block, to complete. */
  blocks: readonly string[];
}

export interface SearchActions {
  /** Typed filters are waited for; chosen ones count at once. */
  type: (part: Partial<HomeFilter>) => void;
  choose: (part: Partial<HomeFilter>) => void;
  open: (open: boolean) => void;
}

const SORT_TEXT = {
  '-modified': 'home.sortModified',
  modified: 'home.sortOldest',
  '-created': 'home.sortCreated',
  name: 'home.sortName',
} as const satisfies Record<Sort, string>;

const ROLE_TEXT = {
  owner: 'role.owner',
  editor: 'role.editor',
  viewer: 'role.viewer',
} as const;

export function searchRow(filter: HomeFilter, open: boolean, act: SearchActions): TemplateResult {
  const count = filtersInUse(filter);
  return html`<search class="row">
    <label class="search-field">
      ${icon('find')}<span class="visually-hidden">${t('home.search')}</span>
      <input
        class="input"
        type="search"
        maxlength="200"
        placeholder=${t('home.search')}
        .value=${filter.q}
        @input=${(event: Event) => {
          act.type({ q: valueOf(event) });
        }}
      />
    </label>
    <select
      class="input sort"
      aria-label=${t('home.sort')}
      @change=${(event: Event) => {
        act.choose({ sort: valueOf(event) as Sort });
      }}
    >
      ${SORTS.map((sort) => option(sort, t(SORT_TEXT[sort]), filter.sort))}
    </select>
    <button
      class="button"
      aria-expanded=${open}
      aria-controls="filters"
      @click=${() => {
        act.open(!open);
      }}
    >
      ${count > 0 ? t('home.filtersInUse', { count }) : t('home.filters')}
    </button>
  </search>`;
}

export function filterPanel(
  filter: HomeFilter,
  known: SearchOptions,
  act: SearchActions,
): TemplateResult {
  const { section } = filter;
  const roles = section === 'shared' ? ROLES.slice(1) : ROLES;
  return html`<div class="filter-panel" id="filters" role="group" aria-label=${t('home.filters')}>
    <label class="field"
      ><span>${t('home.language')}</span>
      <select
        class="input"
        @change=${(event: Event) => {
          act.choose({ language: valueOf(event) });
        }}
      >
        ${option('', t('home.anyLanguage'), filter.language)}
        ${known.languages.map(({ name, title }) => option(name, title, filter.language))}
      </select>
    </label>
    ${
      section === 'recent' || section === 'shared'
        ? html`<label class="field"
            ><span>${t('home.role')}</span>
            <select
              class="input"
              @change=${(event: Event) => {
                act.choose({ role: valueOf(event) as HomeFilter['role'] });
              }}
            >
              ${option('', t('home.anyRole'), filter.role)}
              ${roles.map((role) => option(role, t(ROLE_TEXT[role]), filter.role))}
            </select>
          </label>`
        : ''
    }
    ${completed('owner', t('home.owner'), filter, known.owners, act)}
    ${completed('block', t('home.block'), filter, known.blocks, act)}
  </div>`;
}

function option(value: string, text: string, chosen: string): TemplateResult {
  return html`<option value=${value} ?selected=${value === chosen}>${text}</option>`;
}

function completed(
  name: 'owner' | 'block',
  label: string,
  filter: HomeFilter,
  known: readonly string[],
  act: SearchActions,
): TemplateResult {
  return html`<label class="field"
    ><span>${label}</span>
    <input
      class="input"
      list="known-${name}"
      maxlength=${name === 'block' ? 128 : 255}
      autocapitalize="none"
      spellcheck="false"
      .value=${filter[name]}
      @input=${(event: Event) => {
        act.type({ [name]: valueOf(event) });
      }}
    />
    <datalist id="known-${name}">
      ${known.map((value) => html`<option value=${value}></option>`)}
    </datalist>
  </label>`;
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}
