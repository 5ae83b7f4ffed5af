/** Texts, lists and colours. */
import type * as Blockly from 'blockly/core';
import { Order, type ProcessingGenerator } from '../generator';
import type { Say } from './index';

const field = (block: Blockly.Block, name: string) => block.getFieldValue(name) as string;

/** The items of a block that has as many as wanted. */
function items(
  block: Blockly.Block,
  generator: ProcessingGenerator,
  order: Order,
  otherwise: string,
): string[] {
  const found: string[] = [];
  for (let i = 0; block.getInput(`ADD${i}`); i++)
    found.push(generator.value(block, `ADD${i}`, order, otherwise));
  return found;
}

/** Index of an item, counted from 0. Blocks count from 1. */
function index(
  block: Blockly.Block,
  generator: ProcessingGenerator,
  where: string,
  input: string,
  size: string,
): string {
  if (where === 'FIRST') return '0';
  if (where === 'LAST') return `${size} - 1`;
  if (where === 'RANDOM') return `int(random(${size}))`;
  const at = generator.value(block, input, Order.ADD, '1');
  if (where === 'FROM_END') return `${size} - int(${at})`;
  return /^\d+$/.test(at) ? String(Number(at) - 1) : `int(${at}) - 1`;
}

function substring(block: Blockly.Block, generator: ProcessingGenerator): [string, Order] {
  const text = generator.value(block, 'STRING', Order.CALL, '""');
  const size = `${text}.length()`;
  const from = index(block, generator, field(block, 'WHERE1'), 'AT1', size);
  const to = index(block, generator, field(block, 'WHERE2'), 'AT2', size);
  return [`${text}.substring(${from}, ${to} + 1)`, Order.CALL];
}

const CASES: Record<string, string> = { UPPERCASE: '.toUpperCase()', LOWERCASE: '.toLowerCase()' };

function changeCase(block: Blockly.Block, generator: ProcessingGenerator): [string, Order] {
  const change = CASES[field(block, 'CASE')];
  if (change) return [generator.value(block, 'TEXT', Order.CALL, '""') + change, Order.CALL];
  const title = generator.provideFunction_(
    'titleCase',
    `String ${generator.FUNCTION_NAME_PLACEHOLDER_}(String text) {
  String result = "";
  for (String word : split(text, ' ')) {
    if (!result.isEmpty()) result += " ";
    if (!word.isEmpty()) result += word.substring(0, 1).toUpperCase() + word.substring(1).toLowerCase();
  }
  return result;
}`,
  );
  return [`${title}(${generator.value(block, 'TEXT', Order.NONE, '""')})`, Order.CALL];
}

const TRIMS: Record<string, string> = {
  LEFT: '.replaceAll("^\\\\s+", "")',
  RIGHT: '.replaceAll("\\\\s+$", "")',
};

/** Nothing is in a text once more than it has letters, as in Blockly. */
function count(block: Blockly.Block, generator: ProcessingGenerator): [string, Order] {
  const name = generator.provideFunction_(
    'countIn',
    `int ${generator.FUNCTION_NAME_PLACEHOLDER_}(String text, String part) {
  if (part.isEmpty()) return text.length() + 1;
  return (text.length() - text.replace(part, "").length()) / part.length();
}`,
  );
  const given = ['TEXT', 'SUB'].map((input) => generator.value(block, input, Order.NONE, '""'));
  return [`${name}(${given.join(', ')})`, Order.CALL];
}

/** Texts and lists have their sizes in different ways. */
function sized(
  block: Blockly.Block,
  generator: ProcessingGenerator,
): [code: string, isText: boolean] {
  const inside = block.getInputTargetBlock('VALUE');
  const isText = inside ? generator.typeOf(inside) === 'String' : block.type.startsWith('text');
  return [generator.value(block, 'VALUE', Order.CALL, isText ? '""' : 'new FloatList()'), isText];
}

function size(block: Blockly.Block, generator: ProcessingGenerator): [string, Order] {
  const [code, isText] = sized(block, generator);
  return [`${code}.${isText ? 'length' : 'size'}()`, Order.CALL];
}

function isEmpty(block: Blockly.Block, generator: ProcessingGenerator): [string, Order] {
  const [code, isText] = sized(block, generator);
  return isText ? [`${code}.isEmpty()`, Order.CALL] : [`${code}.size() == 0`, Order.EQUAL];
}

