/** The blocks of a copy that was collected, as a picture: to look at, with nothing to run. */
import { html, type TemplateResult } from 'lit';
import { t } from '../i18n';
import type { PageConfig } from '../api/pageConfig';
import { pictureOptions } from '../workspaces/cardPicture';
import { PageElement } from '../ui/pageElement';

class CollectedPicture extends PageElement {
  static override properties = {
    config: { attribute: false },
    language: { attribute: false },
    name: { attribute: false },
    xml: { attribute: false },
    url: { state: true },
    trouble: { state: true },
  };
  declare config: PageConfig;
  declare language: string;
  /** Name of the person whose blocks they are. */
  declare name: string;
  declare xml: Promise<string>;
  declare url: string | undefined;
  declare trouble: boolean;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.url) URL.revokeObjectURL(this.url);
  }

  protected override firstUpdated(): void {
    this.#draw().catch(() => (this.trouble = true));
  }

  async #draw(): Promise<void> {
    const [{ loadLanguage }, { pictureOf }, xml] = await Promise.all([
      import('../languages'),
      import('../canvas/picture'),
      this.xml,
    ]);
    const svg = await pictureOf(
      xml,
      await loadLanguage(this.language),
      pictureOptions(this.config),
    );
    this.url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  }

  protected override render(): TemplateResult {
    if (this.trouble) return html`<p role="alert">${t('collect.noPicture')}</p>`;
    if (!this.url) return html`<p class="quiet" role="status">${t('common.loading')}</p>`;
    return html`<div class="collected-picture" tabindex="0">
      <img src=${this.url} alt=${t('collect.picture', { name: this.name })} />
    </div>`;
  }
}

customElements.define('collected-picture', CollectedPicture);
