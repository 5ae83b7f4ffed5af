/** Short ways to write a toolbox, and the categories that all languages share. */
import type * as Blockly from 'blockly/core';

type Toolbox = Blockly.utils.toolbox.ToolboxItemInfo;

interface Shadow {
  shadow: { type: string; fields: Record<string, string | number> };
}

export const num = (value: number): Shadow => ({
  shadow: { type: 'math_number', fields: { NUM: value } },
});
export const txt = (value: string): Shadow => ({
  shadow: { type: 'text', fields: { TEXT: value } },
});
const colour = (value: string): Shadow => ({
  shadow: { type: 'colour_picker', fields: { COLOUR: value } },
});

/** A block with values to begin with in its inputs. */
export function block(
  type: string,
  inputs: Record<string, object> = {},
  more: object = {},
): Toolbox {
  return { kind: 'block', type, inputs, ...more };
}

/** An input that shows a variable; it is a block and no shadow, as shadows can't hold variables. */
export const variable = (name: string) => ({
  block: { type: 'variables_get', fields: { VAR: { name, type: '' } } },
});

export function category(name: string, style: string, contents: readonly Toolbox[]): Toolbox {
  return {
    kind: 'category',
    name: `%{BKY_CATEGORY_${name}}`,
    categorystyle: `${style}_category`,
    contents,
  } as unknown as Toolbox;
}

export const search: Toolbox = { kind: 'search', name: '', contents: [] };

export const separator: Toolbox = { kind: 'sep' };

export const logic = category('LOGIC', 'logic', [
  block('controls_if'),
  block('controls_if', {}, { extraState: { hasElse: true } }),
  block('logic_compare', { A: num(1), B: num(1) }),
  block('logic_operation'),
  block('logic_negate'),
  block('logic_boolean'),
  block('logic_null'),
  block('logic_ternary'),
]);

export const loops = category('LOOPS', 'loop', [
  block('controls_repeat_ext', { TIMES: num(10) }),
  block('controls_whileUntil'),
  block('controls_for', { FROM: num(1), TO: num(10), BY: num(1) }),
  block('controls_forEach'),
  block('controls_flow_statements'),
]);

export const math = category('MATH', 'math', [
  block('math_number', {}, { fields: { NUM: 123 } }),
  block('math_arithmetic', { A: num(1), B: num(1) }),
  block('math_single', { NUM: num(9) }),
  block('math_trig', { NUM: num(45) }),
  block('math_constant'),
  block('math_number_property', { NUMBER_TO_CHECK: num(0) }),
  block('math_change', { DELTA: num(1) }),
  block('math_round', { NUM: num(3.1) }),
  block('math_on_list'),
  block('math_modulo', { DIVIDEND: num(64), DIVISOR: num(10) }),
  block('math_constrain', { VALUE: num(50), LOW: num(1), HIGH: num(100) }),
  block('math_random_int', { FROM: num(1), TO: num(100) }),
  block('math_random_float'),
]);

export const textBlocks: readonly Toolbox[] = [
  block('text'),
  block('text_join'),
  block('text_append', { TEXT: txt('') }),
  block('text_length', { VALUE: txt('abc') }),
  block('text_isEmpty', { VALUE: txt('') }),
  block('text_indexOf', { VALUE: variable('text'), FIND: txt('abc') }),
  block('text_charAt', { VALUE: variable('text') }),
  block('text_getSubstring', { STRING: variable('text') }),
  block('text_changeCase', { TEXT: txt('abc') }),
  block('text_trim', { TEXT: txt('abc') }),
  block('text_count', { SUB: txt('a'), TEXT: variable('text') }),
  block('text_replace', { FROM: txt('a'), TO: txt('b'), TEXT: variable('text') }),
  block('text_reverse', { TEXT: txt('abc') }),
  block('text_print', { TEXT: txt('Hello') }),
  block('text_prompt_ext', { TEXT: txt('What is your name?') }),
];

export const lists = category('LISTS', 'list', [
  block('lists_create_empty'),
  block('lists_create_with'),
  block('lists_repeat', { NUM: num(5) }),
  block('lists_length'),
  block('lists_isEmpty'),
  block('lists_indexOf', { VALUE: variable('list') }),
  block('lists_getIndex', { VALUE: variable('list') }),
  block('lists_setIndex', { LIST: variable('list') }),
  block('lists_getSublist', { LIST: variable('list') }),
  block('lists_split', { DELIM: txt(',') }),
  block('lists_sort'),
  block('lists_reverse'),
]);

export const colours = category('COLOUR', 'colour', [
  block('colour_picker'),
  block('colour_random'),
  block('colour_rgb', { RED: num(100), GREEN: num(50), BLUE: num(0) }),
  block('colour_blend', {
    COLOUR1: colour('#ff0000'),
    COLOUR2: colour('#3333ff'),
    RATIO: num(0.5),
  }),
]);

const dynamic = (name: string, style: string, custom: string): Toolbox => ({
  kind: 'category',
  name: `%{BKY_CATEGORY_${name}}`,
  categorystyle: `${style}_category`,
  custom,
});

export const variables = dynamic('VARIABLES', 'variable', 'VARIABLE');
export const functions = dynamic('FUNCTIONS', 'procedure', 'PROCEDURE');
