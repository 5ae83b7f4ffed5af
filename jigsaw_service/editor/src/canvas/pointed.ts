/** Pointed blocks: the one that the person is on, with the pointer or by keyboard, and the one they are shown. */
import * as Blockly from 'blockly/core';
import { reveal, visiblePartOf } from './reveal';

/** Event: `change`, when the person is on another block. */
export class PointedBlocks extends EventTarget {
  readonly #workspace: Blockly.WorkspaceSvg;

  #hovered: string | undefined;
  #focused: string | undefined;
  #shown: Blockly.BlockSvg | undefined;

  constructor(workspace: Blockly.WorkspaceSvg) {
    super();
    this.#workspace = workspace;

    const canvas = workspace.getCanvas();
    canvas.addEventListener('pointerover', (event) => {
      // A finger hovers over nothing.
      if (event.pointerType !== 'touch' && !workspace.isDragging()) this.#hover(idAt(event.target));
    });
    canvas.addEventListener('pointerleave', () => {
      this.#hover(undefined);
    });
    const host = workspace.getInjectionDiv();
    host.addEventListener('focusin', ({ target }) => {
      this.#letGo();
      this.#focus(idAt(target));
    });
    this.#focused = idAt(document.activeElement);
    this.#hovered = idAt([...document.querySelectorAll(':hover')].at(-1) ?? null);
  }

  /** Block under the pointer, else the one that had the focus last. */
  get current(): string | undefined {
    return this.#hovered ?? this.#focused;
  }

  /** Selects a block and brings it into view; the keyboard stays where it is. */
  show(id: string | undefined): void {
    const block = id === undefined ? null : this.#workspace.getBlockById(id);
    const seen = block && visiblePartOf(block);
    this.#focus(undefined);
    if (this.#shown !== seen) {
      this.#letGo();
      seen?.select();
      this.#shown = seen ?? undefined;
    }
    if (seen) reveal(this.#workspace, seen.id);
  }

  /** Brings the block that is shown into the middle, as a window that has just been opened may not show it. */
  reveal(): void {
    if (this.#shown) reveal(this.#workspace, this.#shown.id, true);
  }

  /** Puts the keyboard on the block that is shown. */
  enter(): void {
    const shown = this.#shown;
    if (!shown || shown.isDisposed()) return;
    this.#letGo();
    Blockly.getFocusManager().focusNode(shown);
  }

  parentOf(id: string): string | undefined {
    return this.#workspace.getBlockById(id)?.getParent()?.id;
  }

  /** A block in words, as it reads on the canvas. */
  describe(id: string): string {
    return this.#workspace.getBlockById(id)?.toString(60, '…') ?? '';
  }

  #letGo(): void {
    const shown = this.#shown;
    this.#shown = undefined;
    if (shown && !shown.isDisposed() && Blockly.common.getSelected() !== shown) shown.unselect();
  }

  #hover(id: string | undefined): void {
    if (id === this.#hovered) return;
    this.#hovered = id;
    this.dispatchEvent(new Event('change'));
  }

  #focus(id: string | undefined): void {
    if (id === this.#focused) return;
    this.#focused = id;
    this.dispatchEvent(new Event('change'));
  }
}

/** Id of the block that an element of the canvas belongs to. */
function idAt(target: EventTarget | null): string | undefined {
  if (!(target instanceof Element)) return undefined;
  return target.closest('.blocklyBlockCanvas [data-id]')?.getAttribute('data-id') ?? undefined;
}
