/** Blocks that are shown unfolded for a while; in the workspace they stay collapsed. */
import * as Blockly from 'blockly/core';

const unfolded = new WeakSet<Blockly.Block>();

/** True if the workspace says that the block is collapsed. */
export const isFolded = (block: Blockly.Block) => block.isCollapsed() || unfolded.has(block);

/** Unfolds all that is folded around a block; the answer folds it again. */
export function unfoldAround(block: Blockly.Block): () => void {
  const opened: Blockly.Block[] = [];
  for (let up = block.getParent(); up; up = up.getParent()) {
    if (!up.isCollapsed()) continue;
    unfolded.add(up);
    fold(up, false);
    opened.push(up);
  }
  return () => {
    for (const one of opened) {
      if (!unfolded.delete(one) || one.isDisposed()) continue;
      fold(one, true);
    }
  };
}

/** Nobody is told. */
function fold(block: Blockly.Block, isCollapsed: boolean): void {
  Blockly.Events.disable();
  try {
    block.setCollapsed(isCollapsed);
  } finally {
    Blockly.Events.enable();
  }
}
