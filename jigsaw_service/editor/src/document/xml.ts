/** Records from workspace XML and back: the one serialisation of docs/live.md. */
import { isItem, isPlainInput, numberIn } from '../xml/dom';
import {
  attributesText,
  escapeText,
  isQualified,
  leaf,
  NAMESPACE,
  plainAttributes,
  qualifiedText,
  textOf,
} from '../xml/elements';
import { REST } from '../xml/ids';
import {
  COMMENT,
  NEXT,
  onCanvas,
  Records,
  type At,
  type BlockRecord,
  type Field,
  type FieldExtras,
  type Keys,
  type Pairs,
  type Variable,
} from './records';

/** Characters of a variable's name in an id made of it, so that the id isn't too long. */
const NAME_IN_ID = 61;

/** Reads a document in which everything has an id. */
export function readRecords(root: Element): Records {
  const reader = new Reader();
  for (const part of root.children)
    if (part.localName === 'variables') for (const child of part.children) reader.declare(child);
  const waiting: [Element, At][] = [...root.children]
    .filter(isItem)
    .reverse()
    .map((child) => [child, [coordinate(child, 'x'), coordinate(child, 'y')]]);
  for (let next; (next = waiting.pop());) {
    const [element, at] = next;
    const [record, attached] = reader.read(element);
    reader.records.put(element.id, { ...record, at } as BlockRecord);
    waiting.push(...attached.reverse());
  }
  const rest = restOf(root);
  if (rest) reader.records.put(REST, rest);
  return reader.records;
}

/** Rest of the document: all that it holds besides blocks, comments and variables. */
function restOf(root: Element): BlockRecord | undefined {
  const record: BlockRecord = { t: REST, at: [null, null] };
  const empty = Object.keys(record).length;
  for (const { name, value } of plainAttributes(root)) record[`a:${name}`] = value;
  const qualified = qualifiedText(root);
  if (qualified) record['n'] = qualified;
  const others = [...root.children].filter((one) => one.localName !== 'variables' && !isItem(one));
  if (others.length > 0) record['o'] = others.map(textOf).join('');
  return Object.keys(record).length > empty ? record : undefined;
}

/** Keys of one block as its element has them, without what hangs on it; `vars` knows what fields refer to. */
export function keysOf(element: Element, vars: ReadonlyMap<string, Variable>): Keys {
  const reader = new Reader();
  reader.declareVariables(vars);
  return reader.read(element)[0];
}

function coordinate(element: Element, name: string): number | null {
  const value = numberIn(element.getAttribute(name));
  return Number.isFinite(value) ? Math.floor(value + 0.5) : null;
}

class Reader {
  readonly records = new Records();
  /** Ids of declarations that an earlier one made needless. */
  readonly #aliases = new Map<string, string>();
  readonly #byName = new Map<string, string>();

  declare(element: Element): void {
    const name = element.textContent;
    const type = element.getAttribute('type') ?? '';
    const id = element.id || `~v:${Array.from(name).slice(0, NAME_IN_ID).join('')}`;
    if (this.records.vars.has(id)) return;
    const earlier = this.#named(name, type);
    const known = ['id', type && 'type'];
    if (earlier === undefined) this.#add(id, { name, type, ...attrs(element, known) });
    else if (!this.#aliases.has(id)) this.#aliases.set(id, earlier);
  }

  /** Variables that are known before. */
  declareVariables(vars: ReadonlyMap<string, Variable>): void {
    for (const [id, variable] of vars) this.#add(id, variable);
  }

  #add(id: string, variable: Variable): void {
    this.records.vars.set(id, variable);
    const key = `${variable.type}\0${variable.name}`;
    if (!this.#byName.has(key)) this.#byName.set(key, id);
  }

  #named(name: string, type: string): string | undefined {
    return this.#byName.get(`${type}\0${name}`);
  }

  /** The keys of a block or workspace comment, and the blocks attached to it. */
  read(element: Element): [Keys, [Element, At][]] {
    if (element.localName === 'comment') return [this.#comment(element), []];
    const keys: Keys = { t: element.getAttribute('type') ?? '' };
    if (element.localName === 'shadow') keys['tag'] = 'shadow';
    this.#attributes(keys, element, /^(type|id|x|y)$/);
    const attached: [Element, At][] = [];
    const filled = new Set<string>();
    for (const child of element.children)
      if (!this.#part(keys, child) && !joint(element, keys, attached, filled, child))
        keys['x'] = `${(keys['x'] as string | undefined) ?? ''}${textOf(child)}`;
    return [keys, attached];
  }

  #comment(element: Element): Keys {
    const keys: Keys = { t: COMMENT };
    if (element.textContent) keys['d'] = element.textContent;
    this.#attributes(keys, element, /^(id|x|y)$/);
    return keys;
  }

  #attributes(keys: Keys, element: Element, except: RegExp): void {
    for (const { name, value } of plainAttributes(element))
      if (!except.test(name)) keys[`a:${name}`] = value;
    const qualified = qualifiedText(element);
    if (qualified) keys['n'] = qualified;
  }

