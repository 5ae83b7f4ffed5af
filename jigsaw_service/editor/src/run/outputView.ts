/** Shows what a run produced: text, colours, images and data in the page, everything richer in frames. */
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { styleMap } from 'lit/directives/style-map.js';
import { t } from '../i18n';
import { PageElement } from '../ui/pageElement';
import { parseAnsi, type Run, type Style } from './ansi';
import type { Explanation } from './explanation';
import { jsonTree } from './jsonTree';
import { richest, STOPPED, type Output, type Outputs } from './outputs';
import { shownBy } from './terminal';
import './richFrame';

/** Lines of one text, and outputs of one run, that are shown before somebody asks for more. */
const LINES = 2000;
const TRACEBACK_LINES = 200;
const ITEMS = 100;

class OutputView extends PageElement {
  static override properties = {
    outputs: { attribute: false },
    frameUrl: { attribute: false },
    explanation: { attribute: false },
  };
  declare outputs: Outputs;
  /** The address of the page in which untrusted output is shown. */
  declare frameUrl: string;
  /** Of the error that came last. */
  declare explanation: Explanation | undefined;

  /** Number of lines shown of each text that somebody wanted to see more of. */
  readonly #lines = new Map<number, number>();
  #items = ITEMS;
  #frame = 0;

  protected override willUpdate(changed: PropertyValues): void {
    this.hidden = this.outputs.items.length === 0 && !this.outputs.truncated;
    if (!changed.has('outputs')) return;
    this.outputs.addEventListener('change', () => {
      // Outputs come by the thousand; the eye wants sixty a second.
      this.#frame ||= requestAnimationFrame(() => {
        this.#frame = 0;
        if (this.outputs.items.length === 0) this.#items = ITEMS;
        this.requestUpdate();
      });
    });
  }

  protected override render(): TemplateResult {
    const { items, truncated } = this.outputs;
    const more = items.length - this.#items;
    return html`${repeat(
      items.slice(0, this.#items),
      ({ id }) => id,
      (item) => this.#output(item),
    )}
    ${
      more > 0
        ? html`<button
            class="button small"
            @click=${() => {
              this.#items += ITEMS;
              this.requestUpdate();
            }}
          >
            ${t('run.showRest', { count: more })}
          </button>`
        : nothing
    }
    ${truncated ? html`<p class="note">${t('run.truncated')}</p>` : nothing}`;
  }

  #output(item: Output): TemplateResult {
    if (item.kind === 'stream') return this.#text(item.id, item.text, item.name);
    if (item.kind === 'error')
      return item.name === STOPPED ? this.#stopped(item) : this.#error(item);
    if (item.kind === 'question') return question(item);
    const shown = richest(item.data);
    switch (shown.as) {
      case 'frame':
        return html`<rich-frame
          .src=${this.frameUrl}
          .mime=${shown.mime}
          .content=${shown.value}
        ></rich-frame>`;
      case 'image':
        return image(shown.mime, shown.value, item.metadata[shown.mime]);
      case 'json':
        return html`<div class="json" role="group" aria-label=${t('run.json')}>
          ${jsonTree(shown.value)}
        </div>`;
      case 'text':
        return this.#text(item.id, shownBy(shown.value), 'result');
    }
  }

  #error(item: Extract<Output, { kind: 'error' }>): TemplateResult {
    const explanation = this.#explanationOf(item);
    return html`<div class="error-output">
      ${explanation?.words ? html`<p class="error-words">${explanation.words}</p>` : nothing}
      <p class="error-title"><strong>${item.name}</strong>${item.value ? `: ${item.value}` : ''}</p>
      ${toBlock(explanation)}
      <details ?open=${!explanation}>
        <summary>${t('run.traceback')}</summary>
        ${this.#text(item.id, shownBy(item.traceback), 'traceback', TRACEBACK_LINES)}
      </details>
    </div>`;
  }

  #explanationOf(item: Output): Explanation | undefined {
    const last = this.outputs.items.findLast(({ kind }) => kind === 'error');
    return item === last ? this.explanation : undefined;
  }

  /** A stop is no error; where the program was may still be of interest. */
  #stopped(item: Extract<Output, { kind: 'error' }>): TemplateResult {
    return html`${toBlock(this.#explanationOf(item))}
      <details class="stopped">
        <summary>${t('run.stoppedWhere')}</summary>
        ${this.#text(item.id, shownBy(item.traceback), 'traceback', TRACEBACK_LINES)}
      </details>`;
  }

  #text(id: number, text: string, look: string, lines = LINES): TemplateResult {
    const shown = this.#lines.get(id) ?? lines;
    const end = endOfLine(text, shown);
    const more = end < text.length ? text.slice(end).split('\n').length : 0;
    // The tab stop lets keyboards scroll a line that is wider than the panel.
    return html`<pre class="text ${look}" tabindex="0">
${parseAnsi(text.slice(0, end)).map(styled)}</pre>
      ${
        more > 0
          ? html`<button
              class="button small"
              @click=${() => {
                this.#lines.set(id, shown * 4);
                this.requestUpdate();
              }}
            >
              ${t('run.showMore', { count: more })}
            </button>`
          : nothing
      }`;
  }
}

