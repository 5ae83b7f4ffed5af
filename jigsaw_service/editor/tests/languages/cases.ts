/** Each block as a program of its own, which shows what the block gives or does. */
import * as Blockly from 'blockly/core';
import { headlessWorkspace } from '../../src/canvas/headless';

export type Value = number | string | boolean | Value[] | { [key: string]: Value };

function blockFor(value: Value, workspace: Blockly.Workspace): Blockly.Block {
  if (Array.isArray(value)) {
    const list = workspace.newBlock('lists_create_with');
    list.domToMutation?.(Blockly.utils.xml.textToDom(`<mutation items="${value.length}"/>`));
    value.forEach((item, i) => join(list, `ADD${i}`, blockFor(item, workspace)));
    return list;
  }
  if (typeof value === 'object') {
    const dictionary = workspace.newBlock('dict_create_with');
    const entries = Object.entries(value);
    dictionary.domToMutation?.(
      Blockly.utils.xml.textToDom(`<mutation items="${entries.length}"/>`),
    );
    entries.forEach(([key, item], i) => {
      join(dictionary, `KEY${i}`, blockFor(key, workspace));
      join(dictionary, `VALUE${i}`, blockFor(item, workspace));
    });
    return dictionary;
  }
  if (typeof value === 'string' && value.startsWith('#')) {
    const colour = workspace.newBlock('colour_picker');
    colour.setFieldValue(value, 'COLOUR');
    return colour;
  }
  const [type, field, text] = {
    number: ['math_number', 'NUM', value] as const,
    string: ['text', 'TEXT', value] as const,
    boolean: ['logic_boolean', 'BOOL', value ? 'TRUE' : 'FALSE'] as const,
  }[typeof value as 'number' | 'string' | 'boolean'];
  const block = workspace.newBlock(type);
  block.setFieldValue(text, field);
  return block;
}

function join(parent: Blockly.Block, input: string, child: Blockly.Block): void {
  const { outputConnection } = child;
  if (outputConnection) parent.getInput(input)?.connection?.connect(outputConnection);
}

/** The choices of a block's dropdowns, all with all. */
function choicesOf(block: Blockly.Block): Record<string, string>[] {
  let all: Record<string, string>[] = [{}];
  for (const field of block.getFields()) {
    if (!(field instanceof Blockly.FieldDropdown) || field instanceof Blockly.FieldVariable)
      continue;
    const options = field.getOptions(false).map((option) => option[1]);
    // One kind of error is like another.
    if (field.name === 'ERROR') options.splice(2);
    all = all.flatMap((some) => options.map((option) => ({ ...some, [field.name ?? '']: option })));
  }
  return all.filter((some) => !Object.values(some).includes('RANDOM'));
}

/** An input of a block, the `index`-th. */
export interface Place {
  type: string;
  name: string;
  index: number;
  /** The kinds it takes by its shape; nothing for any. */
  checks: readonly string[] | null;
}

/** Programs that do the same, with what they are about. */
export interface Case<Programs> {
  about: string;
  programs: Programs;
}

interface Making<Programs> {
  /** What stands in an input in case number `n`. */
  valueAt: (place: Place, n: number) => Value;
  write: (workspace: Blockly.Workspace) => Programs;
}

/** Each block with all its choices, so many times over, with its inputs written down and held in variables. */
export function casesOf<Programs>(
  types: readonly string[],
  times: number,
  making: Making<Programs>,
): Case<Programs>[] {
  return types.flatMap((type) => {
    const workspace = headlessWorkspace();
    const choices = choicesOf(workspace.newBlock(type));
    workspace.dispose();
    return choices.flatMap((some) =>
      Array.from({ length: times }, (_, n) => n).flatMap((n) =>
        [false, true].flatMap((held) => caseOf(type, some, n, held, making) ?? []),
      ),
    );
  });
}

/** A program that prints what the block gives. */
function caseOf<Programs>(
  type: string,
  choices: Record<string, string>,
  n: number,
  held: boolean,
  { valueAt, write }: Making<Programs>,
): Case<Programs> | undefined {
  const workspace = headlessWorkspace();
  const block = workspace.newBlock(type);
  for (const [name, option] of Object.entries(choices)) block.setFieldValue(option, name);
  if (Object.entries(choices).some(([name, option]) => block.getFieldValue(name) !== option))
    return;
  const setters: Blockly.Block[] = [];
  const given: Value[] = [];
  for (const [i, input] of block.inputList.entries()) {
    if (!input.connection || input.type !== Blockly.inputs.inputTypes.VALUE) continue;
    const checks = input.connection.getCheck();
    const value = valueAt({ type, name: input.name, index: i, checks }, n);
    given.push(value);
    const maker = blockFor(value, workspace);
    if (!held) {
      join(block, input.name, maker);
      continue;
    }
    const { id } = workspace.getVariableMap().createVariable(`v${i}`) as unknown as { id: string };
    const setter = workspace.newBlock('variables_set');
    setter.setFieldValue(id, 'VAR');
    join(setter, 'VALUE', maker);
    setters.push(setter);
    const getter = workspace.newBlock('variables_get');
    getter.setFieldValue(id, 'VAR');
    join(block, input.name, getter);
  }
  const last = block.outputConnection ? [print(block)] : [block, ...seen(block, setters)];
  below([...setters, ...last]);
  const about = `${type} ${JSON.stringify(choices)} of ${JSON.stringify(given)}${held ? ', held' : ''}`;
  const programs = write(workspace);
  workspace.dispose();
  return { about, programs };
}

/** Statements below one another. */
function below(all: readonly Blockly.Block[]): void {
  all.reduce((above, next) => {
    if (next.previousConnection) above.nextConnection?.connect(next.previousConnection);
    return next;
  });
}

function print(value: Blockly.Block): Blockly.Block {
  const made = value.workspace.newBlock('text_print');
  join(made, 'TEXT', value);
  return made;
}

function printVariable(id: string, workspace: Blockly.Workspace): Blockly.Block {
  const getter = workspace.newBlock('variables_get');
  getter.setFieldValue(id, 'VAR');
  return print(getter);
}

const LOOPS = /^controls_(repeat|whileUntil|for)/;

/** What there is to see of a statement: its bodies print the variables it sets, and what it was given is printed after. */
function seen(block: Blockly.Block, setters: readonly Blockly.Block[]): Blockly.Block[] {
  const { workspace } = block;
  const own = block.getVarModels().map((model) => model.getId());
  for (const input of block.inputList) {
    if (input.type !== Blockly.inputs.inputTypes.STATEMENT) continue;
    const named = print(blockFor(input.name, workspace));
    const printed = input.name === 'DO' && LOOPS.test(block.type) ? own : [];
    const leave =
      block.type === 'controls_whileUntil' ? [workspace.newBlock('controls_flow_statements')] : [];
    below([named, ...printed.map((id) => printVariable(id, workspace)), ...leave]);
    if (named.previousConnection) input.connection?.connect(named.previousConnection);
  }
  const given = setters.flatMap((setter) => setter.getVarModels().map((model) => model.getId()));
  const after = /^(math_change|text_append)$/.test(block.type) ? own : [];
  return [...given, ...after].map((id) => printVariable(id, workspace));
}
