/** Serialisation of one block or workspace comment by Blockly, as the keys of a record. */
import * as Blockly from 'blockly/core';
import { COMMENT, type At, type Keys, type Shape, type Variable } from '../document/records';
import { copyOf, NAMESPACE } from '../xml/elements';
import { keysOf } from '../document/xml';
import { blocksIn } from '../xml/dom';
import { limits } from '../xml/limits';
import { PLACEHOLDER } from '../languages/common/unknownBlock';
import { unwrap } from './placeholder';
import { isFolded } from './unfolded';

export type Comment = Blockly.comments.WorkspaceComment;

/** Blockly itself disables these blocks in places where they can't work, and enables them again. */
export const AUTOMATIC_REASONS: ReadonlySet<string> = new Set([
  'CONTROL_FLOW_NOT_IN_LOOP',
  'UNPARENTED_IFRETURN',
  'DISABLED_PROCEDURE_DEFINITION',
]);

const NO_VARIABLES: ReadonlyMap<string, Variable> = new Map();

/** All keys of a block, `at` and the shape included; a placeholder gives those of what it stands for. */
export function writeBlock(block: Blockly.Block): Keys {
  const element = ownElement(block);
  const isPlaceholder = block.type === PLACEHOLDER;
  const keys = keysOf(isPlaceholder ? unwrapped(element) : element, NO_VARIABLES);
  if (!isPlaceholder) keys['s'] = shapeOf(block);
  keys['at'] = placeOf(block);
  return cleaned(keys);
}

export function writeComment(comment: Comment): Keys {
  const element = Blockly.Xml.saveWorkspaceComment(comment);
  const { x, y } = comment.getRelativeToSurfaceXY();
  const keys = keysOf(element, NO_VARIABLES);
  return cleaned({ ...keys, t: COMMENT, at: pointOf(comment.workspace, x, y) });
}

/** The element of a block with its own parts and its shadows, without the blocks attached to it. */
function ownElement(block: Blockly.Block): Element {
  const { createElement } = Blockly.utils.xml;
  const element = createElement(block.isShadow() ? 'shadow' : 'block');
  element.setAttribute('type', block.type);
  element.id = block.id;
  const mutation = block.mutationToDom?.() as Element | null | undefined;
  if (mutation && (mutation.hasChildNodes() || mutation.hasAttributes())) element.append(mutation);
  for (const field of block.getFields()) {
    if (!field.isSerializable()) continue;
    const container = createElement('field');
    container.setAttribute('name', field.name ?? '');
    element.append(field.toXml(container));
  }
  appendComment(element, block);
  if (block.data) appendText(element, 'data', block.data);
  for (const input of block.inputList)
    if (input.connection) appendShadow(element, input.connection, kindOf(input), input.name);
  if (block.nextConnection) appendShadow(element, block.nextConnection, 'next');
  setAttributes(element, block);
  return element;
}

function appendText(element: Element, name: string, text: string): Element {
  const child = Blockly.utils.xml.createElement(name);
  child.append(Blockly.utils.xml.createTextNode(text));
  element.append(child);
  return child;
}

/** Appends a block's comment; whether it is open, and where, is each reader's own affair. */
function appendComment(element: Element, block: Blockly.Block): void {
  const text = block.getCommentText();
  if (!text) return;
  const comment = appendText(element, 'comment', text);
  const size = (
    block.getIcon(Blockly.icons.IconType.COMMENT) as Blockly.icons.CommentIcon | null
  )?.getBubbleSize();
  comment.setAttribute('pinned', 'false');
  comment.setAttribute('h', String(size?.height ?? 80));
  comment.setAttribute('w', String(size?.width ?? 160));
}

function appendShadow(
  element: Element,
  connection: Blockly.Connection,
  tag: string,
  name?: string,
): void {
  const target = connection.targetBlock();
  const shadow = target?.isShadow()
    ? (Blockly.Xml.blockToDom(target) as Element)
    : (connection.getShadowDom()?.cloneNode(true) as Element | undefined);
  if (!shadow) return;
  const holder = Blockly.utils.xml.createElement(tag);
  if (name !== undefined) holder.setAttribute('name', name);
  holder.append(shadow);
  for (const inner of blocksIn(holder)) {
    dropAutomaticReasons(inner);
    if (inner.getAttribute('type') === PLACEHOLDER) unwrap(inner);
  }
  element.append(holder);
}

