/** Diff to operations: what a person did to the blocks, worked out from what Blockly writes now. */
import * as Blockly from 'blockly/core';
import { onCanvas, same, type At, type BlockRecord, type Keys } from '../document/records';
import type { Operation } from '../document/reducer';
import type { Replica } from '../document/replica';
import { PLACEHOLDER } from '../languages/common/unknownBlock';
import { asCopied, type Agreed } from './copies';
import { withExtras } from './extras';
import { meaning, writeBlock, writeComment } from './serialize';

/** Looks for what the person did to blocks, and puts it in operations. */
export class CanvasDiff {
  readonly #workspace: Blockly.Workspace;
  readonly #records: Replica['records'];
  readonly #agreed: Map<string, Agreed>;
  readonly #variables: Map<string, string>;
  readonly #correcting: boolean;

  readonly blocks = new Set<string>();
  readonly vars = new Set<string>();
  /** Blocks that aren't on the canvas any more, though nobody here deleted them. */
  readonly missing: string[] = [];
  readonly #sets: Operation[] = [];
  readonly #places: { id: string; at: At; record?: BlockRecord }[] = [];
  readonly #gone: string[] = [];
  readonly #made: Operation[] = [];
  readonly #unmade: Operation[] = [];
  readonly #afterwards: (() => void)[] = [];

  constructor(
    workspace: Blockly.Workspace,
    records: Replica['records'],
    agreed: Map<string, Agreed>,
    variables: Map<string, string>,
    correcting = false,
  ) {
    this.#workspace = workspace;
    this.#records = records;
    this.#agreed = agreed;
    this.#variables = variables;
    this.#correcting = correcting;
  }

  compareBlock(id: string): void {
    const block = this.#workspace.getBlockById(id);
    const comment = this.#workspace.getCommentById(id);
    if (block?.isInsertionMarker() || block?.isShadow()) return;
    const now = block ? writeBlock(block) : comment ? writeComment(comment) : undefined;
    const item = block ?? comment;
    const before = this.#agreed.get(id);
    if (!now) {
      if (before) this.#lookAtMissing(id);
    } else if (before) this.#lookAtChange(id, block, before, now);
    else this.#lookAtNew(id, item ? asCopied(item, now) : now, now);
  }

