/** What blocks are documented to mean, as JavaScript: Blockly's own generator, and our own blocks beside it. */
import { colourBlend, colourPicker, colourRandom, colourRgb } from '@blockly/field-colour';
import type * as Blockly from 'blockly/core';
import { JavascriptGenerator, javascriptGenerator, Order } from 'blockly/javascript';
import { runInNewContext } from 'node:vm';

type Value = (block: Blockly.Block, generator: JavascriptGenerator) => [string, number];
type Say = Value | ((block: Blockly.Block, generator: JavascriptGenerator) => string);

/** What the blocks of errors, dictionaries and Python's own functions need to have at hand. */
const PRELUDE = `
class Problem extends Error {
  constructor(kind, message) { super(message); this.kind = kind; }
  toString() { return this.message; }
}
const isA = (problem, kind) =>
  problem instanceof Problem && (problem.kind === kind || (kind === 'Exception' && problem.kind !== 'KeyboardInterrupt'));
const at = (dictionary, key) => {
  if (!dictionary.has(key)) throw new Problem('KeyError', key);
  return dictionary.get(key);
};
const functions = {
  print: (value) => window.alert(value), len: (value) => value.length, abs: Math.abs, max: Math.max,
  'math.floor': Math.floor, 'maths.floor': Math.floor, floor: Math.floor,
};
const methods = {
  append: (list, item) => { list.push(item); }, extend: (list, more) => { list.push(...more); },
  upper: (text) => text.toUpperCase(), startswith: (text, part) => text.startsWith(part),
};
const formatted = (text, ...values) =>
  text.replace(/\\{(?::>(\\d+))?\\}/g, (_, width = 0) => String(values.shift()).padStart(width));
`;

/** Expressions written by hand mean the same in both languages, but for these. */
const BY_HAND: Record<string, string> = {
  pass: '',
  '7 // 2': '3',
  '2 ** 5': '32',
  'not True': 'false',
};

const field = (block: Blockly.Block, name: string) => block.getFieldValue(name) as string;
const call = (code: string): [string, number] => [code, Order.FUNCTION_CALL];

/** The values of some inputs, in brackets of their own. */
const given = (block: Blockly.Block, generator: JavascriptGenerator, ...names: string[]) =>
  names.map((name) => generator.valueToCode(block, name, Order.COMMA) || 'null');

const numbered = (block: Blockly.Block, generator: JavascriptGenerator, name: string) =>
  given(
    block,
    generator,
    ...block.inputList.map((input) => input.name).filter((one) => one.startsWith(name)),
  );

const called: Value = (block, generator) =>
  call(`functions['${field(block, 'NAME')}'](${numbered(block, generator, 'ARG').join(', ')})`);

const method: Value = (block, generator) => {
  const all = [...given(block, generator, 'OBJECT'), ...numbered(block, generator, 'ARG')];
  return call(`methods.${field(block, 'NAME')}(${all.join(', ')})`);
};

const asStatement =
  (say: Value): Say =>
  (block, generator) =>
    `${say(block, generator)[0]};\n`;

const tried: Say = (block, generator) => {
  const variable = generator.getVariableName(field(block, 'VAR'));
  const [inside = '', except = '', otherwise = '', last = ''] = [
    'DO',
    'EXCEPT',
    'ELSE',
    'FINALLY',
  ].map((name) => (block.getInput(name) ? generator.statementToCode(block, name) : ''));
  return `{ let isFine = false; try { try {
${inside} isFine = true; } catch (caught) { if (!isA(caught, '${field(block, 'ERROR')}')) throw caught; ${variable} = caught;
${except} } if (isFine) {\n${otherwise} } } finally {\n${last} } }\n`;
};

