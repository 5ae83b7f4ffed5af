/**
 * The block that stands in for one this editor doesn't know, or knows otherwise.
 *
 * Its mutation holds the original's own parts untouched: `<original>` with attributes, fields and
 * mutation, and one `<input>` for each place where other blocks, known ones too, are attached.
 */
import * as Blockly from 'blockly/core';
import { blocksIn, childNamed, isInput, isPlainInput } from './dom';

export const PLACEHOLDER = 'jigsaw_unknown';

/** How a block joins the one that holds it: as its value, or below it as a statement. */
export type Kind = 'value' | 'statement';

/** Attributes that every block has, so that a placeholder can carry them itself. */
const LIVE_ATTRIBUTES = new Set(
  'id x y inline collapsed disabled disabled-reasons deletable movable editable'.split(' '),
);

/** Turns the element of a foreign block into that of a placeholder; `unwrap` is the way back. */
export function wrap(element: Element, kind: Kind): Element {
  const { createElement } = Blockly.utils.xml;
  const block = createElement(
    element.parentElement?.localName === 'xml' ? 'block' : element.localName,
  );
  const mutation = createElement('mutation');
  const original = createElement('original');
  mutation.setAttribute('kind', kind);
  mutation.setAttribute('tag', element.localName);
  mutation.append(original);
  block.append(mutation);
  for (const { name, value } of element.attributes)
    (LIVE_ATTRIBUTES.has(name) ? block : original).setAttribute(name, value);
  block.setAttribute('type', PLACEHOLDER);

  const taken = new Set<string>();
  // A shadow can hold shadows only, so one that has blocks inside is kept closed.
  const closed =
    block.localName === 'shadow' && blocksIn(element).some((inner) => inner.localName === 'block');
  for (const child of [...element.children]) {
    const live = !(closed && isJoint(child)) && isLive(child, kind, taken);
    taken.add(slot(child));
    (live ? block : original).append(child);
    if (live && isInput(child)) mutation.append(inputFor(child));
  }
  element.replaceWith(block);
  return block;
}

/** Turns the element of a placeholder back into that of the block it stands for. */
export function unwrap(element: Element): Element {
  const mutation = childNamed(element, 'mutation');
  const original = mutation && childNamed(mutation, 'original');
  if (!original) return element;
  const block = Blockly.utils.xml.createElement(mutation.getAttribute('tag') ?? 'block');
  for (const from of [element, original])
    for (const { name, value } of from.attributes) block.setAttribute(name, value);
  mutation.remove();
  // Of two inputs of one name the first was shown, so what was kept closed comes after it.
  const closed = [...original.children].filter(isJoint);
  const own = [...original.children].filter((child) => !isJoint(child));
  block.append(...own, ...element.children, ...closed);
  element.replaceWith(block);
  return block;
}

const isJoint = (child: Element) => isInput(child) || child.localName === 'next';

/** Two children with the same slot can't both be shown; the second stays inside the original. */
const slot = (child: Element) =>
  isInput(child) ? `input ${child.getAttribute('name') ?? ''}` : child.localName;

function isLive(child: Element, kind: Kind, taken: ReadonlySet<string>): boolean {
  if (taken.has(slot(child))) return false;
  if (/^(comment|data)$/.test(child.localName)) return true;
  if (child.localName === 'next') return kind === 'statement' && holdsOneBlock(child);
  return isPlainInput(child) && !!child.getAttribute('name') && holdsOneBlock(child);
}

/** At most a block and the shadow beneath it, as an input can hold no more. */
export function holdsOneBlock(input: Element): boolean {
  const names = [...input.children].map((child) => child.localName);
  return names.length > 0 && new Set(names).size === names.length;
}

function inputFor(child: Element): Element {
  const input = Blockly.utils.xml.createElement('input');
  input.setAttribute('name', child.getAttribute('name') ?? '');
  input.setAttribute('kind', child.localName);
  return input;
}

interface Placeholder extends Blockly.Block {
  /** The mutation it was loaded with, which is all there is to keep. */
  kept: Element;
}

