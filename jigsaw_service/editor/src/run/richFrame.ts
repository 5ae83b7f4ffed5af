/**
 * A frame that shows one untrusted output.
 *
 * The frame has an origin of its own and no network; it gets what it shows from us and tells us its height.
 */
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { t } from '../i18n';
import { isDark, onDarkChange } from '../ui/dark';
import { PageElement } from '../ui/pageElement';
import type { FromFrame, ToFrame } from '../frames/messages';

/** Pixels; a taller output scrolls inside its frame. */
const MAX_HEIGHT = 2400;

class RichFrame extends PageElement {
  static override properties = {
    src: { attribute: false },
    mime: { attribute: false },
    content: { attribute: false },
  };
  declare src: string;
  declare mime: string;
  declare content: string;

  #ready = false;
  #stopWatching: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('message', this.#heard);
    this.#stopWatching = onDarkChange(() => {
      this.#post();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('message', this.#heard);
    this.#stopWatching?.();
  }

  protected override render(): TemplateResult {
    return html`<iframe
      class="rich-frame"
      sandbox="allow-scripts"
      src=${this.src}
      title=${t('run.frame')}
    ></iframe>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('content') || changed.has('mime')) this.#post();
  }

  readonly #heard = (event: MessageEvent<FromFrame | null>): void => {
    const frame = this.querySelector('iframe');
    // The frame's origin is opaque (“null”): its window is what tells it from all others.
    if (!frame || event.source !== frame.contentWindow || event.data?.type !== 'jigsaw-output')
      return;
    if (event.data.action === 'ready') {
      this.#ready = true;
      this.#post();
    } else if (Number.isFinite(event.data.height)) {
      frame.style.height = `${Math.min(MAX_HEIGHT, Math.max(0, Math.ceil(event.data.height)))}px`;
    }
  };

  #post(): void {
    const window = this.querySelector('iframe')?.contentWindow;
    if (!this.#ready || !window) return;
    const message: ToFrame = {
      type: 'jigsaw-output',
      action: 'show',
      mime: this.mime,
      content: this.content,
      dark: isDark(),
      direction: document.dir === 'rtl' ? 'rtl' : 'ltr',
    };
    // An opaque origin cannot be named as a target.
    window.postMessage(message, '*');
  }
}

customElements.define('rich-frame', RichFrame);