  /** Mutation, field, comment or data; false for the second of a name. */
  #part(keys: Keys, child: Element): boolean {
    const name = child.localName;
    const key = { mutation: 'm', comment: 'c', data: 'd' }[name] ?? fieldKey(child);
    if (!key || key in keys) return false;
    const whole = key === 'm' || key === 'c';
    if (!whole && child.firstElementChild) return false;
    if (name === 'data') {
      if (plainAttributes(child).length > 0 || isQualified(child)) return false;
      keys[key] = child.textContent;
    } else keys[key] = key.startsWith('f:') ? this.#field(child) : textOf(child);
    return true;
  }

  #field(element: Element): Field {
    const text = element.textContent;
    if (!element.id) {
      const extras = extrasOf(element, ['name']);
      return Object.keys(extras).length > 0 ? { text, ...extras } : text;
    }
    const id = this.#variable(element, text);
    // Old releases said so where there is no type.
    const type = element.getAttribute('variabletype') || this.records.vars.get(id)?.type;
    return { var: id, ...extrasOf(element, ['name', 'id', type ? 'variabletype' : '']) };
  }

  #variable(element: Element, name: string): string {
    const id = this.#aliases.get(element.id) ?? element.id;
    if (this.records.vars.has(id)) return id;
    const type = element.getAttribute('variabletype') ?? '';
    const known = this.#named(name, type);
    if (known !== undefined) return known;
    this.#add(id, { name, type });
    return id;
  }
}

function fieldKey(element: Element): string | undefined {
  if (!/^(field|title)$/.test(element.localName)) return undefined;
  return `f:${element.getAttribute('name') ?? ''}`;
}

/** Takes an input or the joint below apart into shadow and block; false where it can't be. */
function joint(
  element: Element,
  keys: Keys,
  attached: [Element, At][],
  filled: Set<string>,
  child: Element,
): boolean {
  if (child.localName === 'next') {
    hold(keys, attached, child, 'sn', [element.id]);
    return true;
  }
  const name = child.getAttribute('name') ?? '';
  if (!isPlainInput(child) || filled.has(name)) return false;
  filled.add(name);
  const [prefix, kind] =
    child.localName === 'value' ? (['sh', 'v'] as const) : (['ss', 's'] as const);
  hold(keys, attached, child, `${prefix}:${name}`, [element.id, name, kind]);
  return true;
}

function hold(keys: Keys, attached: [Element, At][], place: Element, shadow: string, at: At): void {
  for (const inner of place.children)
    if (inner.localName === 'shadow') keys[shadow] = textOf(inner);
    else attached.push([inner, at]);
}

function extrasOf(element: Element, except: readonly string[]): FieldExtras {
  const tag = element.localName === 'title' ? { tag: 'title' } : {};
  const n = qualifiedText(element);
  return { ...tag, ...attrs(element, except), ...(n ? { n } : {}) };
}

function attrs(element: Element, except: readonly string[]): { attrs?: Pairs } {
  const pairs = plainAttributes(element)
    .filter(({ name }) => !except.includes(name))
    .map(({ name, value }): [string, string] => [name, value]);
  return pairs.length > 0 ? { attrs: pairs } : {};
}

/** The whole workspace. */
export function writeXml(records: Records): string {
  const rest = records.blocks.get(REST);
  const parts = [`<xml xmlns="${NAMESPACE}"${rest ? othersText(rest) : ''}>`];
  if (records.vars.size > 0)
    parts.push('<variables>', ...[...records.vars].map(writeVariable), '</variables>');
  const tops = [...records.blocks].filter(([, { t, at }]) => onCanvas(at) && t !== REST);
  for (const [id, { t }] of tops) if (t === COMMENT) parts.push(writeBlock(records, id));
  for (const [id, { t }] of tops) if (t !== COMMENT) parts.push(writeBlock(records, id));
  parts.push(`${text(rest?.['o'])}</xml>`);
  return parts.join('');
}

function writeVariable([id, variable]: [string, Variable]): string {
  const type: Pairs = variable.type ? [['type', variable.type]] : [];
  return leaf('variable', [...type, ['id', id], ...(variable.attrs ?? [])], variable.name);
}

/** One block or workspace comment with all that hangs on it. */
export function writeBlock(records: Records, top: string): string {
  const parts: string[] = [];
  const waiting: (string | { id: string })[] = [{ id: top }];
  for (let next; (next = waiting.pop()) !== undefined;) {
    if (typeof next === 'string') parts.push(next);
    else waiting.push(...piecesOf(records, next.id).reverse());
  }
  return parts.join('');
}

