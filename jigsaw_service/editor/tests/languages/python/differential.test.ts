// @vitest-environment jsdom
/**
 * Every block does in Python what it is documented to do, as Blockly's JavaScript and `documented.ts` say it, for
 * inputs of every type it takes, written down and held in variables.
 *
 * Where JavaScript has no true answer (`undefined`, NaN, a negative place), Python may raise an error instead.
 */
import * as Blockly from 'blockly/core';
import { beforeAll, expect, test } from 'vitest';
import { headlessWorkspace } from '../../../src/canvas/headless';
import type { Language } from '../../../src/languages';
import { prepare } from '../../canvas/open';
import { documented, outcomeOf } from './documented';
import { IN_PROGRAMS } from './programs';
import { LIBRARY } from './libraries';
import { outcomes } from './python3';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

type Value = number | string | boolean | Value[] | { [key: string]: Value };

const VALUES: Record<string, Value[]> = {
  Number: [2, 3.5, 1, 0],
  String: ['hello world', "It's 'so'", 'a,b,,c', ''],
  Boolean: [true, false],
  Array: [[3, 1, 2], ['b', 'a', 'b'], [0.5], []],
  Dictionary: [{ a: 1, 'b,': 2 }, { hello: 'world' }],
  Colour: ['#ff0000', '#0a3c7d'],
};

/** Blocks that are tried elsewhere: within whole programs, and with their libraries. */
const isElsewhere = (type: string) => IN_PROGRAMS.test(type) || LIBRARY.test(type);

/** Nothing can be said of their answers but that they are of the kind. */
const BY_CHANCE = new Set(['math_random_float', 'colour_random']);

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

/** What an input takes; those of dictionaries say it by their names only. */
function kindsOf(name: string, connection: Blockly.Connection): string[] {
  if (name === 'DICT') return ['Dictionary'];
  return name.startsWith('KEY')
    ? ['Number', 'String']
    : (connection.getCheck() ?? Object.keys(VALUES));
}

interface Case {
  about: string;
  python: string;
  javascript: string;
}

/** A program that prints what the block gives: inputs number `n` of each list, held in variables or not. */
function caseOf(
  type: string,
  choices: Record<string, string>,
  n: number,
  held: boolean,
): Case | undefined {
  const workspace = headlessWorkspace();
  const block = workspace.newBlock(type);
  for (const [name, option] of Object.entries(choices)) block.setFieldValue(option, name);
  if (Object.entries(choices).some(([name, option]) => block.getFieldValue(name) !== option))
    return;
  const setters: Blockly.Block[] = [];
  const given: Value[] = [];
  for (const [i, input] of block.inputList.entries()) {
    if (!input.connection || input.type !== Blockly.inputs.inputTypes.VALUE) continue;
    const checks = kindsOf(input.name, input.connection);
    const kind = VALUES[checks[(n + i) % checks.length] ?? ''] ?? [];
    const value = kind[(n >> 1) % kind.length] ?? 0;
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
  const python = language.generate(workspace);
  const javascript = documented.workspaceToCode(workspace);
  workspace.dispose();
  return { about, python, javascript };
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

function alike(a: unknown, b: unknown): boolean {
  if (a === null && isNoAnswer(b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => alike(item, b[i]));
  if (typeof a === 'number' && typeof b === 'number')
    return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));
  return a === b || String(a).replace('inf', 'Infinity') === String(b);
}

/** JavaScript's way out where there is no answer. */
function isNoAnswer(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isNoAnswer) || value.length === 0;
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (typeof value === 'number' && !Number.isFinite(value))
  );
}

/** What each language does in its own way, with the reason. */
const OWN_WAY = [
  // A text and a number compare in JavaScript, and raise an error in Python.
  /^logic_compare/,
  // Lists and truths within a text are spelled as the language spells them.
  /^text_(join.*\[.*[[{]|append.*\[[[{]|.*(true|false))/,
  /^lists_split.*"JOIN".*(true|false)/,
  // Half a place, or half a time.
  /^(text_|lists_|controls_)(getSub|charAt|getIndex|setIndex|repeat).*\d\.\d/,
  // Texts are neither summed nor measured.
  /^math_on_list.*of \[\["b"/,
  // True is 1 in Python.
  /^lists_indexOf.*,true\]/,
];

const isOwnWay = (about: string) => OWN_WAY.some((way) => way.test(about));

test('every block does as it is documented', { timeout: 120_000 }, () => {
  const types = [...language.types].filter((type) => !isElsewhere(type) && !BY_CHANCE.has(type));
  expect(types.filter((type) => !(type in documented.forBlock))).toEqual([]);
  const cases = types.flatMap((type) => {
    const workspace = headlessWorkspace();
    const choices = choicesOf(workspace.newBlock(type));
    workspace.dispose();
    return choices.flatMap((some) =>
      [0, 1, 2, 3, 4, 5, 6, 7].flatMap((n) =>
        [false, true].flatMap((held) => caseOf(type, some, n, held) ?? []),
      ),
    );
  });
  expect(cases.length).toBeGreaterThan(2000);

  const results = outcomes(cases.map(({ python }) => python));
  const differing = cases.flatMap(({ about, python, javascript }, i) => {
    const { printed, error } = results[i] ?? { printed: [], error: 'nothing ran' };
    const expected = outcomeOf(javascript);
    const isFine = error
      ? expected.error !== undefined ||
        expected.printed.some(isNoAnswer) ||
        /^IndexError/.test(error)
      : alike(printed, expected.printed);
    return isFine || isOwnWay(about)
      ? []
      : [
          `${about}: ${JSON.stringify(expected)} but ${error || JSON.stringify(printed)}\n${python}`,
        ];
  });
  expect(differing).toEqual([]);
});
