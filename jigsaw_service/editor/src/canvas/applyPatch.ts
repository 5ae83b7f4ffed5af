/**
 * Apply a patch: puts what others did on the canvas. Touches only the blocks that differ, and those
 * no more than needed.
 *
 * Blocks that move are taken off first and joined again at the end, so that no order of changes can make a loop,
 * and nothing is deleted with what stood inside it. A block that cannot show what its record says is made anew,
 * as a placeholder where its type doesn't fit.
 */
import * as Blockly from 'blockly/core';
import {
  COMMENT,
  NEXT,
  onCanvas,
  same,
  slotOf,
  type AtParent,
  type BlockRecord,
  type Keys,
  type Records,
  type Variable,
} from '../document/records';
import { REST } from '../xml/ids';
import { loosensChildren, moveComment, updateBlock, updateComment } from './updateBlock';
import { addShape, Elements, kindOf, removeStubs } from './blockElements';
import { CALLS, callAsDefined } from './functions';
import { asDecided, relax, relaxJoint } from './nesting';
import { originalType, PLACEHOLDER } from '../languages/common/unknownBlock';
import { wrap } from './placeholder';
import { placeOf, type Comment } from './serialize';

/** Change of one block: new values of its keys, or null where it is to go. */
export interface CanvasChange {
  id: string;
  keys: Keys | null;
}

/** The group of events that come of showing; nobody here has done them. */
export const REMOTE = 'remote:';

let shows = 0;

export class CanvasPatch {
  readonly #workspace: Blockly.Workspace;
  readonly #records: Records;
  readonly #knownTypes: ReadonlySet<string>;

  /** Blocks that were made, for the first time or anew. */
  readonly made = new Set<string>();
  readonly #toPlace = new Set<string>();
  readonly #toMake = new Set<string>();
  readonly #elements: Elements;

  constructor(workspace: Blockly.Workspace, records: Records, knownTypes: ReadonlySet<string>) {
    this.#workspace = workspace;
    this.#records = records;
    this.#knownTypes = knownTypes;

    this.#elements = new Elements(records, knownTypes);
  }

  run(changes: readonly CanvasChange[], vars: ReadonlyMap<string, Variable | null>): void {
    const group = Blockly.Events.getGroup();
    const recordUndo = Blockly.Events.getRecordUndo();
    Blockly.Events.setGroup(`${REMOTE}${String(++shows)}`);
    Blockly.Events.setRecordUndo(false);
    try {
      asDecided(() => {
        this.#showAll(changes, vars);
      });
    } finally {
      Blockly.Events.setRecordUndo(recordUndo);
      Blockly.Events.setGroup(group);
    }
  }

  #showAll(all: readonly CanvasChange[], vars: ReadonlyMap<string, Variable | null>): void {
    const changes = all.filter(({ id }) => id !== REST);
    for (const [id, variable] of vars) if (variable) this.#showVariable(id, variable);
    for (const { id, keys } of changes) if (!keys || 'at' in keys) this.#takeOff(id);
    for (const { id, keys } of changes) if (!keys) this.#remove(id);
    for (const { id, keys } of this.#callsLast(changes)) if (keys) this.#alter(id, keys);
    this.#make();
    this.#placeAll();
    callAsDefined(this.#workspace);
    for (const [id, variable] of vars) if (!variable) this.#removeVariable(id);
  }

  #block(id: string): Blockly.Block | null {
    return this.#workspace.getBlockById(id);
  }

