/** Numbers, as they were typed; rounding as at school; random numbers between any two limits. */
import type * as Blockly from 'blockly/core';
import { Order, type PythonGenerator } from '../generator';
import type { Say } from '../standard';

/** A whole number as it stands in code; nothing for any other code. */
export function wholeNumber(code: string): bigint | undefined {
  if (/^-?\d+$/.test(code)) return BigInt(code);
  if (!/^-?\d+(\.\d+)?e[+-]?\d+$/.test(code)) return undefined;
  return Number.isInteger(Number(code)) ? BigInt(Number(code)) : undefined;
}

/** Code for a count of something. */
export function asCount(code: string): string {
  const whole = wholeNumber(code);
  if (whole !== undefined) return String(whole);
  return /^\d*\.\d+$/.test(code) ? String(Math.trunc(Number(code))) : `int(${code})`;
}

function randomInt(generator: PythonGenerator): string {
  generator.provideImport('import math');
  generator.provideImport('import random');
  return generator.provideFunction_(
    'random_int',
    `
def ${generator.FUNCTION_NAME_PLACEHOLDER_}(limit, other):
  low, high = sorted((limit, other))
  return random.randint(math.ceil(low), math.floor(high))
`,
  );
}

/** By 0, nothing can be divided. */
function divisibleBy(block: Blockly.Block, generator: PythonGenerator): [string, number] {
  const by = generator.valueToCode(block, 'DIVISOR', Order.MULTIPLICATIVE) || '0';
  const isSafe = wholeNumber(by) !== undefined && wholeNumber(by) !== 0n;
  const number =
    generator.valueToCode(block, 'NUMBER_TO_CHECK', isSafe ? Order.MULTIPLICATIVE : Order.NONE) ||
    '0';
  if (isSafe) return [`${number} % ${by} == 0`, Order.RELATIONAL];
  const name = generator.provideFunction_(
    'is_divisible',
    `
def ${generator.FUNCTION_NAME_PLACEHOLDER_}(number, by):
  return by != 0 and number % by == 0
`,
  );
  return [`${name}(${number}, ${by})`, Order.FUNCTION_CALL];
}

/** Half a unit is rounded up, where Python's own would take the nearest even number. */
function single(sayOthers: Say): Say {
  return (block, generator) => {
    const call = (code: string, order: Order): [string, number] => {
      if (code.includes('math.')) generator.provideImport('import math');
      return [code, order];
    };
    const number = (order: Order) => generator.valueToCode(block, 'NUM', order) || '0';
    switch (block.getFieldValue('OP')) {
      case 'ROUND':
        return call(`math.floor(${number(Order.ADDITIVE)} + 0.5)`, Order.FUNCTION_CALL);
      case 'ABS':
        return call(`abs(${number(Order.NONE)})`, Order.FUNCTION_CALL);
      case 'POW10':
        return call(`10 ** ${number(Order.EXPONENTIATION)}`, Order.EXPONENTIATION);
      default:
        return sayOthers(block, generator);
    }
  };
}

export const numbers = (blockly: Record<string, Say>): Record<string, Say> => ({
  math_number: (block) => {
    const number = String(block.getFieldValue('NUM'));
    if (number === 'Infinity') return ["float('inf')", Order.FUNCTION_CALL];
    if (number === '-Infinity') return ["-float('inf')", Order.UNARY_SIGN];
    return [number, number.startsWith('-') ? Order.UNARY_SIGN : Order.ATOMIC];
  },

  math_single: single(blockly['math_single'] as Say),
  math_round: single(blockly['math_round'] as Say),

  math_number_property: (block, generator) =>
    block.getFieldValue('PROPERTY') === 'DIVISIBLE_BY'
      ? divisibleBy(block, generator)
      : (blockly['math_number_property'] as Say)(block, generator),

  math_random_int: (block, generator) => {
    const [from, to] = ['FROM', 'TO'].map(
      (name) => generator.valueToCode(block, name, Order.NONE) || '0',
    ) as [string, string];
    const [low, high] = [wholeNumber(from), wholeNumber(to)];
    if (low === undefined || high === undefined)
      return [`${randomInt(generator)}(${from}, ${to})`, Order.FUNCTION_CALL];
    generator.provideImport('import random');
    const limits = low <= high ? [low, high] : [high, low];
    return [`random.randint(${limits.join(', ')})`, Order.FUNCTION_CALL];
  },

  math_change: (block, generator) => {
    const name = generator.getVariableName(block.getFieldValue('VAR') as string);
    return `${name} += ${generator.valueToCode(block, 'DELTA', Order.NONE) || '0'}\n`;
  },
});
