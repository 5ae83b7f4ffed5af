// @vitest-environment jsdom
// @module-tag corpus
/** Blocks mean what they say in programs that give the names their code relies on to something else. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '../../../src/languages';
import { documentOf, open, prepare } from '../../canvas/open';
import {
  block,
  body,
  call,
  define,
  field,
  get,
  items,
  list,
  number,
  print,
  set,
  stack,
  text,
  value,
} from '../blocks';
import { outcomes } from './python3';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

const code = (...blocks: string[]) => open(documentOf(...blocks), language).code();

const byHand = (line: string) => block('expression_statement', field('expression', line));
const python = (line: string) => block('expression_value', field('expression', line));
const importing = (module: string) => block('import_statement', field('module', module));
const importAs = (module: string, alias: string) =>
  block('python_import_as', field('MODULE', module) + field('ALIAS', alias));
const importFrom = (module: string, name: string) =>
  block('python_from_import', field('MODULE', module) + field('NAME', name));

const four = number(4);
const randomInt = (from: string, to: string) =>
  block('math_random_int', value('FROM', from) + value('TO', to));
const atRandom = (type: string, of: string) =>
  block(type, `<mutation at="false"/>${field('WHERE', 'RANDOM')}${value('VALUE', of)}`);
const single = (operator: string, of: string) =>
  block('math_single', field('OP', operator) + value('NUM', of));
const floorOf = (of: string) => block('math_round', field('OP', 'ROUNDDOWN') + value('NUM', of));
const ofList = (operator: string, ...numbers: number[]) =>
  block(
    'math_on_list',
    `<mutation op="${operator}"/>${field('OP', operator)}${value('LIST', list(...numbers.map(number)))}`,
  );
const join = (...all: string[]) =>
  block(
    'lists_split',
    `<mutation mode="JOIN"/>${field('MODE', 'JOIN')}${value('INPUT', list(...all))}${value('DELIM', text('-'))}`,
  );

/** Prints that rely on one name or more each, with what they print. */
const RELYING: [prints: string, printed: unknown][] = [
  [randomInt(four, four), 4],
  [randomInt(python('4'), four), 4],
  [floorOf(block('math_random_float')), 0],
  [atRandom('lists_getIndex', list(four)), 4],
  [atRandom('text_charAt', text('aa')), 'a'],
  [ofList('RANDOM', 4), 4],
  [block('text_length', value('VALUE', block('colour_random'))), 7],
  [single('ROOT', number(9)), 3],
  [block('math_trig', field('OP', 'SIN') + value('NUM', number(0))), 0],
  [block('math_atan2', value('X', number(1)) + value('Y', number(0))), 0],
  [floorOf(block('math_constant', field('CONSTANT', 'PI'))), 3],
  [
    block(
      'math_number_property',
      `<mutation divisor_input="false"/>${field('PROPERTY', 'PRIME')}${value('NUMBER_TO_CHECK', number(7))}`,
    ),
    true,
  ],
  [ofList('AVERAGE', 1, 3), 2],
  [ofList('STD_DEV', 1, 3), 1],
  [ofList('SUM', 1, 3), 4],
  [block('text_changeCase', field('CASE', 'TITLECASE') + value('TEXT', text('a b'))), 'A B'],
  [join(number(1), text('b')), '1-b'],
  [
    block(
      'dict_parts',
      field('PART', 'keys') +
        value(
          'DICT',
          block('dict_create_with', items(1) + value('KEY0', text('k')) + value('VALUE0', four)),
        ),
    ),
    ['k'],
  ],
];

const counted = block(
  'controls_for',
  field('VAR', 'i') +
    value('FROM', number(0)) +
    value('TO', number(0.2)) +
    value('BY', number(0.1)) +
    body('DO', print(get('i'))),
);
const changedAtRandom = stack(
  set('things', list(four)),
  block(
    'lists_setIndex',
    `<mutation at="false"/>${field('MODE', 'SET')}${field('WHERE', 'RANDOM')}${value('LIST', get('things'))}${value('TO', number(5))}`,
  ),
  print(get('things')),
);
const relying = stack(...RELYING.map(([shown]) => print(shown)), counted, changedAtRandom);
const PRINTED = [...RELYING.map(([, printed]) => printed), 0, 0.1, 0.2, [5]];

const loop = (name: string, inside: string) =>
  block('controls_forEach', field('VAR', name) + value('LIST', list(four)) + body('DO', inside));
const caught = (name: string, inside: string) =>
  block(
    'python_try',
    field('ERROR', 'Exception') +
      field('VAR', name) +
      body('DO', block('python_raise', field('ERROR', 'ValueError'))) +
      body('EXCEPT', inside),
  );
const both = (name: string, inside: (name: string) => string) => [
  stack(importing(name), inside(name)),
];

const NAMES = [
  'random',
  'math',
  're',
  'Decimal',
  'Number',
  'sum',
  'str',
  'list',
  'print',
  'range',
  'int',
];

