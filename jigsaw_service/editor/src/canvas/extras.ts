/** Extras: what others put into an element that Blockly writes anew without them. */
import type { Field, FieldExtras } from '../document/records';
import { textOf } from '../xml/elements';
import { parsed } from './serialize';

/** Keys of a record that hold one element each: mutation, comment, and shadows. */
const ELEMENT = /^(m|c|sn|s[hs]:.*)$/;

/** The value of a key as it is now, with what an older one had and Blockly knows nothing of. */
export function withExtras(
  key: string,
  next: unknown,
  original: unknown,
  rewritten: unknown,
): unknown {
  if (key.startsWith('f:')) return ofField(next as Field | null, original);
  if (!ELEMENT.test(key) || typeof next !== 'string' || typeof original !== 'string') return next;
  const element = parsed(next);
  merge(element, parsed(original), typeof rewritten === 'string' ? parsed(rewritten) : undefined);
  return textOf(element);
}

function ofField(next: Field | null, original: unknown): Field | null {
  if (next === null || typeof original !== 'object' || original === null) return next;
  const { tag, attrs = [], n } = original as FieldExtras;
  const said = typeof next === 'string' ? { text: next } : next;
  const kept = attrs.filter(([name]) => !('var' in said && name === 'id'));
  const extras = { ...(tag && { tag }), ...(kept.length > 0 && { attrs: kept }), ...(n && { n }) };
  return Object.keys(extras).length > 0 ? { ...said, ...extras } : next;
}

/** Two elements of one parent that mean the same place. */
const slot = (element: Element) =>
  `${element.localName.replace('title', 'field')} ${element.getAttribute('name') ?? ''}`;

/** Adds what the original has and `known`, which Blockly made of it, hasn't. */
function merge(next: Element, original: Element, known: Element | undefined): void {
  if (next.getAttribute('type') !== original.getAttribute('type')) return;
  for (const { name, value } of original.attributes)
    if (!next.hasAttribute(name) && !known?.hasAttribute(name)) next.setAttribute(name, value);
  // What stands in a mutation is the block's own affair, and changes with it.
  if (!known || original.localName === 'mutation') return;
  const [now, before] = [next, known].map(
    (parent) => new Map([...parent.children].map((child) => [slot(child), child])),
  );
  for (const child of [...original.children]) {
    const same = now?.get(slot(child));
    if (same) merge(same, child, before?.get(slot(child)));
    else if (!before?.has(slot(child))) next.append(child);
  }
}
