// @vitest-environment jsdom
// @module-tag corpus
/** Whatever people write on blocks, the program keeps its shape. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Language } from '../../../src/languages';
import { documentOf, open, prepare } from '../../canvas/open';
import { outlines, texts } from './python3';

let language: Language;
beforeAll(async () => {
  language = await prepare('python');
});

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(
      ...Array.from('\'"\\{}#\n\r\0\t\u2028\u2029\u0085\v\f\x1c;:()[]%!ab1 é\u202e\ud800'),
    ),
    maxLength: 40,
  }),
  fc.constantFrom(
    "'); import os; ('",
    '"""',
    "'''",
    '{__import__("os")}',
    '{:{}}',
    '\\',
    '# coding: utf-7',
    '__builtins__',
    'ﬁn',
    'class',
    'await',
  ),
);
const samples = fc.sample(nasty, { numRuns: 400, seed: 7 });

function programs(
  xml: string,
  write: (opened: ReturnType<typeof open>, text: string) => void,
): string[] {
  return samples.map((text) => {
    const opened = open(xml, language);
    write(opened, text);
    return opened.code();
  });
}

const number = '<block type="math_number" id="n"><field name="NUM">1</field></block>';

test('a text stays one text, the very one that was written', () => {
  const xml = documentOf(
    '<block type="text_print" id="p"><value name="TEXT"><block type="text" id="t"/></value></block>',
  );
  const codes = programs(xml, ({ block }, text) => {
    block('t').setFieldValue(text, 'TEXT');
  });
  expect(new Set(outlines(codes))).toEqual(new Set(['Module Expr Call Name Constant Load']));
  expect(texts(codes)).toEqual(samples.map((text) => [text]));
});

test('a comment is never code', () => {
  const xml = documentOf(
    `<block type="python_comment" id="c"/>`,
    `<block type="text_print" id="p"><value name="TEXT">${number}</value></block>`,
  );
  const codes = programs(xml, ({ block }, text) => {
    block('c').setFieldValue(text, 'TEXT');
    block('p').setCommentText(text);
    block('n').setCommentText(text);
  });
  expect(new Set(outlines(codes))).toEqual(new Set(['Module Expr Call Name Constant Load']));
});

test('a name is one identifier', () => {
  const xml = documentOf(
    `<variables><variable id="v">v</variable></variables><block type="variables_set" id="s"><field name="VAR" id="v">v</field><value name="VALUE">${number}</value></block>`,
  );
  const codes = programs(xml, ({ workspace }, text) => {
    const variable = workspace.getVariableMap().getVariableById('v');
    if (variable) workspace.getVariableMap().renameVariable(variable, text || 'v');
  });
  expect(new Set(outlines(codes))).toEqual(new Set(['Module Assign Name Constant Store']));
});

test('a format keeps its values, and a function its name', () => {
  const xml = documentOf(
    '<block type="text_print" id="p"><value name="TEXT"><block type="python_format" id="f"/></value></block>',
    '<block type="procedures_defnoreturn" id="d"><field name="NAME">f</field></block>',
  );
  const codes = programs(xml, ({ block }, text) => {
    block('f').setFieldValue(text, 'TEXT');
    block('d').setFieldValue(text, 'NAME');
  });
  expect(
    outlines(codes).filter(
      (outline) => !/^Module FunctionDef Expr arguments Pass Call( \w+)*$/.test(outline),
    ),
  ).toEqual([]);
});

test('an id cannot end the string it is put in', () => {
  const safe = open(documentOf(`<block type="text_print" id="x');evil();f('"/>`), language);
  expect(safe.code()).toBe("print('')\n");
});