  #comment(id: string): Comment | null {
    return this.#workspace.getCommentById(id);
  }

  // ---- Variables

  #showVariable(id: string, { name, type }: Variable): void {
    const map = this.#workspace.getVariableMap();
    this.#clearName(id, name, type);
    const variable = map.getVariableById(id);
    if (!variable) map.createVariable(name, type, id);
    else if (variable.getName() !== name) map.renameVariable(variable, name);
  }

  /** Another variable that has the name, for now, makes room: Blockly would make one of the two. */
  #clearName(id: string, name: string, type: string): void {
    const map = this.#workspace.getVariableMap();
    const holder = map.getVariable(name, type);
    if (!holder || holder.getId() === id) return;
    const wanted = this.#records.vars.get(holder.getId())?.name;
    let free = wanted ?? name;
    for (let n = 2; free === name || map.getVariable(free, type); n++) free = `${name}${String(n)}`;
    map.renameVariable(holder, free);
  }

  /** Blockly would delete the blocks that use it; if there are any here, they say so themselves. */
  #removeVariable(id: string): void {
    const map = this.#workspace.getVariableMap();
    const variable = map.getVariableById(id);
    if (!variable || Blockly.Variables.getVariableUsesById(this.#workspace, id).length > 0) return;
    map.deleteVariable(variable);
  }

  // ---- Taking off and removing

  #takeOff(id: string): void {
    const block = this.#block(id);
    const parent = block?.getParent();
    if (!block || !parent) return;
    block.unplug(false);
    // Perhaps it was only this child that its type could not hold.
    if (parent.type === PLACEHOLDER && this.#knownTypes.has(originalType(parent)))
      this.#toMake.add(parent.id);
  }

  #remove(id: string): void {
    this.#toMake.delete(id);
    this.#comment(id)?.dispose();
    const block = this.#block(id);
    if (!block) return;
    this.#rescueChildren(block);
    block.dispose(false);
  }

  #rescueChildren(block: Blockly.Block): void {
    // A copy, as Blockly's own list shrinks under our hands.
    for (const child of [...block.getChildren(false)]) if (!child.isShadow()) this.#rescue(child);
  }

  /** Keeps a child of a block that goes: it is to go itself, or has its place elsewhere. */
  #rescue(child: Blockly.Block): void {
    child.unplug(false);
    this.#toPlace.add(child.id);
  }

  // ---- Altering

  /** Changes of calls last: a definition alters its calls, which others may have changed since. */
  #callsLast(changes: readonly CanvasChange[]): CanvasChange[] {
    const isCall = ({ id }: CanvasChange) => CALLS.includes(this.#block(id)?.type ?? '');
    return [...changes.filter((change) => !isCall(change)), ...changes.filter(isCall)];
  }

  #alter(id: string, keys: Keys): void {
    const comment = this.#comment(id);
    const record = this.#records.blocks.get(id);
    if (comment) {
      if (record?.t === COMMENT) updateComment(comment, record, keys);
      return;
    }
    this.#toPlace.add(id);
    const block = this.#block(id);
    if (!block || !updateBlock(block, keys, this.#elements)) this.#toMake.add(id);
    else if (Object.keys(keys).some(loosensChildren)) this.#placeChildren(id);
  }

  // ---- Making

  #make(): void {
    if (this.#toMake.size === 0) return;
    const ids = [...this.#toMake].filter((id) => this.#records.blocks.has(id));
    this.#toMake.clear();
    const root = this.#elements.blocks(ids);
    for (const id of ids) this.#remake(id, root);
  }

  #remake(id: string, root: Element): void {
    const found = [...root.children].find((child) => child.id === id);
    const record = this.#records.blocks.get(id);
    if (!found || !record) return;
    if (record.t === COMMENT) {
      const comment = Blockly.Xml.loadWorkspaceComment(found, this.#workspace);
      moveComment(comment, record.at);
      this.made.add(id);
      return;
    }
    const before = this.#block(id);
    const position = before?.getRelativeToSurfaceXY();
    if (before) {
      before.unplug(false);
      this.#rescueChildren(before);
      before.dispose(false);
    }
    const block = this.#create(found, record);
    if (!block) return;
    this.made.add(id);
    this.#toPlace.add(id);
    this.#placeChildren(id);
    const { x, y } = position ?? { x: this.#sideways(10), y: 10 };
    block.moveBy(x, y);
  }

  /** Nothing where not even a placeholder can be made: Blockly refuses some ids. */
  #create(element: Element, record: BlockRecord): Blockly.Block | undefined {
    addShape(element, record);
    removeStubs(element);
    const spare = element.cloneNode(true) as Element;
    try {
      const block = Blockly.Xml.domToBlock(element, this.#workspace);
      relax(block);
      return block;
    } catch {
      // A block that was tried out and fits may still throw here; as a placeholder it hardly can.
      this.#block(element.id)?.dispose(false);
      return this.#createPlaceholder(spare, record);
    }
  }

  #createPlaceholder(element: Element, record: BlockRecord): Blockly.Block | undefined {
    const root = Blockly.utils.xml.createElement('xml');
    root.append(element);
    const placeholder = wrap(element, kindOf(record) ?? 'statement');
    addShape(placeholder, record);
    try {
      return Blockly.Xml.domToBlock(placeholder, this.#workspace);
    } catch {
      return undefined;
    }
  }

  // ---- Placing

  #placeAll(): void {
    // Each block is made anew at most once for its own sake and once for each that should join it.
    for (let left = 8 + 4 * this.#toPlace.size; this.#toPlace.size > 0 && left > 0; left--) {
      const ids = [...this.#toPlace];
      this.#toPlace.clear();
      for (const id of ids) this.#place(id);
      this.#make();
    }
  }

  #placeChildren(id: string): void {
    for (const child of this.#records.childrenOf(id).values()) this.#toPlace.add(child);
  }

  #place(id: string): void {
    const block = this.#block(id);
    const record = this.#records.blocks.get(id);
    if (!block || !record || block.isShadow()) return;
    if (onCanvas(record.at)) this.#placeOnCanvas(block, record.at);
    else this.#join(block, record.at);
  }

  #placeOnCanvas(block: Blockly.Block, [x, y]: [number | null, number | null]): void {
    if (block.getParent()) block.unplug(false);
    const [nowX, nowY] = placeOf(block) as [number, number];
    if ((x ?? nowX) === nowX && (y ?? nowY) === nowY) return;
    const now = block.getRelativeToSurfaceXY();
    block.moveBy((x === null ? now.x : this.#sideways(x)) - now.x, (y ?? now.y) - now.y);
  }

  #sideways(x: number): number {
    return this.#workspace.RTL ? -x : x;
  }

  #join(block: Blockly.Block, at: AtParent): void {
    const parent = this.#block(at[0]);
    if (!parent) return;
    const joint = at[2] === 'v' ? block.outputConnection : block.previousConnection;
    const holder = connectionAt(parent, at);
    if (!joint || !holder) {
      this.#makeAnew(joint ? parent.id : block.id, block.id);
      return;
    }
    if (joint.targetConnection === holder) return;
    if (joint.targetConnection) block.unplug(false);
    this.#breakLoop(block, parent);
    const other = holder.targetBlock();
    if (other && !other.isShadow()) this.#rescue(other);
    if (!connects(holder, joint)) this.#makeAnew(parent.id, block.id);
    else relaxJoint(block);
  }

  /**
   * The person may have just hung the parent on this very block, and Blockly not yet have told of
   * it. Which came first has been decided: what hangs otherwise than the records say, goes back.
   */
  #breakLoop(block: Blockly.Block, parent: Blockly.Block): void {
    const above: Blockly.Block[] = [];
    for (let up: Blockly.Block | null = parent; up && up !== block; up = up.getParent())
      above.push(up);
    if (above.at(-1)?.getParent() !== block) return;
    for (const up of above) {
      const at = this.#records.blocks.get(up.id)?.at;
      if (!at || !same(placeOf(up), at)) this.#rescue(up);
    }
  }

  #makeAnew(id: string, child: string): void {
    if (this.#anew.has(id)) return;
    this.#anew.add(id);
    this.#toMake.add(id);
    this.#toPlace.add(child);
  }
  readonly #anew = new Set<string>();
}

function connects(holder: Blockly.Connection, joint: Blockly.Connection): boolean {
  try {
    return holder.connect(joint);
  } catch {
    return false;
  }
}

function connectionAt(parent: Blockly.Block, at: AtParent): Blockly.Connection | null | undefined {
  if (slotOf(at) === NEXT) return parent.nextConnection;
  const connection = parent.getInput(at[1] ?? '')?.connection;
  const { INPUT_VALUE } = Blockly.ConnectionType;
  return (connection?.type === INPUT_VALUE) === (at[2] === 'v') ? connection : undefined;
}
