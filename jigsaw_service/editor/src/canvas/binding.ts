/**
 * Binds the blocks on a workspace to their records, both ways.
 *
 * Blockly's events only say which blocks to look at. What a person did is the difference between what Blockly
 * *wrote* for a block when canvas and records last agreed and what it writes now, key by key: so keys that nobody
 * touched are never sent, however a file may have spelled them.
 */
import * as Blockly from 'blockly/core';
import { onCanvas, same, type At, type BlockRecord, type Keys } from '../document/records';
import type { Operation } from '../document/reducer';
import type { Batch, Replica, Touched } from '../document/replica';
import { rememberCopies, type Agreed } from './copies';
import { CanvasDiff } from './diffToOperations';
import { hear } from './listener';
import { REMOTE, CanvasPatch, type CanvasChange } from './applyPatch';
import { placeOf, writeBlock, writeComment, type Comment } from './serialize';

/** Milliseconds between two looks at what is being typed. */
const TYPING = 250;

/** Milliseconds after which changes that had to wait are tried again. */
const AGAIN = 100;

export interface BindingParts {
  workspace: Blockly.Workspace;
  replica: Replica;
  knownTypes: ReadonlySet<string>;
  /** True if the person may change what is here. */
  mayEdit: () => boolean;
  /** Hears of what the person did; batches of one group belong together. */
  edited: (batch: Batch, group: string) => void;
  /** Hears of text that was being typed into a block which somebody deleted. */
  interrupted: (text: string) => void;
}

export class Binding {
  readonly #parts: BindingParts;

  readonly #agreed = new Map<string, Agreed>();
  /** Blocks that a placeholder keeps closed: in the records, not on the canvas. */
  readonly #hidden = new Map<string, BlockRecord>();
  readonly #variables = new Map<string, string>();
  readonly #dirty = new Set<string>();
  /** Blocks that changed because of what others did. */
  readonly #aside = new Set<string>();
  readonly #dirtyVariables = new Set<string>();
  /** Variables that blocks here use or made, and that others may not know. */
  readonly #orphans = new Set<string>();
  /** Ids that the records may show otherwise than the canvas. */
  readonly #waiting = new Set<string>();
  readonly #waitingVariables = new Set<string>();
  /** Corrections that were sent already, lest two browsers correct each other for ever. */
  readonly #corrected = new Map<string, string>();
  #group = '';
  /** Block and name of the field that is typed into; undefined once it is left. */
  #typedInto: string | undefined;
  /** The group that Blockly gives what is typed there. */
  #typedIn = '';
  #typing = 0;
  #busy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #queued = false;
  readonly #silence: () => void;

  constructor(parts: BindingParts) {
    this.#parts = parts;

    this.#silence = hear(parts.workspace, this.#listen);
    rememberCopies(parts.workspace, (id) => this.#agreed.get(id));
    parts.replica.onTouched = (touched) => {
      this.#touched(touched);
    };
    this.#agree();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#silence();
    this.#parts.replica.onTouched = undefined;
  }

  get #workspace(): Blockly.Workspace {
    return this.#parts.workspace;
  }

