/**
 * The block that stands in for one this editor doesn't know, or knows otherwise.
 *
 * Its mutation holds the original's own parts untouched: `<original>` with attributes, fields and
 * mutation, and one `<input>` for each place where other blocks, known ones too, are attached.
 */
import * as Blockly from 'blockly/core';
import { PLACEHOLDER, type Placeholder } from '../languages/common/unknownBlock';
import { blocksIn, childNamed, isInput, isJoint, isPlainInput } from '../xml/dom';

/** Kind of join with the block that holds it: as its value, or below it as a statement. */
export type PlaceholderKind = 'value' | 'statement';

/** Attributes that every block has, so that a placeholder can carry them itself. */
const LIVE_ATTRIBUTES = new Set(
  'id x y inline collapsed disabled disabled-reasons deletable movable editable'.split(' '),
);

/** Turns the element of a foreign block into that of a placeholder; `unwrap` is the way back. */
export function wrap(element: Element, kind: PlaceholderKind): Element {
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

/** Two children with the same slot can't both be shown; the second stays inside the original. */
const slot = (child: Element) =>
  isInput(child) ? `input ${child.getAttribute('name') ?? ''}` : child.localName;

function isLive(child: Element, kind: PlaceholderKind, taken: ReadonlySet<string>): boolean {
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

/** Makes the placeholder known to Blockly. */
export function installPlaceholder(): void {
  Blockly.Blocks[PLACEHOLDER] = shape;
}
