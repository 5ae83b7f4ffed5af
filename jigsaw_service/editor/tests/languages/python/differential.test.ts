// @vitest-environment jsdom
/**
 * Blockly's own blocks give in Python what they give in Blockly's JavaScript, for inputs of every type they take,
 * written down and held in variables.
 *
 * Where JavaScript has no true answer (`undefined`, NaN, a negative place), Python may raise an error instead.
 */
import * as Blockly from 'blockly/core';
import { javascriptGenerator } from 'blockly/javascript';
import { runInNewContext } from 'node:vm';
import { beforeAll, expect, test } from 'vitest';
import { headlessWorkspace } from '../../../src/canvas/headless';
import type { Language } from '../../../src/languages';
import { prepare } from '../../canvas/open';
import { outcomes } from './python3';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

type Value = number | string | boolean | Value[];

const VALUES: Record<string, Value[]> = {
  Number: [2, 3.5, 1, 0],
  String: ['hello world', "It's 'so'", 'a,b,,c', ''],
  Boolean: [true, false],
  Array: [[3, 1, 2], ['b', 'a', 'b'], [0.5], []],
};

/** Answers that depend on chance or on a person, or that only a statement gives. */
const LEFT_OUT = /random|prompt|^procedures|^variables|^colour|^text_print|^jigsaw|^math_number$/;

function blockFor(value: Value, workspace: Blockly.Workspace): Blockly.Block {
  if (Array.isArray(value)) {
    const list = workspace.newBlock('lists_create_with');
    list.domToMutation?.(Blockly.utils.xml.textToDom(`<mutation items="${value.length}"/>`));
    value.forEach((item, i) => join(list, `ADD${i}`, blockFor(item, workspace)));
    return list;
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
    all = all.flatMap((some) => options.map((option) => ({ ...some, [field.name ?? '']: option })));
  }
  return all.filter((some) => !Object.values(some).includes('RANDOM'));
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
    const checks = input.connection.getCheck() ?? Object.keys(VALUES);
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
  const print = workspace.newBlock('text_print');
  join(print, 'TEXT', block);
  [...setters, print].reduce((above, below) => {
    if (below.previousConnection) above.nextConnection?.connect(below.previousConnection);
    return below;
  });
  const about = `${type} ${JSON.stringify(choices)} of ${JSON.stringify(given)}${held ? ', held' : ''}`;
  const python = language.generate(workspace);
  const javascript = javascriptGenerator.workspaceToCode(workspace);
  workspace.dispose();
  return { about, python, javascript };
}

function inJavaScript(code: string): unknown {
  const out: unknown[] = [];
  const window = { alert: (value: unknown) => out.push(value) };
  try {
    runInNewContext(code, { window });
  } catch {
    return undefined;
  }
  return out[0];
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
  /^text_join.*(\[.*\[|true|false)/,
  /^lists_split.*"JOIN".*(true|false)/,
  // Half a place, or half a time.
  /^(text|lists)_(getSub|charAt|getIndex|repeat).*\d\.\d/,
  // Texts are neither summed nor measured.
  /^math_on_list.*of \[\["b"/,
  // True is 1 in Python.
  /^lists_indexOf.*,true\]/,
];

const isOwnWay = (about: string) => OWN_WAY.some((way) => way.test(about));

test('in Python as in JavaScript', { timeout: 120_000 }, () => {
  const types = [...language.types].filter(
    (type) => type in javascriptGenerator.forBlock && !LEFT_OUT.test(type),
  );
  const cases = types.flatMap((type) => {
    const workspace = headlessWorkspace();
    const model = workspace.newBlock(type);
    const choices = model.outputConnection ? choicesOf(model) : [];
    workspace.dispose();
    return choices.flatMap((some) =>
      [0, 1, 2, 3, 4, 5, 6, 7].flatMap((n) =>
        [false, true].flatMap((held) => caseOf(type, some, n, held) ?? []),
      ),
    );
  });
  expect(cases.length).toBeGreaterThan(1000);

  const results = outcomes(cases.map(({ python }) => python));
  const differing = cases.flatMap(({ about, python, javascript }, i) => {
    const { printed = [], error = '' } = results[i] ?? {};
    const expected = inJavaScript(javascript);
    const isFine = error
      ? isNoAnswer(expected) || /^IndexError/.test(error) || isOwnWay(about)
      : alike(printed[0], expected) || isOwnWay(about);
    return isFine
      ? []
      : [
          `${about}: ${JSON.stringify(expected)} but ${error || JSON.stringify(printed[0])}\n${python}`,
        ];
  });
  expect(differing).toEqual([]);
});
