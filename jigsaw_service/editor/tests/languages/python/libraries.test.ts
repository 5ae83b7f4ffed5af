// @vitest-environment jsdom
// @module-tag corpus
/** Blocks of tables and plots do with pandas and matplotlib what they say. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '../../../src/languages';
import { documentOf, open, prepare } from '../../canvas/open';
import { block, field, get, items, list, number, print, set, stack, text, value } from '../blocks';
import { LIBRARY } from './libraries';
import { outcomes } from './python3';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

const table = set(
  'table',
  block(
    'data_from_columns',
    value(
      'COLUMNS',
      block(
        'dict_create_with',
        items(2) +
          value('KEY0', text('name')) +
          value('VALUE0', list(text('Bo'), text('Al'), text('Cy'))) +
          value('KEY1', text('age')) +
          value('VALUE1', list(number(7), number(9), number(8))),
      ),
    ),
  ),
);
const data = value('DATA', get('table'));
const named = (name: string) => value('NAME', text(name));
const column = (of: string, name: string) => block('data_column', value('DATA', of) + named(name));
const names = (of: string) => asList(column(of, 'name'));
const asList = (what: string) =>
  block('python_call_value', items(1) + field('NAME', 'list') + value('ARG0', what));
const filter = (sign: string, age: number) =>
  names(
    block('data_filter', data + named('age') + field('OP', sign) + value('VALUE', number(age))),
  );
const group = (way: string) =>
  asList(
    block('data_group', field('FUNCTION', way) + named('age') + data + value('BY', text('name'))),
  );
const sorted = (order: string) =>
  names(block('data_sort', data + named('age') + field('ORDER', order)));

const tables: [string, string, unknown][] = [
  ['data_from_columns', names(get('table')), ['Bo', 'Al', 'Cy']],
  ['data_column', asList(column(get('table'), 'age')), [7, 9, 8]],
  ['data_columns', block('data_columns', data), ['name', 'age']],
  ['data_head', names(block('data_head', value('NUMBER', number(2)) + data)), ['Bo', 'Al']],
  ['data_filter', filter('==', 8), ['Cy']],
  ['data_filter', filter('!=', 8), ['Bo', 'Al']],
  ['data_filter', filter('<', 8), ['Bo']],
  ['data_filter', filter('<=', 8), ['Bo', 'Cy']],
  ['data_filter', filter('>', 8), ['Al']],
  ['data_filter', filter('>=', 8), ['Al', 'Cy']],
  ...['mean', 'sum', 'min', 'max', 'median'].map((way): [string, string, unknown] => [
    'data_group',
    group(way),
    [9, 7, 8],
  ]),
  ['data_group', group('count'), [1, 1, 1]],
  ['data_sort', sorted('True'), ['Bo', 'Cy', 'Al']],
  ['data_sort', sorted('False'), ['Al', 'Cy', 'Bo']],
  [
    'data_describe',
    asList(column(block('data_describe', data), 'age')),
    [3, 8, 1, 7, 7.5, 8, 8.5, 9],
  ],
  [
    'data_read_csv',
    asList(column(block('data_read_csv', value('FILE', get('file'))), 'a')),
    [1, 2],
  ],
];

const file = set(
  'file',
  block('expression_value', field('expression', '__import__("io").StringIO("a\\n1\\n2")')),
);

const xy = value('X', list(number(1), number(2))) + value('Y', list(number(3), number(4)));

/** What there is to see of the plot, as pyplot tells it. */
const plots: [string, string, string, unknown][] = [
  [
    'plot_figure',
    block('plot_figure', value('WIDTH', number(5)) + value('HEIGHT', number(3))),
    'plt.gcf().get_size_inches().tolist()',
    [5, 3],
  ],
  [
    'plot_line',
    block('plot_line', xy),
    'plt.gca().lines[0].get_xydata().tolist()',
    [
      [1, 3],
      [2, 4],
    ],
  ],
  [
    'plot_scatter',
    block('plot_scatter', xy),
    'plt.gca().collections[0].get_offsets().tolist()',
    [
      [1, 3],
      [2, 4],
    ],
  ],
  [
    'plot_bar',
    block('plot_bar', xy),
    '[float(bar.get_height()) for bar in plt.gca().patches]',
    [3, 4],
  ],
  [
    'plot_hist',
    block(
      'plot_hist',
      value('VALUES', list(number(1), number(1), number(2))) + value('BINS', number(2)),
    ),
    '[float(bar.get_height()) for bar in plt.gca().patches]',
    [2, 1],
  ],
  ...['title', 'xlabel', 'ylabel'].map((label): [string, string, string, unknown] => [
    'plot_label',
    block('plot_label', field('LABEL', label) + value('TEXT', text('Ages'))),
    `plt.gca().get_${label}()`,
    'Ages',
  ]),
  ['plot_show', block('plot_show'), 'plt.gcf() is not None', true],
];

test('every block that needs a library has a case', () => {
  const tried = new Set([...tables, ...plots].map(([type]) => type));
  expect([...language.types].filter((type) => LIBRARY.test(type) && !tried.has(type))).toEqual([]);
});

const givenAway = block('expression_statement', field('expression', 'pd = plt = 5'));
const pandas = block('expression_value', field('expression', 'pd'));

const code = (blocks: string) => open(documentOf(blocks), language).code();

describe('tables', () => {
  test('give what they say', () => {
    const programs = tables.map(([, blocks]) => code(stack(table, file, print(blocks))));
    const given = outcomes(programs).map(({ printed, error }) => error || printed[0]);
    expect(given).toEqual(tables.map(([, , expected]) => expected));
  });

  test('where the program gives the name of pandas to something else, too', () => {
    const program = code(stack(givenAway, table, print(filter('==', 8)), print(pandas)));
    expect(outcomes([program])).toEqual([{ printed: [['Cy'], 5], error: '' }]);
  });
});

describe('plots', () => {
  test('show what they say', () => {
    const programs = plots.map(
      ([, blocks, report]) => `${code(blocks)}\nprint(${report})\nplt.close('all')`,
    );
    const given = outcomes(programs).map(({ printed, error }) => error || printed[0]);
    expect(given).toEqual(plots.map(([, , , expected]) => expected));
  });

  test('where the program gives the name of pyplot to something else, too', () => {
    const blocks = stack(givenAway, block('plot_line', xy));
    const report = '__import__("matplotlib.pyplot").pyplot.gca().lines[0].get_xdata().tolist()';
    expect(outcomes([`${code(blocks)}\nprint(plt, ${report})`])).toEqual([
      { printed: [5, [1, 2]], error: '' },
    ]);
  });
});
