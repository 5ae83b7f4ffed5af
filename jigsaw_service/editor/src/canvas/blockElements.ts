/** The XML elements that Blockly makes blocks, fields and shadows of, from the records. */
import * as Blockly from 'blockly/core';
import { onCanvas, Records, type AtParent, type BlockRecord } from '../document/records';
import { writeBlock as writeRecord } from '../document/xml';
import { childNamed } from '../xml/dom';
import { standIn, STUB } from './fit';
import { PLACEHOLDER } from '../languages/common/unknownBlock';
import { type PlaceholderKind } from './placeholder';
import { parsed } from './serialize';

export class Elements {
  readonly #records: Records;
  readonly #knownTypes: ReadonlySet<string>;

  constructor(records: Records, knownTypes: ReadonlySet<string>) {
    this.#records = records;
    this.#knownTypes = knownTypes;
  }

  /** A document of the blocks, each with stubs for what hangs on it, misfits wrapped. */
  blocks(ids: readonly string[]): Element {
    const root = Blockly.utils.xml.createElement('xml');
    root.append(this.#variables());
    const kinds = new Map<string, PlaceholderKind>();
    for (const id of ids) {
      const record = this.#records.blocks.get(id);
      if (!record) continue;
      root.append(this.#withStubs(id, record));
      const kind = kindOf(record);
      if (kind && (!onCanvas(record.at) || !this.#knownTypes.has(record.t))) kinds.set(id, kind);
    }
    standIn(root, this.#knownTypes, kinds);
    return root;
  }

  #variables(): Element {
    const vars = Blockly.utils.xml.createElement('variables');
    for (const [id, { name, type }] of this.#records.vars) {
      const element = Blockly.utils.xml.createElement('variable');
      element.id = id;
      if (type) element.setAttribute('type', type);
      element.append(Blockly.utils.xml.createTextNode(name));
      vars.append(element);
    }
    return vars;
  }

  #withStubs(id: string, record: BlockRecord): Element {
    const alone = new Records();
    for (const [name, variable] of this.#records.vars) alone.vars.set(name, variable);
    alone.put(id, { ...record, at: [null, null] });
    const element = parsed(writeRecord(alone, id));
    for (const child of this.#records.childrenOf(id).values()) {
      const at = this.#records.blocks.get(child)?.at;
      if (at && !onCanvas(at)) addStub(element, at);
    }
    return element;
  }

  /** Nothing where the field has no value. */
  field(name: string, value: unknown): Element | undefined {
    if (value === null || value === undefined) return undefined;
    const element = Blockly.utils.xml.createElement('field');
    element.setAttribute('name', name);
    const field = typeof value === 'object' ? (value as { var?: string; text?: string }) : {};
    let text = typeof value === 'string' ? value : (field.text ?? '');
    if (field.var !== undefined) {
      const variable = this.#records.vars.get(field.var);
      element.id = field.var;
      if (variable?.type) element.setAttribute('variabletype', variable.type);
      text = variable?.name ?? '';
    }
    element.append(Blockly.utils.xml.createTextNode(text));
    return element;
  }

  /** Content of the input or joint of that key, a placeholder where it doesn't fit. */
  shadow(key: string, text: string): Element | null {
    const root = Blockly.utils.xml.createElement('xml');
    const holder = Blockly.utils.xml.createElement(key.startsWith('sh:') ? 'value' : 'statement');
    holder.append(parsed(text));
    root.append(this.#variables(), holder);
    standIn(root, this.#knownTypes);
    return holder.firstElementChild;
  }
}

/** Kind by which a block joins what holds it; on the canvas, by its shape. */
export function kindOf({ at, s }: BlockRecord): PlaceholderKind | undefined {
  if (!onCanvas(at)) return at[2] === 'v' ? 'value' : 'statement';
  if (!s?.joints) return undefined;
  return s.joints.includes('o') ? 'value' : 'statement';
}

function addStub(element: Element, at: AtParent): void {
  const tag = at.length === 1 ? 'next' : at[2] === 'v' ? 'value' : 'statement';
  const holder =
    [...element.children].find(
      (child) =>
        child.localName === tag && (at.length === 1 || child.getAttribute('name') === at[1]),
    ) ?? element.appendChild(Blockly.utils.xml.createElement(tag));
  if (at.length === 3) holder.setAttribute('name', at[1]);
  const stub = Blockly.utils.xml.createElement('block');
  stub.setAttribute('type', STUB);
  holder.append(stub);
}

export function removeStubs(element: Element): void {
  for (const stub of [...element.querySelectorAll(`block[type="${STUB}"]`)]) {
    const holder = stub.parentElement;
    stub.remove();
    if (!holder?.firstElementChild) holder?.remove();
  }
}

/** A placeholder shows the inputs that somebody who knows its type has told of. */
export function addShape(element: Element, { s }: BlockRecord): void {
  if (!s || element.getAttribute('type') !== PLACEHOLDER) return;
  const mutation = childNamed(element, 'mutation');
  const inputs = [...(mutation?.children ?? [])].filter((child) => child.localName === 'input');
  const names = new Set(inputs.map((input) => input.getAttribute('name')));
  for (const [name, kind] of s.in) {
    if (names.has(name) || !name) continue;
    const input = Blockly.utils.xml.createElement('input');
    input.setAttribute('name', name);
    input.setAttribute('kind', kind === 'v' ? 'value' : 'statement');
    mutation?.append(input);
  }
}
