/** Card picture of the blocks: drawn when the card comes into sight and the browser has time. */
import { html, type TemplateResult } from 'lit';
import type { App } from '../app';
import { readXml } from '../api/workspaces';
import type { Workspace } from '../api/types';
import type { PictureOptions } from '../canvas/picture';
import { isRightToLeft, locale, t } from '../i18n';
import { isDark } from '../ui/dark';
import { PageElement } from '../ui/pageElement';

/** Pictures by workspace and clock: the blocks of a clock never change. */
const drawn = new Map<string, Promise<string | undefined>>();

/** Drawn one after another, so that scrolling stays smooth. */
let queue: Promise<unknown> = Promise.resolve();

const idle = () =>
  new Promise<void>((resolve) => {
    if ('requestIdleCallback' in window)
      requestIdleCallback(
        () => {
          resolve();
        },
        { timeout: 1500 },
      );
    else setTimeout(resolve, 50);
  });

class CardPicture extends PageElement {
  static override properties = {
    app: { attribute: false },
    workspace: { attribute: false },
    url: { state: true },
  };
  declare app: App;
  declare workspace: Workspace;
  declare url: string | undefined;

  #watcher: IntersectionObserver | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watcher = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) void this.#show();
    });
    this.#watcher.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watcher?.disconnect();
  }

  protected override render(): TemplateResult {
    if (this.url) {
      const alt = t('home.picture', { name: this.workspace.name });
      return html`<img src=${this.url} alt=${alt} @load=${fitPicture} />`;
    }
    return html`<span class="no-picture ${this.workspace.language.toLowerCase()}" aria-hidden="true"
      ><i></i><i></i><i></i
    ></span>`;
  }

  async #show(): Promise<void> {
    this.#watcher?.disconnect();
    const { id, clock } = this.workspace;
    const key = `${id} ${clock} ${isDark()}`;
    let picture = drawn.get(key);
    if (!picture) {
      picture = queue.then(idle).then(() => draw(this.app, this.workspace));
      queue = picture;
      drawn.set(key, picture);
    }
    this.url = await picture;
  }
}

customElements.define('card-picture', CardPicture);

/** Readable before complete: a long program shows its beginning. */
const SMALLEST = 0.45;
const LARGEST = 0.8;

/** Sizes a picture of blocks for the frame around it. */
export function fitPicture(event: Event): void {
  const image = event.target as HTMLImageElement;
  const { clientWidth, clientHeight } = image.parentElement ?? image;
  const whole = Math.min(clientWidth / image.naturalWidth, clientHeight / image.naturalHeight);
  image.width = image.naturalWidth * Math.min(LARGEST, Math.max(SMALLEST, whole));
}

/** Options of a picture of blocks for this reader. */
export function pictureOptions(config: App['config']): PictureOptions {
  return {
    dark: isDark(),
    media: `${config.static}media/`,
    rtl: isRightToLeft(),
    locale: locale(),
  };
}

/** The address of the picture; none for an empty workspace, or one that cannot be drawn. */
async function draw(
  { client, config }: App,
  { id, language }: Workspace,
): Promise<string | undefined> {
  try {
    const [{ xml }, { pictureOf }, { loadLanguage }] = await Promise.all([
      readXml(client, id),
      import('../canvas/picture'),
      import('../languages'),
    ]);
    if (!xml.includes('<block')) return undefined;
    const svg = await pictureOf(xml, await loadLanguage(language), pictureOptions(config));
    return URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  } catch {
    // A card without its picture still does everything.
    return undefined;
  }
}
