/** The patch that leads from one state of a workspace to another. */
import {
  byId,
  changedKeys,
  onCanvas,
  same,
  type At,
  type BlockRecord,
  type Keys,
  type Patch,
  type Records,
  type Shape,
  type Variable,
} from './records';

/** Patch by which `apply(old, …)` makes `next` of `old`. */
export function difference(old: Records, next: Records): Patch {
  const blocks = byId<Keys | null>();
  const vars = byId<Variable | null>();
  for (const id of old.blocks.keys()) if (!next.blocks.has(id)) blocks[id] = null;
  for (const [id, record] of next.blocks) {
    const before = old.blocks.get(id);
    const keys = before ? changedKeys(before, keepShape(before, record, next, id)) : { ...record };
    if (keys) blocks[id] = keys;
  }
  for (const id of old.vars.keys()) if (!next.vars.has(id)) vars[id] = null;
  for (const [id, variable] of next.vars)
    if (!same(old.vars.get(id), variable)) vars[id] = variable;
  return { blocks, vars };
}

/** A shape outlives a state that knows none, while the mutation is the same and what hangs on the block fits. */
function keepShape(
  before: BlockRecord,
  after: BlockRecord,
  next: Records,
  id: string,
): BlockRecord {
  if (!before.s || after.s || before.t !== after.t || before['m'] !== after['m']) return after;
  return suits(before.s, after.at, next, id) ? { ...after, s: before.s } : after;
}

/** True if a block of this shape can stand where it does and hold what it does. */
function suits(shape: Shape, at: At, next: Records, id: string): boolean {
  if (!onCanvas(at) && !shape.joints.includes(at[2] === 'v' ? 'o' : 'p')) return false;
  return [...next.childrenOf(id).values()].every((child) => {
    const place = next.blocks.get(child)?.at;
    if (place?.length !== 3) return shape.joints.includes('n');
    return shape.in.some(([name, kind]) => name === place[1] && kind === place[2]);
  });
}
