/** Numbers. */
import type * as Blockly from 'blockly/core';
import { Order, type ProcessingGenerator } from '../generator';
import type { Say } from './index';

const field = (block: Blockly.Block, name: string) => block.getFieldValue(name) as string;

const LARGEST_INT = 2147483647;

const ARITHMETIC: Record<string, [string, Order]> = {
  ADD: [' + ', Order.ADD],
  MINUS: [' - ', Order.ADD],
  MULTIPLY: [' * ', Order.MULTIPLY],
  DIVIDE: [' / ', Order.MULTIPLY],
};

/** Two whole numbers would be divided without remainder. */
function divisor(code: string): string {
  if (/^\d+$/.test(code)) return `${code}.0`;
  return /^(\d*\.\d+|[\p{XIDS}_]\p{XIDC}*)$/u.test(code) ? code : `float(${code})`;
}

function arithmetic(block: Blockly.Block, generator: ProcessingGenerator): [string, Order] {
  const operator = ARITHMETIC[field(block, 'OP')];
  if (!operator)
    return [`pow(${generator.value(block, 'A')}, ${generator.value(block, 'B')})`, Order.CALL];
  const [sign, order] = operator;
  // Minus and divide don't read the same from right to left.
  const left = generator.value(block, 'A', order);
  const right = generator.value(block, 'B', order);
  if (sign === ' / ') return [left + sign + divisor(right), order];
  // Beyond what an `int` holds, Java would go on from the other end.
  const isTooLarge = (largestOf(block) ?? 0) > LARGEST_INT;
  return [(isTooLarge ? asFloat(left) : left) + sign + right, order];
}

const asFloat = (code: string) => (/^-?\d+$/.test(code) ? `${code}.0` : `float(${code})`);

/** More than any text has letters, any list items, and any screen points. */
const LARGEST_SIZE = 1e6;
const SIZES =
  /^(text_(length|indexOf|count)|lists_(length|indexOf)|processing_mouse[xy]|math_(modulo|random_int))$/;

/** Largest value that it may have, if Java computes it as an `int`; else undefined. */
function largestOf(block: Blockly.Block | null): number | undefined {
  if (!block) return 0;
  const of = (name: string) => largestOf(block.getInputTargetBlock(name));
  if (block.type === 'math_number') {
    const number = Math.abs(Number(block.getFieldValue('NUM')));
    return Number.isInteger(number) && number <= LARGEST_INT ? number : undefined;
  }
  if (SIZES.test(block.type)) return LARGEST_SIZE;
  if (block.type === 'math_single' && field(block, 'OP') === 'ABS') return of('NUM');
  if (/^math_(single|round)$/.test(block.type))
    return field(block, 'OP').startsWith('ROUND') ? LARGEST_INT : undefined;
  const [a, b] = [of('A'), of('B')];
  if (block.type !== 'math_arithmetic' || a === undefined || b === undefined) return undefined;
  return { ADD: a + b, MINUS: a + b, MULTIPLY: a * b }[field(block, 'OP')];
}

const CALLS: Record<string, (x: string) => string> = {
  ROOT: (x) => `sqrt(${x})`,
  ABS: (x) => `abs(${x})`,
  LN: (x) => `log(${x})`,
  LOG10: (x) => `(log(${x}) / log(10))`,
  EXP: (x) => `exp(${x})`,
  POW10: (x) => `pow(10, ${x})`,
  ROUND: (x) => `round(${x})`,
  ROUNDUP: (x) => `ceil(${x})`,
  ROUNDDOWN: (x) => `floor(${x})`,
  SIN: (x) => `sin(radians(${x}))`,
  COS: (x) => `cos(radians(${x}))`,
  TAN: (x) => `tan(radians(${x}))`,
  ASIN: (x) => `degrees(asin(${x}))`,
  ACOS: (x) => `degrees(acos(${x}))`,
  ATAN: (x) => `degrees(atan(${x}))`,
};

function single(block: Blockly.Block, generator: ProcessingGenerator): [string, Order] {
  const operator = field(block, 'OP');
  if (operator === 'NEG') return [`-(${generator.value(block, 'NUM')})`, Order.UNARY];
  return [(CALLS[operator] ?? String)(generator.value(block, 'NUM')), Order.CALL];
}

const CONSTANTS: Record<string, string> = {
  PI: 'PI',
  E: 'exp(1)',
  GOLDEN_RATIO: '((1 + sqrt(5)) / 2)',
  SQRT2: 'sqrt(2)',
  SQRT1_2: 'sqrt(0.5)',
  INFINITY: 'Float.POSITIVE_INFINITY',
};

