/**
 * End mark: the block at which a run ended, outlined, with a note beside it; the blocks that had led there, dimmer.
 *
 * It is drawn by styles alone, and stands in no workspace.
 */
import * as Blockly from 'blockly/core';
import { reveal } from './reveal';
import { unfoldAround } from './unfolded';

export interface End {
  kind: 'error' | 'stopped';
  block: string;
  callers: readonly string[];
}

/** Pixels between the block and its note, and around the note. */
const GAP = 10;

/** Pixels of a block, which may hold others, that its own row takes at most. */
const ROW = 56;

export class EndMark {
  readonly #workspace: Blockly.WorkspaceSvg;
  readonly #block: Blockly.BlockSvg;
  readonly #note: HTMLElement;
  readonly #gone: () => void;

  readonly #marked: (readonly [Element, string])[];
  readonly #refold: () => void;
  #queued = 0;

  /** Undefined if the block isn't there any more. `gone`: somebody has changed the block, and the mark is taken away. */
  static make(
    workspace: Blockly.WorkspaceSvg,
    end: End,
    note: HTMLElement,
    gone: () => void,
  ): EndMark | undefined {
    const block = workspace.getBlockById(end.block);
    return block ? new EndMark(workspace, block, end, note, gone) : undefined;
  }

  private constructor(
    workspace: Blockly.WorkspaceSvg,
    block: Blockly.BlockSvg,
    { kind, callers }: End,
    note: HTMLElement,
    gone: () => void,
  ) {
    this.#workspace = workspace;
    this.#block = block;
    this.#note = note;
    this.#gone = gone;

    this.#refold = unfoldAround(block);
    const led = callers.flatMap((id) => workspace.getBlockById(id) ?? []);
    this.#marked = [
      [block.getSvgRoot(), `end-${kind}`] as const,
      ...led.map((caller) => [caller.getSvgRoot(), 'end-caller'] as const),
    ];
    for (const [root, name] of this.#marked) root.classList.add(name);
    workspace.getInjectionDiv().after(note);
    workspace.addChangeListener(this.#listen);
    this.show();
  }

  /** The block in words. */
  get words(): string {
    return this.#block.toString(60, '…');
  }

  /** Brings it into view. */
  show(): void {
    void Blockly.renderManagement.finishQueuedRenders().then(() => {
      if (this.#block.isDisposed()) return;
      reveal(this.#workspace, this.#block.id);
      this.placeSoon();
    });
  }

  /** Puts the keyboard on the block. */
  enter(): void {
    Blockly.getFocusManager().focusNode(this.#block);
  }

  remove(): void {
    cancelAnimationFrame(this.#queued);
    this.#workspace.removeChangeListener(this.#listen);
    for (const [root, name] of this.#marked) root.classList.remove(name);
    this.#note.remove();
    this.#refold();
  }

  readonly #listen = (event: Blockly.Events.Abstract) => {
    if (!event.isUiEvent && this.#isChangedBy(event)) {
      this.remove();
      this.#gone();
    } else this.placeSoon();
  };

  #isChangedBy(event: Blockly.Events.Abstract): boolean {
    if (this.#block.isDisposed()) return true;
    if (!(event instanceof Blockly.Events.BlockBase)) return false;
    const { blockId } = event;
    if (event instanceof Blockly.Events.BlockMove) {
      const { oldParentId, newParentId } = event;
      // Moved about, a block stays what it is.
      if (oldParentId === newParentId) return false;
      return [blockId, oldParentId, newParentId].includes(this.#block.id);
    }
    return this.#block.getChildren(false).some(isWithin(blockId)) || blockId === this.#block.id;
  }

  /** Puts the note below the block, or above where there is no room. */
  placeSoon(): void {
    this.#queued ||= requestAnimationFrame(() => {
      this.#queued = 0;
      if (!this.#block.isDisposed()) this.#place();
    });
  }

  #place(): void {
    const host = this.#note.parentElement?.getBoundingClientRect();
    const shape = this.#block.getSvgRoot().querySelector(':scope > .blocklyPath');
    if (!host || !shape) return;
    const box = shape.getBoundingClientRect();
    const toolbox = this.#workspace.getToolbox()?.getWidth() ?? 0;
    const { RTL } = this.#workspace;
    const left = host.left + (RTL ? 0 : toolbox);
    const right = host.right - (RTL ? toolbox : 0);
    const isSeen =
      box.right > left && box.left < right && box.bottom > host.top && box.top < host.bottom;
    this.#note.hidden = !isSeen;
    if (!isSeen) return;
    const width = Math.min(340, right - left - 2 * GAP);
    const { style } = this.#note;
    style.width = `${width}px`;
    const height = this.#note.offsetHeight;
    const rowEnd = Math.min(box.bottom, box.top + ROW);
    const isAbove = rowEnd + GAP + height > host.bottom && box.top - GAP - height > host.top;
    this.#note.classList.toggle('above', isAbove);
    const beginning = RTL ? box.right - width : box.left;
    const x = Math.max(left + GAP, Math.min(beginning, right - GAP - width));
    style.left = `${x - host.left}px`;
    style.top = `${(isAbove ? box.top - GAP - height : rowEnd + GAP) - host.top}px`;
    // The tip points at the block, however far the note had to move.
    const tip = Math.max(box.left, x) - x + 18;
    style.setProperty('--tip', `${RTL ? width - 18 : Math.min(tip, width - 18)}px`);
  }
}

/** True of a block that is, or holds as a value, the one with this id. */
const isWithin =
  (id: string | undefined) =>
  (block: Blockly.BlockSvg): boolean =>
    block.outputConnection !== null && block.getDescendants(false).some((one) => one.id === id);
