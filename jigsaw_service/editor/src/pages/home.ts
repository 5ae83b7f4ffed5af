/** Home: my workspaces, those shared with me, and the ways to a new one. */
import { html, render, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { editorUrl, type App } from '../app';
import * as workspaces from '../api/workspaces';
import type { LanguageInfo, Page, Workspace } from '../api/types';
import { t } from '../i18n';
import { icon, logo } from '../ui/icons';
import { PageElement } from '../ui/pageElement';
import { problemText } from '../ui/problemText';
import { toast } from '../ui/toast';
import { apiFilters, filterFrom, searchOf, type HomeFilter } from './homeFilter';
import { fileDrop, importList } from './homeImports';
import { filters, nothingHere, welcome, type Wanted } from './homeView';
import { importFiles, type FileResult } from './importing';
import { askForNew } from './newWorkspace';
import { workspaceCard, type CardActions } from './workspaceCard';
import '../share/offers';
import { deleteForGood, makeCopy, moveToTrash, rename, telling } from './workspaceActions';

/** Milliseconds after the last key before we search. */
const SEARCH_AFTER = 250;

export function show(app: App, host: HTMLElement): void {
  document.title = t('app.name');
  render(html`<jigsaw-home .app=${app}></jigsaw-home>`, host);
}

class Home extends PageElement {
  static override properties = {
    app: { attribute: false },
    filter: { state: true },
    items: { state: true },
    next: { state: true },
    languages: { state: true },
    trouble: { state: true },
    imports: { state: true },
    dropping: { state: true },
  };
  declare app: App;
  declare filter: HomeFilter;
  declare items: readonly Workspace[] | undefined;
  /** Where the lists on show go on. */
  declare next: readonly string[];
  declare languages: readonly LanguageInfo[];
  declare trouble: string;
  declare imports: readonly FileResult[];
  declare dropping: boolean;

  #loading: AbortController | undefined;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.filter = filterFrom(location.search);
    this.next = [];
    this.languages = [];
    this.trouble = '';
    this.imports = [];
    this.dropping = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    fileDrop(document.body, {
      over: (over) => {
        this.dropping = over;
      },
      drop: (files) => void this.#import(files),
    });
    addEventListener('popstate', () => {
      this.filter = filterFrom(location.search);
      void this.#load();
    });
    // Coming back from an editor by the browser's own button must not show yesterday's names.
    addEventListener('pageshow', (event) => {
      if (event.persisted) void this.#load();
    });
    this.app.client.addEventListener('signed-in', () => void this.#load());
    void this.#load();
    void this.#loadLanguages();
  }

  protected override render(): TemplateResult {
    const { user, prefix } = this.app.config;
    return html`<header class="app-bar">
        <a class="brand" href=${prefix}>${logo()}<span>${t('app.name')}</span></a>
        <span class="user" aria-label=${t('app.user', { name: user?.name ?? '' })} role="note"
          >${user?.name ?? ''}</span
        >
      </header>
      <main class="home">
        <div class="home-head">
          <h1>${t('home.title')}</h1>
          <div class="row">
            <button
              class="button"
              @click=${() => {
                this.#pickFiles();
              }}
            >
              ${icon('import')}${t('home.import')}
            </button>
            <button class="button primary" @click=${() => void this.#new()}>
              ${icon('plus')}${t('home.new')}
            </button>
          </div>
          <input
            type="file"
            id="files"
            class="visually-hidden"
            tabindex="-1"
            aria-hidden="true"
            multiple
            accept=".xml,.zip,text/xml,application/xml"
            @change=${(event: Event) => {
              this.#picked(event);
            }}
          />
        </div>
        <transfer-offers .app=${this.app} @accepted=${() => void this.#load()}></transfer-offers>
        ${importList(this.app, this.imports, () => {
          this.imports = [];
        })}
        ${this.#filters()} ${this.#results()}
      </main>
      ${this.dropping ? html`<div class="drop-zone"><p>${icon('import')}${t('home.drop')}</p></div>` : ''}`;
  }

  #filters(): TemplateResult {
    return filters(this.filter, this.app.config.prefix, this.languages, {
      choose: (section) => {
        this.#change({ section }, true);
      },
      search: (words) => {
        this.#search(words);
      },
      language: (language) => {
        this.#change({ language });
      },
    });
  }

  #results(): TemplateResult {
    if (this.trouble) {
      return html`<div class="banner warning" role="alert">
        <p>${this.trouble}</p>
        <button class="button" @click=${() => void this.#load()}>${t('common.tryAgain')}</button>
      </div>`;
    }
    if (!this.items) return html`<p class="quiet" role="status">${t('common.loading')}</p>`;
    if (this.items.length === 0) return this.#empty();
    return html`<p class="visually-hidden" role="status">
        ${t('home.found', { count: this.items.length })}
      </p>
      <div class="grid">
        ${repeat(
          this.items,
          ({ id, clock }) => `${id} ${clock}`,
          (workspace) =>
            workspaceCard(this.app, workspace, this.#titleOf(workspace.language), this.#actions),
        )}
      </div>
      ${
        this.next.length > 0
          ? html`<p class="more">
              <button class="button" @click=${() => void this.#more()}>${t('common.more')}</button>
            </p>`
          : ''
      }`;
  }

  #empty(): TemplateResult {
    const clear = () => {
      this.#change({ q: '', language: '' });
    };
    return nothingHere(this.filter, clear, () =>
      welcome(this.app, this.languages, (wanted) => void this.#create(wanted)),
    );
  }

  readonly #actions: CardActions = {
    rename: (workspace) =>
      void rename(this.app.client, workspace).then((renamed) => {
        if (renamed) this.#replace(renamed);
      }),
    copy: (workspace) =>
      void makeCopy(this.app.client, workspace).then((copy) => {
        if (!copy) return;
        if (this.filter.section !== 'shared') this.items = [copy, ...(this.items ?? [])];
        toast(t('home.copied', { name: copy.name }));
      }),
    trash: (workspace) => void this.#trash(workspace),
    restore: (workspace) => void this.#restore(workspace),
    deleteForGood: (workspace) =>
      void deleteForGood(this.app.client, workspace).then((done) => {
        if (done) this.#remove(workspace);
      }),
  };

  async #trash(workspace: Workspace): Promise<void> {
    if (!(await moveToTrash(this.app.client, workspace))) return;
    this.#remove(workspace);
    toast(t('home.trashed', { name: workspace.name }), {
      label: t('home.undo'),
      do: () => void this.#restore(workspace).then(() => this.#load()),
    });
  }

  async #restore(workspace: Workspace): Promise<void> {
    const restored = await telling(async () => {
      await workspaces.restore(this.app.client, workspace.id);
      return true;
    });
    if (!restored) return;
    this.#remove(workspace);
    toast(t('home.restored', { name: workspace.name }));
  }

  async #new(): Promise<void> {
    const wanted = await askForNew(await this.#loadLanguages());
    if (!wanted) return;
    const { loadLanguage } = await import('../languages');
    const { initialXml: xml } = await loadLanguage(wanted.language);
    await this.#create(xml ? { ...wanted, xml } : wanted);
  }

  async #create(wanted: Wanted): Promise<void> {
    const made = await telling(() => workspaces.create(this.app.client, wanted));
    if (made) location.href = editorUrl(this.app, made.id);
  }

  /** The languages, asked for once; again when there was no answer. */
  async #loadLanguages(): Promise<readonly LanguageInfo[]> {
    if (this.languages.length > 0) return this.languages;
    const answer = await telling(() => workspaces.languages(this.app.client));
    return (this.languages = answer?.items ?? []);
  }

  #pickFiles(): void {
    this.querySelector<HTMLInputElement>('#files')?.click();
  }

  #picked(event: Event): void {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = '';
    void this.#import(files);
  }

  async #import(files: readonly File[]): Promise<void> {
    const names = (await this.#loadLanguages()).map(({ name }) => name);
    const results = await importFiles(this.app, files, names, (now) => {
      this.imports = now;
    });
    const count = results.filter(({ state }) => state === 'done').length;
    if (count > 0) toast(t('import.result', { count }));
    const made = results.flatMap((result) => result.made)[0];
    if (made && files.length === 1) location.href = editorUrl(this.app, made.id);
    else await this.#load();
  }

  #search(q: string): void {
    clearTimeout(this.#searchTimer);
    this.#searchTimer = setTimeout(() => {
      this.#change({ q: q.trim() });
    }, SEARCH_AFTER);
  }

  #change(part: Partial<HomeFilter>, visit = false): void {
    this.filter = { ...this.filter, ...part };
    const address = searchOf(this.filter) || location.pathname;
    if (visit) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
    void this.#load();
  }

  async #load(): Promise<void> {
    this.#loading?.abort();
    const { signal } = (this.#loading = new AbortController());
    try {
      const pages = await Promise.all(
        apiFilters(this.filter).map((filter) => workspaces.list(this.app.client, filter, signal)),
      );
      this.items = [];
      this.#append(pages);
      this.trouble = '';
    } catch (error) {
      if (!signal.aborted) this.trouble = problemText(error);
    }
  }

  async #more(): Promise<void> {
    const pages = await telling(() =>
      Promise.all(this.next.map((next) => workspaces.more(this.app.client, next))),
    );
    if (pages) this.#append(pages);
  }

  #append(pages: readonly Page<Workspace>[]): void {
    const added = pages
      .flatMap(({ items }) => items)
      .sort((a, b) => b.modified.localeCompare(a.modified));
    this.items = [...(this.items ?? []), ...added];
    this.next = pages.flatMap(({ next }) => next ?? []);
  }

  #replace(changed: Workspace): void {
    this.items = this.items?.map((item) => (item.id === changed.id ? changed : item));
  }

  #remove({ id }: Workspace): void {
    this.items = this.items?.filter((item) => item.id !== id);
  }

  #titleOf(language: string): string {
    return this.languages.find(({ name }) => name === language)?.title ?? language;
  }
}

customElements.define('jigsaw-home', Home);
