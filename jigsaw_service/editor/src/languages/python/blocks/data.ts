/** Tables of data, as data frames of pandas. */
import type * as Blockly from 'blockly/core';
import type { BlockKind } from '../../language';
import { Order, type PythonGenerator } from '../generator';
import { asCount } from '../say/numbers';
import { objectOf } from './code';

type Kind = BlockKind<PythonGenerator>;

const input = (name: string) => ({ type: 'input_value', name });

const options = (name: string, ...values: string[]) => ({
  type: 'field_dropdown',
  name,
  options: values.map((value) => [`%{BKY_DATA_${value.replace(/\W/g, '').toUpperCase()}}`, value]),
});

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='].map((sign, i) => [
  ['=', '≠', '<', '≤', '>', '≥'][i],
  sign,
]);

/** A value made from a table (or the makings of one). */
function data(
  type: string,
  args: readonly object[],
  output: string | null,
  say: (block: Blockly.Block, generator: PythonGenerator) => string,
): Kind {
  const key = type.toUpperCase();
  return {
    shape: {
      type,
      message0: `%{BKY_${key}}`,
      args0: args,
      output,
      inputsInline: true,
      style: 'data_blocks',
      tooltip: `%{BKY_${key}_TOOLTIP}`,
    },
    code: (block, generator) => [say(block, generator), Order.FUNCTION_CALL],
  };
}

const pandas = (generator: PythonGenerator, call: string) => {
  generator.provideImport('import pandas as pd');
  return `pd.${call}`;
};

const value = (block: Blockly.Block, generator: PythonGenerator, name: string, otherwise: string) =>
  generator.valueToCode(block, name, Order.NONE) || otherwise;

const table = (block: Blockly.Block, generator: PythonGenerator) =>
  objectOf(block, generator, 'DATA');

export const dataFrames: Kind[] = [
  data('data_read_csv', [input('FILE')], 'DataFrame', (block, generator) =>
    pandas(generator, `read_csv(${value(block, generator, 'FILE', "''")})`),
  ),
  data('data_from_columns', [input('COLUMNS')], 'DataFrame', (block, generator) =>
    pandas(generator, `DataFrame(${value(block, generator, 'COLUMNS', '{}')})`),
  ),
  data('data_column', [input('DATA'), input('NAME')], null, (block, generator) => {
    return `${table(block, generator)}[${value(block, generator, 'NAME', "''")}]`;
  }),
  data(
    'data_columns',
    [input('DATA')],
    'Array',
    (block, generator) => `list(${table(block, generator)}.columns)`,
  ),
  data('data_head', [input('NUMBER'), input('DATA')], 'DataFrame', (block, generator) => {
    return `${table(block, generator)}.head(${asCount(value(block, generator, 'NUMBER', '5'))})`;
  }),
  data(
    'data_filter',
    [
      input('DATA'),
      input('NAME'),
      { type: 'field_dropdown', name: 'OP', options: COMPARISONS },
      input('VALUE'),
    ],
    'DataFrame',
    filter,
  ),
  data(
    'data_group',
    [
      options('FUNCTION', 'mean', 'sum', 'count', 'min', 'max', 'median'),
      input('NAME'),
      input('DATA'),
      input('BY'),
    ],
    null,
    (block, generator) => {
      const by = value(block, generator, 'BY', "''");
      const name = value(block, generator, 'NAME', "''");
      return `${table(block, generator)}.groupby(${by})[${name}].${block.getFieldValue('FUNCTION') as string}()`;
    },
  ),
  data(
    'data_sort',
    [input('DATA'), input('NAME'), options('ORDER', 'True', 'False')],
    'DataFrame',
    (block, generator) => {
      return `${table(block, generator)}.sort_values(${value(block, generator, 'NAME', "''")}, ascending=${block.getFieldValue('ORDER') as string})`;
    },
  ),
  data(
    'data_describe',
    [input('DATA')],
    'DataFrame',
    (block, generator) => `${table(block, generator)}.describe()`,
  ),
];

const HELPERS: Record<string, string> = {
  '==': 'rows_equal',
  '!=': 'rows_unequal',
  '<': 'rows_below',
  '<=': 'rows_up_to',
  '>': 'rows_above',
  '>=': 'rows_from',
};

/** By a function, so that the table is computed once, and no name within meets one of the program's. */
function filter(block: Blockly.Block, generator: PythonGenerator): string {
  const sign = block.getFieldValue('OP') as string;
  const helper = generator.provideFunction_(
    HELPERS[sign] ?? 'rows_where',
    `
def ${generator.FUNCTION_NAME_PLACEHOLDER_}(table, column, value):
  return table.loc[table[column] ${sign} value]
`,
  );
  const inputs = ['DATA', 'NAME', 'VALUE'].map(
    (name) => generator.valueToCode(block, name, Order.NONE) || (name === 'NAME' ? "''" : 'None'),
  );
  return `${helper}(${inputs.join(', ')})`;
}
