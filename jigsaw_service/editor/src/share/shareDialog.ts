/** Share dialog: the owner decides here who may see or change a workspace. */
import { html, type TemplateResult } from 'lit';
import { editorUrl, type App } from '../app';
import { people } from '../api/sharing';
import * as workspaces from '../api/workspaces';
import type { Role, Share, Workspace } from '../api/types';
import { t } from '../i18n';
import { openDialog, textIn } from '../ui/dialogs';
import { icon } from '../ui/icons';
import { SharePart } from './sharePart';
import './copyList';
import './handOver';
import './linkList';
import './auditLog';

type Grantable = Exclude<Role, 'owner'>;

export function openShareDialog(app: App, workspace: Workspace): void {
  const content = html`<share-panel .app=${app} .workspace=${workspace}></share-panel>`;
  openDialog(t('share.title', { name: workspace.name }), content);
}

/** Milliseconds after the last key before names are asked for. */
const COMPLETE_AFTER = 200;

class SharePanel extends SharePart {
  static override properties = {
    ...SharePart.properties,
    shares: { state: true },
    known: { state: true },
  };
  declare shares: readonly Share[] | undefined;
  /** Names that go on as the one that is being typed. */
  declare known: readonly string[];

  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.known = [];
  }

  protected override async load(): Promise<void> {
    this.shares = (await workspaces.shares(this.app.client, this.workspace.id)).items;
    if (this.#isOwner && this.known.length === 0) await this.#complete('');
  }

  async #complete(words: string): Promise<void> {
    const { items } = await people(this.app.client, this.workspace.id, words);
    this.known = items.map(({ name }) => name);
  }

  get #groups(): readonly string[] {
    return this.app.config.user?.groups ?? [];
  }

  get #isOwner(): boolean {
    return this.workspace.role === 'owner';
  }

  protected override render(): TemplateResult {
    return html`${
        this.#isOwner
          ? this.#grantForm()
          : html`<p class="quiet">${t('share.onlyOwner', { owner: this.workspace.owner })}</p>`
      }
      ${this.messages()}
      <h3>${t('share.people')}</h3>
      ${this.shares ? this.#people(this.shares) : html`<p class="quiet">${t('common.loading')}</p>`}
      ${this.#address()} ${this.#parts()}`;
  }

  #parts(): TemplateResult {
    const { app, workspace } = this;
    const origin = html`<copy-origin .app=${app} .workspace=${workspace}></copy-origin>`;
    if (!this.#isOwner) return origin;
    return html`<link-list .app=${app} .workspace=${workspace}></link-list>
      <copy-list .app=${app} .workspace=${workspace}></copy-list>
      ${origin}
      <hand-over .app=${app} .workspace=${workspace}></hand-over>
      <sharing-record .app=${app} .workspace=${workspace}></sharing-record>`;
  }

  #grantForm(): TemplateResult {
    return html`<form class="share-form" @submit=${(event: SubmitEvent) => void this.#grant(event)}>
      <label class="field">
        <span>${t('share.who')}</span>
        <input
          class="input"
          name="user"
          required
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          placeholder=${t('share.whoHint')}
          list="known-people"
          @input=${(event: Event) => {
            this.#typed((event.target as HTMLInputElement).value);
          }}
          autofocus
        />
        <datalist id="known-people">
          ${this.#groups.map(
            (group) =>
              html`<option value=${group} label=${t('share.group', { name: group })}></option>`,
          )}
          ${this.known.map((name) => html`<option value=${name}></option>`)}
        </datalist>
      </label>
      <label class="field">
        <span>${t('share.role')}</span>
        <select class="input" name="role">
          ${roleOptions('viewer')}
        </select>
      </label>
      <button class="button primary">${t('share.add')}</button>
      <dl class="roles-list quiet">
        ${(['viewer', 'editor'] as const).map(
          (role) =>
            html`<div>
              <dt>${roleName(role)}</dt>
              <dd>${t(`share.${role}May`)}</dd>
            </div>`,
        )}
      </dl>
    </form>`;
  }

  #people(shares: readonly Share[]): TemplateResult {
    const owner = this.workspace.owner;
    const everyone = shares.find((share) => share.everyone);
    return html`<ul class="access-list">
        <li>
          <span class="avatar" aria-hidden="true">${initial(owner)}</span>
          <span class="grow">${this.#nameOf(owner)}</span>
          <span class="quiet">${t('role.owner')}</span>
        </li>
        ${shares.filter((share) => !share.everyone).map((share) => this.#person(share))}
      </ul>
      <h3>${t('share.general')}</h3>
      ${this.#everyone(everyone)}`;
  }

  #person(share: Share): TemplateResult {
    const name = share.group ? t('share.group', { name: share.group }) : (share.user ?? '');
    const mine = share.user === this.app.config.user?.name;
    const removal = mine ? t('share.leave') : t('share.remove', { name });
    return html`<li>
      <span class="avatar" aria-hidden="true">${initial(share.group ?? share.user ?? '')}</span>
      <span class="grow"
        >${share.user ? this.#nameOf(share.user) : name}
        ${share.signed_in === false ? html`<br /><span class="quiet">${t('share.notHere')}</span>` : ''}</span
      >
      ${
        this.#isOwner
          ? html`<select
              class="input small"
              aria-label=${t('share.roleOf', { name })}
              @change=${(event: Event) => void this.#change(share, roleIn(event))}
            >
              ${roleOptions(share.role)}
            </select>`
          : html`<span class="quiet">${roleName(share.role)}</span>`
      }
      ${
        this.#isOwner || mine
          ? html`<button
              class="icon-button"
              aria-label=${removal}
              title=${removal}
              @click=${() => void this.#remove(share, name)}
            >
              ${icon('close')}
            </button>`
          : ''
      }
    </li>`;
  }

  #everyone(share: Share | undefined): TemplateResult {
    if (!this.#isOwner) {
      return html`<p>
        ${share ? `${t('share.everyone')}: ${roleName(share.role)}` : t('share.everyoneOff')}
      </p>`;
    }
    return html`<select
      class="input"
      aria-label=${t('share.general')}
      @change=${(event: Event) => void this.#setEveryone(share, (event.target as HTMLSelectElement).value)}
    >
      <option value="" ?selected=${!share}>${t('share.everyoneOff')}</option>
      ${(['viewer', 'editor'] as const).map(
        (role) =>
          html`<option value=${role} ?selected=${share?.role === role}>
            ${t('share.everyone')}: ${roleName(role)}
          </option>`,
      )}
    </select>`;
  }

  #address(): TemplateResult {
    const address = new URL(editorUrl(this.app, this.workspace.id), location.href).href;
    const copy = () => {
      this.copyText(address, t('share.addressCopied'), t('editor.copyFailed'));
    };
    return html`<div class="share-address">
      <label class="field grow">
        <span>${t('share.address')}</span>
        <input
          class="input"
          readonly
          dir="ltr"
          .value=${address}
          @focus=${(event: Event) => {
            (event.target as HTMLInputElement).select();
          }}
        />
      </label>
      <button type="button" class="button" @click=${copy}>
        ${icon('copy')}${t('share.copyAddress')}
      </button>
      <p class="quiet">${t('share.addressText')}</p>
    </div>`;
  }

  async #grant(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const fields = new FormData(form);
    const name = textIn(fields, 'user');
    const group = this.#groups.includes(name) && !this.known.includes(name);
    const role = textIn(fields, 'role') as Grantable;
    const done = await this.attempt(() =>
      workspaces.share(this.app.client, this.workspace.id, {
        ...(group ? { group: name } : { user: name }),
        role,
      }),
    );
    if (!done) return;
    form.reset();
    this.news = t('share.granted', { name });
  }

  #typed(words: string): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      // Completion is a help; without it a name can be typed all the same.
      this.#complete(words).catch(() => undefined);
    }, COMPLETE_AFTER);
  }

  async #change(share: Share, role: Grantable): Promise<void> {
    await this.attempt(() =>
      workspaces.changeShare(this.app.client, this.workspace.id, share.id, role),
    );
  }

  async #remove(share: Share, name: string): Promise<void> {
    const done = await this.attempt(() =>
      workspaces.removeShare(this.app.client, this.workspace.id, share.id),
    );
    if (!done) return;
    if (share.user === this.app.config.user?.name) location.href = this.app.config.prefix;
    this.news = t('share.removed', { name });
  }

  async #setEveryone(share: Share | undefined, role: string): Promise<void> {
    const { client } = this.app;
    const { id } = this.workspace;
    await this.attempt(async () => {
      if (role === '') await (share && workspaces.removeShare(client, id, share.id));
      else if (share) await workspaces.changeShare(client, id, share.id, role as Grantable);
      else await workspaces.share(client, id, { everyone: true, role: role as Grantable });
    });
  }

  #nameOf(user: string): string {
    return user === this.app.config.user?.name ? t('share.you', { name: user }) : user;
  }
}

customElements.define('share-panel', SharePanel);

function roleName(role: Role): string {
  return t(`role.${role}`);
}

function roleOptions(chosen: Role): TemplateResult[] {
  return (['viewer', 'editor'] as const).map(
    (role) => html`<option value=${role} ?selected=${role === chosen}>${roleName(role)}</option>`,
  );
}

function roleIn(event: Event): Grantable {
  return (event.target as HTMLSelectElement).value as Grantable;
}

function initial(name: string): string {
  return (Array.from(name)[0] ?? '').toUpperCase();
}
