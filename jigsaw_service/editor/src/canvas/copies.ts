/**
 * Copies of blocks, with what their originals have beside what Blockly knows: parts of other apps, spellings.
 *
 * Blockly copies what it shows. So the state of what is copied, or lies in the trash, says of each block in it what its
 * record had besides, as the record may be gone when it is pasted; and what was pasted knows whose copy it is until its own
 * record is made.
 */
import * as Blockly from 'blockly/core';
import { same, type BlockRecord, type Keys } from '../document/records';
import { withExtras } from './extras';
import { meaning, type Comment } from './serialize';

/** State of one block on which canvas and records agree. */
export interface Agreed {
  /** The record that the canvas shows. */
  record: BlockRecord;
  /** Keys that Blockly writes for it. */
  written: Keys;
}

/** What a copy needs of that: without place, type and shape. */
interface Original {
  record: Keys;
  written: Keys;
}

type State = Blockly.serialization.blocks.State & { original?: Original };
type CommentState = Blockly.serialization.workspaceComments.State & { original?: Original };
type CommentCopy = Blockly.ICopyData & { commentState: CommentState };
type Look = (id: string) => Agreed | undefined;

const COMMENT_PASTER = 'workspace-comment';

const looks = new WeakMap<Blockly.Workspace, Look>();
const originals = new WeakMap<Blockly.Block | Comment, Original>();

/** Lets copies of blocks on a workspace remember what `look` knows of them. */
export function rememberCopies(workspace: Blockly.Workspace, look: Look): void {
  looks.set(workspace, look);
}

/** The original that a copy needs to know; none if Blockly's own copy says the same. */
function originalOf(item: Blockly.Block | Comment): Original | undefined {
  const agreed = looks.get(item.workspace)?.(item.id);
  if (!agreed) return undefined;
  const [record, written] = [agreed.record, agreed.written].map((keys) =>
    Object.fromEntries(
      Object.entries(keys)
        .filter(([key]) => !/^(t|at|s|tag)$/.test(key))
        .map(([key, value]) => [key, meaning(key, value)]),
    ),
  ) as [Keys, Keys];
  return same(record, written) ? undefined : { record, written };
}

/** Keys of a new block; a copy's are spelled as its original's. */
export function asCopied(block: Blockly.Block | Comment, now: Keys): Keys {
  const original = originals.get(block);
  originals.delete(block);
  return original ? likeOriginal(now, original) : now;
}

/** Keys of a copy: those that say the same as the original's are spelled as there. */
function likeOriginal(now: Keys, { record, written }: Original): Keys {
  const keys: Keys = { ...now };
  for (const [key, value] of Object.entries(record)) {
    const isMutation = key === 'm' && typeof now[key] === 'string';
    if (!isMutation && same(meaning(key, now[key]), meaning(key, written[key])))
      keys[key] = meaning(key, value);
    else if (now[key] !== undefined) keys[key] = withExtras(key, now[key], value, written[key]);
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

/** Notes in a state what is known of its block, and of those in it. */
export function remember(block: Blockly.Block, state: Blockly.serialization.blocks.State): void {
  for (const [one, saved] of pairs(block, state)) {
    const original = originalOf(one);
    if (original) saved.original = original;
  }
}

/** Tells a block that was made of a state, and those in it, whose copies they are. */
export function recall(block: Blockly.Block, state: Blockly.serialization.blocks.State): void {
  for (const [one, { original }] of pairs(block, state)) if (original) originals.set(one, original);
}

class BlockPaster extends Blockly.clipboard.BlockPaster {
  override paste(
    ...given: Parameters<Blockly.clipboard.BlockPaster['paste']>
  ): Blockly.BlockSvg | null {
    const block = super.paste(...given);
    if (block) recall(block, given[0].blockState);
    return block;
  }
}

/** A deletion, of which the trash keeps the state. */
class BlockDelete extends Blockly.Events.BlockDelete {
  constructor(block?: Blockly.Block) {
    super(block);
    if (block && this.oldJson) remember(block, this.oldJson);
  }
}

/** The trash, too, shows its blocks in a flyout. */
class FlyoutInflater extends Blockly.BlockFlyoutInflater {
  override createBlock(
    ...given: Parameters<Blockly.BlockFlyoutInflater['createBlock']>
  ): Blockly.BlockSvg {
    const block = super.createBlock(...given);
    const [{ type = block.type, ...state }] = given;
    recall(block, { type, ...(state as object) });
    return block;
  }
}

/** Blocks pulled out of a flyout are copies of those that stay in it. */
function inherit(copy: Blockly.Block, original: Blockly.Block): void {
  const [copies, blocks] = [copy, original].map((block) => block.getDescendants(true));
  copies?.forEach((one, i) => {
    const known = blocks?.[i] && originals.get(blocks[i]);
    if (known) originals.set(one, known);
  });
}

/** Its own, by the name that its subclasses know. */
interface DragStrategy {
  block: Blockly.BlockSvg;
  getTargetBlock(): Blockly.BlockSvg;
}

function rememberPulled(): void {
  const prototype = Blockly.dragging.BlockDragStrategy.prototype as unknown as DragStrategy;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the strategy below
  const { getTargetBlock } = prototype;
  prototype.getTargetBlock = function () {
    const target = getTargetBlock.call(this);
    if (target.workspace !== this.block.workspace) inherit(target, this.block.getRootBlock());
    return target;
  };
}

function rememberCopied(): void {
  const { prototype } = Blockly.BlockSvg;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the block below
  const { toCopyData } = prototype;
  prototype.toCopyData = function (addNextBlocks) {
    const copied = toCopyData.call(this, addNextBlocks);
    if (copied) remember(this, copied.blockState);
    return copied;
  };
  const { registry } = Blockly.clipboard;
  registry.unregister(BlockPaster.TYPE);
  registry.register(BlockPaster.TYPE, new BlockPaster());
}

/** Comments on the canvas are copied by a paster that Blockly keeps to itself. */
function rememberCopiedComments(): void {
  const { prototype } = Blockly.comments.RenderedWorkspaceComment;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the comment below
  const { toCopyData } = prototype;
  prototype.toCopyData = function () {
    const copied = toCopyData.call(this);
    const original = originalOf(this);
    if (copied && original) (copied.commentState as CommentState).original = original;
    return copied;
  };
  type Paster = Blockly.IPaster<CommentCopy, Blockly.comments.RenderedWorkspaceComment>;
  const { Type, getObject } = Blockly.registry;
  const paster = getObject(Type.PASTER, COMMENT_PASTER) as unknown as Paster;
  const paste = paster.paste.bind(paster);
  paster.paste = (...given) => {
    const comment = paste(...given);
    const { original } = given[0].commentState;
    if (comment && original) originals.set(comment, original);
    return comment;
  };
}

/** Once for the page. */
export function installCopies(): void {
  rememberCopied();
  rememberCopiedComments();
  rememberPulled();
  const { Type, register } = Blockly.registry;
  register(Type.EVENT, Blockly.Events.BLOCK_DELETE, BlockDelete, true);
  register(Type.FLYOUT_INFLATER, 'block', FlyoutInflater, true);
}
