/** Changes a block or workspace comment that is on the canvas, so that it shows new values of its record's keys. */
import * as Blockly from 'blockly/core';
import { onCanvas, type At, type BlockRecord, type Keys } from '../document/records';
import { type Elements } from './blockElements';
import { takesField } from './fit';
import { PLACEHOLDER } from '../languages/common/unknownBlock';
import { reasonsIn } from '../xml/readable';
import { AUTOMATIC_REASONS, parsed, type Comment } from './serialize';

/** True if blocks may have come off when this key was altered. */
export const loosensChildren = (key: string) =>
  key === 'm' || key.startsWith('f:') || isShadow(key);

const isShadow = (key: string) => /^(sn$|s[hs]:)/.test(key);

export function updateComment(comment: Comment, record: BlockRecord, keys: Keys): void {
  const number = (key: string) => Number.parseInt(String(record[key]), 10);
  if ('d' in keys) comment.setText(typeof record['d'] === 'string' ? record['d'] : '');
  const [width, height] = [number('a:w'), number('a:h')];
  if (('a:w' in keys || 'a:h' in keys) && width > 0 && height > 0)
    comment.setSize(new Blockly.utils.Size(width, height));
  if ('a:collapsed' in keys) comment.setCollapsed(record['a:collapsed'] === 'true');
  if ('a:editable' in keys) comment.setEditable(record['a:editable'] !== 'false');
  if ('a:movable' in keys) comment.setMovable(record['a:movable'] !== 'false');
  if ('a:deletable' in keys) comment.setDeletable(record['a:deletable'] !== 'false');
  if ('at' in keys) moveComment(comment, record.at);
}

export function moveComment(comment: Comment, at: At): void {
  if (!onCanvas(at) || at[0] === null || at[1] === null) return;
  const x = comment.workspace.RTL ? -at[0] : at[0];
  comment.moveTo(new Blockly.utils.Coordinate(x, at[1]));
}

/** All keys but its place. False where the block must be made anew to show this. */
export function updateBlock(block: Blockly.Block, keys: Keys, elements: Elements): boolean {
  if (block.type === PLACEHOLDER) return Object.keys(keys).every((key) => key === 'at');
  if ('m' in keys && !mutate(block, keys['m'])) return false;
  return Object.entries(keys).every(([key, value]) => alterKey(block, key, value, elements));
}

function mutate(block: Blockly.Block, mutation: unknown): boolean {
  if (typeof mutation !== 'string' || !block.domToMutation) return false;
  try {
    block.domToMutation(parsed(mutation));
    return true;
  } catch {
    // Blocks throw errors of every kind at mutations they can't read.
    return false;
  }
}

function alterKey(block: Blockly.Block, key: string, value: unknown, elements: Elements): boolean {
  if (/^(m|s|at|t|n)$/.test(key)) return true;
  if (key === 'x' || key === 'tag') return false;
  if (key.startsWith('f:')) return alterField(block, elements.field(key.slice(2), value));
  if (isShadow(key)) return alterShadow(block, key, value, elements);
  if (key === 'c') alterBlockComment(block, value);
  else if (key === 'd') block.data = typeof value === 'string' ? value : null;
  else if (key.startsWith('a:')) alterAttribute(block, key.slice(2), value);
  return true;
}

function alterField(block: Blockly.Block, element: Element | undefined): boolean {
  const field = element && block.getField(element.getAttribute('name') ?? '');
  if (!field) return false;
  // The free names of procedures have been decided already, for all of them together.
  const validator = /^procedures_def/.test(block.type) ? field.getValidator() : null;
  if (validator) field.setValidator(() => undefined);
  try {
    return takesField(block, element);
  } finally {
    if (validator) field.setValidator(validator);
  }
}

function alterShadow(
  block: Blockly.Block,
  key: string,
  value: unknown,
  elements: Elements,
): boolean {
  const connection = key === 'sn' ? block.nextConnection : block.getInput(key.slice(3))?.connection;
  if (!connection) return value === null;
  try {
    connection.setShadowDom(typeof value === 'string' ? elements.shadow(key, value) : null);
    return true;
  } catch {
    return false;
  }
}

function alterBlockComment(block: Blockly.Block, value: unknown): void {
  const element = typeof value === 'string' ? parsed(value) : undefined;
  const text = element?.textContent ?? null;
  if ((block.getCommentText() ?? null) !== text) block.setCommentText(text);
  const size = ['w', 'h'].map((name) => Number.parseInt(element?.getAttribute(name) ?? '', 10));
  const [width = 0, height = 0] = size;
  const icon = block.getIcon(Blockly.icons.IconType.COMMENT);
  if (icon && width > 0 && height > 0) icon.setBubbleSize(new Blockly.utils.Size(width, height));
}

function alterAttribute(block: Blockly.Block, name: string, value: unknown): void {
  if (name === 'collapsed') block.setCollapsed(value === 'true');
  else if (name === 'inline') setInline(block, value);
  else if (name === 'deletable') block.setDeletable(value !== 'false');
  else if (name === 'movable') block.setMovable(value !== 'false');
  else if (name === 'editable') block.setEditable(value !== 'false');
  else if (name === 'disabled-reasons') disable(block, value);
  else if (name === 'disabled')
    block.setDisabledReason(value === 'true', Blockly.constants.MANUALLY_DISABLED);
}

function setInline(block: Blockly.Block, value: unknown): void {
  if (value !== null) block.setInputsInline(value === 'true');
  else {
    block.inputsInline = block.inputsInlineDefault;
    block.setInputsInline(block.getInputsInline());
    block.inputsInline = block.inputsInlineDefault;
  }
}

function disable(block: Blockly.Block, value: unknown): void {
  const text = typeof value === 'string' ? value : '';
  const wanted = new Set(reasonsIn(text));
  for (const reason of [...block.getDisabledReasons()])
    if (!wanted.has(reason) && !AUTOMATIC_REASONS.has(reason))
      block.setDisabledReason(false, reason);
  for (const reason of wanted) block.setDisabledReason(true, reason);
}
