/** The parts of the home page as they are drawn; what they do stands in `home.ts`. */
import { html, type TemplateResult } from 'lit';
import type { App } from '../app';
import type { LanguageInfo } from '../api/types';
import { t } from '../i18n';
import { isFiltered, searchOf, SECTIONS, type HomeFilter, type Section } from './homeFilter';
import { filterPanel, searchRow, type SearchOptions, type SearchActions } from './homeSearch';
import './examples';

export interface FilterActions extends SearchActions {
  section: (section: Section) => void;
}

/** Filters of the workspaces on show: the sections as links, and the search. */
export function filters(
  filter: HomeFilter,
  prefix: string,
  known: SearchOptions,
  open: boolean,
  act: FilterActions,
): TemplateResult {
  return html`<div class="filters">
      <nav class="sections" aria-label=${t('home.show')}>
        ${SECTIONS.map((section) => sectionLink(section, filter, prefix, act))}
      </nav>
      ${searchRow(filter, open, act)}
    </div>
    ${open ? filterPanel(filter, known, act) : ''}`;
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
    act.section(section);
  };
  return html`<a
    href=${searchOf({ ...filter, section }) || prefix}
    aria-current=${filter.section === section ? 'page' : 'false'}
    @click=${go}
  >
    ${t(SECTION_TEXT[section])}
  </a>`;
}

/** Text for a list without workspaces. */
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
