/**
 * Puts what others did on the canvas: touches only the blocks that differ, and those no more than needed.
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
  Records,
  same,
  slotOf,
  type At,
  type BlockRecord,
  type Keys,
  type Variable,
} from '../live/records';
import { writeBlock as writeRecord } from '../live/xml';
import { childNamed } from './dom';
import { standIn, STUB, takesField } from './fit';
import { asDecided, relax, relaxJoint } from './nesting';
import { originalType, PLACEHOLDER, wrap, type Kind } from './placeholder';
import { AUTOMATIC_REASONS, parsed, placeOf, type Comment } from './written';

/** What differs for one block: new values of its keys, or null where it is to go. */
export interface Change {
  id: string;
  keys: Keys | null;
}

/** The group of events that come of showing; nobody here has done them. */
export const REMOTE = 'remote:';

let shows = 0;

export class Showing {
  /** Blocks that were made, for the first time or anew. */
  readonly made = new Set<string>();
  private readonly toPlace = new Set<string>();
  private readonly toMake = new Set<string>();

  constructor(
    private readonly workspace: Blockly.Workspace,
    private readonly records: Records,
    private readonly knownTypes: ReadonlySet<string>,
  ) {}

  run(changes: readonly Change[], vars: ReadonlyMap<string, Variable | null>): void {
    const group = Blockly.Events.getGroup();
    const recordUndo = Blockly.Events.getRecordUndo();
    Blockly.Events.setGroup(`${REMOTE}${String(++shows)}`);
    Blockly.Events.setRecordUndo(false);
    try {
      asDecided(() => {
        this.showAll(changes, vars);
      });
    } finally {
      Blockly.Events.setRecordUndo(recordUndo);
      Blockly.Events.setGroup(group);
    }
  }

  private showAll(changes: readonly Change[], vars: ReadonlyMap<string, Variable | null>): void {
    for (const [id, variable] of vars) if (variable) this.showVariable(id, variable);
    for (const { id, keys } of changes) if (!keys || 'at' in keys) this.takeOff(id);
    for (const { id, keys } of changes) if (!keys) this.remove(id);
    for (const { id, keys } of changes) if (keys) this.alter(id, keys);
    this.make();
    this.placeAll();
    for (const [id, variable] of vars) if (!variable) this.removeVariable(id);
  }

  private block(id: string): Blockly.Block | null {
    return this.workspace.getBlockById(id);
  }

  private comment(id: string): Comment | null {
    return this.workspace.getCommentById(id);
  }

  // ---- Variables

  private showVariable(id: string, { name, type }: Variable): void {
    const map = this.workspace.getVariableMap();
    this.clearName(id, name, type);
    const variable = map.getVariableById(id);
    if (!variable) map.createVariable(name, type, id);
    else if (variable.getName() !== name) map.renameVariable(variable, name);
  }

  /** Another variable that has the name, for now, makes room: Blockly would make one of the two. */
  private clearName(id: string, name: string, type: string): void {
    const map = this.workspace.getVariableMap();
    const holder = map.getVariable(name, type);
    if (!holder || holder.getId() === id) return;
    const wanted = this.records.vars.get(holder.getId())?.name;
    let free = wanted ?? name;
    for (let n = 2; free === name || map.getVariable(free, type); n++) free = `${name}${String(n)}`;
    map.renameVariable(holder, free);
  }

  /** Blockly would delete the blocks that use it; if there are any here, they say so themselves. */
  private removeVariable(id: string): void {
    const map = this.workspace.getVariableMap();
    const variable = map.getVariableById(id);
    if (!variable || Blockly.Variables.getVariableUsesById(this.workspace, id).length > 0) return;
    map.deleteVariable(variable);
  }

  // ---- Taking off and removing

  private takeOff(id: string): void {
    const block = this.block(id);
    const parent = block?.getParent();
    if (!block || !parent) return;
    block.unplug(false);
    // Perhaps it was only this child that its type could not hold.
    if (parent.type === PLACEHOLDER && this.knownTypes.has(originalType(parent)))
      this.toMake.add(parent.id);
  }

  private remove(id: string): void {
    this.toMake.delete(id);
    this.comment(id)?.dispose();
    const block = this.block(id);
    if (!block) return;
    this.rescueChildren(block);
    block.dispose(false);
  }

