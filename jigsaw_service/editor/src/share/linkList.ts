/** The links of a workspace: make one, show it once, take it back. */
import { html, type TemplateResult } from 'lit';
import * as sharing from '../api/sharing';
import type { LinkKind, NewShareLink, ShareLink } from '../api/sharing';
import { ago, locale, t } from '../i18n';
import { textIn } from '../ui/dialogs';
import { icon } from '../ui/icons';
import { SharePart } from './sharePart';

const DAY = 24 * 3600;
const EXPIRIES = [
  ['links.never', ''],
  ['links.hour', 3600],
  ['links.day', DAY],
  ['links.week', 7 * DAY],
  ['links.month', 30 * DAY],
] as const;
const KINDS = ['view', 'edit', 'copy'] as const;

class LinkList extends SharePart {
  static override properties = {
    ...SharePart.properties,
    links: { state: true },
    made: { state: true },
    kind: { state: true },
  };
  declare links: readonly ShareLink[];
  /** The one that was just made: the only one whose address is known. */
  declare made: NewShareLink | undefined;
  declare kind: LinkKind;

  constructor() {
    super();
    this.links = [];
    this.kind = 'view';
  }

  protected override async load(): Promise<void> {
    this.links = (await sharing.links(this.app.client, this.workspace.id)).items;
  }

  protected override render(): TemplateResult {
    return html`<h3>${t('links.title')}</h3>
      ${this.made ? this.#made(this.made) : ''} ${this.#form()} ${this.messages()}
      ${
        this.links.length > 0
          ? html`<ul class="access-list">
              ${this.links.map((link) => this.#link(link))}
            </ul>`
          : ''
      }`;
  }

  #form(): TemplateResult {
    return html`<form class="link-form" @submit=${(event: SubmitEvent) => void this.#make(event)}>
      <label class="field grow">
        <span>${t('links.kind')}</span>
        <select
          class="input"
          name="kind"
          @change=${(event: Event) => {
            this.kind = (event.target as HTMLSelectElement).value as LinkKind;
          }}
        >
          ${KINDS.map((kind) => html`<option value=${kind}>${t(`links.${kind}`)}</option>`)}
        </select>
      </label>
      <label class="field">
        <span>${t('links.expires')}</span>
        <select class="input" name="expires">
          ${EXPIRIES.map(([key, seconds]) => html`<option value=${seconds}>${t(key)}</option>`)}
        </select>
      </label>
      <label class="field">
        <span>${t('links.uses')}</span>
        <input
          class="input"
          name="uses"
          type="number"
          min="1"
          max="1000000"
          placeholder=${t('links.anyUses')}
        />
      </label>
      <p class="quiet">${t(`links.${this.kind}Means`)}</p>
      <button class="button">${t('links.make')}</button>
    </form>`;
  }

  #made({ url }: NewShareLink): TemplateResult {
    return html`<div class="banner made-link">
      <label class="field grow">
        <span>${t('links.made')}</span>
        <input
          class="input"
          readonly
          dir="ltr"
          .value=${url}
          @focus=${(event: Event) => {
            (event.target as HTMLInputElement).select();
          }}
        />
      </label>
      <div class="row">
        <button
          type="button"
          class="button primary"
          @click=${() => {
            this.copyText(url, t('links.copied'), t('editor.copyFailed'));
          }}
        >
          ${icon('copy')}${t('links.copyLink')}
        </button>
        <button
          type="button"
          class="button"
          @click=${() =>
            void import('./qrCode').then(({ showQrCode }) => {
              showQrCode(url);
            })}
        >
          ${t('links.qr')}
        </button>
      </div>
    </div>`;
  }

  #link(link: ShareLink): TemplateResult {
    const label = t('links.revoke', { prefix: link.prefix });
    return html`<li>
      <span class="grow">
        ${t(`links.${link.kind}`)} <code dir="ltr">${link.prefix}…</code><br />
        <span class="quiet">${details(link)}</span>
      </span>
      <button
        class="icon-button"
        aria-label=${label}
        title=${label}
        @click=${() => void this.#revoke(link)}
      >
        ${icon('close')}
      </button>
    </li>`;
  }

  async #make(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    const number = (name: string) => Number(textIn(fields, name)) || null;
    await this.attempt(async () => {
      this.made = await sharing.makeLink(this.app.client, this.workspace.id, {
        kind: this.kind,
        expires_in: number('expires'),
        max_uses: number('uses'),
      });
    });
  }

  async #revoke(link: ShareLink): Promise<void> {
    const done = await this.attempt(() =>
      sharing.revokeLink(this.app.client, this.workspace.id, link.id),
    );
    if (!done) return;
    if (this.made?.id === link.id) this.made = undefined;
    this.news = t('links.revoked');
  }
}

customElements.define('link-list', LinkList);

/** Details of a link: when it was made, how often it was used, and when it ends. */
function details({ created, uses, max_uses: most, expires }: ShareLink): string {
  const said = [ago(created), t('links.used', { count: uses })];
  if (most !== null) said.push(t('links.most', { count: most }));
  if (expires !== null) {
    const ended = Date.parse(expires) <= Date.now();
    const when = new Date(expires).toLocaleString(locale(), {
      dateStyle: 'medium',
      timeStyle: 'short',
    });
    said.push(ended ? t('links.expired') : t('links.until', { when }));
  }
  return said.join(' · ');
}