/** Pieces of a block's XML: text, and the blocks in between. */
function piecesOf(records: Records, id: string): (string | { id: string })[] {
  const record = records.blocks.get(id);
  if (!record) return [];
  const attributes = attributesOf(id, record);
  if (record.t === COMMENT) {
    const said = escapeText(text(record['d']));
    return [said ? `<comment${attributes}>${said}</comment>` : `<comment${attributes}/>`];
  }
  // Elsewhere a shadow would be a second one, behind a block.
  const tag = record['tag'] === 'shadow' && onCanvas(record.at) ? 'shadow' : 'block';
  const inner = [...ownParts(records, record), ...joints(records, id, record)];
  if (inner.length === 0) return [`<${tag}${attributes}/>`];
  return [`<${tag}${attributes}>`, ...inner, `</${tag}>`];
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

function attributesOf(id: string, record: BlockRecord): string {
  const is: [string, string][] = record.t === COMMENT ? [] : [['type', record.t]];
  const place: [string, string][] = [];
  if (onCanvas(record.at)) {
    const [x, y] = record.at;
    if (x !== null) place.push(['x', String(x)]);
    if (y !== null) place.push(['y', String(y)]);
  }
  return attributesText([...is, ['id', id]]) + othersText(record) + attributesText(place);
}

/** Attributes other than type, id and place, those in namespaces at the end. */
function othersText(record: BlockRecord): string {
  const plain = Object.entries(record)
    .filter(([key]) => key.startsWith('a:'))
    .map(([key, value]): [string, string] => [key.slice(2), text(value)]);
  return attributesText(plain) + qualifiedIn(record['n']);
}

const qualifiedIn = (n: unknown) => text(n).slice('<n'.length, -'/>'.length);

function ownParts(records: Records, record: BlockRecord): string[] {
  const fields = Object.entries(record)
    .filter(([key]) => key.startsWith('f:'))
    .map(([key, field]) => writeField(records, key.slice(2), field as Field));
  const data = record['d'] === undefined ? '' : leaf('data', [], text(record['d']));
  return [text(record['m']), ...fields, text(record['c']), data].filter(Boolean);
}

function writeField(records: Records, name: string, field: Field): string {
  if (typeof field === 'string') return leaf('field', [['name', name]], field);
  const tag = field.tag ?? 'field';
  const rest = field.attrs ?? [];
  const qualified = qualifiedIn(field.n);
  if ('text' in field) return leaf(tag, [['name', name], ...rest], field.text, qualified);
  const variable = records.vars.get(field.var);
  const refers: Pairs = [
    ['name', name],
    ['id', field.var],
  ];
  const pairs: Pairs = variable?.type
    ? [
        ...refers,
        ['variabletype', variable.type],
        ...rest.filter(([key]) => key !== 'variabletype'),
      ]
    : [...refers, ...rest];
  return leaf(tag, pairs, variable?.name ?? '', qualified);
}

/** Inputs in the order of the shape, then the others by name; and the joint below. */
function joints(records: Records, id: string, record: BlockRecord): (string | { id: string })[] {
  const pieces: (string | { id: string })[] = [];
  for (const [name, kind] of inputsOf(records, id, record)) {
    const [tag, shadow] = kind === 'v' ? ['value', 'sh'] : ['statement', 'ss'];
    const child = records.childrenOf(id).get(`in ${name}`);
    pieces.push(...jointOf(tag, [['name', name]], record[`${shadow}:${name}`], child));
  }
  if (record['x'] !== undefined) pieces.push(text(record['x']));
  pieces.push(...jointOf('next', [], record['sn'], records.childrenOf(id).get(NEXT)));
  return pieces;
}

function inputsOf(records: Records, id: string, record: BlockRecord): Map<string, 'v' | 's'> {
  const others = new Map<string, 'v' | 's'>();
  for (const key of Object.keys(record)) {
    if (key.startsWith('sh:')) others.set(key.slice(3), 'v');
    if (key.startsWith('ss:')) others.set(key.slice(3), 's');
  }
  for (const child of records.childrenOf(id).values()) {
    const at = records.blocks.get(child)?.at;
    if (at?.length === 3) others.set(at[1], at[2]);
  }
  const inputs = new Map<string, 'v' | 's'>();
  for (const [name] of record.s?.in ?? []) {
    const kind = others.get(name);
    if (kind) inputs.set(name, kind);
  }
  for (const [name, kind] of [...others].sort(([a], [b]) => (a < b ? -1 : 1)))
    inputs.set(name, kind);
  return inputs;
}

function jointOf(
  tag: string,
  pairs: Pairs,
  shadow: unknown,
  child: string | undefined,
): (string | { id: string })[] {
  if (shadow === undefined && child === undefined) return [];
  const block = child === undefined ? [] : [{ id: child }];
  return [`<${tag}${attributesText(pairs)}>`, text(shadow), ...block, `</${tag}>`];
}
