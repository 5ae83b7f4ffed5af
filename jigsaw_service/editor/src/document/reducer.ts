/**
 * Reducer: the effects of a batch of operations, by the rules R1 to R10 of docs/live.md.
 *
 * The service decides with the same rules in `document/reducer.py`; here they only forecast.
 */
import { limits } from '../xml/limits';
import {
  apply,
  byId,
  changedKeys,
  COMMENT,
  NEXT,
  onCanvas,
  same,
  slotOf,
  type At,
  type BlockRecord,
  type Keys,
  type Patch,
  type Records,
  type Variable,
} from './records';
import { escapeAttribute } from '../xml/elements';

export type Operation =
  | { op: 'new'; id: string; record: BlockRecord }
  | { op: 'set'; id: string; keys: Keys }
  | { op: 'mv'; id: string; at: At }
  | { op: 'del'; ids: string[] }
  | { op: 'var'; id: string; name: string; type?: string }
  | { op: 'vdel'; id: string };

type Place = [string] | [string, string, 'v' | 's'];

const PROCEDURES = new Set(['procedures_defnoreturn', 'procedures_defreturn']);
const FIXED = new Set(['t', 'at', 'tag']);
const UNKNOWN_POSITION = 10;
const ASIDE = 48;

/** The effects of the operations, together; the records stay as they are. */
export function reduce(records: Records, operations: readonly Operation[]): Patch {
  const trial = new Trial(records);
  try {
    for (const operation of operations) trial.run(operation);
    return trial.effects();
  } finally {
    trial.rollBack();
  }
}

class Trial {
  readonly #records: Records;

  readonly #blocksBefore = new Map<string, BlockRecord | undefined>();
  readonly #varsBefore = new Map<string, Variable | undefined>();
  readonly #inverses: Patch[] = [];

  constructor(records: Records) {
    this.#records = records;
  }

