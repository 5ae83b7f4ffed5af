// @vitest-environment jsdom
/** Functions and their calls, as many as there may be, and however their names are spelled. */
import * as Blockly from 'blockly/core';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Language } from '../../src/languages';
import { documentOf, open, prepare, settled } from './open';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

const definition = (name: string, id: string, args = '') =>
  `<block type="procedures_defnoreturn" id="${id}" x="0" y="0"><mutation>${args}</mutation><field name="NAME">${name}</field></block>`;
const call = (name: string, id: string, args = '') =>
  `<block type="procedures_callnoreturn" id="${id}" x="0" y="0"><mutation name="${name}">${args}</mutation></block>`;

test('no function is looked for among all blocks while a file is opened', () => {
  const looked = vi.spyOn(Blockly.Workspace.prototype, 'getAllBlocks');
  const many = (count: number) =>
    documentOf(
      ...Array.from(
        { length: count },
        (_, i) => definition(`f${i}`, `d${i}`) + call(`f${i}`, `c${i}`),
      ),
    );
  const times = [5, 50].map((count) => {
    looked.mockClear();
    open(many(count), language);
    return looked.mock.calls.length;
  });
  looked.mockRestore();
  expect(times[1]).toBe(times[0]);
});

test('of two functions of one name the later gets a number, whatever their parameters', () => {
  const xml = documentOf(
    definition('f', 'a'),
    definition('f', 'b', '<arg name="x"/>'),
    definition('f9', 'c'),
    definition('f9', 'd'),
  );
  const opened = open(xml, language);
  expect(opened.unknownTypes).toEqual([]);
  const names = ['a', 'b', 'c', 'd'].map((id) => opened.block(id).getFieldValue('NAME') as string);
  expect(names).toEqual(['f', 'f2', 'f9', 'f10']);
});

test('a call with other capitals than any definition means the one that is alike, as in Blockly', async () => {
  const xml = documentOf(
    definition('Foo', 'a'),
    call('foo', 'b'),
    '<block type="math_number" id="n" x="9" y="9"/>',
  );
  const opened = open(xml, language);
  expect(opened.code()).toMatch(/^def Foo\(\):\n {4}pass\n+Foo\(\)/m);
  expect(opened.xml()).toContain('<mutation name="foo"/>');
  opened.block('n').dispose(false);
  await settled();
  expect(opened.xml()).toContain('<mutation name="foo"/>');
  opened.block('a').setFieldValue('Bar', 'NAME');
  await settled();
  expect(opened.xml()).toContain('<mutation name="Bar"/>');
});

test('a call that comes from others and has other capitals means the one that is alike, too', async () => {
  const opened = open(documentOf(definition('Foo', 'a')), language);
  const record = { t: 'procedures_callnoreturn', at: [5, 5], m: '<mutation name="foo"/>' };
  opened.program.replica.receive([{ patch: { blocks: { b: record } } }] as never);
  await settled();
  expect(opened.code()).toMatch(/^Foo\(\)/m);
  expect(opened.workspace.getBlocksByType('procedures_defnoreturn')).toHaveLength(1);
});

test('a call stays when something else than its function is deleted', async () => {
  const xml = documentOf(
    call('gone', 'a'),
    definition('here', 'b'),
    call('here', 'c'),
    definition('it', 'd'),
  );
  const opened = open(xml, language);
  opened.block('d').dispose(false);
  await settled();
  expect(opened.workspace.getBlockById('a')).not.toBeNull();
  opened.block('b').dispose(false);
  await vi.waitFor(() => {
    expect(opened.workspace.getBlockById('c')).toBeNull();
  });
  expect(opened.workspace.getBlockById('a')).not.toBeNull();
});

test('a function that is pasted gets a name of its own', async () => {
  const opened = open(documentOf(definition('f', 'a')), language);
  opened.workspace.newBlock('procedures_defnoreturn').setFieldValue('g', 'NAME');
  await settled();
  // As Blockly pastes.
  Blockly.Events.disable();
  const state = { type: 'procedures_defnoreturn', fields: { NAME: 'g' } };
  const pasted = Blockly.serialization.blocks.append(state, opened.workspace);
  Blockly.Events.enable();
  expect(pasted.getFieldValue('NAME')).toBe('g2');
});
