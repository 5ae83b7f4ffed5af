/** Toolbox of Processing: the drawer beside the canvas. */
import type * as Blockly from 'blockly/core';
import * as common from '../common/toolbox';
import { block, category, num } from '../common/toolbox';

/** Numbers for inputs, in their order. */
function numbers(names: string, ...values: number[]): Record<string, object> {
  return Object.fromEntries(names.split(' ').map((name, i) => [name, num(values[i] ?? 0)]));
}

const rgb = (red: number, green: number, blue: number) =>
  numbers('red green blue', red, green, blue);
const areas = () =>
  numbers('sx sy swidth sheight dx dy dwidth dheight', 0, 0, 50, 50, 50, 50, 50, 50);
const colour = { shadow: { type: 'colour_picker', fields: { COLOUR: '#ff0000' } } };

export const toolbox: Blockly.utils.toolbox.ToolboxDefinition = {
  kind: 'categoryToolbox',
  contents: [
    common.search,
    category('DRAWING', 'drawing', [
      block('processing_size', numbers('width height', 400, 400)),
      block('processing_background', rgb(255, 255, 255)),
      block('processing_fill', rgb(255, 200, 0)),
      block('processing_stroke', rgb(0, 0, 0)),
      block('processing_nofill'),
      block('processing_nostroke'),
      block('processing_ellipse', numbers('x y width height', 200, 200, 50, 50)),
      block('processing_rect', numbers('x y width height', 100, 100, 50, 50)),
      block('processing_line', numbers('x1 y1 x2 y2', 0, 0, 100, 100)),
      block('processing_point', numbers('x y', 50, 50)),
      block('processing_triangle', numbers('x1 y1 x2 y2 x3 y3', 50, 10, 90, 90, 10, 90)),
      block('processing_quad', numbers('x1 y1 x2 y2 x3 y3 x4 y4', 10, 10, 90, 20, 80, 90, 20, 80)),
      block('processing_arc', numbers('x y width height start stop', 200, 200, 100, 100, 0, 3.14)),
    ]),
    category('MOUSE', 'drawing', [
      block('processing_mousex'),
      block('processing_mousey'),
      block('processing_random', numbers('high', 100)),
    ]),
    category('PIXELS', 'pixels', [
      block('processing_load_pixels'),
      block('processing_update_pixels'),
      block('processing_get', numbers('x y', 10, 10)),
      block('processing_set', { ...numbers('x y', 10, 10), color: colour }),
      block('processing_copy', areas()),
      block('processing_blend', areas()),
      block('processing_filter'),
      block('processing_get_pixels', numbers('index', 0)),
      block('processing_get_red', { color: colour }),
      block('processing_get_green', { color: colour }),
      block('processing_get_blue', { color: colour }),
      block('processing_set_red', numbers('index value', 0, 255)),
      block('processing_set_green', numbers('index value', 0, 255)),
      block('processing_set_blue', numbers('index value', 0, 255)),
    ]),
    common.separator,
    common.logic,
    common.loops,
    common.math,
    category('TEXT', 'text', common.textBlocks),
    common.lists,
    common.colours,
    common.separator,
    common.variables,
    common.functions,
  ],
};
