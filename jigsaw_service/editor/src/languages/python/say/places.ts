/** Items of lists and letters of texts by their places, of which the first is 1; there is no place 0. */
import type * as Blockly from 'blockly/core';
import { objectOf } from '../blocks/code';
import { Order, type PythonGenerator } from '../generator';
import type { Say } from '../standard';
import { wholeNumber } from './numbers';

/** A check, as Python would count 0 and less from the end. */
function position(generator: PythonGenerator): string {
  return generator.provideFunction_(
    'position',
    `
def ${generator.FUNCTION_NAME_PLACEHOLDER_}(number):
  if number < 1:
    raise IndexError(f'There is no item {number}: the first is item 1.')
  return int(number)
`,
  );
}

/** The number in an input: as a whole number of at least 1, or as code that gives one. */
function numberIn(
  block: Blockly.Block,
  input: string,
  generator: PythonGenerator,
): bigint | string {
  const code = generator.valueToCode(block, input, Order.NONE) || '1';
  const whole = wholeNumber(code);
  if (whole !== undefined && whole >= 1n) return whole;
  return `${position(generator)}(${code})`;
}

/** Index of an item, as Python counts: from 0, or from -1 at the end. */
function indexOf(
  block: Blockly.Block,
  where: string,
  input: string,
  generator: PythonGenerator,
): string {
  if (where === 'FIRST') return '0';
  if (where === 'LAST') return '-1';
  const number = numberIn(block, input, generator);
  if (where === 'FROM_END') return `-${number}`;
  return typeof number === 'bigint' ? String(number - 1n) : `${number} - 1`;
}

/** A part, both ends included. */
function part(object: string): Say {
  return (block, generator) => {
    const whole = objectOf(block, generator, object, object === 'LIST' ? '[]' : "''");
    const [where1, where2] = ['WHERE1', 'WHERE2'].map(
      (name) => block.getFieldValue(name) as string,
    );
    const from = where1 === 'FIRST' ? '' : indexOf(block, where1 ?? '', 'AT1', generator);
    return [
      `${whole}[${from === '0' ? '' : from} : ${end(block, where2, generator)}]`,
      Order.MEMBER,
    ];
  };
}

function end(block: Blockly.Block, where: string | undefined, generator: PythonGenerator): string {
  if (where === 'LAST') return '';
  if (where === 'FROM_END') {
    const number = numberIn(block, 'AT2', generator);
    if (number === 1n) return '';
    return typeof number === 'bigint' ? `-${number - 1n}` : `1 - ${number} or None`;
  }
  const code = generator.valueToCode(block, 'AT2', Order.NONE) || '1';
  const whole = wholeNumber(code);
  // Up to item 0 is nothing at all.
  if (whole !== undefined) return String(whole > 0n ? whole : 0n);
  return `max(int(${code}), 0)`;
}

/** Blockly's own code where an item is chosen at random, which needs no number. */
const unlessRandom =
  (say: Say, blockly: Say): Say =>
  (block, generator) =>
    (block.getFieldValue('WHERE') === 'RANDOM' ? blockly : say)(block, generator);

const whereOf = (block: Blockly.Block) =>
  (block.getFieldValue('WHERE') as string | null) ?? 'FROM_START';

const getIndex: Say = (block, generator) => {
  const list = objectOf(block, generator, 'VALUE', '[]');
  const at = indexOf(block, whereOf(block), 'AT', generator);
  const mode = block.getFieldValue('MODE') as string | null;
  const pop = `${list}.pop(${at === '-1' ? '' : at})`;
  if (mode === 'REMOVE') return `${pop}\n`;
  return mode === 'GET_REMOVE' ? [pop, Order.FUNCTION_CALL] : [`${list}[${at}]`, Order.MEMBER];
};

const setIndex: Say = (block, generator) => {
  const list = objectOf(block, generator, 'LIST', '[]');
  const where = whereOf(block);
  const at = indexOf(block, where, 'AT', generator);
  const value = generator.valueToCode(block, 'TO', Order.NONE) || 'None';
  if (block.getFieldValue('MODE') !== 'INSERT') return `${list}[${at}] = ${value}\n`;
  return where === 'LAST' ? `${list}.append(${value})\n` : `${list}.insert(${at}, ${value})\n`;
};

const charAt: Say = (block, generator) => [
  `${objectOf(block, generator, 'VALUE', "''")}[${indexOf(block, whereOf(block), 'AT', generator)}]`,
  Order.MEMBER,
];

export const places = (blockly: Record<string, Say>): Record<string, Say> => ({
  lists_getIndex: unlessRandom(getIndex, blockly['lists_getIndex'] as Say),
  lists_setIndex: unlessRandom(setIndex, blockly['lists_setIndex'] as Say),
  lists_getSublist: part('LIST'),
  text_getSubstring: part('STRING'),
  text_charAt: unlessRandom(charAt, blockly['text_charAt'] as Say),
});