  private rescueChildren(block: Blockly.Block): void {
    // A copy, as Blockly's own list shrinks under our hands.
    for (const child of [...block.getChildren(false)]) if (!child.isShadow()) this.rescue(child);
  }

  /** What hangs on a block that goes is to go itself, or has its place elsewhere. */
  private rescue(child: Blockly.Block): void {
    child.unplug(false);
    this.toPlace.add(child.id);
  }

  // ---- Altering

  private alter(id: string, keys: Keys): void {
    const comment = this.comment(id);
    if (comment) {
      if (this.records.blocks.get(id)?.t !== COMMENT) return;
      this.alterComment(comment, keys);
      return;
    }
    this.toPlace.add(id);
    const block = this.block(id);
    if (!block) this.toMake.add(id);
    else if (!this.alterBlock(block, keys)) this.toMake.add(id);
  }

  private alterComment(comment: Comment, keys: Keys): void {
    const record = this.records.blocks.get(comment.id);
    if (!record) return;
    const number = (key: string) => Number.parseInt(String(record[key]), 10);
    if ('d' in keys) comment.setText(typeof record['d'] === 'string' ? record['d'] : '');
    const [width, height] = [number('a:w'), number('a:h')];
    if (('a:w' in keys || 'a:h' in keys) && width > 0 && height > 0)
      comment.setSize(new Blockly.utils.Size(width, height));
    if ('a:collapsed' in keys) comment.setCollapsed(record['a:collapsed'] === 'true');
    if ('a:editable' in keys) comment.setEditable(record['a:editable'] !== 'false');
    if ('a:movable' in keys) comment.setMovable(record['a:movable'] !== 'false');
    if ('a:deletable' in keys) comment.setDeletable(record['a:deletable'] !== 'false');
    if ('at' in keys) this.moveComment(comment, record.at);
  }

  private moveComment(comment: Comment, at: At): void {
    if (!onCanvas(at) || at[0] === null || at[1] === null) return;
    comment.moveTo(new Blockly.utils.Coordinate(this.sideways(at[0]), at[1]));
  }

  /** False where the block must be made anew to show this. */
  private alterBlock(block: Blockly.Block, keys: Keys): boolean {
    if (block.type === PLACEHOLDER) return Object.keys(keys).every((key) => key === 'at');
    if ('m' in keys && !this.mutate(block, keys['m'])) return false;
    return Object.entries(keys).every(([key, value]) => this.alterKey(block, key, value));
  }

  private mutate(block: Blockly.Block, mutation: unknown): boolean {
    if (typeof mutation !== 'string' || !block.domToMutation) return false;
    try {
      block.domToMutation(parsed(mutation));
    } catch {
      // Blocks throw errors of every kind at mutations they can't read.
      return false;
    }
    this.placeChildren(block.id);
    return true;
  }

  private placeChildren(id: string): void {
    for (const child of this.records.childrenOf(id).values()) this.toPlace.add(child);
  }

  private alterKey(block: Blockly.Block, key: string, value: unknown): boolean {
    if (key === 'm' || key === 's' || key === 'at' || key === 't') return true;
    if (key === 'x' || key === 'tag') return false;
    if (key.startsWith('f:')) return this.alterField(block, key.slice(2), value);
    if (/^(sn$|s[hs]:)/.test(key)) return this.alterShadow(block, key, value);
    if (key === 'c') return this.alterBlockComment(block, value);
    if (key === 'd') block.data = typeof value === 'string' ? value : null;
    else if (key.startsWith('a:')) alterAttribute(block, key.slice(2), value);
    return true;
  }

  private alterField(block: Blockly.Block, name: string, value: unknown): boolean {
    const element = this.fieldElement(name, value);
    const field = element && block.getField(name);
    if (!field) return false;
    // Which names of procedures are free has been decided already, for all of them together.
    const validator = /^procedures_def/.test(block.type) ? field.getValidator() : null;
    if (validator) field.setValidator(() => undefined);
    try {
      return takesField(block, element);
    } finally {
      if (validator) field.setValidator(validator);
      this.placeChildren(block.id);
    }
  }