function setAttributes(element: Element, block: Blockly.Block): void {
  const set = (name: string, holds: boolean, value: string) => {
    if (holds) element.setAttribute(name, value);
  };
  const { inputsInline } = block;
  const isOwn = inputsInline !== undefined && inputsInline !== block.inputsInlineDefault;
  set('inline', isOwn, String(inputsInline));
  set('collapsed', isFolded(block), 'true');
  set('deletable', !block.isOwnDeletable(), 'false');
  set('movable', !block.isOwnMovable(), 'false');
  set('editable', !block.isOwnEditable(), 'false');
  const reasons = [...block.getDisabledReasons()].map(encodeURIComponent).join(',');
  set('disabled-reasons', reasons !== '', reasons);
  dropAutomaticReasons(element);
}

/** Each browser finds these by itself; nobody has decided them. */
function dropAutomaticReasons(element: Element): void {
  const reasons = element.getAttribute('disabled-reasons');
  if (reasons === null) return;
  const decided = reasons.split(',').filter((reason) => !AUTOMATIC_REASONS.has(reason));
  if (decided.length > 0) element.setAttribute('disabled-reasons', decided.join(','));
  else element.removeAttribute('disabled-reasons');
}

/** `unwrap` replaces the element where it stands, so it needs a place to stand. */
function unwrapped(element: Element): Element {
  Blockly.utils.xml.createElement('xml').append(element);
  return unwrap(element);
}

function kindOf(input: Blockly.Input): 'value' | 'statement' {
  return input.type === Blockly.inputs.inputTypes.VALUE ? 'value' : 'statement';
}

function shapeOf(block: Blockly.Block): Shape {
  const inputs = block.inputList
    .filter((input) => input.connection)
    .map((input): [string, 'v' | 's'] => [input.name, kindOf(input) === 'value' ? 'v' : 's']);
  const joints = [
    block.outputConnection ? 'o' : '',
    block.previousConnection ? 'p' : '',
    block.nextConnection ? 'n' : '',
  ];
  return { in: inputs, joints: joints.join('') };
}

/** Place of a block, past the markers that show where a dragged one would go. */
export function placeOf(block: Blockly.Block): At {
  const joint = (block.outputConnection ?? block.previousConnection)?.targetConnection;
  const parent = joint?.getSourceBlock();
  if (parent?.isInsertionMarker()) return placeOf(parent);
  if (!joint || !parent) {
    const { x, y } = block.getRelativeToSurfaceXY();
    return pointOf(block.workspace, x, y);
  }
  const input = joint.getParentInput();
  if (!input) return [parent.id];
  return [parent.id, input.name, kindOf(input) === 'value' ? 'v' : 's'];
}

/** Nothing is kept further out than a document may be, even if it was dragged there. */
function pointOf(workspace: Blockly.Workspace, x: number, y: number): At {
  const farthest = limits().coordinate;
  const within = (value: number) =>
    Math.floor(Math.max(-farthest, Math.min(farthest, value)) + 0.5) || 0;
  return [within(workspace.RTL ? -x : x), within(y)];
}

/** Characters that no XML document may hold would make one that nobody can open again. */
function cleaned(keys: Keys): Keys {
  for (const [key, value] of Object.entries(keys)) {
    if (typeof value === 'string') keys[key] = clean(value);
    else if (key.startsWith('f:') && typeof (value as { text?: unknown }).text === 'string')
      keys[key] = { ...(value as object), text: clean((value as { text: string }).text) };
  }
  return keys;
}

const UNFIT =
  /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

const clean = (text: string) => text.replace(/\r\n?|&#(13|xD);/g, '\n').replace(UNFIT, '\uFFFD');

/** Meaning of a key's value: without what nobody has decided, the ids of shadows. */
export function meaning(key: string, value: unknown): unknown {
  if (typeof value !== 'string' || !/^(sn|s[hs]:)/.test(key)) return value;
  return value.replace(/(<shadow\b[^>]*?) id="[^"]*"/g, '$1');
}

/** An element of Blockly's namespace from the text of a record. */
export function parsed(text: string): Element {
  const root = copyOf(Blockly.utils.xml.textToDom(`<xml xmlns="${NAMESPACE}">${text}</xml>`));
  const element = root.firstElementChild;
  if (!element) throw new SyntaxError('There is no element.');
  return element;
}
