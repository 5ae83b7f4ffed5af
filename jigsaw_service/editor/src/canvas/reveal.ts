/** Reveal: brings what stands on a workspace into view. */
import * as Blockly from 'blockly/core';

/** Space round what is brought into view. */
const MARGIN = 40;

/** Scrolls until a block or comment can be seen; `centred`: into the middle, whether it was to be seen or not. */
export function reveal(workspace: Blockly.WorkspaceSvg, id: string, centred = false): void {
  const box = boxOf(workspace, id);
  if (!box) return;
  const view = workspace.getMetricsManager().getViewMetrics(true);
  const isSeen =
    box.left >= view.left &&
    box.top >= view.top &&
    box.left < view.left + view.width - MARGIN &&
    box.top < view.top + view.height - MARGIN;
  if (isSeen && !centred) return;
  const { scale } = workspace;
  const middle = (from: number, upto: number, room: number) =>
    Math.min((from + upto) / 2, from + room / 2 - MARGIN) * scale - (room * scale) / 2;
  const across = middle(box.left, box.right, view.width);
  const down = middle(box.top, box.bottom, view.height);
  workspace.scroll(-across, -down);
}

function boxOf(workspace: Blockly.WorkspaceSvg, id: string): Blockly.utils.Rect | undefined {
  const block = workspace.getBlockById(id);
  if (block) return block.getBoundingRectangleWithoutChildren();
  const comment = workspace.getCommentById(id);
  return comment instanceof Blockly.comments.RenderedWorkspaceComment
    ? comment.getBoundingRectangle()
    : undefined;
}

/** The block, or the outermost of those around it that are folded: all that can be seen of it. */
export function visiblePartOf(block: Blockly.BlockSvg): Blockly.BlockSvg {
  let seen = block;
  for (let up = block.getParent(); up; up = up.getParent()) if (up.isCollapsed()) seen = up;
  return seen;
}