export const text: Record<string, Say> = {
  text: (block, generator) => [generator.quote_(field(block, 'TEXT')), Order.ATOMIC],
  text_join: (block, generator) => {
    const parts = items(block, generator, Order.ADD, '""');
    return [['""', ...parts].join(' + '), parts.length > 0 ? Order.ADD : Order.ATOMIC];
  },
  text_append: (block, generator) =>
    `${generator.getVariableName(field(block, 'VAR'))} += ${generator.value(block, 'TEXT', Order.NONE, '""')};\n`,
  text_length: size,
  text_isEmpty: isEmpty,
  text_indexOf: (block, generator) => {
    const find = field(block, 'END') === 'FIRST' ? 'indexOf' : 'lastIndexOf';
    return [
      `${generator.value(block, 'VALUE', Order.CALL, '""')}.${find}(${generator.value(block, 'FIND', Order.NONE, '""')}) + 1`,
      Order.ADD,
    ];
  },
  text_charAt: (block, generator) => {
    const text = generator.value(block, 'VALUE', Order.CALL, '""');
    return [
      `str(${text}.charAt(${index(block, generator, field(block, 'WHERE'), 'AT', `${text}.length()`)}))`,
      Order.CALL,
    ];
  },
  text_getSubstring: substring,
  text_changeCase: changeCase,
  text_trim: (block, generator) => [
    generator.value(block, 'TEXT', Order.CALL, '""') + (TRIMS[field(block, 'MODE')] ?? '.trim()'),
    Order.CALL,
  ],
  text_count: count,
  text_replace: (block, generator) => [
    `${generator.value(block, 'TEXT', Order.CALL, '""')}.replace(${generator.value(block, 'FROM', Order.NONE, '""')}, ${generator.value(block, 'TO', Order.NONE, '""')})`,
    Order.CALL,
  ],
  text_reverse: (block, generator) => [
    `new StringBuilder(${generator.value(block, 'TEXT', Order.NONE, '""')}).reverse().toString()`,
    Order.CALL,
  ],
  text_print: (block, generator) =>
    `println(${generator.value(block, 'TEXT', Order.NONE, '""')});\n`,
  text_prompt: ask,
  text_prompt_ext: ask,
};

/** A sketch has no console to ask in; this opens a small window. */
function ask(block: Blockly.Block, generator: ProcessingGenerator): [string, Order] {
  const question = block.getField('TEXT')
    ? generator.quote_(field(block, 'TEXT'))
    : generator.value(block, 'TEXT', Order.NONE, '""');
  const answer = `javax.swing.JOptionPane.showInputDialog(${question})`;
  return [field(block, 'TYPE') === 'NUMBER' ? `float(${answer})` : answer, Order.CALL];
}

function getIndex(block: Blockly.Block, generator: ProcessingGenerator): string | [string, Order] {
  const list = generator.value(block, 'VALUE', Order.CALL, 'new FloatList()');
  const at = index(block, generator, field(block, 'WHERE') || 'FROM_START', 'AT', `${list}.size()`);
  if (field(block, 'MODE') === 'REMOVE') return `${list}.remove(${at});\n`;
  return [`${list}.${field(block, 'MODE') === 'GET_REMOVE' ? 'remove' : 'get'}(${at})`, Order.CALL];
}

function setIndex(block: Blockly.Block, generator: ProcessingGenerator): string {
  const list = generator.value(block, 'LIST', Order.CALL, 'new FloatList()');
  const value = generator.value(block, 'TO');
  const where = field(block, 'WHERE');
  const insert = field(block, 'MODE') === 'INSERT';
  if (insert && where === 'LAST') return `${list}.append(${value});\n`;
  return `${list}.${insert ? 'insert' : 'set'}(${index(block, generator, where, 'AT', `${list}.size()`)}, ${value});\n`;
}

/** Lists of texts and of numbers have different types, so a helper must know which it is for. */
function helper(
  generator: ProcessingGenerator,
  block: Blockly.Block,
  name: string,
  body: (type: string) => string,
): string {
  const type = generator.typeOf(block);
  return generator.provideFunction_(
    name + type,
    `${type} ${generator.FUNCTION_NAME_PLACEHOLDER_}${body(type)}`,
  );
}

function joined(block: Blockly.Block, generator: ProcessingGenerator): string {
  const list = generator.value(block, 'INPUT', Order.CALL, 'new StringList()');
  return `${list}.join(${generator.value(block, 'DELIM', Order.NONE, '","')})`;
}

/** Parting by nothing, which means by letters, Processing would never end. */
function parted(block: Blockly.Block, generator: ProcessingGenerator): string {
  const text = generator.value(block, 'INPUT', Order.NONE, '""');
  const delimiter = generator.value(block, 'DELIM', Order.NONE, '","');
  if (/^"[^"\\]+"$/.test(delimiter)) return `new StringList(split(${text}, ${delimiter}))`;
  const name = generator.provideFunction_(
    'parts',
    `StringList ${generator.FUNCTION_NAME_PLACEHOLDER_}(String text, String delimiter) {
  if (!delimiter.isEmpty()) return new StringList(split(text, delimiter));
  StringList letters = new StringList();
  for (int i = 0; i < text.length(); i++) letters.append(str(text.charAt(i)));
  return letters;
}`,
  );
  return `${name}(${text}, ${delimiter})`;
}