  #lookAtMissing(id: string): void {
    if (this.#correcting) {
      this.missing.push(id);
      this.#afterwards.push(() => this.#agreed.delete(id));
      this.#agreed.delete(id);
      return;
    }
    this.#gone.push(id);
    this.blocks.add(id);
    this.#afterwards.push(() => this.#agreed.delete(id));
  }

  #lookAtNew(id: string, keys: Keys, written: Keys): void {
    // A second block of an id that others know is not ours to tell of.
    if (this.#records.blocks.has(id)) return;
    const record = keys as BlockRecord;
    this.#places.push({ id, at: record.at, record: this.#withNames(record) });
    this.blocks.add(id);
    this.#rideAlong(record.at);
    this.#afterwards.push(() => this.#agreed.set(id, { record, written }));
  }

  #lookAtChange(
    id: string,
    block: Blockly.Block | null,
    { record, written }: Agreed,
    now: Keys,
  ): void {
    const keys = changed(written, now);
    const at = keys['at'] as At | undefined;
    delete keys['at'];
    const isMoved = at !== undefined && !(this.#correcting && onCanvas(at));
    if (at !== undefined && !isMoved) this.#follow(id, at);
    const isChanged = Object.keys(keys).some((key) => key !== 's');
    if (!isMoved && !isChanged) return;
    this.blocks.add(id);
    if (isMoved) this.#places.push({ id, at });
    if (isMoved) this.#rideAlong(at);
    for (const [key, value] of Object.entries(keys))
      keys[key] = withExtras(key, value, record[key], written[key]);
    if ('m' in keys || (!record.s && hasOneShape(block))) keys['s'] = now['s'];
    if (Object.keys(keys).length > 0)
      this.#sets.push({ op: 'set', id, keys: this.#withNames(keys) });
    const shown = { ...record, ...keys, ...(isMoved ? { at } : {}) } as BlockRecord;
    for (const [key, value] of Object.entries(keys))
      if (value === null) Reflect.deleteProperty(shown, key);
    this.#afterwards.push(() => this.#agreed.set(id, { record: shown, written: now }));
  }

  /** A block was bumped because of what others did: here it stands elsewhere, and that is all. */
  #follow(id: string, at: At): void {
    const agreed = this.#agreed.get(id);
    if (agreed && onCanvas(agreed.written['at'] as At)) agreed.written['at'] = at;
  }

  /** The first to hang something on a block tells its shape, which XML doesn't. */
  #rideAlong(at: At): void {
    if (onCanvas(at)) return;
    const parent = this.#workspace.getBlockById(at[0]);
    const agreed = this.#agreed.get(at[0]);
    if (!parent || !agreed || agreed.record.s || !hasOneShape(parent)) return;
    if (this.#sets.some((operation) => operation.op === 'set' && operation.id === at[0])) return;
    const { s } = writeBlock(parent) as BlockRecord;
    this.#sets.push({ op: 'set', id: at[0], keys: { s } });
    this.blocks.add(at[0]);
  }

  /** A field says the name of its variable, which may be new to others or be deleted meanwhile. */
  #withNames<T extends Keys>(keys: T): T {
    const named: Keys = { ...keys };
    for (const [key, value] of Object.entries(keys)) {
      const id = key.startsWith('f:') && (value as { var?: string } | null)?.var;
      const variable = id && this.#workspace.getVariableMap().getVariableById(id);
      if (variable)
        named[key] = { ...(value as object), name: variable.getName(), type: variable.getType() };
    }
    return named as T;
  }

  compareVariable(id: string): void {
    const variable = this.#workspace.getVariableMap().getVariableById(id);
    const name = variable?.getName();
    if (name === this.#variables.get(id)) return;
    if (variable && name !== undefined) {
      this.#made.push({ op: 'var', id, name, type: variable.getType() });
      if (!this.#records.vars.has(id)) this.#tellUses(id);
      this.#afterwards.push(() => this.#variables.set(id, name));
    } else {
      if (this.#records.vars.has(id)) this.#unmade.push({ op: 'vdel', id });
      this.#afterwards.push(() => this.#variables.delete(id));
    }
    this.vars.add(id);
  }

  bringBack(id: string): void {
    const variable = this.#workspace.getVariableMap().getVariableById(id);
    if (!variable || this.#records.vars.has(id)) return;
    this.#made.push({ op: 'var', id, name: variable.getName(), type: variable.getType() });
    this.vars.add(id);
  }

  /** Old files name a variable in its field; once it has another name, the field must refer to it. */
  #tellUses(id: string): void {
    for (const block of Blockly.Variables.getVariableUsesById(this.#workspace, id))
      for (const field of block.getFields())
        if (field instanceof Blockly.FieldVariable && field.getValue() === id) {
          const keys = { [`f:${field.name ?? ''}`]: { var: id } };
          if (!this.#agreed.has(block.id)) continue;
          this.#sets.push({ op: 'set', id: block.id, keys: this.#withNames(keys) });
          this.blocks.add(block.id);
        }
  }

  /** In an order in which each finds its place: from the top down, and what goes last. */
  operations(): Operation[] {
    const depths = new Map(this.#places.map(({ id }) => [id, this.#depth(id)]));
    const places = [...this.#places]
      .sort((a, b) => (depths.get(a.id) ?? 0) - (depths.get(b.id) ?? 0))
      .map(({ id, at, record }): Operation =>
        record ? { op: 'new', id, record: { ...record, at } } : { op: 'mv', id, at },
      );
    const gone: Operation[] = this.#gone.length > 0 ? [{ op: 'del', ids: this.#gone }] : [];
    return [...this.#renamed(), ...this.#made, ...this.#sets, ...places, ...gone, ...this.#unmade];
  }

  /** Variables that pass a name on give it up first, or the other one would get it with a number. */
  #renamed(): Operation[] {
    const names = new Set(this.#made.map((operation) => 'name' in operation && operation.name));
    return this.#made.flatMap((operation): Operation[] => {
      if (operation.op !== 'var') return [];
      const before = this.#records.vars.get(operation.id);
      if (!before || !names.has(before.name) || before.name === operation.name) return [];
      return [{ ...operation, name: `${before.name} ${operation.id}` }];
    });
  }

  #depth(id: string): number {
    let levels = 0;
    for (let block = this.#workspace.getBlockById(id); block; block = block.getParent()) levels++;
    return levels;
  }

  /** From now on this is what canvas and records agree on. */
  settle(): void {
    for (const work of this.#afterwards) work();
  }
}

/**
 * True if all blocks of its type look alike. The shape of one that doesn't goes only with its
 * mutation: alone, it might belong to one that somebody has just changed.
 */
function hasOneShape(block: Blockly.Block | null): boolean {
  return block !== null && block.type !== PLACEHOLDER && !block.mutationToDom;
}

/** The keys that Blockly writes otherwise now; null for those it writes no more. */
function changed(before: Keys, now: Keys): Keys {
  const keys: Keys = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)]))
    if (!same(meaning(key, before[key]), meaning(key, now[key]))) keys[key] = now[key] ?? null;
  return keys;
}
