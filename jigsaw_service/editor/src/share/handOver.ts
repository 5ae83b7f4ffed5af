/** Hand-over: offers a workspace to somebody, who finds the offer on their home page. */
import { html, type TemplateResult } from 'lit';
import { ApiProblem } from '../api/problem';
import * as sharing from '../api/sharing';
import type { Transfer } from '../api/sharing';
import { t } from '../i18n';
import { textIn } from '../ui/dialogs';
import { SharePart } from './sharePart';

class HandOver extends SharePart {
  static override properties = { ...SharePart.properties, offer: { state: true } };
  declare offer: Transfer | undefined;

  protected override async load(): Promise<void> {
    try {
      this.offer = await sharing.offerOf(this.app.client, this.workspace.id);
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 404)) throw error;
      this.offer = undefined;
    }
  }

  protected override render(): TemplateResult {
    return html`<details ?open=${this.offer !== undefined}>
      <summary>${t('transfer.title')}</summary>
      <div class="details-body">
        <p class="quiet">${t('transfer.text')}</p>
        ${this.offer ? this.#standing(this.offer) : this.#form()} ${this.messages()}
      </div>
    </details>`;
  }

  #standing({ to }: Transfer): TemplateResult {
    return html`<p>${t('transfer.offered', { name: to })}</p>
      <p>
        <button
          class="button"
          @click=${() =>
            void this.attempt(() => sharing.withdrawOffer(this.app.client, this.workspace.id))}
        >
          ${t('transfer.withdraw')}
        </button>
      </p>`;
  }

  #form(): TemplateResult {
    return html`<form class="row" @submit=${(event: SubmitEvent) => void this.#offer(event)}>
      <label class="field grow">
        <span>${t('transfer.to')}</span>
        <input
          class="input"
          name="to"
          required
          maxlength="255"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          list="known-people"
        />
      </label>
      <button class="button">${t('transfer.offer')}</button>
    </form>`;
  }

  async #offer(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const to = textIn(new FormData(event.target as HTMLFormElement), 'to');
    await this.attempt(() => sharing.offer(this.app.client, this.workspace.id, to));
  }
}

customElements.define('hand-over', HandOver);