customElements.define('output-view', OutputView);

function toBlock(explanation: Explanation | undefined): TemplateResult | typeof nothing {
  if (!explanation?.toBlock) return nothing;
  return html`<button class="button small to-failed" @click=${explanation.toBlock}>
    ${t('code.toBlock')}
  </button>`;
}

function question({ prompt, answer }: Extract<Output, { kind: 'question' }>): TemplateResult {
  return html`<p class="question">
    <span>${prompt.trim() || t('run.inputLabel')}</span>
    ${answer === undefined ? nothing : html`<strong>${answer}</strong>`}
  </p>`;
}

/** Index at which the line with the number `lines` ends. */
function endOfLine(text: string, lines: number): number {
  let at = -1;
  for (let line = 0; line < lines; line += 1) {
    at = text.indexOf('\n', at + 1);
    if (at < 0) return text.length;
  }
  return at;
}

function styled({ text, style }: Run): TemplateResult | string {
  if (Object.keys(style).length === 0) return text;
  const look = classes(style);
  if (style.link !== undefined)
    return html`<a
      class=${look}
      style=${styleMap(colours(style))}
      href=${style.link}
      title=${style.link}
      target="_blank"
      rel="noopener noreferrer"
      >${text}</a
    >`;
  return html`<span class=${look} style=${styleMap(colours(style))}>${text}</span>`;
}

function classes({
  foreground,
  background,
  bold,
  italic,
  underline,
  inverse,
  strike,
}: Style): string {
  return [
    typeof foreground === 'number' ? `ansi-fg-${foreground}` : '',
    typeof foreground === 'string' ? 'ansi-fg-any' : '',
    typeof background === 'number' ? `ansi-bg-${background}` : '',
    bold ? 'ansi-bold' : '',
    italic ? 'ansi-italic' : '',
    underline ? 'ansi-underline' : '',
    inverse ? 'ansi-inverse' : '',
    strike ? 'ansi-strike' : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function colours({ foreground, background }: Style): Record<string, string> {
  return {
    ...(typeof foreground === 'string' ? { '--colour': foreground } : {}),
    ...(typeof background === 'string' ? { backgroundColor: background } : {}),
  };
}

function image(mime: string, base64: string, metadata: unknown): TemplateResult {
  const { width, height } = (metadata ?? {}) as { width?: unknown; height?: unknown };
  const size = (value: unknown) => (typeof value === 'number' ? value : nothing);
  return html`<img
    class="image"
    src="data:${mime};base64,${base64}"
    alt=${t('run.image')}
    width=${size(width)}
    height=${size(height)}
  />`;
}
