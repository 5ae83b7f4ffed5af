/** Undo and redo: takes back my last change, of that only what nobody has changed since (L7). */
import {
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
import type { Operation } from './reducer';
import type { Batch, Replica } from './replica';

/** A block before and after; null where it wasn't there, else the keys that changed. */
interface UndoStep {
  was: Keys | null;
  is: Keys | null;
}

interface VariableChange {
  was: Variable | null;
  is: Variable | null;
}

/** One thing a person did. */
interface Step {
  group: string;
  batches: Set<number>;
  blocks: Map<string, UndoStep>;
  vars: Map<string, VariableChange>;
}

const MOST = 500;

export class Undo {
  readonly #replica: Replica;

  readonly #undo: Step[] = [];
  readonly #redo: Step[] = [];
  #open = false;

  constructor(replica: Replica) {
    this.#replica = replica;
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** Remembers what a batch did; batches of one group are taken back together. */
  record(batch: Batch, group: string): void {
    const last = this.#undo.at(-1);
    const step = stepOf(batch, group);
    if (this.#open && last && group !== '' && last.group === group) merge(last, step);
    else this.#undo.push(step);
    if (this.#undo.length > MOST) this.#undo.shift();
    this.#redo.length = 0;
    this.#open = true;
  }

  /** Takes what the service made of a batch into the steps: that counts, not what was expected. */
  answered(batch: Batch, patch: Patch): void {
    for (const step of [...this.#undo, ...this.#redo]) {
      if (!step.batches.delete(batch.n)) continue;
      for (const [id, keys] of Object.entries(patch.blocks ?? {})) {
        const is = step.blocks.get(id)?.is;
        if (!is || !keys) continue;
        for (const key of Object.keys(keys))
          if (key in is && same(is[key], batch.wanted.blocks?.[id]?.[key])) is[key] = keys[key];
      }
    }
  }

  clear(): void {
    this.#undo.length = this.#redo.length = 0;
  }

  undo(): void {
    this.#run(this.#undo, this.#redo);
  }

  redo(): void {
    this.#run(this.#redo, this.#undo);
  }

  /** Steps of which nothing is left to take back are passed over. */
  #run(from: Step[], to: Step[]): void {
    this.#open = false;
    for (let step; (step = from.pop());) {
      const operations = operationsOf(step, this.#replica.records);
      const batch = operations.length > 0 ? this.#replica.perform(operations) : undefined;
      if (!batch) continue;
      to.push(stepOf(batch, ''));
      return;
    }
  }
}

function stepOf({ n, wanted, inverse }: Batch, group: string): Step {
  const step: Step = { group, batches: new Set([n]), blocks: new Map(), vars: new Map() };
  for (const [id, keys] of Object.entries(wanted.blocks ?? {})) {
    const before = inverse.blocks?.[id] ?? null;
    step.blocks.set(id, { was: before && { ...before }, is: keys && { ...keys } });
  }
  for (const [id, variable] of Object.entries(wanted.vars ?? {}))
    step.vars.set(id, { was: inverse.vars?.[id] ?? null, is: variable });
  return step;
}

function merge(step: Step, later: Step): void {
  for (const n of later.batches) step.batches.add(n);
  for (const [id, change] of later.blocks) {
    const earlier = step.blocks.get(id);
    if (!earlier) step.blocks.set(id, change);
    else if (!earlier.was && !change.is) step.blocks.delete(id);
    else
      step.blocks.set(id, {
        was: earlier.was && { ...change.was, ...earlier.was },
        is: change.is && { ...earlier.is, ...change.is },
      });
  }
  for (const [id, { was, is }] of later.vars)
    step.vars.set(id, { was: step.vars.has(id) ? (step.vars.get(id)?.was ?? null) : was, is });
}

/** Operations that take a step back, as far as things still are as it left them. */
function operationsOf(step: Step, records: Records): Operation[] {
  const back = new TakingBack(step, records);
  return back.operations();
}

class TakingBack {
  readonly #step: Step;
  readonly #records: Records;

  readonly #sets: Operation[] = [];
  readonly #places: { id: string; at: At; record?: BlockRecord }[] = [];
  readonly #gone: string[] = [];

  constructor(step: Step, records: Records) {
    this.#step = step;
    this.#records = records;
  }

  operations(): Operation[] {
    for (const [id, change] of this.#step.blocks) this.#block(id, change);
    const gone: Operation[] = this.#gone.length > 0 ? [{ op: 'del', ids: this.#gone }] : [];
    const [made, unmade] = this.#variables();
    return [...made, ...this.#sets, ...this.#placed(), ...gone, ...unmade];
  }

  #block(id: string, { was, is }: UndoStep): void {
    const record = this.#records.blocks.get(id);
    if (!is) {
      if (!record && was) this.#bringBack(id, was as BlockRecord);
    } else if (!record) return;
    else if (!was) {
      if (this.#isAsLeft(record, is)) this.#gone.push(id);
    } else this.#change(id, record, was, is);
  }

  #isAsLeft(record: BlockRecord, is: Keys): boolean {
    const keys = new Set([...Object.keys(record), ...Object.keys(is)]);
    keys.delete('s');
    // A block's place is no work of somebody else's that would be lost with it.
    keys.delete('at');
    return [...keys].every((key) => same(record[key], is[key] ?? undefined));
  }

  #bringBack(id: string, record: BlockRecord): void {
    this.#places.push({ id, at: record.at, record: this.#withNames(record) });
  }

  #change(id: string, record: BlockRecord, was: Keys, is: Keys): void {
    const keys: Keys = {};
    for (const [key, value] of Object.entries(was)) {
      if (!same(record[key] ?? null, is[key] ?? null)) continue;
      if (key === 'at') this.#places.push({ id, at: value as At });
      else if (key !== 't' && key !== 'tag') keys[key] = value;
    }
    // A shape that is known stays known, unless the mutation makes it another one.
    if (!('m' in keys)) Reflect.deleteProperty(keys, 's');
    else if (!('s' in keys)) keys['s'] = was['s'] ?? null;
    if (Object.keys(keys).length > 0)
      this.#sets.push({ op: 'set', id, keys: this.#withNames(keys) });
  }

  /** Variables that may be gone come back with the field that refers to them. */
  #withNames<T extends Keys>(keys: T): T {
    const named = { ...keys };
    for (const [key, value] of Object.entries(keys)) {
      if (!key.startsWith('f:') || !value || typeof value !== 'object' || !('var' in value))
        continue;
      const id = (value as { var: string }).var;
      const variable = this.#records.vars.get(id) ?? this.#step.vars.get(id)?.was;
      if (variable) Object.assign(named, { [key]: { ...value, ...nameOf(variable) } });
    }
    return named;
  }

  /** From the top down, as nothing can be put below what isn't there yet. */
  #placed(): Operation[] {
    const wanted = new Map(this.#places.map(({ id, at }) => [id, at]));
    const depth = (id: string): number => {
      let levels = 0;
      for (let at = wanted.get(id); at && !onCanvas(at) && levels < wanted.size; levels++)
        at = wanted.get(at[0]);
      return levels;
    };
    return [...this.#places]
      .sort((a, b) => depth(a.id) - depth(b.id))
      .map(({ id, at, record }): Operation => {
        const free = this.#free(id, at, wanted);
        return record
          ? { op: 'new', id, record: { ...record, at: free } }
          : { op: 'mv', id, at: free };
      });
  }

  /** A value that somebody has put there meanwhile keeps its place. */
  #free(id: string, at: At, wanted: ReadonlyMap<string, At>): At {
    if (onCanvas(at) || slotOf(at) === NEXT || at[2] === 's') return at;
    const holder = this.#records.childrenOf(at[0]).get(slotOf(at));
    if (!holder || holder === id || wanted.has(holder) || this.#gone.includes(holder)) return at;
    const root = this.#records.blocks.get(this.#records.rootOf(at[0]))?.at;
    const [x, y] = root && onCanvas(root) ? root : [null, null];
    return [(x ?? 10) + 48, (y ?? 10) + 48];
  }

  #variables(): [made: Operation[], unmade: Operation[]] {
    const made: Operation[] = [];
    const unmade: Operation[] = [];
    for (const [id, { was, is }] of this.#step.vars) {
      if (!same(this.#records.vars.get(id) ?? null, is)) continue;
      if (was) made.push({ op: 'var', id, name: was.name, type: was.type });
      else unmade.push({ op: 'vdel', id });
    }
    return [made, unmade];
  }
}

const nameOf = ({ name, type }: Variable) => ({ name, type });
