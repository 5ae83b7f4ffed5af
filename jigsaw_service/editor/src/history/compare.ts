/**
 * Comparison of two states of a workspace, block by block.
 *
 * A block is *changed* when what it says by itself differs: fields, mutation, comment, data, and
 * its being collapsed, disabled and the like. It is *moved* when somebody put it elsewhere: into
 * another block or stack, to another place in its own, or, for a whole stack, elsewhere on the
 * canvas. Blocks that only make room, or close a gap, or come along with what they hang on, are not
 * moved.
 */
import { NEXT, onCanvas, same, type At, type BlockRecord, type Records } from '../document/records';
import { REST } from '../xml/ids';
import { matchUp, placeBefore, plainValue, type Match } from './match';

export interface KeyChange {
  key: string;
  /** Undefined where there was, or is, none. */
  before: unknown;
  after: unknown;
}

export interface Differing {
  /** Ids in the two states; it is new, or gone, where one is missing. */
  before?: string;
  after?: string;
  isMoved: boolean;
  changes: readonly KeyChange[];
}

export interface VariableDiffering {
  before?: string;
  after?: string;
}

export interface Comparison {
  match: Match;
  /** By the id that a block has later, or had where it is gone. */
  added: ReadonlySet<string>;
  removed: ReadonlySet<string>;
  /** By the later id. */
  altered: ReadonlyMap<string, Differing>;
  /** Names of variables that came, went, or changed their name. */
  variables: readonly VariableDiffering[];
}

/** Without what a document holds besides the program. */
function programOf(records: Records): Records {
  if (!records.blocks.has(REST)) return records;
  const program = records.copy();
  program.put(REST, undefined);
  return program;
}

export function compare(one: Records, other: Records): Comparison {
  const [before, after] = [programOf(one), programOf(other)];
  const match = matchUp(before, after);
  const stayed = stayedInPlace(before, after, match);
  const altered = new Map<string, Differing>();
  for (const [id, old] of match.earlier) {
    const [record, was] = [after.blocks.get(id), before.blocks.get(old)];
    if (!record || !was) continue;
    const changes = changesOf(was, record, before, after);
    const isMoved = !stayed.has(id) && isElsewhere(was.at, placeBefore(record.at, match));
    if (isMoved || changes.length > 0)
      altered.set(id, { before: old, after: id, isMoved, changes });
  }
  return {
    match,
    added: new Set([...after.blocks.keys()].filter((id) => !match.earlier.has(id))),
    removed: new Set([...before.blocks.keys()].filter((id) => !match.later.has(id))),
    altered,
    variables: variablesOf(before, after, match),
  };
}

/** Files may leave out where a block stands. */
function isElsewhere(was: At, is: At | undefined): boolean {
  if (!is || onCanvas(was) !== onCanvas(is)) return true;
  return !same(was, is) && !(onCanvas(was) && [...was, ...is].includes(null));
}

const ASIDE: ReadonlySet<string> = new Set(['at', 's', 't', 'tag']);

function changesOf(
  was: BlockRecord,
  is: BlockRecord,
  before: Records,
  after: Records,
): KeyChange[] {
  const found: KeyChange[] = [];
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    if (ASIDE.has(key)) continue;
    const [old, now] = [plainValue(key, was[key], before), plainValue(key, is[key], after)];
    // A renamed variable is one difference, not one of each block that uses it.
    if (!same(old, now) && !isRenamed(was[key], is[key], before, after))
      found.push({ key, before: old, after: now });
  }
  return found;
}

function isRenamed(was: unknown, is: unknown, before: Records, after: Records): boolean {
  const idOf = (value: unknown) =>
    typeof value === 'object' && value && 'var' in value ? String(value.var) : undefined;
  const id = idOf(was);
  return id !== undefined && id === idOf(is) && before.vars.has(id) && after.vars.has(id);
}

