/** Finds the blocks of a document that this editor cannot show as they are, and stands placeholders in for them. */
import * as Blockly from 'blockly/core';
import { blocksIn, childNamed, holdsBlocks, isBlock, isInput, isPlainInput } from '../xml/dom';
import { headlessWorkspace } from './headless';

import { holdsOneBlock, wrap, type PlaceholderKind } from './placeholder';
import { numberMeant } from './fields/numberMeant';
import { makeReadable } from '../xml/readable';

/** Shape of a block of known type once its mutation and fields are in force. */
interface ReadableShape {
  kinds: ReadonlySet<PlaceholderKind>;
  hasNext: boolean;
  inputs: ReadonlyMap<string, PlaceholderKind>;
  /** Names of the fields that it reads, and of those among them which hold numbers. */
  fields: ReadonlySet<string>;
  numbers: ReadonlySet<string>;
}

/** The type of an element that only shows that something hangs there; no file can have it. */
export const STUB = '#stub';

/**
 * Replaces what doesn't fit by placeholders. Answers with the foreign types, each once. `kinds`
 * says by ids how top-level blocks will join others.
 */
export function standIn(
  root: Element,
  knownTypes: ReadonlySet<string>,
  kinds: ReadonlyMap<string, PlaceholderKind> = new Map(),
): string[] {
  makeReadable(root);
  const fitter = new Fitter(root, knownTypes, kinds);
  try {
    return fitter.replaceMisfits();
  } finally {
    fitter.dispose();
  }
}

class Fitter {
  readonly #root: Element;
  readonly #knownTypes: ReadonlySet<string>;
  readonly #kinds: ReadonlyMap<string, PlaceholderKind>;

  /** Blocks are tried out here, one at a time. */
  readonly #scratch = headlessWorkspace();
  readonly #shapes = new Map<string, ReadableShape | null>();
  /** One block of each type and mutation, on which plain values are tried instead of on new ones. */
  readonly #models = new Map<string, { block: Blockly.Block; easy: Set<string> }>();