  run(operation: Operation): void {
    switch (operation.op) {
      case 'new':
        this.#new(operation.id, operation.record);
        break;
      case 'set':
        this.#set(operation.id, operation.keys);
        break;
      case 'mv':
        this.#move(operation.id, operation.at);
        break;
      case 'del':
        this.#delete(operation.ids);
        break;
      case 'var':
        this.#variable(operation.id, operation.name, operation.type ?? '');
        break;
      case 'vdel':
        if (this.#records.vars.has(operation.id) && !this.#inUse(operation.id))
          this.#putVariable(operation.id, null);
        break;
    }
  }

  rollBack(): void {
    for (const inverse of this.#inverses.reverse()) apply(this.#records, inverse);
  }

  /** R10. */
  effects(): Patch {
    const patch: Patch = {};
    for (const [id, before] of this.#blocksBefore) {
      const after = this.#records.blocks.get(id);
      const keys = before && after ? changedKeys(before, after) : (after ?? null);
      if (keys === undefined || (!before && !after)) continue;
      (patch.blocks ??= byId())[id] = keys;
    }
    for (const [id, before] of this.#varsBefore) {
      const after = this.#records.vars.get(id);
      if (!same(before, after)) (patch.vars ??= byId())[id] = after ?? null;
    }
    return patch;
  }

  #put(id: string, keys: Keys | null): void {
    if (!this.#blocksBefore.has(id)) this.#blocksBefore.set(id, this.#records.blocks.get(id));
    this.#inverses.push(apply(this.#records, { blocks: only(id, keys) }));
  }

  #putVariable(id: string, variable: Variable | null): void {
    if (!this.#varsBefore.has(id)) this.#varsBefore.set(id, this.#records.vars.get(id));
    this.#inverses.push(apply(this.#records, { vars: only(id, variable) }));
  }

  #new(id: string, record: BlockRecord): void {
    if (this.#records.blocks.has(id)) return;
    const { at } = record;
    const canvas = onCanvas(at);
    const keys = this.#settled(id, record.t, record);
    this.#put(id, { ...keys, at: canvas ? at : [aside(null), aside(null)] });
    if (!canvas) this.#place(id, at);
  }

  #set(id: string, keys: Keys): void {
    const record = this.#records.blocks.get(id);
    if (!record) return;
    const wanted = Object.fromEntries(Object.entries(keys).filter(([key]) => !FIXED.has(key)));
    this.#put(id, this.#settled(id, record.t, wanted));
    if ('m' in wanted || 's' in wanted) this.#reshaped(id);
  }

  /** Fields that refer to variables which exist, and names of procedures that are free (R9). */
  #settled(id: string, type: string, keys: Keys): Keys {
    const settled = { ...keys };
    for (const [key, value] of Object.entries(keys)) {
      if (key.startsWith('f:') && value && typeof value === 'object' && 'var' in value)
        settled[key] = this.#reference(value as { var: string });
    }
    const name = settled['f:NAME'];
    if (PROCEDURES.has(type) && typeof name === 'string')
      settled['f:NAME'] = free(name, this.#procedureNames(id));
    return settled;
  }

  #reference(field: { var: string; name?: string; type?: string }): Keys {
    const { name, type, ...reference } = field;
    if (!this.#records.vars.has(field.var))
      this.#variable(field.var, name ?? field.var, type ?? '');
    return reference;
  }

  #procedureNames(except: string): Set<unknown> {
    const names = new Set<unknown>();
    for (const [id, record] of this.#records.blocks)
      if (id !== except && PROCEDURES.has(record.t)) names.add(record['f:NAME']);
    return names;
  }

  /** R7. */
  #variable(id: string, name: string, newType: string): void {
    const before = this.#records.vars.get(id);
    const type = before?.type ?? newType;
    const taken = new Set<unknown>();
    for (const [other, variable] of this.#records.vars)
      if (other !== id && variable.type === type) taken.add(variable.name);
    this.#putVariable(id, { ...before, name: free(name, taken), type });
  }

  /** R8. */
  #inUse(id: string): boolean {
    const quoted = `"${escapeAttribute(id)}"`;
    for (const record of this.#records.blocks.values())
      for (const [key, value] of Object.entries(record)) {
        if (key.startsWith('f:') && (value as { var?: unknown }).var === id) return true;
        if (
          /^(m|sn|x|s[hs]:[^]*)$/.test(key) &&
          typeof value === 'string' &&
          value.includes(quoted)
        )
          return true;
      }
    return false;
  }

  #move(id: string, at: At): void {
    if (!this.#records.blocks.has(id)) return;
    if (onCanvas(at)) this.#put(id, { at });
    else this.#place(id, at);
  }

  /** R2 and R3. */
  #place(id: string, at: Place): void {
    if (!this.#fits(id, at)) return;
    const holder = this.#records.childrenOf(at[0]).get(slotOf(at));
    if (holder === undefined || holder === id) {
      this.#put(id, { at });
      return;
    }
    const aside = this.#besideRoot(holder);
    const sameKind = at.length === this.#at(holder)?.length && at[2] === this.#at(holder)?.[2];
    this.#put(holder, { at: aside });
    this.#put(id, { at });
    if (at[2] === 'v' || !sameKind) return;
    const below: Place = [this.#tailOf(id)];
    if (this.#fits(holder, below)) this.#put(holder, { at: below });
  }

  #fits(id: string, at: Place): boolean {
    const block = this.#records.blocks.get(id);
    const parent = this.#records.blocks.get(at[0]);
    if (!block || !parent || block.t === COMMENT || parent.t === COMMENT) return false;
    if (this.#isWithin(at[0], id)) return false;
    if (at.length === 1 && parent.at[2] === 'v') return false;
    if (at[2] === 'v' && this.#records.childrenOf(id).has(NEXT)) return false;
    const joint = at[2] === 'v' ? 'o' : 'p';
    if (block.s && !block.s.joints.includes(joint)) return false;
    if (!parent.s) return true;
    if (at.length === 1) return parent.s.joints.includes('n');
    return parent.s.in.some(([name, kind]) => name === at[1] && kind === at[2]);
  }

  #isWithin(id: string, ancestor: string): boolean {
    for (let seen: string | undefined = id; seen !== undefined;) {
      if (seen === ancestor) return true;
      const at = this.#at(seen);
      seen = at && !onCanvas(at) ? at[0] : undefined;
    }
    return false;
  }

  #at(id: string): At | undefined {
    return this.#records.blocks.get(id)?.at;
  }

  #tailOf(id: string): string {
    for (let next; (next = this.#records.childrenOf(id).get(NEXT)) !== undefined;) id = next;
    return id;
  }

  /** R6. */
  #besideRoot(id: string): At {
    const at = this.#at(this.#records.rootOf(id));
    const [x, y] = at && onCanvas(at) ? at : [null, null];
    return [aside(x), aside(y)];
  }

  /** R5. */
  #reshaped(id: string): void {
    const record = this.#records.blocks.get(id);
    if (!record?.s) return;
    const { at } = record;
    if (!onCanvas(at) && !record.s.joints.includes(at[2] === 'v' ? 'o' : 'p'))
      this.#put(id, { at: this.#besideRoot(id) });
    for (const child of [...this.#records.childrenOf(id).values()]) {
      const place = this.#at(child);
      if (place && !onCanvas(place) && !this.#fits(child, place))
        this.#put(child, { at: this.#besideRoot(child) });
    }
  }

  /** R4. */
  #delete(ids: readonly string[]): void {
    const doomed = new Set(ids.filter((id) => this.#records.blocks.has(id)));
    const rescued: [string, At][] = [];
    for (const id of doomed)
      for (const [slot, child] of this.#records.childrenOf(id)) {
        if (doomed.has(child)) continue;
        const gap = slot === NEXT ? this.#gapLeftBy(id, doomed) : undefined;
        rescued.push([child, gap ?? this.#besideRoot(child)]);
      }
    for (const [child, at] of rescued) this.#put(child, { at });
    for (const id of doomed) this.#put(id, null);
  }

  /** The place that a deleted block, and the deleted ones above it, leave to what stood below. */
  #gapLeftBy(id: string, doomed: ReadonlySet<string>): At | undefined {
    for (;;) {
      const at = this.#at(id);
      if (!at || onCanvas(at)) return at;
      if (!doomed.has(at[0])) return at[2] === 'v' ? undefined : at;
      if (at.length > 1) return undefined;
      id = at[0];
    }
  }
}

const aside = (coordinate: number | null) =>
  Math.min((coordinate ?? UNKNOWN_POSITION) + ASIDE, limits().coordinate);

const only = <T>(id: string, value: T) => Object.fromEntries([[id, value]]);

/** The name, or the first of `name2`, `name3` … that nobody has. */
function free(name: string, taken: ReadonlySet<unknown>): string {
  let found = name;
  for (let number = 2; taken.has(found); number++) found = `${name}${String(number)}`;
  return found;
}
