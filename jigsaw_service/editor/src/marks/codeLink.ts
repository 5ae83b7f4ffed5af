/**
 * Code link: on which block the person is, its code is marked; on which code, its block is selected and in sight.
 *
 * Marks are the browser's own highlights: they change nothing on the page.
 */
import type { Canvas } from '../canvas/canvas';
import type { PointedBlocks } from '../canvas/pointed';
import { t } from '../i18n';
import { makeSourceMap } from '../sourcemap/makeSourceMap';
import type { SourceMap } from '../sourcemap/sourceMap';
import { CodeCaret } from './codeCaret';
import { highlight, scrollTo } from './highlight';
import { rangeOf } from './codeRanges';

/** What the page has beside the blocks. */
export interface CodeSide {
  /** Section in which the code is shown. */
  section: HTMLElement;
  /** The program that is shown there. */
  code: () => string;
  /** Brings the blocks before the person, where a narrow window shows the code alone. */
  showBlocks: () => void;
}

export class CodeLink {
  readonly #canvas: Canvas;
  readonly #pointed: PointedBlocks;
  readonly #side: CodeSide;

  readonly #caret: CodeCaret;
  readonly #said = document.createElement('p');
  readonly #toBlock = document.createElement('button');
  #map: SourceMap | undefined;
  /** Block at the caret. */
  #at: string | undefined;
  #queued = 0;

  constructor(canvas: Canvas, pointed: PointedBlocks, side: CodeSide) {
    this.#canvas = canvas;
    this.#pointed = pointed;
    this.#side = side;

    this.#said.className = 'visually-hidden';
    this.#said.ariaLive = 'polite';
    this.#toBlock.className = 'button small to-block';
    this.#toBlock.textContent = t('code.toBlock');
    this.#toBlock.hidden = true;
    this.#toBlock.addEventListener('click', () => {
      side.showBlocks();
    });
    side.section.append(this.#toBlock, this.#said);
    this.#caret = new CodeCaret(side.section, {
      moved: (offset) => {
        this.#moved(offset);
      },
      entered: () => {
        side.showBlocks();
        pointed.enter();
      },
    });
    pointed.addEventListener('change', () => {
      this.#at = undefined;
      this.#soon();
    });
    this.#caret.takeUp();
    this.#soon();
  }

  /** The program that is shown, with its places. */
  get map(): SourceMap {
    const code = this.#side.code();
    if (this.#map?.code !== code)
      this.#map = makeSourceMap(code, (mark) => this.#canvas.code(mark));
    return this.#map;
  }

  /** The page has been drawn anew. */
  updated(): void {
    this.#soon();
  }

  /** The blocks have another size; hidden before, they may not show the block that was come to. */
  resized(): void {
    if (this.#at !== undefined) this.#pointed.reveal();
  }

  #moved(offset: number): void {
    const block = this.map.innermost(offset)?.[2];
    if (block !== this.#at) this.#said.textContent = block ? this.#pointed.describe(block) : '';
    this.#pointed.show(block);
    this.#at = block;
    this.#toBlock.hidden = block === undefined;
    this.#soon();
  }

  #soon(): void {
    this.#queued ||= requestAnimationFrame(() => {
      this.#queued = 0;
      this.#mark();
    });
  }

  #mark(): void {
    const view = this.#side.section.querySelector<HTMLElement>('pre.code');
    const block = this.#pointed.current ?? this.#at;
    if (!view?.checkVisibility() || block === undefined) {
      highlight('block', []);
      return;
    }
    const places = this.#placesOf(block);
    const ranges = places.flatMap(([start, end]) => rangeOf(view, start, end) ?? []);
    highlight('block', ranges);
    if (this.#at === undefined && ranges[0]) scrollTo(view, ranges[0]);
  }

  /** Places of a block; of a number or a text, those of the block around it. */
  #placesOf(id: string) {
    for (let at: string | undefined = id; at !== undefined; at = this.#pointed.parentOf(at)) {
      const places = this.map.of(at);
      if (places.length > 0) return places;
    }
    return [];
  }
}
