/** Marks on blocks: an outline and a pattern over the block's own shape, and a sign in its corner. */
import * as Blockly from 'blockly/core';
import { svgElement } from './svg';

export type MarkKind = 'added' | 'removed' | 'moved' | 'changed';

/** Told by colour, by pattern and by sign, so that any one of them will do. */
const SIGNS: Record<MarkKind, string> = { added: '+', removed: '−', moved: '↷', changed: '✎' };

/** Each pattern as lines in a square of so many pixels. */
const PATTERNS: Record<MarkKind, { size: number; path: string }> = {
  added: { size: 10, path: 'M-2 2 2-2M0 10 10 0M8 12 12 8' },
  removed: { size: 10, path: 'M0 0 10 10M0 10 10 0' },
  moved: { size: 9, path: 'M3 4.500h3M4.500 3v3' },
  changed: { size: 8, path: 'M0 4h8' },
};

/** The patterns, to be put into the picture that uses them. */
export function patterns(): SVGDefsElement {
  const defs = svgElement('defs', {});
  for (const [kind, { size, path }] of Object.entries(PATTERNS)) {
    const pattern = svgElement('pattern', {
      id: `diff-${kind}`,
      patternUnits: 'userSpaceOnUse',
      width: String(size),
      height: String(size),
    });
    // Under the lines a rim in the colour of the page, as blocks come in every colour.
    for (const part of ['diff-rim', 'diff-lines'])
      pattern.append(svgElement('path', { d: path, class: `${part} diff-${kind}` }));
    defs.append(pattern);
  }
  return defs;
}

/** Marks a block, or a workspace comment, of a workspace; with a sign, unless it comes with another. */
export function markBlock(
  workspace: Blockly.WorkspaceSvg,
  id: string,
  kind: MarkKind,
  isLeading: boolean,
): void {
  const found = workspace.getBlockById(id) ?? workspace.getCommentById(id);
  if (found instanceof Blockly.BlockSvg) markShape(found, kind);
  else if (found instanceof Blockly.comments.RenderedWorkspaceComment) markComment(found, kind);
  else return;
  if (isLeading) found.getSvgRoot().append(sign(kind));
}

function markShape(block: Blockly.BlockSvg, kind: MarkKind): void {
  const root = block.getSvgRoot();
  const shape = root.querySelector(':scope > .blocklyPath');
  if (!shape) return;
  root.classList.add('diff-marked', `diff-${kind}`);
  // In writing from right to left, the shape is turned round.
  const transform = shape.getAttribute('transform') ?? '';
  const form = { d: shape.getAttribute('d') ?? '', ...(transform && { transform }) };
  shape.after(
    svgElement('path', { ...form, class: 'diff-fill', fill: `url(#diff-${kind})` }),
    svgElement('path', { ...form, class: 'diff-outline' }),
  );
}

function markComment(comment: Blockly.comments.RenderedWorkspaceComment, kind: MarkKind): void {
  const { width, height } = comment.getSize();
  const root = comment.getSvgRoot();
  const x = String(comment.workspace.RTL ? -width : 0);
  const box = { x, width: String(width), height: String(height), rx: '4' };
  root.classList.add('diff-marked', `diff-${kind}`);
  root.append(
    svgElement('rect', { ...box, class: 'diff-fill', fill: `url(#diff-${kind})` }),
    svgElement('rect', { ...box, class: 'diff-outline' }),
  );
}

function sign(kind: MarkKind): SVGGElement {
  const group = svgElement('g', { class: `diff-sign diff-${kind}`, 'aria-hidden': 'true' });
  const letter = svgElement('text', { 'text-anchor': 'middle', y: '5' });
  letter.textContent = SIGNS[kind];
  group.append(svgElement('circle', { r: '9' }), letter);
  return group;
}
