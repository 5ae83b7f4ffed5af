/** The copies that were made by a workspace's links; and, of a copy, whether the origin's owner may look. */
import { html, nothing, type TemplateResult } from 'lit';
import { editorUrl } from '../app';
import { ApiProblem } from '../api/problem';
import { collections } from '../api/collections';
import * as sharing from '../api/sharing';
import type { LinkCopy, Origin } from '../api/sharing';
import { ago, t } from '../i18n';
import './collectionList';
import { SharePart } from './sharePart';

class CopyList extends SharePart {
  static override properties = {
    ...SharePart.properties,
    copies: { state: true },
    hasCollections: { state: true },
  };
  declare copies: readonly LinkCopy[];
  declare hasCollections: boolean;

  constructor() {
    super();
    this.copies = [];
    this.hasCollections = false;
  }

  protected override async load(): Promise<void> {
    const { client } = this.app;
    let page = await sharing.copies(client, this.workspace.id);
    const copies = page.items;
    while (page.next) {
      page = await client.get(page.next);
      copies.push(...page.items);
    }
    this.copies = copies.sort((a, b) => a.user.localeCompare(b.user));
    // Collections stay when all copies are gone.
    if (copies.length === 0)
      this.hasCollections = (await collections(client, this.workspace.id)).items.length > 0;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.copies.length === 0 && !this.hasCollections) return nothing;
    return html`<h3>${t('copies.title')}</h3>
      <p class="quiet">${t('copies.text')}</p>
      <ul class="access-list">
        ${this.copies.map((copy) => this.#copy(copy))}
      </ul>
      <collection-list
        .app=${this.app}
        .workspace=${this.workspace}
        .shown=${this.copies.filter((copy) => copy.allow_view).length}
      ></collection-list>`;
  }

  #copy({ user, created, modified, workspace_id: id }: LinkCopy): TemplateResult {
    return html`<li>
      <span class="grow">
        ${user}<br />
        <span class="quiet"
          >${t('copies.made', { when: ago(created) })} ·
          ${t('copies.changed', { when: ago(modified) })}</span
        >
      </span>
      ${
        id === null
          ? html`<span class="quiet">${t('copies.private')}</span>`
          : html`<a
              class="button"
              href=${editorUrl(this.app, id)}
              aria-label=${t('copies.openOf', { name: user })}
              >${t('copies.open')}</a
            >`
      }
    </li>`;
  }
}

customElements.define('copy-list', CopyList);

class CopyOrigin extends SharePart {
  static override properties = { ...SharePart.properties, origin: { state: true } };
  declare origin: Origin | undefined;

  protected override async load(): Promise<void> {
    if (this.workspace.copied_from === null) return;
    try {
      this.origin = await sharing.origin(this.app.client, this.workspace.id);
    } catch (error) {
      // A copy that no link made, or whose origin is gone.
      if (!(error instanceof ApiProblem && error.status === 404)) throw error;
      this.origin = undefined;
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const { origin } = this;
    if (!origin) return nothing;
    const name = origin.owner;
    if (this.workspace.role !== 'owner') {
      return origin.allow_view ? html`<p class="quiet">${t('origin.seen', { name })}</p>` : nothing;
    }
    return html`<label class="check">
        <input
          type="checkbox"
          .checked=${origin.allow_view}
          @change=${(event: Event) => void this.#let((event.target as HTMLInputElement).checked)}
        />
        <span>${t('origin.allow', { name })}</span>
      </label>
      <p class="quiet">${t('origin.text', { name })} ${t('origin.collect', { name })}</p>
      ${this.messages()}`;
  }

  async #let(allow: boolean): Promise<void> {
    await this.attempt(() => sharing.letView(this.app.client, this.workspace.id, allow));
  }
}

customElements.define('copy-origin', CopyOrigin);
