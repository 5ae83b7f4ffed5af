/** Collections of the copies: a button that takes them all, and what it took before. */
import { html, type TemplateResult } from 'lit';
import * as collecting from '../api/collections';
import type { CollectedCopy, Collection, CollectionDetails } from '../api/collections';
import { dateTime, listOf, t } from '../i18n';
import { confirmed, openDialog } from '../ui/dialogs';
import { download, fileName } from '../ui/download';
import { icon } from '../ui/icons';
import { problemText } from '../ui/problemText';
import './collectedPicture';
import { SharePart } from './sharePart';

class CollectionList extends SharePart {
  static override properties = {
    ...SharePart.properties,
    shown: { attribute: false },
    collections: { state: true },
    opened: { state: true },
    details: { state: true },
    busy: { state: true },
  };
  /** Number of copies that can be looked at. */
  declare shown: number;
  declare collections: readonly Collection[];
  declare opened: ReadonlySet<number>;
  /** Of those that were ever opened. */
  declare details: ReadonlyMap<number, CollectionDetails>;
  declare busy: boolean;

  constructor() {
    super();
    this.shown = 0;
    this.collections = [];
    this.opened = new Set();
    this.details = new Map();
    this.busy = false;
  }

  protected override async load(): Promise<void> {
    const { items } = await collecting.collections(this.app.client, this.workspace.id);
    this.collections = items;
  }

  protected override render(): TemplateResult {
    return html`<h3>${t('collect.title')}</h3>
      <p class="quiet">${t(this.shown > 0 ? 'collect.text' : 'collect.nobody')}</p>
      <button
        class="button collect"
        ?disabled=${this.busy || this.shown === 0}
        @click=${() => void this.#collect()}
      >
        ${this.busy ? html`<i class="spinner" aria-hidden="true"></i>` : ''}${t('collect.button')}
      </button>
      ${this.messages()}
      <ul class="access-list">
        ${this.collections.map((collection) => this.#collection(collection))}
      </ul>`;
  }

  #collection(collection: Collection): TemplateResult {
    const { id, created, collected, missing } = collection;
    const when = dateTime(created);
    const isOpen = this.opened.has(id);
    const body = `collection-${id}`;
    return html`<li class="collection">
      <button
        class="disclosure grow"
        aria-expanded=${isOpen ? 'true' : 'false'}
        aria-controls=${body}
        @click=${() => void this.#toggle(id)}
      >
        ${when}<br />
        <span class="quiet"
          >${t('collect.count', { count: collected })}${
            missing > 0 ? html` · ${t('collect.missing', { count: missing })}` : ''
          }</span
        >
      </button>
      <button
        class="button small"
        aria-label=${t('collect.zipOf', { when })}
        title=${t('collect.zipOf', { when })}
        @click=${() => void this.#zip(collection)}
      >
        ${icon('export')}<span class="wide-only">${t('collect.zip')}</span>
      </button>
      <button
        class="icon-button"
        aria-label=${t('collect.delete', { when })}
        title=${t('collect.delete', { when })}
        @click=${() => void this.#delete(collection)}
      >
        ${icon('trash')}
      </button>
      <div class="collection-body" id=${body} ?hidden=${!isOpen}>
        ${isOpen ? this.#body(this.details.get(id)) : ''}
      </div>
    </li>`;
  }

  #body(details: CollectionDetails | undefined): TemplateResult {
    return details ? this.#details(details) : html`<p class="quiet">${t('common.loading')}</p>`;
  }

  #details(details: CollectionDetails): TemplateResult {
    const missing = details.not_collected.map(
      ({ user, reason }) => `${user} (${t(`collect.${reason}`)})`,
    );
    return html`${
        missing.length > 0 ? html`<p>${t('collect.notCollected')} ${listOf(missing)}</p>` : ''
      }
      <ul class="access-list">
        ${details.items.map((copy) => this.#copy(details, copy))}
      </ul>`;
  }

  #copy({ id }: Collection, copy: CollectedCopy): TemplateResult {
    const { user, name, blocks } = copy;
    return html`<li>
      <span class="grow">
        ${user}<br /><span class="quiet">${name} · ${t('history.blocks', { count: blocks })}</span>
      </span>
      <button
        class="button small"
        aria-label=${t('collect.lookAt', { name: user })}
        @click=${() => {
          this.#look(id, copy);
        }}
      >
        ${t('collect.look')}
      </button>
      <button
        class="icon-button"
        aria-label=${t('collect.downloadOf', { name: user })}
        title=${t('collect.downloadOf', { name: user })}
        @click=${() => void this.#download(id, copy)}
      >
        ${icon('export')}
      </button>
    </li>`;
  }

  async #collect(): Promise<void> {
    this.busy = true;
    let made: CollectionDetails | undefined;
    await this.attempt(async () => {
      made = await collecting.collect(this.app.client, this.workspace.id);
    });
    this.busy = false;
    if (made) this.news = t('collect.done', { count: made.collected });
  }

  async #toggle(id: number): Promise<void> {
    const opened = new Set(this.opened);
    if (!opened.delete(id)) opened.add(id);
    this.opened = opened;
    if (this.details.has(id)) return;
    await this.#telling(async () => {
      const found = await collecting.details(this.app.client, this.workspace.id, id);
      this.details = new Map([...this.details, [id, found]]);
    });
  }

  #look(id: number, { id: copy, user }: CollectedCopy): void {
    const { app, workspace } = this;
    const dialog = openDialog(
      t('collect.picture', { name: user }),
      html`<collected-picture
        .language=${workspace.language}
        .config=${app.config}
        .name=${user}
        .xml=${collecting.xmlOf(app.client, workspace.id, id, copy)}
      ></collected-picture>`,
    );
    dialog.classList.add('wide');
  }

  async #zip({ id, created }: Collection): Promise<void> {
    const { app, workspace } = this;
    await this.#telling(async () => {
      const zip = await collecting.zipOf(app.client, workspace.id, id);
      download(fileName(`${workspace.name} ${created.slice(0, 10)}`, '.zip'), zip);
    });
  }

  async #download(id: number, { id: copy, user, name }: CollectedCopy): Promise<void> {
    await this.#telling(async () => {
      const xml = await collecting.xmlOf(this.app.client, this.workspace.id, id, copy);
      download(fileName(`${user} - ${name}`, '.xml'), new Blob([xml], { type: 'text/xml' }));
    });
  }

  async #delete({ id, created, collected }: Collection): Promise<void> {
    const text = t('collect.deleteText', { count: collected, when: dateTime(created) });
    if (!(await confirmed(t('collect.deleteTitle'), text, t('home.delete')))) return;
    await this.attempt(() => collecting.remove(this.app.client, this.workspace.id, id));
    // The button that had the focus is gone.
    this.querySelector<HTMLButtonElement>('.collect')?.focus();
  }

  /** Without loading the list again. */
  async #telling(work: () => Promise<void>): Promise<void> {
    this.trouble = '';
    try {
      await work();
    } catch (error) {
      this.trouble = problemText(error);
    }
  }
}

customElements.define('collection-list', CollectionList);
