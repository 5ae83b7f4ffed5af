/** Toolbox of Python: the drawer beside the canvas. */
import type * as Blockly from 'blockly/core';
import * as common from '../common/toolbox';
import { block, category, num, txt, variable } from '../common/toolbox';

const table = variable('table');

export const toolbox: Blockly.utils.toolbox.ToolboxDefinition = {
  kind: 'categoryToolbox',
  contents: [
    common.search,
    common.logic,
    common.loops,
    common.math,
    category('TEXT', 'text', [
      ...common.textBlocks,
      block(
        'python_format',
        { ADD0: txt('world') },
        { extraState: '<mutation items="1"></mutation>', fields: { TEXT: 'Hello {}!' } },
      ),
    ]),
    common.lists,
    category('DICTIONARIES', 'dictionary', [
      block('dict_create_with', {
        KEY0: txt('name'),
        VALUE0: txt('Ada'),
        KEY1: txt('year'),
        VALUE1: num(1815),
      }),
      block('dict_get', { DICT: variable('dictionary'), KEY: txt('name') }),
      block('dict_get_or', { DICT: variable('dictionary'), KEY: txt('name'), VALUE: txt('') }),
      block('dict_set', { DICT: variable('dictionary'), KEY: txt('name'), VALUE: txt('Grace') }),
      block('dict_remove', { KEY: txt('name'), DICT: variable('dictionary') }),
      block('dict_contains', { DICT: variable('dictionary'), KEY: txt('name') }),
      block('dict_parts', { DICT: variable('dictionary') }),
    ]),
    common.colours,
    common.separator,
    common.variables,
    common.functions,
    common.separator,
    category('PLOTS', 'plot', [
      block('plot_figure', { WIDTH: num(6), HEIGHT: num(4) }),
      block('plot_line', { X: variable('x'), Y: variable('y') }),
      block('plot_scatter', { X: variable('x'), Y: variable('y') }),
      block('plot_bar', { X: variable('names'), Y: variable('numbers') }),
      block('plot_hist', { VALUES: variable('numbers'), BINS: num(10) }),
      block('plot_label', { TEXT: txt('My plot') }),
      block('plot_show'),
    ]),
    category('DATA', 'data', [
      block('data_read_csv', { FILE: txt('data.csv') }),
      block('data_from_columns'),
      block('data_column', { DATA: table, NAME: txt('name') }),
      block('data_columns', { DATA: table }),
      block('data_head', { NUMBER: num(5), DATA: table }),
      block(
        'data_filter',
        { DATA: table, NAME: txt('age'), VALUE: num(18) },
        { fields: { OP: '>=' } },
      ),
      block('data_group', { NAME: txt('age'), DATA: table, BY: txt('class') }),
      block('data_sort', { DATA: table, NAME: txt('name') }),
      block('data_describe', { DATA: table }),
    ]),
    category('ERRORS', 'error', [
      block('python_try'),
      block('python_try_finally'),
      block('python_raise', { MESSAGE: txt('That cannot be.') }),
    ]),
    category('PYTHON', 'code', [
      block('python_comment', {}, { fields: { TEXT: 'what happens here' } }),
      block('import_statement'),
      block('python_import_as'),
      block('python_from_import'),
      block('expression_statement'),
      block('expression_value'),
      block('python_call', { ARG0: txt('Hello') }),
      block('python_call_value', { ARG0: num(9) }, { fields: { NAME: 'math.sqrt' } }),
      block('python_method', { OBJECT: variable('list'), ARG0: num(1) }),
      block(
        'python_method_value',
        { OBJECT: variable('text'), ARG0: txt('a') },
        { fields: { NAME: 'startswith' } },
      ),
      block('python_attribute', { OBJECT: variable('number') }),
    ]),
  ],
};