  get #records() {
    return this.#parts.replica.records;
  }

  /** Takes what stands there as what the records say. */
  #agree(): void {
    const workspace = this.#workspace;
    const records = this.#records;
    const known = (id: string, written: Keys) => {
      const record = records.blocks.get(id);
      if (record) this.#agreed.set(id, { record, written });
    };
    for (const block of workspace.getAllBlocks(false))
      if (!block.isShadow()) known(block.id, writeBlock(block));
    for (const comment of workspace.getTopComments()) known(comment.id, writeComment(comment));
    for (const [id, record] of records.blocks)
      if (!this.#agreed.has(id)) this.#hidden.set(id, record);
    for (const variable of workspace.getVariableMap().getAllVariables())
      this.#variables.set(variable.getId(), variable.getName());
  }

  // ---- Hearing

  readonly #listen = (event: Blockly.Events.Abstract) => {
    if (event.isUiEvent || event.type === (Blockly.Events.FINISHED_LOADING as string)) {
      if (this.#waiting.size > 0) this.#soon();
      return;
    }
    const isRemote = event.group.startsWith(REMOTE);
    if (isRemote && isBump(event)) {
      this.#follow(event.blockId);
      return;
    }
    const ids = isRemote ? this.#aside : this.#dirty;
    for (const id of idsOf(event)) ids.add(id);
    if (event instanceof Blockly.Events.VarBase && event.varId) {
      if (!isRemote) this.#dirtyVariables.add(event.varId);
      else if (event instanceof Blockly.Events.VarCreate) this.#orphans.add(event.varId);
      if (event instanceof Blockly.Events.VarRename) this.#markUses(event.varId, ids);
    }
    if (!isRemote) this.#heard(event);
    if (event instanceof Blockly.Events.BlockFieldIntermediateChange) this.#later(TYPING);
    else this.#soon();
  };

  /** A block was bumped because of what others did: here it stands elsewhere, and that is all. */
  #follow(id: string | undefined): void {
    const block = id === undefined ? null : this.#workspace.getBlockById(id);
    const agreed = block && this.#agreed.get(block.id);
    if (agreed && !block.getParent() && onCanvas(agreed.written['at'] as At))
      agreed.written['at'] = placeOf(block);
  }

  /** Groups events: typing into one field until it is left, and what comes of it, is one change. */
  #heard(event: Blockly.Events.Abstract): void {
    // A block that was let go is bumped a while later: that is still the same thing done.
    if (isBump(event)) return;
    if (event instanceof Blockly.Events.BlockFieldIntermediateChange) {
      this.#typedInto = `${event.blockId ?? ''} ${event.name ?? ''}`;
      this.#typedIn = event.group;
      this.#group = `typing ${this.#typedInto} ${String(this.#typing)}`;
      return;
    }
    const isField = event instanceof Blockly.Events.BlockChange && event.element === 'field';
    const isLeft = isField && `${event.blockId ?? ''} ${event.name ?? ''}` === this.#typedInto;
    const isSameGroup = event.group === '' || event.group === this.#typedIn;
    const comesOfIt = this.#typedInto !== undefined && isSameGroup && (isLeft || !isField);
    if (!comesOfIt) this.#group = event.group;
    if (isLeft || !comesOfIt) this.#typedInto = undefined;
    if (isField) this.#typing++;
  }

  /** Renaming a variable changes mutations without an event of theirs. */
  #markUses(id: string, ids: Set<string>): void {
    for (const block of this.#workspace.getAllBlocks(false))
      if (block.getVarModels().some((variable) => variable.getId() === id)) ids.add(block.id);
  }

  #touched({ blocks, vars }: Touched): void {
    for (const id of blocks) this.#waiting.add(id);
    for (const id of vars) this.#waitingVariables.add(id);
    this.settle();
  }

  #soon(): void {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.settle();
    });
  }

  #later(milliseconds: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.settle();
    }, milliseconds);
  }

  // ---- Settling

  /** Tells what the person did, and shows what others did. */
  settle(): void {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const dragged = this.#dragged();
      for (let round = 0; round < 8; round++) {
        if (dragged.size === 0) this.#tell();
        if (!this.#show(dragged)) break;
      }
    } finally {
      this.#busy = false;
    }
    if (this.#waiting.size > 0) this.#later(AGAIN);
  }

  /** The same for every block, even if Blockly hasn't yet told of it. */
  settleAll(): void {
    const workspace = this.#workspace;
    const owned = workspace.getAllBlocks(false).filter((block) => !block.isShadow());
    for (const { id } of [...owned, ...workspace.getTopComments()]) this.#dirty.add(id);
    for (const id of this.#agreed.keys()) this.#dirty.add(id);
    for (const variable of workspace.getVariableMap().getAllVariables())
      this.#dirtyVariables.add(variable.getId());
    for (const id of this.#variables.keys()) this.#dirtyVariables.add(id);
    this.settle();
  }

  /** The blocks that are in the person's hand. */
  #dragged(): Set<string> {
    const ids = new Set<string>();
    for (const block of this.#workspace.getTopBlocks(false))
      if (block instanceof Blockly.BlockSvg && block.isDragging())
        for (const member of block.getDescendants(false)) ids.add(member.id);
    for (const comment of this.#workspace.getTopComments())
      if (this.#isInHand(comment)) ids.add(comment.id);
    return ids;
  }

  #isInHand(comment: Comment): boolean {
    const workspace = this.#workspace;
    return (
      workspace instanceof Blockly.WorkspaceSvg &&
      workspace.isDragging() &&
      Blockly.common.getSelected()?.id === comment.id
    );
  }

  // ---- Telling

  /** Makes operations of what differs, and performs them. */
  #tell(): void {
    const ids = new Set([...this.#dirty, ...this.#waiting]);
    const aside = [...this.#aside].filter((id) => !ids.has(id));
    const vars = [...this.#dirtyVariables];
    const group = this.#dirty.size + vars.length > 0 ? this.#group : '';
    this.#dirty.clear();
    this.#aside.clear();
    this.#dirtyVariables.clear();
    const diff = new CanvasDiff(this.#workspace, this.#records, this.#agreed, this.#variables);
    for (const id of this.#ownersOf(ids)) diff.compareBlock(id);
    for (const id of vars) diff.compareVariable(id);
    this.#perform(diff.operations(), diff, group);
    this.#correct(aside);
  }

  #perform(operations: readonly Operation[], diff: CanvasDiff, group: string | null): void {
    if (operations.length === 0) return;
    diff.settle();
    for (const id of diff.blocks) this.#waiting.add(id);
    for (const id of diff.vars) this.#waitingVariables.add(id);
    // Changes made where nothing may be changed are put back.
    if (!this.#parts.mayEdit()) return;
    const batch = this.#parts.replica.perform(operations);
    if (batch && group !== null) this.#parts.edited(batch, group);
  }

  /**
   * Corrections: what changed here only because of what others did is told as well, or browsers
   * would differ. Nothing is deleted for that, and where a block was bumped to doesn't matter.
   */
  #correct(ids: readonly string[]): void {
    const diff = new CanvasDiff(
      this.#workspace,
      this.#records,
      this.#agreed,
      this.#variables,
      true,
    );
    for (const id of this.#ownersOf(new Set(ids))) diff.compareBlock(id);
    for (const id of diff.missing) this.#waiting.add(id);
    for (const id of this.#orphans) diff.bringBack(id);
    this.#orphans.clear();
    if (!this.#parts.mayEdit()) return;
    const news = diff.operations().filter((operation) => {
      if (operation.op !== 'set' && operation.op !== 'mv') return true;
      const text = JSON.stringify(operation);
      if (this.#corrected.get(operation.id) === text) return false;
      this.#corrected.set(operation.id, text);
      return true;
    });
    this.#perform(news, diff, null);
  }

  /** Shadows belong to the block that they stand in for something in. */
  #ownersOf(ids: ReadonlySet<string>): Set<string> {
    const owners = new Set<string>();
    for (const id of ids) {
      let block = this.#workspace.getBlockById(id);
      while (block?.isShadow()) block = block.getParent();
      owners.add(block?.id ?? id);
    }
    return owners;
  }

  // ---- CanvasPatch

  /** Shows what waits, as far as it may be shown now; whether that was anything. */
  #show(dragged: ReadonlySet<string>): boolean {
    if (this.#waiting.size === 0 && this.#waitingVariables.size === 0) return false;
    const changes = this.#changes(dragged);
    const vars = new Map(
      [...this.#waitingVariables].map((id) => [id, this.#records.vars.get(id) ?? null]),
    );
    this.#waitingVariables.clear();
    if (changes.length === 0 && vars.size === 0) return false;
    this.#interrupt(changes);
    const patch = new CanvasPatch(this.#workspace, this.#records, this.#parts.knownTypes);
    try {
      patch.run(changes, vars);
    } catch (error) {
      // One block that cannot be shown must not keep the person from what else is said and done.
      setTimeout(() => {
        throw error;
      });
    }
    for (const id of vars.keys()) this.#agreeOnVariable(id);
    for (const [id, variable] of vars)
      if (!variable && this.#variables.has(id)) this.#orphans.add(id);
    for (const { id, keys } of changes) this.#agreeOn(id, keys, patch.made.has(id));
    for (const id of patch.made)
      if (!changes.some((change) => change.id === id)) this.#agreeOn(id, {}, true);
    return true;
  }

  #changes(dragged: ReadonlySet<string>): CanvasChange[] {
    const found = new Map<string, Keys | null>();
    for (const id of this.#waiting) {
      const keys = this.#differing(id);
      if (keys === undefined) this.#waiting.delete(id);
      else found.set(id, keys);
    }
    const held = new Set([...found.keys()].filter((id) => this.#mustWait(id, found, dragged)));
    // Blocks that hang on a block that must wait, wait with it.
    for (let size = -1; size !== held.size;) {
      size = held.size;
      for (const [id, keys] of found) {
        const at = keys && this.#records.blocks.get(id)?.at;
        if (at && !onCanvas(at) && held.has(at[0]) && 'at' in keys) held.add(id);
      }
    }
    const changes: CanvasChange[] = [];
    for (const [id, keys] of found) {
      if (held.has(id)) continue;
      this.#waiting.delete(id);
      changes.push({ id, keys });
    }
    return changes;
  }

  /** Keys in which record and canvas differ: undefined if in none, null if the block is gone. */
  #differing(id: string): Keys | null | undefined {
    const shown = this.#agreed.get(id)?.record;
    const record = this.#records.blocks.get(id);
    if (!record) return shown ? null : undefined;
    if (!shown) return same(this.#hidden.get(id), record) ? undefined : { ...record };
    const keys: Keys = {};
    for (const key of new Set([...Object.keys(shown), ...Object.keys(record)]))
      if (!same(shown[key], record[key])) keys[key] = record[key] ?? null;
    return Object.keys(keys).length > 0 ? keys : undefined;
  }

  /** True if a change would take something out of the person's hand. */
  #mustWait(
    id: string,
    found: ReadonlyMap<string, Keys | null>,
    dragged: ReadonlySet<string>,
  ): boolean {
    const keys = found.get(id);
    if (keys && this.#isOpen(id) && Object.keys(keys).some((key) => key !== 'at')) return true;
    if (dragged.size === 0) return false;
    if (dragged.has(id)) return true;
    // It may be what the dragged one is about to join.
    if (!keys || 'm' in keys || 'x' in keys) return this.#agreed.has(id);
    const at = this.#records.blocks.get(id)?.at;
    return 'at' in keys && !!at && !onCanvas(at) && dragged.has(at[0]);
  }

  /** True if the person is typing into the block, or changing its parts. */
  #isOpen(id: string): boolean {
    const block = this.#workspace.getBlockById(id);
    if (!(block instanceof Blockly.BlockSvg)) return false;
    const mutator = block.getIcon(Blockly.icons.IconType.MUTATOR);
    if (mutator?.bubbleIsVisible()) return true;
    return [...block.getFields()].some((field) => isBeingEdited(field));
  }

  /** Tells a person who types into a block that goes away what they had typed. */
  #interrupt(changes: readonly CanvasChange[]): void {
    for (const { id, keys } of changes) {
      if (keys || !this.#isOpen(id)) continue;
      const block = this.#workspace.getBlockById(id);
      const field = [...(block?.getFields() ?? [])].find(isBeingEdited);
      const text = field?.getText() ?? '';
      if (this.#workspace instanceof Blockly.WorkspaceSvg) this.#workspace.hideChaff();
      this.#parts.interrupted(text);
    }
  }

  #agreeOn(id: string, keys: Keys | null, isNew: boolean): void {
    const record = this.#records.blocks.get(id);
    const now = record && this.#write(id);
    if (!now) {
      this.#agreed.delete(id);
      return;
    }
    const before = this.#agreed.get(id);
    if (!before || isNew || !keys) {
      this.#agreed.set(id, { record, written: now });
      return;
    }
    const written = { ...before.written };
    for (const key of Object.keys(keys)) copyKey(written, now, key);
    if ('m' in keys) copyKey(written, now, 's');
    this.#agreed.set(id, { record, written });
  }

  #write(id: string): Keys | undefined {
    const block = this.#workspace.getBlockById(id);
    if (block) return writeBlock(block);
    const comment = this.#workspace.getCommentById(id);
    return comment ? writeComment(comment) : undefined;
  }

  #agreeOnVariable(id: string): void {
    const variable = this.#workspace.getVariableMap().getVariableById(id);
    if (variable) this.#variables.set(id, variable.getName());
    else this.#variables.delete(id);
  }
}

function copyKey(to: Keys, from: Keys, key: string): void {
  if (key in from) to[key] = from[key];
  else Reflect.deleteProperty(to, key);
}

const isBeingEdited = (field: Blockly.Field) =>
  (field as unknown as { isBeingEdited_?: boolean }).isBeingEdited_ === true ||
  Blockly.DropDownDiv.getOwner() === field;

const isBump = (event: Blockly.Events.Abstract): event is Blockly.Events.BlockMove =>
  event instanceof Blockly.Events.BlockMove && (event.reason?.includes('bump') ?? false);

function idsOf(event: Blockly.Events.Abstract): string[] {
  if (event instanceof Blockly.Events.BlockCreate || event instanceof Blockly.Events.BlockDelete)
    return event.ids ?? [];
  if (event instanceof Blockly.Events.BlockBase) return event.blockId ? [event.blockId] : [];
  if (event instanceof Blockly.Events.CommentBase) return event.commentId ? [event.commentId] : [];
  return [];
}
