/** Caret in a program that is shown: put there by a click, moved by the keys that move it in any text. */
import { offsetOf, rangeOf } from './codeRanges';

interface CaretParts {
  /** The caret is at that offset now. */
  moved: (offset: number) => void;
  /** The person wants to go to what is there. */
  entered: () => void;
}

type Move = [direction: 'forward' | 'backward', by: string];

const MOVES: Record<string, Move> = {
  ArrowLeft: ['backward', 'character'],
  ArrowRight: ['forward', 'character'],
  ArrowUp: ['backward', 'line'],
  ArrowDown: ['forward', 'line'],
  Home: ['backward', 'lineboundary'],
  End: ['forward', 'lineboundary'],
};

/** The same with Ctrl, or Alt on a Mac. */
const FAR_MOVES: Record<string, Move> = {
  ArrowLeft: ['backward', 'word'],
  ArrowRight: ['forward', 'word'],
  Home: ['backward', 'documentboundary'],
  End: ['forward', 'documentboundary'],
};

export class CodeCaret {
  readonly #section: HTMLElement;
  readonly #parts: CaretParts;

  readonly #bar = document.createElement('i');

  constructor(section: HTMLElement, parts: CaretParts) {
    this.#section = section;
    this.#parts = parts;

    this.#bar.className = 'code-caret';
    this.#bar.ariaHidden = 'true';
    section.addEventListener('click', () => {
      this.takeUp();
    });
    section.addEventListener('keydown', (event) => {
      this.#pressed(event);
    });
    section.addEventListener('focusin', () => {
      this.#begin();
    });
    section.addEventListener('focusout', () => {
      this.#bar.remove();
    });
    this.#begin();
  }

  /** Shows the caret to somebody who comes by keyboard: where it was, or at the beginning. */
  #begin(): void {
    const view = this.#view;
    const selection = getSelection();
    if (!view?.matches(':focus-visible') || !selection) return;
    if (!view.contains(selection.focusNode)) toBeginning(view, selection);
    this.#draw(view, selection);
  }

  /** Takes the caret for ours, where the browser has put it into the code. */
  takeUp(): void {
    const view = this.#view;
    const selection = getSelection();
    const node = selection?.focusNode;
    if (!view || !node || !view.contains(node) || document.activeElement !== view) return;
    this.#draw(view, selection);
    // What is being copied is no place to go to.
    if (!selection.isCollapsed) return;
    const offset = offsetOf(view, node, selection.focusOffset);
    if (offset !== undefined) this.#parts.moved(offset);
  }

  get #view(): HTMLElement | null {
    return this.#section.querySelector('pre.code');
  }

  #pressed(event: KeyboardEvent): void {
    const view = this.#view;
    const selection = getSelection();
    if (event.target !== view || !view || !selection) return;
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.#parts.entered();
      return;
    }
    const move = (event.ctrlKey || event.altKey ? FAR_MOVES : MOVES)[event.key];
    if (!move || event.metaKey) return;
    event.preventDefault();
    if (!view.contains(selection.focusNode)) toBeginning(view, selection);
    const before = selection.getRangeAt(0).cloneRange();
    selection.modify(event.shiftKey ? 'extend' : 'move', ...move);
    // Beyond the ends is another part of the page.
    if (!view.contains(selection.focusNode)) {
      selection.removeAllRanges();
      selection.addRange(before);
    }
    this.takeUp();
  }

  #draw(view: HTMLElement, selection: Selection): void {
    const range = selection.getRangeAt(0).cloneRange();
    const { focusNode } = selection;
    if (focusNode) {
      range.setStart(focusNode, selection.focusOffset);
      range.collapse(true);
    }
    const place = range.getClientRects()[0] ?? lineAt(range);
    if (!place || !selection.isCollapsed) {
      this.#bar.remove();
      return;
    }
    const box = view.getBoundingClientRect();
    const { style } = this.#bar;
    style.left = `${place.left - box.left + view.scrollLeft}px`;
    style.top = `${place.top - box.top + view.scrollTop}px`;
    style.height = `${place.height}px`;
    view.append(this.#bar);
    this.#bar.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
}

function toBeginning(view: HTMLElement, selection: Selection): void {
  const beginning = rangeOf(view, 0, 0);
  if (beginning) selection.collapse(beginning.startContainer, beginning.startOffset);
}

/** Place of a caret in an empty line. */
function lineAt(range: Range): DOMRect | undefined {
  const { startContainer: node, startOffset: offset } = range;
  const around = document.createRange();
  if (!(node instanceof Text) || offset >= node.length) return undefined;
  around.setStart(node, offset);
  around.setEnd(node, offset + 1);
  return around.getClientRects()[0];
}
