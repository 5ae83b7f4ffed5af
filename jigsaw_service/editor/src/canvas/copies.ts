/**
 * Copies of blocks, with what their originals have beside what Blockly knows: parts of other apps, spellings.
 *
 * Blockly copies what it shows. So what is copied remembers the record of each block in it, which may be gone when it is
 * pasted, and what was pasted knows whose copy it is until its own record is made.
 */
import * as Blockly from 'blockly/core';
import { same, type BlockRecord, type Keys } from '../document/records';
import { meaning, withExtras } from './serialize';

/** State of one block on which canvas and records agree. */
export interface Agreed {
  /** The record that the canvas shows. */
  record: BlockRecord;
  /** Keys that Blockly writes for it. */
  written: Keys;
}

type State = Blockly.serialization.blocks.State;
type Look = (id: string) => Agreed | undefined;

const looks = new WeakMap<Blockly.Workspace, Look>();
const remembered = new WeakMap<State, Agreed>();
const originals = new WeakMap<Blockly.Block, Agreed>();

/** Lets copies of blocks on a workspace remember what `look` knows of them. */
export function rememberCopies(workspace: Blockly.Workspace, look: Look): void {
  looks.set(workspace, look);
}

/** Keys of a new block; a copy's are spelled as its original's. */
export function asCopied(block: Blockly.Block, now: Keys): Keys {
  const original = originals.get(block);
  originals.delete(block);
  return original ? likeOriginal(now, original) : now;
}

/** Keys of a copy: those that say the same as the original's are spelled as there. */
function likeOriginal(now: Keys, { record, written }: Agreed): Keys {
  const keys: Keys = { ...now };
  for (const [key, value] of Object.entries(record)) {
    if (/^(t|at|s|tag)$/.test(key)) continue;
    if (key === 'm' && typeof now[key] === 'string')
      keys[key] = withExtras(now[key], value, written[key]);
    else if (same(meaning(key, now[key]), meaning(key, written[key])))
      keys[key] = meaning(key, value);
  }
  return keys;
}

/** Blocks and their states, of which the one was made of the other. */
function* pairs(top: Blockly.Block, state: State): Generator<[Blockly.Block, State]> {
  const waiting: [Blockly.Block | null | undefined, State | undefined][] = [[top, state]];
  for (let next; (next = waiting.pop());) {
    const [block, saved] = next;
    if (!block || !saved) continue;
    yield [block, saved];
    waiting.push([block.getNextBlock(), saved.next?.block]);
    for (const { name, connection } of block.inputList)
      waiting.push([connection?.targetBlock(), saved.inputs?.[name]?.block]);
  }
}

class RememberingPaster extends Blockly.clipboard.BlockPaster {
  override paste(
    ...given: Parameters<Blockly.clipboard.BlockPaster['paste']>
  ): Blockly.BlockSvg | null {
    const block = super.paste(...given);
    if (block) recall(block, given[0].blockState);
    return block;
  }
}

/** Remembers what is known of a block and of those in it, under its state. */
export function remember(block: Blockly.Block, state: State): void {
  const look = looks.get(block.workspace);
  for (const [one, saved] of pairs(block, state)) {
    const agreed = look?.(one.id);
    if (agreed) remembered.set(saved, agreed);
  }
}

/** Tells a block that was made of a state, and those in it, whose copies they are. */
export function recall(block: Blockly.Block, state: State): void {
  for (const [one, saved] of pairs(block, state)) {
    const agreed = remembered.get(saved);
    if (agreed) originals.set(one, agreed);
  }
}

/** Once for the page. */
export function installCopies(): void {
  const { prototype } = Blockly.BlockSvg;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the block below
  const { toCopyData } = prototype;
  prototype.toCopyData = function (addNextBlocks) {
    const copied = toCopyData.call(this, addNextBlocks);
    if (copied) remember(this, copied.blockState);
    return copied;
  };
  const { registry, BlockPaster } = Blockly.clipboard;
  registry.unregister(BlockPaster.TYPE);
  registry.register(BlockPaster.TYPE, new RememberingPaster());
}
