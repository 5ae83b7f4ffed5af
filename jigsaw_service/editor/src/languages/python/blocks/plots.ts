/** Plots, drawn with matplotlib. */
import type * as Blockly from 'blockly/core';
import type { BlockKind, Code } from '../../language';
import { Order, type PythonGenerator } from '../generator';

type Kind = BlockKind<PythonGenerator>;

const input = (name: string, check: string | null = null) => ({ type: 'input_value', name, check });

/** A statement that calls a function of pyplot with the values of its inputs. */
function plot(
  type: string,
  inputs: readonly { name: string; otherwise: string }[],
  call: (block: Blockly.Block, values: string[]) => string,
  fields: readonly object[] = [],
): Kind {
  const key = type.toUpperCase();
  return {
    shape: {
      type,
      message0: `%{BKY_${key}}`,
      args0: [...fields, ...inputs.map(({ name }) => input(name))],
      previousStatement: null,
      nextStatement: null,
      inputsInline: true,
      style: 'plot_blocks',
      tooltip: `%{BKY_${key}_TOOLTIP}`,
    },
    code: (block, generator): Code => {
      generator.provideImport('import matplotlib.pyplot as plt');
      const values = inputs.map(
        ({ name, otherwise }) => generator.valueToCode(block, name, Order.NONE) || otherwise,
      );
      return `plt.${call(block, values)}\n`;
    },
  };
}

const list = (name: string) => ({ name, otherwise: '[]' });
const number = (name: string, otherwise: string) => ({ name, otherwise });

const LABELS = [
  ['%{BKY_PLOT_TITLE}', 'title'],
  ['%{BKY_PLOT_X}', 'xlabel'],
  ['%{BKY_PLOT_Y}', 'ylabel'],
];

export const plots: Kind[] = [
  plot(
    'plot_figure',
    [number('WIDTH', '6'), number('HEIGHT', '4')],
    (_, [width, height]) => `figure(figsize=(${width}, ${height}))`,
  ),
  plot('plot_line', [list('X'), list('Y')], (_, [x, y]) => `plot(${x}, ${y})`),
  plot('plot_scatter', [list('X'), list('Y')], (_, [x, y]) => `scatter(${x}, ${y})`),
  plot('plot_bar', [list('X'), list('Y')], (_, [x, y]) => `bar(${x}, ${y})`),
  plot(
    'plot_hist',
    [list('VALUES'), number('BINS', '10')],
    (_, [values, bins]) => `hist(${values}, bins=${bins})`,
  ),
  plot(
    'plot_label',
    [{ name: 'TEXT', otherwise: "''" }],
    (block, [text]) => `${block.getFieldValue('LABEL') as string}(${text})`,
    [{ type: 'field_dropdown', name: 'LABEL', options: LABELS }],
  ),
  plot('plot_show', [], () => 'show()'),
];
