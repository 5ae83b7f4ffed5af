/** Programs as large as each limit allows; with fewer variables, of which jsdom alone makes an hour's work. */
import { limits, maxNesting } from '../../src/xml/limits';
import { documentOf } from '../canvas/open';

const many = (count: number, one: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => one(i)).join('');

/** Each around the one after it. */
const around = (count: number, before: string, after: string, innermost: string) =>
  before.repeat(count) + innermost + after.repeat(count);

const print = (text: string) =>
  `<block type="text_print"><value name="TEXT"><block type="text"><field name="TEXT">${text}</field></block></value></block>`;

const variables = (count: number) =>
  `<variables>${many(count, (i) => `<variable id="i${i}">v${i}</variable>`)}</variables>`;

const get = (i: number) =>
  `<block type="variables_get"><field name="VAR" id="i${i}">v${i}</field></block>`;

const function_ = (i: number) =>
  `<block type="procedures_defnoreturn"><field name="NAME">f${i}</field></block>` +
  `<block type="procedures_callnoreturn"><mutation name="f${i}"/></block>`;

export function largePrograms(): Record<string, string> {
  const { blocks, bytes, count, text } = limits();
  const nesting = maxNesting();
  return {
    blocks: documentOf(many(blocks / 2, (i) => print(`line ${i}`))),
    stack: documentOf(
      around(
        nesting,
        '<block type="variables_set"><field name="VAR">x</field><next>',
        '</next></block>',
        '<block type="math_change"><field name="VAR">x</field></block>',
      ),
    ),
    values: documentOf(
      `<block type="text_print"><value name="TEXT">${around(
        nesting - 5,
        '<block type="math_arithmetic"><value name="A">',
        '</value></block>',
        '<block type="math_number"><field name="NUM">1</field></block>',
      )}</value></block>`,
    ),
    loops: documentOf(
      around(
        nesting,
        '<block type="controls_repeat"><field name="TIMES">2</field><statement name="DO">',
        '</statement></block>',
        print('deep'),
      ),
    ),
    'declared variables': documentOf(variables(1_500)),
    'used variables': documentOf(variables(1_500), many(1_500, get)),
    'variables that are not declared': documentOf(
      many(1_500, (i) => `<block type="math_change"><field name="VAR">v${i}</field></block>`),
    ),
    'variables that look alike': documentOf(
      many(1_500, (i) => {
        const name = Array.from(String(i), (digit) => '!?.,;:+-*/'[Number(digit)]).join('');
        return `<block type="math_change"><field name="VAR">${name}</field></block>`;
      }),
    ),
    functions: documentOf(many(500, function_)),
    bytes: documentOf(many(Math.floor(bytes / text), () => print('x'.repeat(text - 200)))),
    inputs: documentOf(
      many(20, () => `<block type="lists_create_with"><mutation items="${count}"/></block>`),
    ),
  };
}
