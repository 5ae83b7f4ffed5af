/**
 * Match of blocks: which of an earlier state is which of a later one.
 *
 * An id says so, as long as the type is the same. A file that was written elsewhere brings other
 * ids, and one without ids is given some by number: there, blocks are the same whose contents are,
 * else those of one type in the same place.
 */
import {
  COMMENT,
  NEXT,
  onCanvas,
  same,
  slotOf,
  type At,
  type BlockRecord,
  type Field,
  type Records,
} from '../document/records';

/** Ids by ids: `earlier` tells of a later block which it was, `later` the other way round. */
export interface Match {
  readonly earlier: ReadonlyMap<string, string>;
  readonly later: ReadonlyMap<string, string>;
  /** The same of variables. */
  readonly earlierVar: ReadonlyMap<string, string>;
  readonly laterVar: ReadonlyMap<string, string>;
}

/** Of so many that look alike, the one in the right place is sought among the first. */
const LOOKED_AT = 50;

/** Keys that say nothing of what a block is: where it stands, and what its type says anyway. */
const ASIDE: ReadonlySet<string> = new Set(['at', 's', 'tag']);

/** Ids that were given by number to what had none. */
const isNumbered = (id: string) => /^~\d+$/.test(id);

/** Contents of each block with all it holds, as a number, and how many blocks that is. */
type Contents = ReadonlyMap<string, { number: number; size: number }>;

export function matchUp(before: Records, after: Records): Match {
  const matching = new Matching(before, after);
  matching.run();
  return matching;
}

/** The place of a later block, told by the ids of before; undefined where that has no such place. */
export function placeBefore(at: At, match: Match): At | undefined {
  if (onCanvas(at)) return at;
  const parent = match.earlier.get(at[0]);
  if (parent === undefined) return undefined;
  return at.length === 1 ? [parent] : [parent, at[1], at[2]];
}

/** Content of a block by itself, as text; variables by their names. */
export function contentOf(record: BlockRecord, records: Records): string {
  const keys = Object.keys(record).filter((key) => !ASIDE.has(key));
  return JSON.stringify(keys.sort().map((key) => [key, plainValue(key, record[key], records)]));
}

/** The value of a key without what only this state knows: ids of variables and of shadows. */
export function plainValue(key: string, value: unknown, records: Records): unknown {
  if (key.startsWith('f:') && typeof value === 'object') {
    const field = value as Exclude<Field, string>;
    if (!('var' in field)) return field;
    const { name, type } = records.vars.get(field.var) ?? { name: field.var, type: '' };
    return { ...field, var: name, type };
  }
  if (typeof value === 'string' && /^(sn|s[hs]:)/.test(key))
    return value.replace(/(<shadow\b[^>]*?) id="[^"]*"/g, '$1');
  return value;
}

class Matching implements Match {
  readonly #before: Records;
  readonly #after: Records;

  readonly earlier = new Map<string, string>();
  readonly later = new Map<string, string>();
  readonly earlierVar = new Map<string, string>();
  readonly laterVar = new Map<string, string>();
  readonly #numbers = new Map<string, number>();
  #known: { was: Contents; is: Contents } | undefined;

  constructor(before: Records, after: Records) {
    this.#before = before;
    this.#after = after;
  }

