/** Offers on the home page: the workspaces that others hand over to me. */
import { html, nothing, type TemplateResult } from 'lit';
import type { App } from '../app';
import * as sharing from '../api/sharing';
import type { Transfer } from '../api/sharing';
import { t } from '../i18n';
import { telling } from '../workspaces/actions';
import { PageElement } from '../ui/pageElement';
import { toast } from '../ui/toast';

/** Event: `accepted`, when a workspace has become mine. */
class TransferOffers extends PageElement {
  static override properties = { app: { attribute: false }, offers: { state: true } };
  declare app: App;
  declare offers: readonly Transfer[];

  constructor() {
    super();
    this.offers = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.offers.length === 0) return nothing;
    return html`<section class="offers" aria-label=${t('offers.title')}>
      ${this.offers.map((offer) => this.#offer(offer))}
    </section>`;
  }

  #offer(offer: Transfer): TemplateResult {
    const { owner, name } = offer;
    return html`<div class="banner" role="group" aria-label=${name}>
      <p>${t('offers.text', { owner, name })}</p>
      <div class="row">
        <button class="button" @click=${() => void this.#decline(offer)}>
          ${t('offers.decline')}
        </button>
        <button class="button primary" @click=${() => void this.#accept(offer)}>
          ${t('offers.accept')}
        </button>
      </div>
    </div>`;
  }

  async #accept({ id, name }: Transfer): Promise<void> {
    const mine = await telling(() => sharing.acceptOffer(this.app.client, id));
    await this.#load();
    if (!mine) return;
    toast(t('offers.accepted', { name }));
    this.dispatchEvent(new Event('accepted'));
  }

  async #decline({ id, name }: Transfer): Promise<void> {
    const done = await telling(async () => {
      await sharing.declineOffer(this.app.client, id);
      return true;
    });
    await this.#load();
    if (done) toast(t('offers.declined', { name }));
  }

  async #load(): Promise<void> {
    try {
      this.offers = (await sharing.offers(this.app.client)).items;
    } catch {
      // The page itself says that the service can't be reached.
    }
  }
}

customElements.define('transfer-offers', TransferOffers);
