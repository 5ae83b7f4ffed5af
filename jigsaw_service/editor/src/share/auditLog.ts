/** Audit log of a workspace, for its owner: who shared, accepted, restored, gave away, and when. */
import { html, type TemplateResult } from 'lit';
import * as sharing from '../api/sharing';
import type { EventKind, SharingEvent } from '../api/sharing';
import type { Role } from '../api/types';
import { ago, locale, t } from '../i18n';
import { SharePart } from './sharePart';

class SharingRecord extends SharePart {
  static override properties = {
    ...SharePart.properties,
    events: { state: true },
    next: { state: true },
    opened: { state: true },
  };
  declare events: readonly SharingEvent[];
  declare next: string | null;
  declare opened: boolean;

  constructor() {
    super();
    this.events = [];
    this.next = null;
    this.opened = false;
  }

  protected override async load(): Promise<void> {
    if (!this.opened) return;
    const page = await sharing.events(this.app.client, this.workspace.id);
    this.events = page.items;
    this.next = page.next;
  }

  protected override render(): TemplateResult {
    const toggled = (event: Event) => {
      this.opened = (event.target as HTMLDetailsElement).open;
      if (this.opened) void this.attempt(() => Promise.resolve());
    };
    return html`<details @toggle=${toggled}>
      <summary>${t('record.title')}</summary>
      <div class="details-body">
        <ul class="access-list">
          ${this.events.map((event) => this.#event(event))}
        </ul>
        ${
          this.next === null
            ? ''
            : html`<button class="button" @click=${() => void this.#more()}>
                ${t('common.more')}
              </button>`
        }
        ${this.messages()}
      </div>
    </details>`;
  }

  #event(event: SharingEvent): TemplateResult {
    const when = new Date(event.created).toLocaleString(locale());
    return html`<li>
      <span class="grow">${inWords(event)}</span>
      <time class="quiet" datetime=${event.created} title=${when}>${ago(event.created)}</time>
    </li>`;
  }

  async #more(): Promise<void> {
    const { next } = this;
    if (next === null) return;
    try {
      const page = await sharing.moreEvents(this.app.client, next);
      this.events = [...this.events, ...page.items];
      this.next = page.next;
    } catch {
      this.trouble = t('problem.offline');
    }
  }
}

customElements.define('sharing-record', SharingRecord);

/** Sentence for one event: what was done, by whom, to whom. */
export function inWords({ kind, user, details }: SharingEvent): string {
  const known = KINDS.find((one) => one === kind);
  if (!known) return kind;
  const text = (name: string) => {
    const value = details[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const group = text('group');
  return t(`record.${known}`, {
    who: user ?? t('record.service'),
    whom: details['everyone'] ? t('share.everyone') : text('user') || groupName(group),
    role: roleName(text('role')),
    what: text('prefix') || text('revision') || text('collected'),
  });
}

const KINDS = [
  'share-granted',
  'share-changed',
  'share-revoked',
  'left',
  'link-made',
  'link-used',
  'link-revoked',
  'view-allowed',
  'view-withdrawn',
  'collected',
  'collection-deleted',
  'transfer-offered',
  'transfer-withdrawn',
  'transfer-declined',
  'transferred',
  'revision-restored',
  'trashed',
  'restored',
  'deleted',
] as const satisfies readonly EventKind[];

const ROLES = ['viewer', 'editor', 'owner'] as const satisfies readonly Role[];

function roleName(word: string): string {
  const role = ROLES.find((one) => one === word);
  return role ? t(`role.${role}`) : '';
}

function groupName(name: string): string {
  return name ? t('share.group', { name }) : '';
}