function property(block: Blockly.Block, generator: ProcessingGenerator): [string, Order] {
  const which = field(block, 'PROPERTY');
  if (which === 'PRIME')
    return [`${isPrime(generator)}(${generator.value(block, 'NUMBER_TO_CHECK')})`, Order.CALL];
  const x = generator.value(block, 'NUMBER_TO_CHECK', Order.MULTIPLY);
  const tests: Record<string, string> = {
    EVEN: `${x} % 2 == 0`,
    ODD: `abs(${x} % 2) == 1`,
    WHOLE: `${x} % 1 == 0`,
    POSITIVE: `${x} > 0`,
    NEGATIVE: `${x} < 0`,
  };
  // By 0, an `int` can't be divided, and nothing is.
  const divided = () => {
    const by = generator.value(block, 'DIVISOR', Order.MULTIPLY, '1');
    return `${x} % ${/^([1-9]\d*|[\p{XIDS}_]\p{XIDC}*)$/u.test(by) ? by : asFloat(by)} == 0`;
  };
  return [tests[which] ?? divided(), Order.EQUAL];
}

function isPrime(generator: ProcessingGenerator): string {
  return generator.provideFunction_(
    'isPrime',
    `boolean ${generator.FUNCTION_NAME_PLACEHOLDER_}(float n) {
  if (n < 2 || n % 1 != 0) return false;
  for (int i = 2; i * i <= n; i++) {
    if (n % i == 0) return false;
  }
  return true;
}`,
  );
}

const OF_LIST: Record<string, string> = {
  MEDIAN: `  FloatList sorted = list.copy();
  sorted.sort();
  int middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;`,
  STD_DEV: `  float mean = list.sum() / list.size();
  float squares = 0;
  for (float item : list) squares += sq(item - mean);
  return sqrt(squares / list.size());`,
  MODE: `  float best = 0;
  int most = 0;
  for (float item : list) {
    int count = 0;
    for (float other : list) if (other == item) count++;
    if (count > most) { most = count; best = item; }
  }
  return best;`,
  RANDOM: `  return list.get(int(random(list.size())));`,
  AVERAGE: `  return list.sum() / list.size();`,
};

function onList(block: Blockly.Block, generator: ProcessingGenerator): [string, Order] {
  const operator = field(block, 'OP');
  const body = OF_LIST[operator];
  if (!body) {
    const list = generator.value(block, 'LIST', Order.CALL, 'new FloatList()');
    return [`${list}.${operator.toLowerCase()}()`, Order.CALL];
  }
  const name = generator.provideFunction_(
    `${operator.toLowerCase().replace('_', '')}OfList`,
    `float ${generator.FUNCTION_NAME_PLACEHOLDER_}(FloatList list) {\n${body}\n}`,
  );
  return [`${name}(${generator.value(block, 'LIST', Order.NONE, 'new FloatList()')})`, Order.CALL];
}

const LARGEST_FLOAT = 3.4028234663852886e38;

/** A number as Java takes it: beyond what an `int` or a `float` holds, Java would not compile. */
export function numberLiteral(text: string): string {
  const number = Number(text);
  const sign = number < 0 ? '-' : '';
  const size = Math.abs(number);
  if (size > LARGEST_FLOAT) return `${sign}Float.POSITIVE_INFINITY`;
  if (Number.isInteger(size) && size <= LARGEST_INT) return String(number);
  if (size < 1.5e-45) return '0';
  const digits = String(size);
  return sign + (Number.isInteger(size) || digits.includes('e') ? `${digits}f` : digits);
}

export const math: Record<string, Say> = {
  math_number: (block) => {
    const number = numberLiteral(String(block.getFieldValue('NUM')));
    return [number, number.startsWith('-') ? Order.UNARY : Order.ATOMIC];
  },
  math_arithmetic: arithmetic,
  math_single: single,
  math_round: single,
  math_trig: single,
  math_constant: (block) => [CONSTANTS[field(block, 'CONSTANT')] ?? '0', Order.CALL],
  math_number_property: property,
  math_change: (block, generator) =>
    `${generator.getVariableName(field(block, 'VAR'))} += ${generator.value(block, 'DELTA')};\n`,
  math_on_list: onList,
  math_modulo: (block, generator) => [
    `${generator.value(block, 'DIVIDEND', Order.MULTIPLY)} % ${generator.value(block, 'DIVISOR', Order.MULTIPLY, '1')}`,
    Order.MULTIPLY,
  ],
  math_constrain: (block, generator) => [
    `constrain(${['VALUE', 'LOW', 'HIGH'].map((name) => generator.value(block, name)).join(', ')})`,
    Order.CALL,
  ],
  math_random_int: (block, generator) => {
    const [from, to] = ['FROM', 'TO'].map((name) => generator.value(block, name)) as [
      string,
      string,
    ];
    const numbers = [Number(from), Number(to)].sort((a, b) => a - b);
    const [low, high] = numbers.every(Number.isSafeInteger)
      ? numbers.map(String)
      : [`min(${from}, ${to})`, `max(${from}, ${to})`];
    return [`floor(random(${low ?? '0'}, ${high ?? '0'} + 1))`, Order.CALL];
  },
  math_random_float: () => ['random(1)', Order.CALL],
  math_atan2: (block, generator) => [
    `degrees(atan2(${generator.value(block, 'Y')}, ${generator.value(block, 'X')}))`,
    Order.CALL,
  ],
};