describe('all blocks that rely on names do as before', () => {
  const programs: [string, ...string[]][] = [
    ['with nothing before them', relying],
    ['below `from random import random`', stack(importFrom('random', 'random'), relying)],
    ['below the same by hand', stack(byHand('from random import random'), relying)],
    ['below `from random import *`', stack(byHand('from random import *'), relying)],
    ['below `from math import *`', stack(byHand('from math import *'), relying)],
    ['below `from decimal import *`', stack(byHand('from decimal import *'), relying)],
    ['below `import statistics as math`', stack(importAs('statistics', 'math'), relying)],
    [
      'below `import os as random, sys as math`',
      stack(byHand('import os as random, sys as math'), relying),
    ],
    ['below `import math` and `random`', stack(importing('math'), importing('random'), relying)],
    ['below `import random as random`', stack(importAs('random', 'random'), relying)],
    ['above `from random import random`', stack(relying, importFrom('random', 'random'))],
    ['below a list called `list`, by hand', stack(byHand('list = [1, 2]; sum = 0'), relying)],
    ['in a program that defines `print` by hand', stack(byHand('def print(x): return x'), relying)],
    ['below `(random := 5)`', stack(print(python('(random := 5)')), relying)],
    [
      'below `random_module` and `by_hand`',
      stack(byHand('random = math = 1; random_module = by_hand = builtins = 2'), relying),
    ],
    ...NAMES.flatMap((name): [string, ...string[]][] => [
      [`with a variable called ${name}`, stack(set(name, text('own')), relying)],
      [`with a function called ${name}`, define(name, [], print(text('own'))), relying],
      [
        `in a function with a parameter called ${name}`,
        define('f', [name], relying),
        call('f', { [name]: four }),
      ],
      [`with a loop’s variable called ${name}`, loop(name, relying)],
      [`with an error’s variable called ${name}`, caught(name, relying)],
      [`below \`${name} = 5\``, stack(byHand(`${name} = 5`), relying)],
      [
        `in a program that deletes ${name}`,
        stack(byHand(`${name} = 5`), byHand(`del ${name}`), relying),
      ],
    ]),
    ...['random', 'math', 're'].flatMap((name): [string, ...string[]][] => [
      [
        `below \`import ${name}\`, set to a number`,
        ...both(name, () => stack(set(name, four), relying)),
      ],
      [
        `below \`import ${name}\`, changed`,
        ...both(name, () =>
          stack(block('math_change', field('VAR', 'other')), loop(name, relying)),
        ),
      ],
      [
        `below \`import ${name}\`, in a function with that parameter`,
        importing(name),
        define('f', [name], relying),
        call('f', { [name]: four }),
      ],
    ]),
  ];

  test('in every combination', () => {
    const made = programs.map(([, ...blocks]) => code(...blocks));
    const results = outcomes(made).map(
      ({ printed, error }) => error || printed.slice(-PRINTED.length),
    );
    const differing = results.flatMap((result, i) =>
      JSON.stringify(result) === JSON.stringify(PRINTED)
        ? []
        : [`${programs[i]?.[0] ?? ''}: ${JSON.stringify(result)}\n${made[i] ?? ''}`],
    );
    expect(differing).toEqual([]);
  });
});

const printed = (...blocks: string[]) => {
  const program = code(...blocks);
  const [outcome] = outcomes([program]);
  expect(outcome?.error, program).toBe('');
  return outcome?.printed;
};

test('what is written by hand means what it says beside them', () => {
  const floor = (what: string) => print(floorOf(python(what)));
  const callRandom = block('python_call_value', items(0) + field('NAME', 'random'));
  expect(
    printed(
      stack(
        importFrom('random', 'random'),
        floor('random()'),
        print(floorOf(callRandom)),
        floor('min(random(), 0.5)'),
        print(randomInt(four, four)),
        byHand('sum = "#sum by_hand"'),
        print(python('sum  +  "sum"')),
        print(python("f'{sum}'")),
        print(ofList('SUM', 1, 2)),
        print(
          block(
            'python_format',
            items(2) +
              field('TEXT', '{} sum {}') +
              value('ADD0', python('sum')) +
              value('ADD1', ofList('SUM', 1)),
          ),
        ),
        print(text('sum by_hand')),
      ),
    ),
  ).toEqual([
    0,
    0,
    0,
    4,
    '#sum by_handsum',
    '#sum by_hand',
    3,
    '#sum by_hand sum 1',
    'sum by_hand',
  ]);
});

test('a variable of an imported name is still that', () => {
  expect(
    printed(
      stack(
        importing('math'),
        print(block('python_attribute', field('NAME', 'tau') + value('OBJECT', get('math')))),
        set('math', four),
        print(get('math')),
        print(single('ROOT', four)),
        block('math_change', field('VAR', 'math') + value('DELTA', four)),
        print(get('math')),
      ),
    ),
  ).toEqual([2 * Math.PI, 4, 2, 8]);
});

test('a function block takes no name from an import by hand, nor loses its own', () => {
  const own = define('floor', [], print(text('own')));
  const line = byHand('from math import floor');
  expect(printed(own, stack(line, call('floor'), print(python('floor(2.5)'))))).toEqual(['own', 2]);
  expect(printed(own, stack(byHand('from math import *'), call('floor')))).toEqual(['own']);
});

test('a helper takes no name that is given a value by hand', () => {
  const item = block(
    'lists_getIndex',
    `<mutation statement="false" at="true"/>${field('MODE', 'GET')}${field('WHERE', 'FROM_START')}` +
      value('VALUE', list(four)) +
      value('AT', python('1')),
  );
  const repeat = block('controls_repeat', field('TIMES', 3));
  expect(
    printed(
      stack(
        byHand('position = 7; count = 8'),
        repeat,
        print(item),
        print(python('position + count')),
      ),
    ),
  ).toEqual([4, 15]);
});

test('a program that gives no name away stays as it is', () => {
  expect(code(stack(byHand('print(math.pi, sum)'), print(single('ROOT', four))))).toBe(
    'import math\n\n\nprint(math.pi, sum)\nprint(math.sqrt(4))\n',
  );
  expect(code(stack(byHand('import math, random'), print(randomInt(four, four))))).toContain(
    'print(random.randint(4, 4))',
  );
  expect(code(stack(importFrom('random', 'random'), print(randomInt(four, four))))).toBe(
    'import random as random_module\n\n\nfrom random import random\nprint(random_module.randint(4, 4))\n',
  );
});
