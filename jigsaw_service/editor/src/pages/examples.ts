/** Examples: the programs that get a beginner going in one click. */
import { html, type TemplateResult } from 'lit';
import type { App } from '../app';
import type { LanguageInfo } from '../api/types';
import { locale, t } from '../i18n';
import { PageElement } from '../ui/pageElement';

import { fitPicture, pictureOptions } from '../workspaces/cardPicture';

interface ExampleCard {
  language: LanguageInfo;
  name: string;
  xml: string;
  picture: string | undefined;
}

/** Event: `choose` (`CustomEvent<{name, language, xml}>`). */
class ExampleGallery extends PageElement {
  static override properties = {
    app: { attribute: false },
    languages: { attribute: false },
    cards: { state: true },
  };
  declare app: App;
  declare languages: readonly LanguageInfo[];
  declare cards: readonly ExampleCard[];

  constructor() {
    super();
    this.languages = [];
    this.cards = [];
  }

  protected override firstUpdated(): void {
    void this.#load();
  }

  protected override render(): TemplateResult[] {
    return this.languages.map((language) => {
      const cards = this.cards.filter((card) => card.language === language);
      const heading = `examples-${language.name}`;
      return html`<section class="examples" aria-labelledby=${heading}>
        <h3 id=${heading}>${t('home.examples', { language: language.title })}</h3>
        <div class="grid">
          ${cards.length > 0 ? cards.map((card) => this.#card(card)) : [0, 1, 2].map(placeholder)}
        </div>
      </section>`;
    });
  }

  #card(card: ExampleCard): TemplateResult {
    const choose = () => {
      const detail = { name: card.name, language: card.language.name, xml: card.xml };
      this.dispatchEvent(new CustomEvent('choose', { detail }));
    };
    return html`<button
      class="card example"
      aria-label=${t('home.useExample', { name: card.name })}
      @click=${choose}
    >
      <span class="card-picture">
        ${
          card.picture
            ? html`<img src=${card.picture} alt="" @load=${fitPicture} />`
            : html`<span class="no-picture ${card.language.name.toLowerCase()}"
                ><i></i><i></i><i></i
              ></span>`
        }
      </span>
      <span class="card-text"><strong>${card.name}</strong></span>
    </button>`;
  }

  async #load(): Promise<void> {
    const [{ loadLanguage, messagesOf }, { pictureOf }] = await Promise.all([
      import('../languages'),
      import('../canvas/picture'),
    ]);
    for (const info of this.languages) {
      const language = await loadLanguage(info.name);
      const texts = await messagesOf(language, locale());
      const cards = (await language.examples()).map(({ name, xml }) => ({
        language: info,
        name: texts[name] ?? name,
        xml,
        picture: undefined,
      }));
      this.cards = [...this.cards, ...cards];
    }
    for (const card of this.cards) {
      await new Promise((resolve) => setTimeout(resolve));
      const svg = await pictureOf(
        card.xml,
        await loadLanguage(card.language.name),
        pictureOptions(this.app.config),
      ).catch(() => '');
      if (svg) card.picture = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
      this.requestUpdate();
    }
  }
}

customElements.define('example-gallery', ExampleGallery);

function placeholder(): TemplateResult {
  return html`<span class="card example waiting" aria-hidden="true"
    ><span class="card-picture"></span
  ></span>`;
}
