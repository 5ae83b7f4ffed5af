/** The records of a workspace, and how a patch changes them. See docs/live.md. */

/** A place on the canvas, below a block, or in an input of one. */
export type At = [number | null, number | null] | AtParent;

/** Below it, or in one of its inputs. */
export type AtParent = [string] | [string, string, 'v' | 's'];

export type Pairs = [string, string][];

/** All inputs of a block in order, and which of output, previous and next it has. */
export interface Shape {
  in: [string, 'v' | 's'][];
  joints: string;
}

/** What a field's element has beside what it says: its old name, attributes, those in namespaces. */
export interface FieldExtras {
  tag?: string;
  attrs?: Pairs;
  n?: string;
}

export interface VariableField extends FieldExtras {
  var: string;
}

export interface TextField extends FieldExtras {
  text: string;
}

export type Field = string | VariableField | TextField;

/** A block or a workspace comment: one-level map, each key written as a whole. */
export interface BlockRecord {
  t: string;
  at: At;
  s?: Shape;
  [key: string]: unknown;
}

export interface Variable {
  name: string;
  type: string;
  attrs?: Pairs;
}

export type Keys = Record<string, unknown>;

/** New values of keys; `null` takes away a key, a record or a variable. */
export interface Patch {
  blocks?: Record<string, Keys | null>;
  vars?: Record<string, Variable | null>;
}

export interface RecordsJson {
  blocks?: Record<string, BlockRecord>;
  vars?: Record<string, Variable>;
}

export const COMMENT = '#comment';

/** The place below a block, among the slots of its children; inputs are `in NAME`. */
export const NEXT = 'next';

/** A map by ids from elsewhere, in which `__proto__` is an id like any other. */
export const byId = <T>() => Object.create(null) as Record<string, T>;

const NONE: ReadonlyMap<string, string> = new Map();

/** True if a place is on the canvas, not at another block. */
export const onCanvas = (at: At): at is [number | null, number | null] => typeof at[0] !== 'string';

export const slotOf = (at: [string] | [string, string, 'v' | 's']) =>
  at.length === 1 ? NEXT : `in ${at[1]}`;

/** All blocks, workspace comments and variables of a workspace. */
export class Records {
  readonly blocks = new Map<string, BlockRecord>();
  readonly vars = new Map<string, Variable>();
  readonly #children = new Map<string, Map<string, string>>();

  static fromJson(json: RecordsJson): Records {
    const records = new Records();
    apply(records, json);
    return records;
  }

  toJson(): Required<RecordsJson> {
    return { blocks: Object.fromEntries(this.blocks), vars: Object.fromEntries(this.vars) };
  }

  /** Another one that changes on its own; the values of keys are shared, as nobody changes those. */
  copy(): Records {
    return Records.fromJson(this.toJson());
  }

  /** Children that hang on a block: slot → id. */
  childrenOf(id: string): ReadonlyMap<string, string> {
    return this.#children.get(id) ?? NONE;
  }

  /** The top block of the stack or expression that a block is in, maybe itself. */
  rootOf(id: string): string {
    for (;;) {
      const at = this.blocks.get(id)?.at;
      if (!at || onCanvas(at) || !this.blocks.has(at[0])) return id;
      id = at[0];
    }
  }

  /** Sets or deletes a record as it is; use `apply`. */
  put(id: string, record: BlockRecord | undefined): void {
    const before = this.blocks.get(id);
    if (before?.at !== record?.at) {
      if (before) this.#unlink(id, before.at);
      if (record) this.#link(id, record.at);
    }
    if (record) this.blocks.set(id, record);
    else this.blocks.delete(id);
  }

  #link(id: string, at: At): void {
    if (onCanvas(at)) return;
    let children = this.#children.get(at[0]);
    if (!children) this.#children.set(at[0], (children = new Map<string, string>()));
    children.set(slotOf(at), id);
  }

  #unlink(id: string, at: At): void {
    if (onCanvas(at)) return;
    const children = this.#children.get(at[0]);
    // Another may have taken the place already.
    if (children?.get(slotOf(at)) === id) children.delete(slotOf(at));
    if (children?.size === 0) this.#children.delete(at[0]);
  }
}

/** Changes the records in place; answers with the patch that takes it back. */
export function apply(records: Records, patch: Patch | RecordsJson): Patch {
  const blocks = byId<Keys | null>();
  const vars = byId<Variable | null>();
  for (const [id, keys] of Object.entries(patch.blocks ?? {})) {
    const before = records.blocks.get(id);
    if (before || keys) blocks[id] = putKeys(records, id, before, keys);
  }
  for (const [id, variable] of Object.entries(patch.vars ?? {})) {
    vars[id] = records.vars.get(id) ?? null;
    if (variable) records.vars.set(id, variable);
    else records.vars.delete(id);
  }
  return { blocks, vars };
}

function putKeys(
  records: Records,
  id: string,
  before: BlockRecord | undefined,
  keys: Keys | null,
): Keys | null {
  if (!keys) {
    records.put(id, undefined);
    return before ?? null;
  }
  const after: Keys = { ...before };
  const inverse: Keys = {};
  const changes = 'm' in keys && !('s' in keys) && before?.s ? { ...keys, s: null } : keys;
  for (const [key, value] of Object.entries(changes)) {
    inverse[key] = before?.[key] ?? null;
    if (value === null) Reflect.deleteProperty(after, key);
    else after[key] = value;
  }
  records.put(id, after as BlockRecord);
  return before ? inverse : null;
}

/** True if two values of keys are the same. */
export function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false;
  const keys = Object.keys(one);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    keys.length === Object.keys(other).length &&
    keys.every((key) => key in other && same((one as Keys)[key], (other as Keys)[key]))
  );
}

/** The keys that differ between two records, as a patch has them; `undefined` when none does. */
export function changedKeys(before: BlockRecord, after: BlockRecord): Keys | undefined {
  const changed: Keys = {};
  for (const key of Object.keys(before)) if (!(key in after)) changed[key] = null;
  for (const [key, value] of Object.entries(after))
    if (!same(before[key], value)) changed[key] = value;
  // A new mutation without a shape takes the old shape away by itself.
  if ('m' in changed) {
    if (after.s) changed['s'] = after.s;
    else delete changed['s'];
  }
  return Object.keys(changed).length > 0 ? changed : undefined;
}
