/** The parts of the home page as they are drawn; what they do stands in `home.ts`. */
import { html, type TemplateResult } from 'lit';
import type { App } from '../app';
import type { LanguageInfo } from '../api/types';
import { t } from '../i18n';
import { icon } from '../ui/icons';
import { isFiltered, searchOf, SECTIONS, type HomeFilter, type Section } from './homeFilter';
import './examples';

export interface FilterActions {
  choose: (section: Section) => void;
  search: (words: string) => void;
  language: (name: string) => void;
}

/** Which workspaces are shown: the sections as links, words and a language to search by. */
export function filters(
  filter: HomeFilter,
  prefix: string,
  languages: readonly LanguageInfo[],
  act: FilterActions,
): TemplateResult {
  return html`<div class="filters">
    <nav class="sections" aria-label=${t('home.show')}>
      ${SECTIONS.map((section) => sectionLink(section, filter, prefix, act))}
    </nav>
    <search class="row">
      <label class="search-field">
        ${icon('find')}<span class="visually-hidden">${t('home.search')}</span>
        <input
          class="input"
          type="search"
          placeholder=${t('home.search')}
          .value=${filter.q}
          @input=${(event: Event) => {
            act.search((event.target as HTMLInputElement).value);
          }}
        />
      </label>
      <select
        class="input"
        aria-label=${t('home.language')}
        @change=${(event: Event) => {
          act.language((event.target as HTMLSelectElement).value);
        }}
      >
        <option value="">${t('home.anyLanguage')}</option>
        ${languages.map(
          ({ name, title }) =>
            html`<option value=${name} ?selected=${name === filter.language}>${title}</option>`,
        )}
      </select>
    </search>
  </div>`;
}

const SECTION_TEXT = {
  recent: 'home.recent',
  mine: 'home.mine',
  shared: 'home.shared',
  trash: 'home.trash',
} as const satisfies Record<Section, string>;

function sectionLink(
  section: Section,
  filter: HomeFilter,
  prefix: string,
  act: FilterActions,
): TemplateResult {
  const go = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    act.choose(section);
  };
  return html`<a
    href=${searchOf({ ...filter, section }) || prefix}
    aria-current=${filter.section === section ? 'page' : 'false'}
    @click=${go}
  >
    ${t(SECTION_TEXT[section])}
  </a>`;
}

/** What stands where there is no workspace to show. */
export function nothingHere(
  filter: HomeFilter,
  clear: () => void,
  welcome: () => TemplateResult,
): TemplateResult {
  if (isFiltered(filter)) {
    return html`<div class="empty" role="status">
      <p>${t('home.nothingFound')}</p>
      <button class="button" @click=${clear}>${t('home.clearSearch')}</button>
    </div>`;
  }
  if (filter.section === 'shared')
    return html`<p class="empty" role="status">${t('home.nothingShared')}</p>`;
  if (filter.section === 'trash')
    return html`<p class="empty" role="status">${t('home.nothingTrashed')}</p>`;
  return welcome();
}

export interface Wanted {
  name: string;
  language: string;
  xml?: string;
}

/** The way into the first program. */
export function welcome(
  app: App,
  languages: readonly LanguageInfo[],
  create: (wanted: Wanted) => void,
): TemplateResult {
  return html`<section class="welcome">
    <h2>${t('home.welcome')}</h2>
    <p>${t('home.welcomeText')}</p>
    ${
      languages.length > 0
        ? html`<example-gallery
            .app=${app}
            .languages=${languages}
            @choose=${(event: CustomEvent<Wanted>) => {
              create(event.detail);
            }}
          ></example-gallery>`
        : ''
    }
  </section>`;
}
