// @vitest-environment jsdom
/** What hostile or unlucky files did to a stock Blockly, and must not do here. */
import * as Blockly from 'blockly/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { maxNesting } from '../../src/xml/limits';
import type { Language } from '../../src/languages';
import { documentOf, open, prepare, settled } from './open';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

const print = (text: string) =>
  `<block type="text_print" id="p"><value name="TEXT"><block type="text" id="t"><field name="TEXT">${text}</field></block></value></block>`;

test('a line end of any kind in a comment stays in the comment', () => {
  const { block, code } = open(documentOf(print('x')), language);
  for (const end of ['\r', '\u2028', '\u2029', '\u0085', '\v', '\f', '\x1c', '\r\n']) {
    block('p').setCommentText(`hi${end}import os`);
    expect(code()).toBe("# hi\n# import os\nprint('x')\n");
  }
});

test('Blockly itself no longer falls back to the HTML parser', () => {
  expect(() => Blockly.utils.xml.textToDom('<xml><block></xml>')).toThrow(/well-formed/);
});

test('a stack grows no deeper than a file may be', async () => {
  const { workspace, xml } = open(documentOf(), language);
  let last = workspace.newBlock('text_print');
  let joined = 1;
  for (; joined < 1100; joined++) {
    const next = workspace.newBlock('text_print');
    if (!next.previousConnection || !last.nextConnection)
      throw new Error('A statement has connections.');
    try {
      last.nextConnection.connect(next.previousConnection);
    } catch {
      break;
    }
    if (next.getParent() !== last) break;
    last = next;
  }
  await settled();

  expect(joined).toBe(maxNesting());
  expect(open(xml(), language).workspace.getAllBlocks(false)).toHaveLength(joined + 1);
});

test('a label cannot be made to lie, nor an image to ask another server', () => {
  const lie =
    '<block type="procedures_callnoreturn" id="c"><mutation name="wipe"/><field name="NAME">greet</field></block>';
  const { unknownTypes, xml } = open(documentOf(lie), language);
  expect(unknownTypes).toEqual(['procedures_callnoreturn']);
  expect(xml()).toContain('greet');
});

test('control characters typed on a block are saved as a document that opens again', () => {
  const opened = open(documentOf(print('x')), language);
  opened.block('t').setFieldValue('a\r\0\x0b\ud800b', 'TEXT');
  expect(open(opened.xml(), language).block('t').getFieldValue('TEXT')).toBe(
    'a\n\ufffd\ufffd\ufffdb',
  );
});

test.each(['%', '%ZZ', 'a%', '%E0%A4%A', '100%,MANUALLY_DISABLED', '%25', ','])(
  'a reason %s that no browser can decode disables a block all the same',
  (reasons) => {
    for (const type of ['text_print', 'robot.go', 'shadow']) {
      const own = `id="p" disabled-reasons="${reasons}"`;
      const xml = documentOf(
        type === 'shadow'
          ? `<block type="text_print" id="q"><value name="TEXT"><shadow type="text" ${own}/></value></block>`
          : `<block type="${type}" ${own}/>`,
      );
      const opened = open(xml, language);
      expect(opened.block('p').isEnabled()).toBe(reasons === ',');
      opened.workspace.newBlock('text_print');
      expect(opened.xml()).toContain(own.replace('id="p" ', ''));
    }
  },
);

test('a block dragged out of reach is saved within it', () => {
  const opened = open(documentOf(print('x')), language);
  opened.block('p').moveBy(1e15, 0);
  expect(opened.xml()).toContain('x="1000000"');
});

test('a new function gets no comment that nobody wrote', () => {
  const definition =
    '<block type="procedures_defnoreturn" id="d"><field name="NAME">f</field></block>';
  const { block, code } = open(documentOf(definition), language);
  expect(block('d').getCommentText()).toBeNull();
  expect(code()).toBe('def f():\n    pass\n');
});

describe('types that disagree', () => {
  const xml = documentOf(
    '<block type="logic_compare" id="c"><field name="OP">EQ</field><value name="A"><block type="text" id="a"><field name="TEXT">1</field></block></value><value name="B"><block type="math_number" id="b"><field name="NUM">1</field></block></value></block>',
  );

  test('stay joined as the file says, also after an edit', async () => {
    const { workspace, block } = open(xml, language);
    workspace.newBlock('math_number').moveBy(5, 5);
    await settled();
    expect(block('a').getParent()?.id).toBe('c');
    expect(block('b').getParent()?.id).toBe('c');
  });
});

test('two variables whose names differ in case are two', () => {
  const set = (id: string, name: string) =>
    `<block type="variables_set" id="${id}"><field name="VAR" id="v-${id}">${name}</field><value name="VALUE"><block type="math_number"><field name="NUM">1</field></block></value></block>`;
  const variables =
    '<variables><variable id="v-1">df</variable><variable id="v-2">DF</variable><variable id="v-3">unused</variable></variables>';
  const { code, xml } = open(documentOf(variables, set('1', 'df'), set('2', 'DF')), language);
  expect(code()).toBe('df = 1\n\nDF = 1\n');
  expect(xml()).toContain('unused');
});

test('a variable that was deleted does not come back', () => {
  const { workspace, xml } = open(
    documentOf('<variables><variable id="v">gone</variable></variables>'),
    language,
  );
  const variable = workspace.getVariableMap().getVariableById('v');
  if (variable) workspace.getVariableMap().deleteVariable(variable);
  expect(xml()).not.toContain('gone');
});
