// @vitest-environment jsdom
/** Copies keep what other apps put into their originals, as `tests/browser/test_canvas.py` sees with real keys. */
import * as Blockly from 'blockly/core';
import { beforeAll, expect, test } from 'vitest';
import { recall, remember } from '../../src/canvas/copies';
import type { Language } from '../../src/languages';
import { documentOf, open, prepare, settled, type Opened } from './open';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

const ORIGINAL =
  '<block type="text_print" id="p" glow="red" xmlns:q="urn:q" q:z="1" x="9" y="9"><mutation odd="1"/><field name="UNIT">m</field>' +
  '<value name="TEXT"><shadow type="text" id="s" glow="blue"><field name="TEXT">x</field></shadow>' +
  '<block type="math_number" id="n"><field name="NUM">3,14</field><p:q xmlns:p="urn:p"/></block></value>' +
  '<note>by hand</note></block>';

function copy(opened: Opened, id: string): Blockly.serialization.blocks.State {
  const block = opened.block(id);
  const state = Blockly.serialization.blocks.save(block, { saveIds: false });
  if (!state) throw new Error('Nothing was saved.');
  remember(block, state);
  return state;
}

async function paste(opened: Opened, state: Blockly.serialization.blocks.State): Promise<string> {
  const block = Blockly.serialization.blocks.append(state, opened.workspace);
  recall(block, state);
  await settled();
  return block.id;
}

/** What the trash keeps of a block that is deleted: text, without ids. */
function trash(opened: Opened, id: string): Blockly.serialization.blocks.State {
  const Deletion = Blockly.Events.get(Blockly.Events.BLOCK_DELETE);
  const event: object = new Deletion(opened.block(id));
  const { oldJson } = event as { oldJson: Blockly.serialization.blocks.State };
  opened.block(id).dispose(false);
  const without = (key: string, value: unknown) =>
    key === 'id' || (/^[xy]$/.test(key) && typeof value === 'number') ? undefined : value;
  return JSON.parse(JSON.stringify(oldJson, without)) as Blockly.serialization.blocks.State;
}

/** The document without ids and places. */
const bare = (xml: string) => xml.replace(/ (id|x|y)="[^"]*"/g, '');

test.each([
  ['that stands there still', false],
  ['that was cut', true],
])('a copy of a block %s says all that it said', async (_, isCut) => {
  const opened = open(documentOf(ORIGINAL), language);
  const state = copy(opened, 'p');
  if (isCut) opened.block('p').dispose(false);
  await settled();
  await paste(opened, state);
  await paste(opened, state);
  const said = bare(ORIGINAL);
  expect(bare(opened.xml())).toBe(bare(documentOf(...(isCut ? [said, said] : [said, said, said]))));
});

test('a block that comes back from the trash says all that it said', async () => {
  const opened = open(documentOf(ORIGINAL), language);
  const state = trash(opened, 'p');
  await settled();
  expect(opened.xml()).not.toContain('<block');
  await paste(opened, state);
  await paste(opened, state);
  expect(bare(opened.xml())).toBe(bare(documentOf(ORIGINAL, ORIGINAL)));
});

test('two blocks that differ in what another app put there are two in the trash', () => {
  const glowing = (glow: string) => `<block type="text" id="${glow}" glow="${glow}"/>`;
  const opened = open(documentOf(glowing('red'), glowing('blue')), language);
  expect(trash(opened, 'red')).not.toEqual(trash(opened, 'blue'));
});

test('the trash keeps nothing more of a block that has nothing more', () => {
  const opened = open(
    documentOf('<block type="text" id="t"><field name="TEXT">a</field></block>'),
    language,
  );
  expect(trash(opened, 't')).toEqual({ type: 'text', fields: { TEXT: 'a' } });
});

test('a copy of a field keeps its attributes, also when it is changed at once', async () => {
  const field = (text: string) =>
    `<field name="TEXT" glow="1" xml:space="preserve">${text}</field>`;
  const document = (...texts: string[]) =>
    documentOf(
      ...texts.map((text) => `<block type="text" id="t" x="0" y="0">${field(text)}</block>`),
    );
  const opened = open(document('a'), language);
  const state = trash(opened, 't');
  await settled();
  const block = Blockly.serialization.blocks.append(state, opened.workspace);
  recall(block, state);
  block.setFieldValue('b', 'TEXT');
  await settled();
  expect(bare(opened.xml())).toBe(bare(document('b')));
});

test('a copy that was changed since says what was changed, and the rest', async () => {
  const opened = open(documentOf(ORIGINAL), language);
  const id = await paste(opened, copy(opened, 'n'));
  opened.block(id).setFieldValue('5', 'NUM');
  await settled();
  expect(opened.xml()).toMatch(/<field name="NUM">5<\/field><p:q xmlns:p="urn:p"\/>/);
});
