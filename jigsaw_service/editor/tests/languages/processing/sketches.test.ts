// @vitest-environment jsdom
// @module-tag corpus
/** Sketches compile and run, and draw what their blocks say. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
  number,
  print,
  set,
  stack,
  text,
  truth,
  value,
} from '../blocks';
import { outcomes } from './sketches';

let language: Language;
beforeAll(async () => {
  language = await prepare('processing');
});

const code = (...blocks: string[]) => open(documentOf(...blocks), language).code();

const colour = block('colour_picker', field('COLOUR', '#0a141e'));
const COLOUR = 0x0a141e - 0x1000000;
const AREAS = 'sx sy swidth sheight dx dy dwidth dheight';

/** A block whose inputs hold 1, 2, 3 and so on, or a colour. */
function drawing(type: string, inputs: string, more = ''): string {
  const values = inputs
    .split(' ')
    .filter(Boolean)
    .map((name, i) => value(name, name === 'color' ? colour : number(i + 1)));
  return block(type, more + values.join(''));
}

const show = (type: string, inputs = '') => print(drawing(type, inputs));
const setPart = (part: string) =>
  stack(
    drawing(`processing_set_${part}`, 'index value'),
    print(
      block(`processing_get_${part}`, value('color', drawing('processing_get_pixels', 'index'))),
    ),
  );

const EXPECTED: Record<string, [blocks: string, printed: unknown[]]> = {
  processing_size: [drawing('processing_size', 'width height'), ['size[1,2]']],
  processing_arc: [
    drawing('processing_arc', 'x y width height start stop'),
    ['arc[1.0,2.0,3.0,4.0,5.0,6.0]'],
  ],
  processing_ellipse: [
    drawing('processing_ellipse', 'x y width height'),
    ['ellipse[1.0,2.0,3.0,4.0]'],
  ],
  processing_line: [drawing('processing_line', 'x1 y1 x2 y2'), ['line[1.0,2.0,3.0,4.0]']],
  processing_point: [drawing('processing_point', 'x y'), ['point[1.0,2.0]']],
  processing_quad: [
    drawing('processing_quad', 'x1 y1 x2 y2 x3 y3 x4 y4'),
    ['quad[1.0,2.0,3.0,4.0,5.0,6.0,7.0,8.0]'],
  ],
  processing_rect: [drawing('processing_rect', 'x y width height'), ['rect[1.0,2.0,3.0,4.0]']],
  processing_triangle: [
    drawing('processing_triangle', 'x1 y1 x2 y2 x3 y3'),
    ['triangle[1.0,2.0,3.0,4.0,5.0,6.0]'],
  ],
  processing_background: [
    drawing('processing_background', 'red green blue'),
    ['background[1.0,2.0,3.0]'],
  ],
  processing_fill: [drawing('processing_fill', 'red green blue'), ['fill[1.0,2.0,3.0]']],
  processing_stroke: [drawing('processing_stroke', 'red green blue'), ['stroke[1.0,2.0,3.0]']],
  processing_nofill: [drawing('processing_nofill', ''), ['noFill[]']],
  processing_nostroke: [drawing('processing_nostroke', ''), ['noStroke[]']],
  processing_mousex: [show('processing_mousex'), [3]],
  processing_mousey: [show('processing_mousey'), [4]],
  processing_random: [
    print(
      block(
        'math_round',
        field('OP', 'ROUNDDOWN') + value('NUM', drawing('processing_random', 'high')),
      ),
    ),
    [0],
  ],
  processing_load_pixels: [drawing('processing_load_pixels', ''), ['loadPixels[]']],
  processing_update_pixels: [drawing('processing_update_pixels', ''), ['updatePixels[]']],
  processing_get: [
    stack(drawing('processing_set', 'x y color'), show('processing_get', 'x y')),
    [`set[1,2,${COLOUR}]`, COLOUR],
  ],
  processing_set: [drawing('processing_set', 'x y color'), [`set[1,2,${COLOUR}]`]],
  processing_copy: [drawing('processing_copy', AREAS), ['copy[1,2,3,4,5,6,7,8]']],
  processing_blend: [
    drawing('processing_blend', AREAS, field('MODE', 'SCREEN')),
    ['blend[1,2,3,4,5,6,7,8,256]'],
  ],
  processing_filter: [
    drawing('processing_filter', '', field('MODE', 'POSTERIZE')),
    ['filter[15,4.0]'],
  ],
  processing_get_pixels: [show('processing_get_pixels', 'index'), [0]],
  processing_get_red: [show('processing_get_red', 'color'), [10]],
  processing_get_green: [show('processing_get_green', 'color'), [20]],
  processing_get_blue: [show('processing_get_blue', 'color'), [30]],
  processing_set_red: [setPart('red'), [2]],
  processing_set_green: [setPart('green'), [2]],
  processing_set_blue: [setPart('blue'), [2]],
};

test('every block of drawing has a case', () => {
  const types = [...language.types].filter((type) => type.startsWith('processing_'));
  expect(types.filter((type) => !(type in EXPECTED))).toEqual([]);
});

test('they draw what they say', () => {
  const sketches = Object.values(EXPECTED).map(([blocks]) => code(blocks));
  expect(outcomes(sketches).map(({ printed, error }) => error || printed)).toEqual(
    Object.values(EXPECTED).map(([, printed]) => printed),
  );
});