  private fieldElement(name: string, value: unknown): Element | undefined {
    if (value === null || value === undefined) return undefined;
    const element = Blockly.utils.xml.createElement('field');
    element.setAttribute('name', name);
    const field = typeof value === 'object' ? (value as { var?: string; text?: string }) : {};
    let text = typeof value === 'string' ? value : (field.text ?? '');
    if (field.var !== undefined) {
      const variable = this.records.vars.get(field.var);
      element.id = field.var;
      if (variable?.type) element.setAttribute('variabletype', variable.type);
      text = variable?.name ?? '';
    }
    element.append(Blockly.utils.xml.createTextNode(text));
    return element;
  }

  private alterShadow(block: Blockly.Block, key: string, value: unknown): boolean {
    const name = key.slice(3);
    const connection = key === 'sn' ? block.nextConnection : block.getInput(name)?.connection;
    if (!connection) return value === null;
    const child = connection.targetBlock();
    try {
      connection.setShadowDom(typeof value === 'string' ? this.shadowElement(key, value) : null);
    } catch {
      return false;
    }
    if (child && !child.isShadow()) this.toPlace.add(child.id);
    return true;
  }

  private shadowElement(key: string, text: string): Element | null {
    const root = Blockly.utils.xml.createElement('xml');
    const holder = Blockly.utils.xml.createElement(key.startsWith('sh:') ? 'value' : 'statement');
    holder.append(parsed(text));
    root.append(this.variablesElement(), holder);
    standIn(root, this.knownTypes);
    return holder.firstElementChild;
  }

  private alterBlockComment(block: Blockly.Block, value: unknown): boolean {
    const element = typeof value === 'string' ? parsed(value) : undefined;
    const text = element?.textContent ?? null;
    if ((block.getCommentText() ?? null) !== text) block.setCommentText(text);
    const size = ['w', 'h'].map((name) => Number.parseInt(element?.getAttribute(name) ?? '', 10));
    const [width = 0, height = 0] = size;
    const icon = block.getIcon(Blockly.icons.IconType.COMMENT);
    if (icon && width > 0 && height > 0) icon.setBubbleSize(new Blockly.utils.Size(width, height));
    return true;
  }

  // ---- Making

  private make(): void {
    if (this.toMake.size === 0) return;
    const ids = [...this.toMake].filter((id) => this.records.blocks.has(id));
    this.toMake.clear();
    const root = this.document(ids);
    for (const id of ids) this.remake(id, root);
  }

  /** A document of the blocks, each with stubs for what hangs on it, misfits wrapped. */
  private document(ids: readonly string[]): Element {
    const root = Blockly.utils.xml.createElement('xml');
    root.append(this.variablesElement());
    const kinds = new Map<string, Kind>();
    for (const id of ids) {
      const record = this.records.blocks.get(id);
      if (!record) continue;
      root.append(this.elementWithStubs(id, record));
      const kind = kindOf(record);
      if (kind && (!onCanvas(record.at) || !this.knownTypes.has(record.t))) kinds.set(id, kind);
    }
    standIn(root, this.knownTypes, kinds);
    return root;
  }

  private variablesElement(): Element {
    const vars = Blockly.utils.xml.createElement('variables');
    for (const [id, { name, type }] of this.records.vars) {
      const element = Blockly.utils.xml.createElement('variable');
      element.id = id;
      if (type) element.setAttribute('type', type);
      element.append(Blockly.utils.xml.createTextNode(name));
      vars.append(element);
    }
    return vars;
  }

  private elementWithStubs(id: string, record: BlockRecord): Element {
    const alone = new Records();
    for (const [name, variable] of this.records.vars) alone.vars.set(name, variable);
    alone.put(id, { ...record, at: [null, null] });
    const element = parsed(writeRecord(alone, id));
    for (const child of this.records.childrenOf(id).values()) {
      const at = this.records.blocks.get(child)?.at;
      if (at && !onCanvas(at)) addStub(element, at);
    }
    return element;
  }