export const lists: Record<string, Say> = {
  lists_create_empty: () => ['new FloatList()', Order.CALL],
  lists_create_with: (block, generator) => {
    const all = items(block, generator, Order.NONE, '0');
    const type = generator.typeOf(block);
    // With one number alone, Java would take it for the length.
    const given =
      all.length === 1 && type === 'FloatList' ? `new float[] {${all.join()}}` : all.join(', ');
    return [`new ${type}(${given})`, Order.CALL];
  },
  lists_repeat: (block, generator) => {
    const item = generator.typeOf(block) === 'StringList' ? 'String' : 'float';
    const name = helper(
      generator,
      block,
      'repeat',
      (type) => `(${item} item, float times) {
  ${type} list = new ${type}();
  for (int i = 0; i < times; i++) list.append(item);
  return list;
}`,
    );
    return [
      `${name}(${generator.value(block, 'ITEM')}, ${generator.value(block, 'NUM')})`,
      Order.CALL,
    ];
  },
  lists_length: size,
  lists_isEmpty: isEmpty,
  lists_indexOf: (block, generator) => {
    const list = generator.value(block, 'VALUE', Order.CALL, 'new FloatList()');
    const item = generator.value(block, 'FIND');
    // From the end: as far as the first is found in the list turned round.
    return field(block, 'END') === 'FIRST'
      ? [`${list}.index(${item}) + 1`, Order.ADD]
      : [
          `(${list}.hasValue(${item}) ? ${list}.size() - reversed(${list}).index(${item}) : 0)`.replaceAll(
            'reversed(',
            `${reversed(generator, block)}(`,
          ),
          Order.CALL,
        ];
  },
  lists_getIndex: getIndex,
  lists_setIndex: setIndex,
  lists_getSublist: (block, generator) => {
    const list = generator.value(block, 'LIST', Order.CALL, 'new FloatList()');
    const from = index(block, generator, field(block, 'WHERE1'), 'AT1', `${list}.size()`);
    const to = index(block, generator, field(block, 'WHERE2'), 'AT2', `${list}.size()`);
    return [`${list}.getSubset(${from}, ${to} - (${from}) + 1)`, Order.CALL];
  },
  lists_split: (block, generator) => [
    field(block, 'MODE') === 'JOIN' ? joined(block, generator) : parted(block, generator),
    Order.CALL,
  ],
  lists_sort: (block, generator) => {
    const sort = field(block, 'DIRECTION') === '-1' ? 'sortReverse' : 'sort';
    const name = helper(
      generator,
      block,
      sort,
      (type) => `(${type} list) {
  ${type} sorted = list.copy();
  sorted.${sort}();
  return sorted;
}`,
    );
    return [
      `${name}(${generator.value(block, 'LIST', Order.NONE, 'new FloatList()')})`,
      Order.CALL,
    ];
  },
  lists_reverse: (block, generator) => [
    `${reversed(generator, block)}(${generator.value(block, 'LIST', Order.NONE, 'new FloatList()')})`,
    Order.CALL,
  ],
};

function reversed(generator: ProcessingGenerator, block: Blockly.Block): string {
  const list = block.getInputTargetBlock(block.type === 'lists_reverse' ? 'LIST' : 'VALUE');
  const type = generator.typeOf(list) === 'StringList' ? 'StringList' : 'FloatList';
  return generator.provideFunction_(
    `reversed${type}`,
    `${type} ${generator.FUNCTION_NAME_PLACEHOLDER_}(${type} list) {
  ${type} turned = list.copy();
  turned.reverse();
  return turned;
}`,
  );
}

export const colours: Record<string, Say> = {
  colour_picker: (block) => [field(block, 'COLOUR').toUpperCase(), Order.ATOMIC],
  colour_random: () => ['color(random(256), random(256), random(256))', Order.CALL],
  colour_rgb: (block, generator) => {
    const parts = ['RED', 'GREEN', 'BLUE'].map(
      (name) => `${generator.value(block, name, Order.MULTIPLY)} * 2.55`,
    );
    return [`color(${parts.join(', ')})`, Order.CALL];
  },
  colour_blend: (block, generator) => [
    `lerpColor(${generator.value(block, 'COLOUR1')}, ${generator.value(block, 'COLOUR2')}, ${generator.value(block, 'RATIO')})`,
    Order.CALL,
  ],
};