test('golden sketches, examples and every block of the toolbox are Java', async () => {
  const folder = join(import.meta.dirname, 'golden');
  const golden = readdirSync(folder)
    .filter((file) => file.endsWith('.pde'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  const examples = [language.initialXml, ...(await language.examples()).map(({ xml }) => xml)].map(
    (xml) => open(xml, language).code(),
  );
  const types = [...JSON.stringify(language.toolbox).matchAll(/"type":"(\w+)"/g)];
  const alone = types.map(([, type = '']) => code(`<block type="${type}"/>`));
  const faults = outcomes([...golden, ...examples, ...alone])
    .map(({ error }, i) => `${error} ${[...golden, ...examples, ...alone][i] ?? ''}`)
    .filter((fault) => fault.startsWith('error:'));
  expect(faults).toEqual([]);
});

test('a variable that nothing sets is of the type that its block takes', () => {
  const uses = ['lists_length', 'lists_isEmpty', 'text_length', 'text_reverse', 'logic_negate'];
  const inputs: Record<string, string> = { text_reverse: 'TEXT', logic_negate: 'BOOL' };
  const sketch = code(
    stack(
      ...uses.map((type) => print(block(type, value(inputs[type] ?? 'VALUE', get(`of_${type}`))))),
      set('x', number(2)),
      print(get('x')),
    ),
  );
  expect(outcomes([sketch])).toEqual([{ printed: [0, true, 0, '', true, 2], error: '' }]);
});

test('no number is so large that it begins anew at the other end', () => {
  const big = number(2_000_000_000);
  const operate = (sign: string, a: string, b: string) =>
    block('math_arithmetic', field('OP', sign) + value('A', a) + value('B', b));
  const million = operate('MULTIPLY', number(1000), number(1000));
  const sketch = code(
    stack(
      print(operate('ADD', big, big)),
      print(operate('MINUS', operate('MINUS', number(0), big), big)),
      print(operate('MULTIPLY', million, million)),
      print(operate('MULTIPLY', block('text_length', value('VALUE', text('abc'))), big)),
      print(million),
    ),
  );
  const [outcome] = outcomes([sketch]);
  expect(outcome?.printed).toEqual([4e9, -4e9, 1e12, 6e9, 1e6]);
});

test('a loop that never begins, and one that is left, are Java', () => {
  const loop = (mode: string, condition: string, inside: string) =>
    block(
      'controls_whileUntil',
      field('MODE', mode) + value('BOOL', condition) + body('DO', inside),
    );
  const never = block(
    'logic_compare',
    field('OP', 'EQ') + value('A', number(1)) + value('B', number(2)),
  );
  const leave = block('controls_flow_statements', field('FLOW', 'BREAK'));
  const sketch = code(
    stack(
      loop('WHILE', truth(false), print(text('no'))),
      loop('UNTIL', truth(true), print(text('no'))),
      loop('WHILE', never, print(text('no'))),
      loop('WHILE', truth(true), stack(print(text('once')), leave)),
      set('x', number(2)),
      loop('UNTIL', block('logic_boolean', field('BOOL', 'FALSE')), leave),
      print(text('after')),
    ),
  );
  expect(outcomes([sketch])).toEqual([{ printed: ['once', 'after'], error: '' }]);
});

test('a text parted by nothing is parted into letters', () => {
  const split = (delimiter: string) =>
    print(
      block(
        'lists_split',
        `<mutation mode="SPLIT"/>${field('MODE', 'SPLIT')}${value('INPUT', text('ab'))}${value('DELIM', delimiter)}`,
      ),
    );
  const sketch = code(stack(split(text('')), split(text('a'))));
  expect(outcomes([sketch])[0]?.printed).toEqual([
    ['a', 'b'],
    ['', 'b'],
  ]);
});

describe('counting', () => {
  const count = (from: string, to: string, by: string, inside = print(get('i'))) =>
    block(
      'controls_for',
      field('VAR', 'i') +
        value('FROM', from) +
        value('TO', to) +
        value('BY', by) +
        body('DO', inside),
    );
  const held = (by: number, of: (by: string) => string) =>
    stack(set('by', number(by)), of(get('by')));
  const outcome = (blocks: string) => outcomes([code(blocks)])[0];

  test('by steps of 0 ends at once, and says why', () => {
    const error = 'java.lang.IllegalArgumentException: Nothing can be counted in steps of 0.';
    const upTo = (by: string) => count(number(1), number(3), by);
    expect(outcome(upTo(number(0)))).toEqual({ printed: [], error });
    expect(outcome(held(0, upTo))).toEqual({ printed: [], error });
  });

  test('goes where it was to go at the beginning', () => {
    const up = (by: string) => count(number(1), number(3), by);
    const down = (by: string) => count(number(3), number(1), by);
    expect(outcome(held(-2, up))?.printed).toEqual([1, 3]);
    expect(outcome(held(2, down))?.printed).toEqual([3, 1]);
    const fromItself = stack(set('i', number(4)), count(get('i'), number(5), get('step')));
    expect(outcome(stack(set('step', number(1)), fromItself))?.printed).toEqual([4, 5]);
    const changed = stack(print(get('i')), set('by', number(0)));
    expect(outcome(held(1, (by) => count(number(1), number(2), by, changed)))?.printed).toEqual([
      1, 2,
    ]);
  });

  test('computes its limits once', () => {
    const limit = define('limit', [], print(text('asked')), number(2));
    const asked = call('limit', {}, true);
    expect(outcome(limit + count(asked, asked, asked))?.printed).toEqual([
      'asked',
      'asked',
      'asked',
      2,
    ]);
  });
});
