/** Text measurement: widths of texts before the blocks that say them are drawn. */
import * as Blockly from 'blockly/core';

const { dom } = Blockly.utils;

/** Longer texts are shown shortened; those few are measured as they come. */
const LONG = 50;

/** The class of the text in every field; with the text, it is what Blockly remembers a width by. */
const FIELD_TEXT = 'blocklyText blocklyFieldText';

/**
 * Does `work`, which draws the blocks of `root` on `workspace`. Each text that Blockly has to measure would make
 * the browser style all that is new on the page; measured together before, they cost this once.
 */
export function measured<Result>(
  root: Element,
  workspace: Blockly.Workspace,
  work: () => Result,
): Result {
  if (!(workspace instanceof Blockly.WorkspaceSvg)) return work();
  dom.startTextWidthCache();
  try {
    measureFields(root, workspace);
    return work();
  } finally {
    dom.stopTextWidthCache();
  }
}

function measureFields(root: Element, workspace: Blockly.WorkspaceSvg): void {
  const text = dom.createSvgElement(
    Blockly.utils.Svg.TEXT,
    { class: FIELD_TEXT },
    workspace.getCanvas(),
  );
  const { fontSize, fontWeight, fontFamily } = getComputedStyle(text);
  for (const { textContent } of root.querySelectorAll('field')) {
    if (textContent.length > LONG) continue;
    text.textContent = textContent.replace(/\s/g, '\u00A0') + (workspace.RTL ? '\u200F' : '');
    dom.getFastTextWidthWithSizeString(text, fontSize, fontWeight, fontFamily);
  }
  text.remove();
}