const shape = {
  init(this: Placeholder) {
    this.kept = Blockly.utils.xml.createElement('mutation');
    this.setStyle('unknown_blocks');
    this.setTooltip(Blockly.Msg['JIGSAW_UNKNOWN_TOOLTIP'] ?? '');
  },

  mutationToDom(this: Placeholder): Element {
    return this.kept.cloneNode(true) as Element;
  },

  domToMutation(this: Placeholder, mutation: Element) {
    this.kept = mutation.cloneNode(true) as Element;
    const original = childNamed(mutation, 'original');
    this.appendDummyInput().appendField(labelOf(original));
    for (const child of mutation.children) {
      const name = child.getAttribute('name');
      if (child.localName === 'input' && name) addInput(this, name, child.getAttribute('kind'));
    }
    const isValue = mutation.getAttribute('kind') === 'value';
    this.setOutput(isValue);
    this.setPreviousStatement(!isValue);
    this.setNextStatement(!isValue);
  },
};

function addInput(block: Blockly.Block, name: string, kind: string | null): void {
  const input = kind === 'value' ? block.appendValueInput(name) : block.appendStatementInput(name);
  input.appendField(name);
}

/** The foreign type with its field values, so that people recognise what stands there. */
function labelOf(original: Element | undefined): string {
  const type = original?.getAttribute('type') ?? '';
  const values = [...(original?.children ?? [])]
    .filter((child) => /^(field|title)$/.test(child.localName))
    .map((field) => field.textContent.replace(/\s+/g, ' ').slice(0, 30));
  return (Blockly.Msg['JIGSAW_UNKNOWN'] ?? '%1').replace('%1', [type, ...values].join(' · '));
}

/** The foreign type a placeholder block stands for. */
export function originalType(block: Blockly.Block): string {
  const { kept } = block as Placeholder;
  return childNamed(kept, 'original')?.getAttribute('type') ?? '';
}

/** More types than these would only make a long sentence. */
const TYPES_NAMED = 5;

/** The type of an unknown block, and which blocks inside it are therefore in no code. */
export function unknownWords(block: Blockly.Block): string {
  const isPlaceholder = block.type === PLACEHOLDER;
  const type = isPlaceholder ? originalType(block) : block.type;
  const shown = block.inputList.flatMap(
    ({ connection }) => connection?.targetBlock()?.getDescendants(true) ?? [],
  );
  const inside = [
    ...shown.map((one) => (one.type === PLACEHOLDER ? originalType(one) : one.type)),
    ...[block, ...shown].flatMap(closedIn).map(typeOf),
  ];
  if (inside.length === 0) return type;
  const types = new Set(inside);
  const named =
    // By name, as a file in another form may hold them in another order.
    [...types].sort().slice(0, TYPES_NAMED).join(', ') + (types.size > TYPES_NAMED ? ', …' : '');
  return `${type} (${inside.length} inside it ${inside.length === 1 ? 'does' : 'do'} not run: ${named})`;
}

const typeOf = (element: Element) => element.getAttribute('type') ?? '';

const closedIn = (block: Blockly.Block) =>
  block.type === PLACEHOLDER ? closedBlocks((block as Placeholder).kept) : [];

/** Blocks that a placeholder with this mutation holds and doesn't show. */
function closedBlocks(mutation: Element | undefined): Element[] {
  const original = mutation && childNamed(mutation, 'original');
  return [...(original?.children ?? [])]
    .filter(isJoint)
    .flatMap(blocksIn)
    .filter((block) => !isBehindBlock(block));
}

/** A shadow lies behind the block that stands in its place. */
const isBehindBlock = (element: Element) =>
  element.localName === 'shadow' &&
  [...(element.parentElement?.children ?? [])].some((child) => child.localName === 'block');

/** Types of the blocks in a document that stand inside unknown ones, and don't run for that reason. */
export function silentTypes(root: Element): string[] {
  const silent = new Set<Element>();
  const closed: Element[] = [];
  for (const block of blocksIn(root)) {
    if (typeOf(block) !== PLACEHOLDER) continue;
    closed.push(...closedBlocks(childNamed(block, 'mutation')));
    for (const input of [...block.children].filter(isInput))
      for (const inner of blocksIn(input)) if (!isBehindBlock(inner)) silent.add(inner);
  }
  const shown = [...silent].map((block) => {
    const original = childNamed(block, 'mutation')?.firstElementChild;
    return typeOf((typeOf(block) === PLACEHOLDER && original) || block);
  });
  return [...shown, ...closed.map(typeOf)];
}

/** Makes the placeholder known to Blockly. */
export function installPlaceholder(): void {
  Blockly.Blocks[PLACEHOLDER] = shape;
}