  run(): void {
    this.#variables();
    for (const [id, record] of this.#after.blocks) {
      const old = this.#before.blocks.get(id);
      if (!old || old.t !== record.t) continue;
      if (!isNumbered(id) || this.#holdsTheSame(id)) this.#pair(id, id);
    }
    const fewer = Math.min(this.#before.blocks.size, this.#after.blocks.size);
    this.#byContent(this.later.size < fewer / 2);
    for (const [id, record] of this.#after.blocks)
      if (isNumbered(id) && this.#before.blocks.get(id)?.t === record.t) this.#pair(id, id);
  }

  #variables(): void {
    const pair = (id: string, old: string) => {
      if (this.earlierVar.has(id) || this.laterVar.has(old)) return;
      this.earlierVar.set(id, old);
      this.laterVar.set(old, id);
    };
    for (const id of this.#after.vars.keys()) if (this.#before.vars.has(id)) pair(id, id);
    const named = new Map(
      [...this.#before.vars].map(([id, { name, type }]) => [JSON.stringify([name, type]), id]),
    );
    for (const [id, { name, type }] of this.#after.vars) {
      const old = named.get(JSON.stringify([name, type]));
      if (old !== undefined) pair(id, old);
    }
  }

  /** True if the blocks of this id are the same with all they hold. */
  #holdsTheSame(id: string): boolean {
    const { was, is } = this.#contents;
    return was.get(id)?.number === is.get(id)?.number;
  }

  /** Worked out once, if at all. */
  get #contents(): { was: Contents; is: Contents } {
    return (this.#known ??= { was: this.#sizes(this.#before), is: this.#sizes(this.#after) });
  }

  #pair(id: string, old: string): void {
    if (this.earlier.has(id) || this.later.has(old)) return;
    this.earlier.set(id, old);
    this.later.set(old, id);
  }

  /** Matches what no id tells; `all`: hardly any id does, so that they mean nothing. */
  #byContent(all: boolean): void {
    const open = (records: Records, matched: ReadonlyMap<string, string>) =>
      [...records.blocks.keys()].filter((id) => !matched.has(id) && (all || isNumbered(id)));
    const olds = open(this.#before, this.later);
    const ids = open(this.#after, this.earlier);
    if (olds.length === 0 || ids.length === 0) return;
    this.#wholes(olds, ids);
    this.#aroundTheSame([...ids].reverse());
    this.#inTheSamePlace(olds, ids);
  }

  /** Blocks that are the same with all they hold, the largest first. */
  #wholes(olds: readonly string[], ids: readonly string[]): void {
    const { was, is } = this.#contents;
    const alike = new Map<number, string[]>();
    for (const old of olds) {
      const number = was.get(old)?.number ?? 0;
      const found = alike.get(number);
      if (found) found.push(old);
      else alike.set(number, [old]);
    }
    const size = (id: string) => is.get(id)?.size ?? 0;
    for (const id of [...ids].sort((one, other) => size(other) - size(one))) {
      if (this.earlier.has(id)) continue;
      const free = (alike.get(is.get(id)?.number ?? 0) ?? []).filter((old) => !this.later.has(old));
      const inPlace = free.slice(0, LOOKED_AT).find((old) => this.#isInPlace(id, old));
      const old = inPlace ?? free[0];
      if (old !== undefined) this.#pairWhole(id, old);
    }
  }

  #isInPlace(id: string, old: string): boolean {
    const at = this.#after.blocks.get(id)?.at;
    return at !== undefined && same(placeBefore(at, this), this.#before.blocks.get(old)?.at);
  }

  /** The two hold the same, so what hangs in one is in the same place in the other. */
  #pairWhole(id: string, old: string): void {
    const waiting: [string, string][] = [[id, old]];
    for (let next; (next = waiting.pop());) {
      this.#pair(...next);
      for (const [slot, child] of this.#after.childrenOf(next[0])) {
        const other = this.#before.childrenOf(next[1]).get(slot);
        if (other !== undefined && (slot !== NEXT || next[0] !== id)) waiting.push([child, other]);
      }
    }
  }

  /** A number for all that are the same with what they hold, and how many blocks that is. */
  #sizes(records: Records): Contents {
    const found = new Map<string, { number: number; size: number }>();
    const numberOf = (text: string) => {
      const number = this.#numbers.get(text) ?? this.#numbers.size + 1;
      this.#numbers.set(text, number);
      return number;
    };
    const visit = (id: string, record: BlockRecord) => {
      let size = 1;
      const slots: string[] = [];
      for (const [slot, first] of records.childrenOf(id)) {
        if (slot === NEXT) continue;
        const row: number[] = [];
        for (let at: string | undefined = first; at !== undefined;) {
          const child = found.get(at);
          row.push(child?.number ?? 0);
          size += child?.size ?? 0;
          at = records.childrenOf(at).get(NEXT);
        }
        slots.push(`${slot}=${row.join()}`);
      }
      const number = numberOf(`${contentOf(record, records)} ${slots.sort().join('|')}`);
      found.set(id, { number, size });
    };
    for (const id of fromTheInside(records)) {
      const record = records.blocks.get(id);
      if (record) visit(id, record);
    }
    return found;
  }

  /** Blocks around what is the same. */
  #aroundTheSame(ids: readonly string[]): void {
    for (const id of ids) {
      if (this.earlier.has(id)) continue;
      for (const [slot, child] of this.#after.childrenOf(id)) {
        const old = this.earlier.get(child);
        const at = old === undefined ? undefined : this.#before.blocks.get(old)?.at;
        if (slot === NEXT || !at || onCanvas(at) || slotOf(at) !== slot) continue;
        if (this.#isOpenTo(id, at[0])) {
          this.#pair(id, at[0]);
          break;
        }
      }
    }
  }

  /** Blocks of one type in the same place of the same block, or of the canvas. */
  #inTheSamePlace(olds: readonly string[], ids: readonly string[]): void {
    const onTop = new Map<string, string>();
    for (const old of olds) {
      const record = this.#before.blocks.get(old);
      if (record && onCanvas(record.at) && !this.later.has(old))
        onTop.set(JSON.stringify([record.t, record.at]), old);
    }
    for (const id of ids) {
      const record = this.#after.blocks.get(id);
      if (!record || this.earlier.has(id)) continue;
      const place = placeBefore(record.at, this);
      if (!place) continue;
      const old = onCanvas(place)
        ? onTop.get(JSON.stringify([record.t, place]))
        : this.#before.childrenOf(place[0]).get(slotOf(place));
      if (old !== undefined && this.#isOpenTo(id, old)) this.#pair(id, old);
    }
  }

  #isOpenTo(id: string, old: string): boolean {
    const type = this.#after.blocks.get(id)?.t;
    return !this.later.has(old) && this.#before.blocks.get(old)?.t === type && type !== COMMENT;
  }
}

/** All blocks, each after everything that hangs on it. */
function fromTheInside(records: Records): string[] {
  const order: string[] = [];
  const waiting = [...records.blocks].filter(([, { at }]) => onCanvas(at)).map(([id]) => id);
  for (let id; (id = waiting.pop()) !== undefined;) {
    order.push(id);
    waiting.push(...records.childrenOf(id).values());
  }
  return order.reverse();
}