const own: Record<string, Say> = {
  // A variable that nothing was ever put into is an empty text, and not the word for that.
  text_append: (block, generator) => {
    const name = generator.getVariableName(field(block, 'VAR'));
    return `${name} = String(${name} ?? '') + String(${given(block, generator, 'TEXT').join('')});\n`;
  },
  python_comment: () => '',
  import_statement: () => '',
  python_import_as: () => '',
  python_from_import: () => '',
  expression_statement: (block) => `${BY_HAND[field(block, 'expression')] ?? ''};\n`,
  expression_value: (block) => {
    const words = field(block, 'expression');
    return [`(${BY_HAND[words] ?? words})`, Order.ATOMIC];
  },
  python_call: asStatement(called),
  python_call_value: called,
  python_method: asStatement(method),
  python_method_value: method,
  python_attribute: (block, generator) => call(`(${given(block, generator, 'OBJECT').join('')})`),
  python_format: (block, generator) =>
    call(
      `formatted(${[generator.quote_(field(block, 'TEXT')), ...numbered(block, generator, 'ADD')].join(', ')})`,
    ),
  python_try: tried,
  python_try_finally: tried,
  python_raise: (block, generator) =>
    `throw new Problem('${field(block, 'ERROR')}', ${given(block, generator, 'MESSAGE').join('')});\n`,
  dict_create_with: (block, generator) => {
    const keys = numbered(block, generator, 'KEY');
    const values = numbered(block, generator, 'VALUE');
    return call(`new Map([${keys.map((key, i) => `[${key}, ${values[i] ?? ''}]`).join(', ')}])`);
  },
  dict_get: (block, generator) => call(`at(${given(block, generator, 'DICT', 'KEY').join(', ')})`),
  dict_get_or: (block, generator) => {
    const [dictionary, key, value] = given(block, generator, 'DICT', 'KEY', 'VALUE');
    return call(`((d, k, v) => d.has(k) ? d.get(k) : v)(${[dictionary, key, value].join(', ')})`);
  },
  dict_set: (block, generator) => {
    const [dictionary = '', key, value] = given(block, generator, 'DICT', 'KEY', 'VALUE');
    return `${dictionary}.set(${[key, value].join(', ')});\n`;
  },
  dict_remove: (block, generator) => {
    const [dictionary = '', key = ''] = given(block, generator, 'DICT', 'KEY');
    return `${dictionary}.delete(${key});\n`;
  },
  dict_contains: (block, generator) => {
    const [dictionary = '', key = ''] = given(block, generator, 'DICT', 'KEY');
    return call(`${dictionary}.has(${key})`);
  },
  dict_parts: (block, generator) => {
    const part = field(block, 'PART') === 'items' ? 'entries' : field(block, 'PART');
    return call(`[...${given(block, generator, 'DICT').join('')}.${part}()]`);
  },
};

function makeGenerator(): JavascriptGenerator {
  const made = new JavascriptGenerator();
  Object.assign(made.forBlock, javascriptGenerator.forBlock, own);
  for (const colour of [colourBlend, colourPicker, colourRandom, colourRgb])
    made.forBlock[colour.BLOCK_NAME] = colour.toJavascript;
  return made;
}

export const documented = makeGenerator();

/** As it is now, whatever the program does with it later. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (Object.prototype.toString.call(value) === '[object Map]')
    return plain([...(value as Map<unknown, unknown>)]);
  return typeof value === 'object' && value !== null ? `${value as Error}` : value;
}

/** What the program prints, and the kind of error that ended it. */
export function outcomeOf(
  code: string,
  answer = '',
): { printed: unknown[]; error: string | undefined } {
  const printed: unknown[] = [];
  const window = {
    alert: (value: unknown) => {
      if (printed.length === 10_000) throw new Error('The program does not end.');
      printed.push(plain(value));
    },
    prompt: () => answer,
  };
  try {
    runInNewContext(`${PRELUDE}\n${code}`, { window }, { timeout: 1000 });
  } catch (problem) {
    return { printed, error: (problem as { kind?: string }).kind ?? String(problem) };
  }
  return { printed, error: undefined };
}