  private remake(id: string, root: Element): void {
    const found = [...root.children].find((child) => child.id === id);
    const record = this.records.blocks.get(id);
    if (!found || !record) return;
    if (record.t === COMMENT) {
      const comment = Blockly.Xml.loadWorkspaceComment(found, this.workspace);
      this.moveComment(comment, record.at);
      this.made.add(id);
      return;
    }
    const before = this.block(id);
    const position = before?.getRelativeToSurfaceXY();
    if (before) {
      before.unplug(false);
      this.rescueChildren(before);
      before.dispose(false);
    }
    const block = this.create(found, record);
    if (!block) return;
    this.made.add(id);
    this.toPlace.add(id);
    this.placeChildren(id);
    const { x, y } = position ?? { x: this.sideways(10), y: 10 };
    block.moveBy(x, y);
  }

  /** Nothing where not even a placeholder can be made: Blockly refuses some ids. */
  private create(element: Element, record: BlockRecord): Blockly.Block | undefined {
    addShape(element, record);
    removeStubs(element);
    const spare = element.cloneNode(true) as Element;
    try {
      const block = Blockly.Xml.domToBlock(element, this.workspace);
      relax(block);
      return block;
    } catch {
      // What was tried out and fits may still throw here; as a placeholder it hardly can.
      this.block(element.id)?.dispose(false);
      return this.createPlaceholder(spare, record);
    }
  }

  private createPlaceholder(element: Element, record: BlockRecord): Blockly.Block | undefined {
    const root = Blockly.utils.xml.createElement('xml');
    root.append(element);
    const placeholder = wrap(element, kindOf(record) ?? 'statement');
    addShape(placeholder, record);
    try {
      return Blockly.Xml.domToBlock(placeholder, this.workspace);
    } catch {
      return undefined;
    }
  }

  // ---- Placing

  private placeAll(): void {
    // Each block is made anew at most once for its own sake and once for each that should join it.
    for (let left = 8 + 4 * this.toPlace.size; this.toPlace.size > 0 && left > 0; left--) {
      const ids = [...this.toPlace];
      this.toPlace.clear();
      for (const id of ids) this.place(id);
      this.make();
    }
  }

  private place(id: string): void {
    const block = this.block(id);
    const record = this.records.blocks.get(id);
    if (!block || !record || block.isShadow()) return;
    if (onCanvas(record.at)) this.placeOnCanvas(block, record.at);
    else this.join(block, record.at);
  }

  private placeOnCanvas(block: Blockly.Block, [x, y]: [number | null, number | null]): void {
    if (block.getParent()) block.unplug(false);
    const [nowX, nowY] = placeOf(block) as [number, number];
    if ((x ?? nowX) === nowX && (y ?? nowY) === nowY) return;
    const now = block.getRelativeToSurfaceXY();
    block.moveBy((x === null ? now.x : this.sideways(x)) - now.x, (y ?? now.y) - now.y);
  }

  private sideways(x: number): number {
    return this.workspace.RTL ? -x : x;
  }

  private join(block: Blockly.Block, at: Exclude<At, [number | null, number | null]>): void {
    const parent = this.block(at[0]);
    if (!parent) return;
    const joint = at[2] === 'v' ? block.outputConnection : block.previousConnection;
    const holder = connectionAt(parent, at);
    if (!joint || !holder) {
      this.makeAnew(joint ? parent.id : block.id, block.id);
      return;
    }
    if (joint.targetConnection === holder) return;
    if (joint.targetConnection) block.unplug(false);
    this.breakLoop(block, parent);
    const other = holder.targetBlock();
    if (other && !other.isShadow()) this.rescue(other);
    if (!connects(holder, joint)) this.makeAnew(parent.id, block.id);
    else relaxJoint(block);
  }

  /**
   * The person may have just hung the parent on this very block, and Blockly not yet have told of it. Who was
   * first has been decided: what hangs there otherwise than the records say, goes back.
   */
  private breakLoop(block: Blockly.Block, parent: Blockly.Block): void {
    const above: Blockly.Block[] = [];
    for (let up: Blockly.Block | null = parent; up && up !== block; up = up.getParent())
      above.push(up);
    if (above.at(-1)?.getParent() !== block) return;
    for (const up of above) {
      const at = this.records.blocks.get(up.id)?.at;
      if (!at || !same(placeOf(up), at)) this.rescue(up);
    }
  }