  constructor(
    root: Element,
    knownTypes: ReadonlySet<string>,
    kinds: ReadonlyMap<string, PlaceholderKind>,
  ) {
    this.#root = root;
    this.#knownTypes = knownTypes;
    this.#kinds = kinds;

    declareVariables(root, this.#scratch);
  }

  dispose(): void {
    this.#scratch.dispose();
  }

  /** From the top down, so that nothing changes inside what a placeholder keeps closed. */
  replaceMisfits(): string[] {
    const unknown = new Set<string>();
    const values = typesSeenAsValues(this.#root);
    const waiting = [this.#root];
    for (let next; (next = waiting.pop());) {
      if (!holdsBlocks(next) || next.getAttribute('type') === STUB) continue;
      let element = next;
      const kind = kindOf(element) ?? this.#kinds.get(element.id) ?? null;
      if (isBlock(element) && !this.#fits(element, kind)) {
        const type = element.getAttribute('type') ?? '';
        const looksLikeValue = values.has(type) && !childNamed(element, 'next');
        element = wrap(element, kind ?? (looksLikeValue ? 'value' : 'statement'));
        unknown.add(type);
      }
      for (let child = element.lastElementChild; child; child = child.previousElementSibling)
        waiting.push(child);
    }
    return [...unknown];
  }

  #fits(element: Element, kind: PlaceholderKind | null): boolean {
    if (!this.#knownTypes.has(element.getAttribute('type') ?? '')) return false;
    if (element.localName === 'shadow' && (!kind || hasBlocks(element))) return false;
    const shape = this.#shapeOf(element);
    if (!shape || (kind && !shape.kinds.has(kind))) return false;
    const inputs = [...element.children].filter(isInput);
    const names = new Set(inputs.map((input) => input.getAttribute('name')));
    if (names.size < inputs.length) return false;
    const next = childNamed(element, 'next');
    if (next?.firstElementChild && !(shape.hasNext && holdsOneBlock(next))) return false;
    const fits = inputs.every((input) => {
      if (!input.firstElementChild) return true;
      return (
        shape.inputs.get(input.getAttribute('name') ?? '') === input.localName &&
        isPlainInput(input) &&
        holdsOneBlock(input)
      );
    });
    if (fits) simplify(element, shape);
    return fits;
  }

  #shapeOf(element: Element): ReadableShape | null {
    if (saysTwice(element)) return null;
    const type = element.getAttribute('type') ?? '';
    const parts = ownParts(element);
    const looks = type + (childNamed(element, 'mutation')?.outerHTML ?? '');
    const model = this.#models.get(looks);
    const [easy, telling] = partition(parts, (part) => model?.easy.has(nameOf(part)) ?? false);
    const key = looks + telling.map((part) => part.outerHTML).join('');
    let shape = this.#shapes.get(key);
    if (shape === undefined) this.#shapes.set(key, (shape = this.#tryOut(element, looks)));
    else if (shape && model && !easy.every((field) => takesText(model.block, field))) return null;
    return shape;
  }

  #tryOut(element: Element, looks: string): ReadableShape | null {
    const block = this.#scratch.newBlock(element.getAttribute('type') ?? '');
    let shape: ReadableShape | null = null;
    try {
      if (dress(block, element)) shape = shapeOf(block);
    } catch {
      // Blocks throw errors of every kind at mutations and fields they can't read.
    }
    if (shape && !this.#models.has(looks))
      this.#models.set(looks, { block, easy: easyFields(block) });
    else block.dispose(false);
    return shape;
  }
}

/** Leaves to Blockly what it reads, with numbers as it spells them. */
function simplify(element: Element, shape: ReadableShape): void {
  for (const child of [...element.children]) {
    const isField = /^(field|title)$/.test(child.localName);
    const name = nameOf(child);
    if (
      isField
        ? !shape.fields.has(name)
        : !/^(mutation|value|statement|next|comment|data)$/.test(child.localName)
    )
      child.remove();
    else if (isField && shape.numbers.has(name))
      child.textContent = numberMeant(child.textContent) ?? child.textContent;
  }
}

/** Fields whose value changes nothing but themselves. */
function easyFields(block: Blockly.Block): Set<string> {
  const easy = [...block.getFields()].filter(
    (field) => field instanceof Blockly.FieldTextInput && !field.getValidator(),
  );
  return new Set(easy.map((field) => field.name ?? ''));
}

/** The same as `takesField` for an easy one: a plain text takes any value. */
function takesText(block: Blockly.Block, element: Element): boolean {
  const field = block.getField(nameOf(element));
  if (field && Object.getPrototypeOf(field) === Blockly.FieldTextInput.prototype) return true;
  return takesField(block, element);
}

/** Creates the variables the document declares, leaving out those that clash with another. */
export function declareVariables(root: Element, workspace: Blockly.Workspace): void {
  const map = workspace.getVariableMap();
  for (const variable of root.querySelectorAll(':scope > variables > variable')) {
    const type = variable.getAttribute('type') ?? '';
    const taken = map.getVariable(variable.textContent, type) ?? map.getVariableById(variable.id);
    if (variable.textContent && !taken)
      map.createVariable(variable.textContent, type, variable.id || undefined);
  }
}

/** A top-level block may be either, unless its type is seen as a value elsewhere. */
function kindOf(element: Element): PlaceholderKind | null {
  const holder = element.parentElement?.localName;
  if (holder === 'xml') return null;
  return holder === 'value' ? 'value' : 'statement';
}

const hasBlocks = (shadow: Element) =>
  blocksIn(shadow).some((inner) => inner.localName === 'block');

function typesSeenAsValues(root: Element): Set<string | null> {
  return new Set(
    [...root.querySelectorAll('value > *')].map((block) => block.getAttribute('type')),
  );
}

const ownParts = (element: Element) =>
  [...element.children].filter((child) => /^(mutation|field|title)$/.test(child.localName));

const nameOf = (part: Element) => part.getAttribute('name') ?? '';

/** True if it has two of what a block has one of. */
function saysTwice(element: Element): boolean {
  const said = [...element.children].flatMap(({ localName }) =>
    /^(mutation|comment|data)$/.test(localName) ? localName : [],
  );
  const fields = ownParts(element).flatMap((part) =>
    part.localName === 'mutation' ? [] : nameOf(part),
  );
  return new Set(said).size < said.length || new Set(fields).size < fields.length;
}

/** Gives the block the element's mutation and fields. False when it cannot carry them. */
function dress(block: Blockly.Block, element: Element): boolean {
  const mutation = childNamed(element, 'mutation');
  if (mutation) {
    block.domToMutation?.(mutation);
  }
  const fields = ownParts(element).filter((part) => part.localName !== 'mutation');
  return fields.every((field) => isRedundant(block, field) || takesField(block, field));
}

/** True if Blockly passes the field over, or it says what the block says anyway. */
function isRedundant(block: Blockly.Block, element: Element): boolean {
  const field = block.getField(nameOf(element));
  if (!field) return true;
  return !field.isSerializable() && field.getText() === element.textContent;
}

function partition<T>(all: readonly T[], test: (one: T) => boolean): [T[], T[]] {
  return [all.filter(test), all.filter((one) => !test(one))];
}

/** True if the field exists and keeps the value, rather than replace it by its default. */
export function takesField(block: Blockly.Block, element: Element): boolean {
  const field = block.getField(element.getAttribute('name') ?? '');
  // Labels and images would take any text too, and a file could make a block lie about itself.
  if (!field?.isSerializable()) return false;
  if (element.firstElementChild) return false;
  const isNumber = field instanceof Blockly.FieldNumber;
  const meant = isNumber ? numberMeant(element.textContent) : undefined;
  if (meant !== undefined) element.textContent = meant;
  field.fromXml(element);
  if (field instanceof Blockly.FieldVariable) return true;
  const kept = field.toXml(Blockly.utils.xml.createElement('field')).textContent;
  return sameValue(kept, element.textContent);
}

function sameValue(kept: string, given: string): boolean {
  if (kept.toLowerCase() === given.trim().toLowerCase() || kept === given) return true;
  if (given.trim() !== '' && Number(kept) === Number(given)) return true;
  // A colour may be written short, or be named.
  return /^#[\da-f]{6}$/.test(kept) && Blockly.utils.colour.parse(given) === kept;
}

function shapeOf(block: Blockly.Block): ReadableShape {
  const kinds = new Set<PlaceholderKind>();
  if (block.outputConnection) kinds.add('value');
  if (block.previousConnection) kinds.add('statement');
  const inputs = new Map<string, PlaceholderKind>();
  for (const input of block.inputList) {
    if (input.type === Blockly.inputs.inputTypes.VALUE) inputs.set(input.name, 'value');
    if (input.type === Blockly.inputs.inputTypes.STATEMENT) inputs.set(input.name, 'statement');
  }
  const fields = [...block.getFields()].filter((field) => field.isSerializable());
  return {
    kinds,
    hasNext: !!block.nextConnection,
    inputs,
    fields: new Set(fields.map(({ name }) => name ?? '')),
    numbers: new Set(
      fields.flatMap((field) => (field instanceof Blockly.FieldNumber ? (field.name ?? '') : [])),
    ),
  };
}
