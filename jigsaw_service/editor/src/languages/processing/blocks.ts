/** The blocks of Processing: drawing, the mouse, and the pixels of the picture. */
import type * as Blockly from 'blockly/core';
import type { BlockKind, Code } from '../language';
import { Order, type ProcessingGenerator } from './generator';

type Kind = BlockKind<ProcessingGenerator>;
type Values = (block: Blockly.Block, values: string[]) => string;

const words = (text: string) => text.split(' ').filter(Boolean);

const dropdown = (name: string, options: string) => ({
  type: 'field_dropdown',
  name,
  options: words(options).map((option) => [option.toLowerCase().replaceAll('_', ' '), option]),
});

const inputsOf = (names: readonly string[]) =>
  names.map((name) => ({
    type: 'input_value',
    name,
    check: /^colou?r$/.test(name) ? 'Colour' : null,
  }));

const values = (names: readonly string[], block: Blockly.Block, generator: ProcessingGenerator) =>
  names.map((name) => generator.value(block, name));

function shape(type: string, names: readonly string[], style: string, more: object) {
  const key = type.toUpperCase();
  return {
    type,
    message0: `%{BKY_${key}}`,
    args0: inputsOf(names),
    inputsInline: true,
    style: `${style}_blocks`,
    tooltip: `%{BKY_${key}_TOOLTIP}`,
    ...more,
  };
}

/** A statement with the inputs named, calling a function of Processing. */
function statement(
  type: string,
  names: string,
  say: string | Values,
  style = 'drawing',
  fields: object[] = [],
): Kind {
  const inputs = words(names);
  const call: Values = typeof say === 'string' ? (_, given) => `${say}(${given.join(', ')})` : say;
  return {
    shape: shape(type, inputs, style, {
      args0: [...inputsOf(inputs), ...fields],
      previousStatement: null,
      nextStatement: null,
    }),
    code: (block, generator): Code => `${call(block, values(inputs, block, generator))};\n`,
  };
}

function value(
  type: string,
  names: string,
  output: string | null,
  say: (given: string[]) => string,
  style = 'drawing',
): Kind {
  const inputs = words(names);
  return {
    shape: shape(type, inputs, style, { output }),
    code: (block, generator) => [say(values(inputs, block, generator)), Order.CALL],
  };
}

const whole = (given: string[]) =>
  given.map((code) => (/^-?\d+$/.test(code) ? code : `int(${code})`));

const AREAS = 'sx sy swidth sheight dx dy dwidth dheight';
const BLENDS =
  'BLEND ADD SUBTRACT DARKEST LIGHTEST DIFFERENCE EXCLUSION MULTIPLY SCREEN OVERLAY HARD_LIGHT SOFT_LIGHT DODGE BURN';
const FILTERS = 'GRAY INVERT THRESHOLD POSTERIZE BLUR OPAQUE ERODE DILATE';

const mode = (block: Blockly.Block) => block.getFieldValue('MODE') as string;

/** Sets one of the three parts of a pixel and leaves the others. */
function setPart(part: 'red' | 'green' | 'blue'): Kind {
  return statement(
    `processing_set_${part}`,
    'index value',
    (_, [index, value]) => {
      const pixel = `pixels[int(${index})]`;
      const parts = ['red', 'green', 'blue'].map((name) =>
        name === part ? value : `${name}(${pixel})`,
      );
      return `${pixel} = color(${parts.join(', ')})`;
    },
    'pixels',
  );
}

export const kinds: Kind[] = [
  statement('processing_size', 'width height', (_, given) => `size(${whole(given).join(', ')})`),
  statement('processing_arc', 'x y width height start stop', 'arc'),
  statement('processing_ellipse', 'x y width height', 'ellipse'),
  statement('processing_line', 'x1 y1 x2 y2', 'line'),
  statement('processing_point', 'x y', 'point'),
  statement('processing_quad', 'x1 y1 x2 y2 x3 y3 x4 y4', 'quad'),
  statement('processing_rect', 'x y width height', 'rect'),
  statement('processing_triangle', 'x1 y1 x2 y2 x3 y3', 'triangle'),
  statement('processing_background', 'red green blue', 'background'),
  statement('processing_fill', 'red green blue', 'fill'),
  statement('processing_stroke', 'red green blue', 'stroke'),
  statement('processing_nofill', '', 'noFill'),
  statement('processing_nostroke', '', 'noStroke'),
  value('processing_mousex', '', 'Number', () => 'mouseX'),
  value('processing_mousey', '', 'Number', () => 'mouseY'),
  value('processing_random', 'high', 'Number', ([high]) => `random(${high ?? '1'})`),
  statement('processing_load_pixels', '', 'loadPixels', 'pixels'),
  statement('processing_update_pixels', '', 'updatePixels', 'pixels'),
  value('processing_get', 'x y', 'Colour', (given) => `get(${whole(given).join(', ')})`, 'pixels'),
  statement(
    'processing_set',
    'x y color',
    (_, [x = '0', y = '0', colour = '0']) => `set(${whole([x, y]).join(', ')}, ${colour})`,
    'pixels',
  ),
  statement('processing_copy', AREAS, (_, given) => `copy(${whole(given).join(', ')})`, 'pixels'),
  statement(
    'processing_blend',
    AREAS,
    (block, given) => `blend(${whole(given).join(', ')}, ${mode(block)})`,
    'pixels',
    [dropdown('MODE', BLENDS)],
  ),
  statement(
    'processing_filter',
    '',
    (block) => `filter(${mode(block)}${mode(block) === 'POSTERIZE' ? ', 4' : ''})`,
    'pixels',
    [dropdown('MODE', FILTERS)],
  ),
  value(
    'processing_get_pixels',
    'index',
    'Colour',
    ([index]) => `pixels[int(${index ?? '0'})]`,
    'pixels',
  ),
  value('processing_get_red', 'color', 'Number', ([colour]) => `red(${colour ?? '0'})`, 'pixels'),
  value(
    'processing_get_green',
    'color',
    'Number',
    ([colour]) => `green(${colour ?? '0'})`,
    'pixels',
  ),
  value('processing_get_blue', 'color', 'Number', ([colour]) => `blue(${colour ?? '0'})`, 'pixels'),
  setPart('red'),
  setPart('green'),
  setPart('blue'),
];
