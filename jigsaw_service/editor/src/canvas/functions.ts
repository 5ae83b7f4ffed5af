/**
 * Functions, however many: Blockly looks for each of them among all blocks, several times for each block that
 * defines or calls one. What a file says needs no looking for.
 */
import * as Blockly from 'blockly/core';

const DEFINITIONS: readonly string[] = ['procedures_defnoreturn', 'procedures_defreturn'];
export const CALLS: readonly string[] = ['procedures_callnoreturn', 'procedures_callreturn'];

type CallState = Record<string, unknown>;
type Method = (this: Blockly.Block, ...args: unknown[]) => unknown;
type Listener = (this: Call, event: Blockly.Events.Abstract) => void;

interface Call extends Blockly.Block {
  getProcedureCall(): string;
  renameProcedure(from: string, to: string): void;
}

let loading = 0;
const isLoading = () => loading > 0;

/** Puts up what a file says. */
export function asFiled<T>(work: () => T): T {
  loading++;
  try {
    return work();
  } finally {
    loading--;
  }
}

let done = false;

/** To be called when Blockly's own blocks are there. */
export function installFunctions(): void {
  if (done) return;
  done = true;
  for (const type of DEFINITIONS) {
    const shape = Blockly.Blocks[type] as CallState;
    const init = alone(shape['init'] as Method);
    shape['init'] = function (this: Blockly.Block) {
      init.call(this);
      nameByItself(this);
    };
    shape['domToMutation'] = alone(shape['domToMutation'] as Method);
  }
  for (const type of CALLS) {
    const shape = Blockly.Blocks[type] as CallState;
    shape['domToMutation'] = alone(shape['domToMutation'] as Method);
    shape['onchange'] = unlessOfOthers(shape['onchange'] as Listener);
  }
}

/** The same, as if there were no other blocks while a file is put up. */
function alone(method: Method): Method {
  return function (this: Blockly.Block, ...args: unknown[]) {
    const { workspace } = this;
    if (!isLoading() || Object.hasOwn(workspace, 'getAllBlocks')) return method.apply(this, args);
    workspace.getAllBlocks = () => [];
    try {
      return method.apply(this, args);
    } finally {
      Reflect.deleteProperty(workspace, 'getAllBlocks');
    }
  };
}

// ---- Calls

/** Calls of functions that nobody has defined stay when something else is deleted; Blockly would delete them. */
function unlessOfOthers(onchange: Listener): Listener {
  return function (event) {
    if (
      event instanceof Blockly.Events.BlockDelete &&
      !undefinedBy(event).has(this.getProcedureCall())
    )
      return;
    onchange.call(this, event);
  };
}

const undefinedNames = new WeakMap<Blockly.Events.BlockDelete, ReadonlySet<string>>();

/** The functions whose definitions were deleted; found once for all calls, which hear of it one by one. */
function undefinedBy(event: Blockly.Events.BlockDelete): ReadonlySet<string> {
  const known = undefinedNames.get(event);
  if (known) return known;
  const names = new Set<string>();
  const waiting: (Blockly.serialization.blocks.State | undefined)[] = [event.oldJson];
  for (let state; (state = waiting.pop());) {
    if (DEFINITIONS.includes(state.type)) names.add(String(state.fields?.['NAME']));
    waiting.push(state.next?.block, ...Object.values(state.inputs ?? {}).map(({ block }) => block));
  }
  undefinedNames.set(event, names);
  return names;
}

/**
 * For Blockly, `Foo` and `foo` are one function, and a file may call it by either name; here each call has the
 * very name of the one that is meant.
 */
export function callAsDefined(workspace: Blockly.Workspace): void {
  const blocksOf = (types: readonly string[]) =>
    types.flatMap((type) => workspace.getBlocksByType(type, false));
  const names = blocksOf(DEFINITIONS).map((block) => String(block.getFieldValue('NAME')));
  const exact = new Set(names);
  // Of several that are alike the first is meant.
  const alike = new Map(names.reverse().map((name) => [name.toLowerCase(), name]));
  for (const call of blocksOf(CALLS) as Call[]) {
    const name = call.getProcedureCall();
    const meant = exact.has(name) ? name : alike.get(name.toLowerCase());
    if (meant !== undefined && meant !== name) call.renameProcedure(name, meant);
  }
}

// ---- Names

/** Definitions by name, in workspaces in which no two may have the same. */
const registers = new WeakMap<Blockly.Workspace, Map<string, Blockly.Block>>();

/** From now on, of two functions of one name the later gets a number, as with Blockly itself. */
export function tellFunctionsApart(workspace: Blockly.Workspace): void {
  registers.set(workspace, new Map());
}

function nameByItself(block: Blockly.Block): void {
  const field = block.getField('NAME');
  const rename = field?.getValidator();
  field?.setValidator(function (this: Blockly.Field, name: string) {
    const renamed: unknown = isLoading() ? freeName(block, name.trim()) : rename?.call(this, name);
    return renamed as string;
  });
}

function freeName(block: Blockly.Block, wanted: string): string {
  const register = registers.get(block.workspace);
  if (!register) return wanted;
  let name = wanted || (Blockly.Msg['UNNAMED_KEY'] ?? '');
  while (isTaken(register.get(name), name, block)) {
    const [, stem = name, number = '1'] = /^(.*?)(\d+)$/.exec(name) ?? [];
    name = `${stem}${Number(number) + 1}`;
  }
  register.set(name, block);
  return name;
}

const isTaken = (holder: Blockly.Block | undefined, name: string, block: Blockly.Block) =>
  holder !== undefined &&
  holder !== block &&
  !holder.isDisposed() &&
  holder.getFieldValue('NAME') === name;
