/** The patch that leads from one state of a workspace to another. */
import {
  byId,
  changedKeys,
  same,
  type BlockRecord,
  type Keys,
  type Patch,
  type Records,
  type Variable,
} from './records';

/** What `apply(old, …)` needs to make it `next`. A shape outlives a state that knows none, unless the mutation changed. */
export function difference(old: Records, next: Records): Patch {
  const blocks = byId<Keys | null>();
  const vars = byId<Variable | null>();
  for (const id of old.blocks.keys()) if (!next.blocks.has(id)) blocks[id] = null;
  for (const [id, record] of next.blocks) {
    const before = old.blocks.get(id);
    const keys = before ? changedKeys(before, keepShape(before, record)) : { ...record };
    if (keys) blocks[id] = keys;
  }
  for (const id of old.vars.keys()) if (!next.vars.has(id)) vars[id] = null;
  for (const [id, variable] of next.vars)
    if (!same(old.vars.get(id), variable)) vars[id] = variable;
  return { blocks, vars };
}

function keepShape(before: BlockRecord, after: BlockRecord): BlockRecord {
  const keep = before.s && !after.s && before['m'] === after['m'] && before.t === after.t;
  return keep ? { ...after, s: before.s } : after;
}
