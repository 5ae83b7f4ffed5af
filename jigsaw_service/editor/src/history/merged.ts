/**
 * Merged document of two states: the later one, with what is gone put back where it was.
 *
 * What is gone stands in its stack, or in its input where that is free now; else beside the block that held it.
 */
import {
  NEXT,
  onCanvas,
  slotOf,
  type At,
  type AtParent,
  type BlockRecord,
  type Records,
} from '../document/records';
import { stacksOf, type Comparison, type Stack } from './compare';

export interface Merged {
  records: Records;
  /** The id here of what is gone, by the id that it had. */
  ghosts: ReadonlyMap<string, string>;
  /** Blocks that could not be put back into their place, each with the block it belongs beside. */
  beside: ReadonlyMap<string, string>;
}

export function mergeStates(before: Records, after: Records, comparison: Comparison): Merged {
  const merging = new Merging(before, after, comparison);
  merging.run();
  return merging;
}

class Merging implements Merged {
  readonly #before: Records;
  readonly #after: Records;
  readonly #comparison: Comparison;

  readonly records: Records;
  readonly ghosts = new Map<string, string>();
  readonly beside = new Map<string, string>();

  constructor(before: Records, after: Records, comparison: Comparison) {
    this.#before = before;
    this.#after = after;
    this.#comparison = comparison;

    this.records = after.copy();
  }

  run(): void {
    this.#variables();
    for (const id of this.#comparison.removed) this.ghosts.set(id, this.#freeId(id));
    // From the outside in, as the stacks of a state come: what holds a ghost is there before it.
    for (const stack of stacksOf(this.#before)) this.#putBack(stack);
  }

  #freeId(id: string): string {
    let free = id;
    for (let n = 1; this.records.blocks.has(free); n++) free = `${id}~was${String(n)}`;
    return free;
  }

  #variables(): void {
    const taken = new Set(
      [...this.records.vars.values()].map(({ name, type }) => `${type} ${name}`),
    );
    for (const [id, variable] of this.#before.vars)
      if (!this.records.vars.has(id) && !taken.has(`${variable.type} ${variable.name}`))
        this.records.vars.set(id, variable);
  }

  /** Id that an earlier block has in this document. */
  #here(id: string): string | undefined {
    return this.ghosts.get(id) ?? this.#comparison.match.later.get(id);
  }

  #isSettled(id: string | undefined): boolean {
    if (id === undefined || this.ghosts.has(id)) return false;
    const later = this.#comparison.match.later.get(id);
    return later !== undefined && !this.#comparison.altered.get(later)?.isMoved;
  }

  #putBack({ at, members }: Stack): void {
    for (let from = 0; from < members.length; from++) {
      if (!this.ghosts.has(members[from] ?? '')) continue;
      let upto = from;
      while (this.ghosts.has(members[upto] ?? '')) upto++;
      this.#putRow(at, members.slice(from, upto), members[from - 1], members[upto]);
      from = upto;
    }
  }

  /** Puts back what stood between `above` and `below`, if anything did. */
  #putRow(
    at: At,
    row: readonly string[],
    above: string | undefined,
    below: string | undefined,
  ): void {
    if (this.#isSettled(above)) this.#insert(row, [this.#here(above ?? '') ?? '']);
    else if (this.#isSettled(below)) {
      const place = this.records.blocks.get(this.#here(below ?? '') ?? '')?.at;
      if (place) this.#insert(row, place);
    } else if (above !== undefined && this.#here(above) !== undefined)
      this.#insert(row, [this.#here(above) ?? '']);
    else if (onCanvas(at)) this.#insert(row, at);
    else this.#intoInput(row, at);
  }

  #intoInput(row: readonly string[], at: AtParent): void {
    const holder = this.#here(at[0]);
    if (holder === undefined || at.length === 1) return;
    const isFree = !this.records.childrenOf(holder).has(slotOf(at));
    const isSame =
      this.ghosts.has(at[0]) ||
      this.#before.blocks.get(at[0])?.['m'] === this.#after.blocks.get(holder)?.['m'];
    if (isSame && (isFree || at[2] === 's')) this.#insert(row, [holder, at[1], at[2]]);
    else {
      this.#insert(row, [null, null]);
      this.beside.set(this.ghosts.get(row[0] ?? '') ?? '', holder);
    }
  }

  /** Puts the row in a place; what stands there goes below it. */
  #insert(row: readonly string[], place: At): void {
    const [first, last] = [row[0], row.at(-1)].map((id) => this.ghosts.get(id ?? '') ?? '');
    const holder = onCanvas(place) ? undefined : place[0];
    const there = holder === undefined ? undefined : this.#occupant(holder, place);
    const shoved = there ?? this.#onTop(place);
    let at = place;
    for (const id of row) {
      const ghost = this.ghosts.get(id) ?? '';
      this.records.put(ghost, this.#ghostOf(id, at));
      at = [ghost];
    }
    const record =
      shoved === undefined || shoved === first ? undefined : this.records.blocks.get(shoved);
    if (record && shoved !== undefined) this.records.put(shoved, { ...record, at: [last ?? ''] });
  }

  #occupant(holder: string, place: At): string | undefined {
    return onCanvas(place) ? undefined : this.records.childrenOf(holder).get(slotOf(place));
  }

  /** The later block that is on the canvas at this very place: the row belongs above it. */
  #onTop(place: At): string | undefined {
    if (!onCanvas(place)) return undefined;
    for (const [id, record] of this.records.blocks) if (record.at === place) return id;
    return undefined;
  }

  #ghostOf(id: string, at: At): BlockRecord {
    const { vars } = this.records;
    const ghost: BlockRecord = { ...(this.#before.blocks.get(id) ?? { t: '' }), at };
    for (const [key, value] of Object.entries(ghost)) {
      if (!key.startsWith('f:') || typeof value !== 'object' || !value || !('var' in value))
        continue;
      const was = String(value.var);
      if (vars.has(was)) continue;
      const name = this.#before.vars.get(was)?.name;
      const now = [...vars].find(([, variable]) => variable.name === name)?.[0];
      if (now !== undefined) ghost[key] = { ...value, var: now };
    }
    return ghost;
  }
}

/** All blocks of a document in the order in which one reads them. */
export function* inReadingOrder(records: Records): Generator<string> {
  const waiting = [...records.blocks].filter(([, { at }]) => onCanvas(at)).map(([id]) => id);
  waiting.reverse();
  for (let id; (id = waiting.pop()) !== undefined;) {
    yield id;
    const children = records.childrenOf(id);
    const next = children.get(NEXT);
    if (next !== undefined) waiting.push(next);
    const inside = [...children].filter(([slot]) => slot !== NEXT).map(([, child]) => child);
    waiting.push(...inside.reverse());
  }
}