  private makeAnew(id: string, child: string): void {
    if (this.anew.has(id)) return;
    this.anew.add(id);
    this.toMake.add(id);
    this.toPlace.add(child);
  }
  private readonly anew = new Set<string>();
}

function connects(holder: Blockly.Connection, joint: Blockly.Connection): boolean {
  try {
    return holder.connect(joint);
  } catch {
    return false;
  }
}

function connectionAt(
  parent: Blockly.Block,
  at: Exclude<At, [number | null, number | null]>,
): Blockly.Connection | null | undefined {
  if (slotOf(at) === NEXT) return parent.nextConnection;
  const connection = parent.getInput(at[1] ?? '')?.connection;
  const { INPUT_VALUE } = Blockly.ConnectionType;
  return (connection?.type === INPUT_VALUE) === (at[2] === 'v') ? connection : undefined;
}

function alterAttribute(block: Blockly.Block, name: string, value: unknown): void {
  if (name === 'collapsed') block.setCollapsed(value === 'true');
  else if (name === 'inline') setInline(block, value);
  else if (name === 'deletable') block.setDeletable(value !== 'false');
  else if (name === 'movable') block.setMovable(value !== 'false');
  else if (name === 'editable') block.setEditable(value !== 'false');
  else if (name === 'disabled-reasons') disable(block, value);
  else if (name === 'disabled')
    block.setDisabledReason(value === 'true', Blockly.constants.MANUALLY_DISABLED);
}

function setInline(block: Blockly.Block, value: unknown): void {
  if (value !== null) block.setInputsInline(value === 'true');
  else {
    block.inputsInline = block.inputsInlineDefault;
    block.setInputsInline(block.getInputsInline());
    block.inputsInline = block.inputsInlineDefault;
  }
}

function disable(block: Blockly.Block, value: unknown): void {
  const text = typeof value === 'string' ? value : '';
  const wanted = new Set(text.split(',').filter(Boolean).map(decoded));
  for (const reason of [...block.getDisabledReasons()])
    if (!wanted.has(reason) && !AUTOMATIC_REASONS.has(reason))
      block.setDisabledReason(false, reason);
  for (const reason of wanted) block.setDisabledReason(true, reason);
}

function decoded(reason: string): string {
  try {
    return decodeURIComponent(reason);
  } catch {
    return reason;
  }
}

/** How a block joins what holds it; on the canvas, what its shape says. */
function kindOf({ at, s }: BlockRecord): Kind | undefined {
  if (!onCanvas(at)) return at[2] === 'v' ? 'value' : 'statement';
  if (!s?.joints) return undefined;
  return s.joints.includes('o') ? 'value' : 'statement';
}

function addStub(element: Element, at: Exclude<At, [number | null, number | null]>): void {
  const tag = at.length === 1 ? 'next' : at[2] === 'v' ? 'value' : 'statement';
  const holder =
    [...element.children].find(
      (child) =>
        child.localName === tag && (at.length === 1 || child.getAttribute('name') === at[1]),
    ) ?? element.appendChild(Blockly.utils.xml.createElement(tag));
  if (at.length === 3) holder.setAttribute('name', at[1]);
  const stub = Blockly.utils.xml.createElement('block');
  stub.setAttribute('type', STUB);
  holder.append(stub);
}

function removeStubs(element: Element): void {
  for (const stub of [...element.querySelectorAll(`block[type="${STUB}"]`)]) {
    const holder = stub.parentElement;
    stub.remove();
    if (!holder?.firstElementChild) holder?.remove();
  }
}

/** A placeholder shows the inputs that somebody who knows its type has told of. */
function addShape(element: Element, { s }: BlockRecord): void {
  if (!s || element.getAttribute('type') !== PLACEHOLDER) return;
  const mutation = childNamed(element, 'mutation');
  const inputs = [...(mutation?.children ?? [])].filter((child) => child.localName === 'input');
  const names = new Set(inputs.map((input) => input.getAttribute('name')));
  for (const [name, kind] of s.in) {
    if (names.has(name) || !name) continue;
    const input = Blockly.utils.xml.createElement('input');
    input.setAttribute('name', name);
    input.setAttribute('kind', kind === 'v' ? 'value' : 'statement');
    mutation?.append(input);
  }
}
