/** Texts: asked for, taken apart, joined. */
import type * as Blockly from 'blockly/core';
import { objectOf } from '../blocks/code';
import { Order, type PythonGenerator } from '../generator';
import type { Say } from '../standard';
import { asCount } from './numbers';

function prompt(block: Blockly.Block, generator: PythonGenerator): [string, number] {
  const text = block.getField('TEXT')
    ? generator.quote_(block.getFieldValue('TEXT') as string)
    : generator.valueToCode(block, 'TEXT', Order.NONE) || "''";
  const input = `input(${text})`;
  if (block.getFieldValue('TYPE') !== 'NUMBER') return [input, Order.FUNCTION_CALL];
  const name = generator.provideFunction_(
    'number_from',
    `
def ${generator.FUNCTION_NAME_PLACEHOLDER_}(text):
  try:
    return int(text)
  except ValueError:
    return float(text)
`,
  );
  return [`${name}(${input})`, Order.FUNCTION_CALL];
}

const isText = (code: string) => /^(["'])(?!\1$)/.test(code);

/** Python can't part a text by nothing; Blockly means by letters. */
function split(block: Blockly.Block, generator: PythonGenerator): string {
  const delimiter = generator.valueToCode(block, 'DELIM', Order.NONE) || "''";
  if (delimiter === "''")
    return `list(${generator.valueToCode(block, 'INPUT', Order.NONE) || "''"})`;
  if (isText(delimiter) && block.getInputTargetBlock('DELIM')?.type === 'text')
    return `${objectOf(block, generator, 'INPUT', "''")}.split(${delimiter})`;
  const name = generator.provideFunction_(
    'split_text',
    `
def ${generator.FUNCTION_NAME_PLACEHOLDER_}(text, delimiter):
  return text.split(delimiter) if delimiter else list(text)
`,
  );
  return `${name}(${generator.valueToCode(block, 'INPUT', Order.NONE) || "''"}, ${delimiter})`;
}

function join(block: Blockly.Block, generator: PythonGenerator): string {
  const delimiter = objectOf(block, generator, 'DELIM', "''");
  return `${delimiter}.join(map(str, ${generator.valueToCode(block, 'INPUT', Order.NONE) || '[]'}))`;
}

/** Python’s own would also begin a word behind an apostrophe. */
function titleCase(block: Blockly.Block, generator: PythonGenerator): string {
  generator.provideImport('import re');
  const name = generator.provideFunction_(
    'title_case',
    `
def ${generator.FUNCTION_NAME_PLACEHOLDER_}(text):
  return re.sub(r'\\S+', lambda word: word.group().capitalize(), text)
`,
  );
  return `${name}(${generator.valueToCode(block, 'TEXT', Order.NONE) || "''"})`;
}

export const texts = (blockly: Record<string, Say>): Record<string, Say> => ({
  text_append: (block, generator) => {
    const name = generator.getVariableName(block.getFieldValue('VAR') as string);
    return `${name} = str(${name}) + str(${generator.valueToCode(block, 'TEXT', Order.NONE) || "''"})\n`;
  },

  text_prompt: prompt,
  text_prompt_ext: prompt,

  text_changeCase: (block, generator) =>
    block.getFieldValue('CASE') === 'TITLECASE'
      ? [titleCase(block, generator), Order.FUNCTION_CALL]
      : (blockly['text_changeCase'] as Say)(block, generator),

  lists_split: (block, generator) => [
    block.getFieldValue('MODE') === 'JOIN' ? join(block, generator) : split(block, generator),
    Order.FUNCTION_CALL,
  ],

  lists_repeat: (block, generator) => {
    const item = generator.valueToCode(block, 'ITEM', Order.NONE) || 'None';
    const times = generator.valueToCode(block, 'NUM', Order.NONE) || '0';
    return [`[${item}] * ${asCount(times)}`, Order.MULTIPLICATIVE];
  },
});
