/** Home: my workspaces, those shared with me, and the ways to a new one. */
import { html, render, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { editorUrl, type App } from '../app';
import * as workspaces from '../api/workspaces';
import type { LanguageInfo, Workspace } from '../api/types';
import { t } from '../i18n';
import { appBar } from '../ui/appBar';
import { icon } from '../ui/icons';
import { PageElement } from '../ui/pageElement';
import { problemText } from '../ui/problemText';
import { toast } from '../ui/toast';
import {
  apiFilter,
  filterFrom,
  filtersInUse,
  searchOf,
  UNFILTERED,
  type HomeFilter,
} from './homeFilter';
import { fileDrop, importList } from './homeImports';
import { filters, nothingHere, welcome, type Wanted } from './homeView';
import { importFiles, type FileResult } from './importing';
import { askForNew } from '../workspaces/newWorkspace';
import { workspaceCard, type CardActions } from '../workspaces/card';
import '../share/offers';
import { deleteForGood, makeCopy, moveToTrash, rename, telling } from '../workspaces/actions';

/** Milliseconds after the last key before we search. */
const SEARCH_AFTER = 250;
/** With fewer cards than these, we ask for more at once, so many times. */
const FEW_CARDS = 12;
const PAGES_AT_ONCE = 10;

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
    filtersOpen: { state: true },
    blocks: { state: true },
    trouble: { state: true },
    imports: { state: true },
    dropping: { state: true },
  };
  declare app: App;
  declare filter: HomeFilter;
  declare items: readonly Workspace[] | undefined;
  /** Address at which the list on show goes on. */
  declare next: string | null;
  declare filtersOpen: boolean;
  /** Types of block, to complete what is typed. */
  declare blocks: readonly string[];
  declare trouble: string;
  declare imports: readonly FileResult[];
  declare dropping: boolean;

  #loading: AbortController | undefined;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;
  /** Filters that were typed and are not searched for yet. */
  #typed: Partial<HomeFilter> = {};
  readonly #owners = new Set<string>();

  constructor() {
    super();
    this.filter = filterFrom(location.search);
    this.next = null;
    this.filtersOpen = filtersInUse(this.filter) > 0;
    this.blocks = [];
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
      this.filtersOpen ||= filtersInUse(this.filter) > 0;
      void this.#load();
    });
    // Coming back from an editor by the browser's own button must not show yesterday's names.
    addEventListener('pageshow', (event) => {
      if (event.persisted) void this.#load();
    });
    this.app.client.addEventListener('signed-in', () => void this.#load());
    void this.#load();
    if (this.filtersOpen) void this.#loadBlocks();
  }

  protected override render(): TemplateResult {
    const { config } = this.app;
    return html`${appBar(config)}
      <main class="home">
        <div class="home-head">
          <h1>${t('home.title')}</h1>
          <div class="row">
            <a class="button" href="${config.prefix}api/export"
              >${icon('export')}${t('home.exportAll')}</a
            >
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
            accept=".xml,.ipynb,.zip,text/xml,application/xml"
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
    const { filter, blocks, filtersOpen } = this;
    const known = { languages: this.#languages, blocks, owners: [...this.#owners].sort() };
    return filters(filter, this.app.config.prefix, known, filtersOpen, {
      section: (section) => {
        this.#change({ section }, true);
      },
      type: (part) => {
        this.#type(part);
      },
      choose: (part) => {
        this.#change(part, true);
      },
      open: (open) => {
        this.filtersOpen = open;
        if (open) void this.#loadBlocks();
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
        this.next
          ? html`<p class="more">
              <button class="button" @click=${() => void this.#more()}>${t('common.more')}</button>
            </p>`
          : ''
      }`;
  }

  #empty(): TemplateResult {
    const clear = () => {
      this.#change(UNFILTERED, true);
    };
    return nothingHere(this.filter, clear, () =>
      welcome(this.app, this.#languages, (wanted) => void this.#create(wanted)),
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
    const wanted = await askForNew(this.#languages);
    if (!wanted) return;
    const { loadLanguage } = await import('../languages');
    const { initialXml: xml } = await loadLanguage(wanted.language);
    await this.#create(xml ? { ...wanted, xml } : wanted);
  }

  async #create(wanted: Wanted): Promise<void> {
    const made = await telling(() => workspaces.create(this.app.client, wanted));
    if (made) location.href = editorUrl(this.app, made.id);
  }

  get #languages(): readonly LanguageInfo[] {
    return this.app.config.languages ?? [];
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
    const names = this.#languages.map(({ name }) => name);
    const results = await importFiles(this.app, files, names, (now) => {
      this.imports = now;
    });
    const count = results.filter(({ state }) => state === 'done').length;
    if (count > 0) toast(t('import.result', { count }));
    const [made, ...others] = results.flatMap((result) => result.made);
    const hasMoreToSay = results.some(({ edited }) => edited.size > 0);
    if (made && others.length === 0 && files.length === 1 && !hasMoreToSay)
      location.href = editorUrl(this.app, made.id);
    else await this.#load();
  }

  #type(part: Partial<HomeFilter>): void {
    this.#typed = { ...this.#typed, ...part };
    clearTimeout(this.#searchTimer);
    this.#searchTimer = setTimeout(() => {
      this.#change({});
    }, SEARCH_AFTER);
  }

  #change(part: Partial<HomeFilter>, visit = false): void {
    clearTimeout(this.#searchTimer);
    this.filter = { ...this.filter, ...this.#typed, ...part };
    this.#typed = {};
    const address = searchOf(this.filter) || location.pathname;
    if (visit) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
    void this.#load();
  }

  async #load(): Promise<void> {
    this.#loading?.abort();
    const { signal } = (this.#loading = new AbortController());
    try {
      const filter = apiFilter(this.filter);
      const page = await workspaces.list(this.app.client, filter, signal);
      const items = await this.#filled(page.items, page.next, signal);
      this.items = items;
      this.trouble = '';
    } catch (error) {
      if (!signal.aborted) this.trouble = problemText(error);
    }
  }

  async #more(): Promise<void> {
    const { signal } = (this.#loading = new AbortController());
    const items = await telling(() => this.#filled([], this.next, signal));
    if (items) this.items = [...(this.items ?? []), ...items];
  }

  /** Goes on while pages are short, as they are where the service has much to look through. */
  async #filled(
    items: readonly Workspace[],
    next: string | null,
    signal: AbortSignal,
  ): Promise<readonly Workspace[]> {
    for (let pages = 0; next && items.length < FEW_CARDS && pages < PAGES_AT_ONCE; pages += 1) {
      const page = await workspaces.more(this.app.client, next, signal);
      items = [...items, ...page.items];
      next = page.next;
    }
    this.next = next;
    for (const { owner } of items) this.#owners.add(owner);
    return items;
  }

  async #loadBlocks(): Promise<void> {
    const { loadLanguage } = await import('../languages');
    const names = this.#languages.map(({ name }) => name);
    const loaded = await Promise.all(names.map((name) => loadLanguage(name)));
    this.blocks = [...new Set(loaded.flatMap(({ types }) => [...types]))].sort();
  }

  #replace(changed: Workspace): void {
    this.items = this.items?.map((item) => (item.id === changed.id ? changed : item));
  }

  #remove({ id }: Workspace): void {
    this.items = this.items?.filter((item) => item.id !== id);
  }

  #titleOf(language: string): string {
    return this.#languages.find(({ name }) => name === language)?.title ?? language;
  }
}

customElements.define('jigsaw-home', Home);