function variablesOf(before: Records, after: Records, match: Match): VariableDiffering[] {
  const found: VariableDiffering[] = [];
  for (const [id, { name }] of before.vars) {
    const later = match.laterVar.get(id);
    const now = later === undefined ? undefined : after.vars.get(later)?.name;
    if (now === undefined) found.push({ before: name });
    else if (now !== name) found.push({ before: name, after: now });
  }
  for (const [id, { name }] of after.vars)
    if (!match.earlierVar.has(id)) found.push({ after: name });
  return found;
}

/** Blocks below one another, with the first one's place. */
export interface Stack {
  at: At;
  members: string[];
}

export function stacksOf(records: Records): Stack[] {
  const found: Stack[] = [];
  for (const [id, { at }] of records.blocks) {
    if (at.length === 1) continue;
    const members = [id];
    for (let next = records.childrenOf(id).get(NEXT); next !== undefined;) {
      members.push(next);
      next = records.childrenOf(next).get(NEXT);
    }
    found.push({ at, members });
  }
  return found;
}

/** The later ids of blocks in their old stack, in their old order; others may be between. */
function stayedInPlace(before: Records, after: Records, match: Match): Set<string> {
  const stayed = new Set<string>();
  for (const [stack, old] of counterparts(stacksOf(before), stacksOf(after), match)) {
    const places = new Map(old.members.map((id, place) => [id, place]));
    const members = stack.members.filter((id) => places.has(match.earlier.get(id) ?? ''));
    const order = members.map((id) => places.get(match.earlier.get(id) ?? '') ?? 0);
    for (const index of longestRising(order)) stayed.add(members[index] ?? '');
    // A whole stack that was dragged: its first block tells.
    const head = stack.members[0] ?? '';
    if (onCanvas(stack.at) && match.earlier.get(head) === old.members[0]) stayed.delete(head);
  }
  return stayed;
}

/** Each later stack with the earlier one that it is. */
function counterparts(olds: Stack[], stacks: Stack[], match: Match): [Stack, Stack][] {
  const found: [Stack, Stack][] = [];
  const inputs = new Map(
    olds.filter(({ at }) => !onCanvas(at)).map((stack) => [JSON.stringify(stack.at), stack]),
  );
  const stackOf = new Map<string, Stack>();
  for (const old of olds)
    if (onCanvas(old.at)) for (const member of old.members) stackOf.set(member, old);
  const claims: { stack: Stack; old: Stack; weight: number }[] = [];
  for (const stack of stacks) {
    const place = placeBefore(stack.at, match);
    const input = place && inputs.get(JSON.stringify(place));
    if (!onCanvas(stack.at)) {
      if (input) found.push([stack, input]);
      continue;
    }
    for (const [old, shared] of sharing(stack, stackOf, match)) {
      const isHead = match.earlier.get(stack.members[0] ?? '') === old.members[0];
      const hasStayed = isHead && same(stack.at, old.at);
      claims.push({ stack, old, weight: shared + (hasStayed ? 1e6 : 0) });
    }
  }
  const taken = new Set<Stack>();
  for (const { stack, old } of claims.sort((one, other) => other.weight - one.weight)) {
    if (taken.has(stack) || taken.has(old)) continue;
    taken.add(stack).add(old);
    found.push([stack, old]);
  }
  return found;
}

function sharing(stack: Stack, stackOf: Map<string, Stack>, match: Match): Map<Stack, number> {
  const counts = new Map<Stack, number>();
  for (const id of stack.members) {
    const old = stackOf.get(match.earlier.get(id) ?? '');
    if (old) counts.set(old, (counts.get(old) ?? 0) + 1);
  }
  return counts;
}

/** The indices of a longest rising row of numbers. */
export function longestRising(numbers: readonly number[]): number[] {
  const ends: number[] = [];
  const previous: number[] = [];
  numbers.forEach((number, index) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[ends[middle] ?? 0] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? (ends[low - 1] ?? -1) : -1;
    ends[low] = index;
  });
  const row: number[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) row.push(at);
  return row.reverse();
}
