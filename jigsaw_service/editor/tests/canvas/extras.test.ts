// @vitest-environment jsdom
/** What others put into blocks outlives whatever a person does to them. */
import type * as Blockly from 'blockly/core';
import { beforeAll, expect, test } from 'vitest';
import type { Language } from '../../src/languages';
import { documentOf, open, prepare, settled, type Opened } from './open';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

const DOCUMENT = documentOf(
  '<block type="text_print" id="p" glow="G1" xmlns:q="urn:q" q:z="G2" x="9" y="9"><field name="UNIT">G3</field>' +
    '<value name="TEXT"><shadow type="text_join" id="s" glow="G4"><mutation items="1" k="G5"/><field name="OLD">G6</field>' +
    '<value name="ADD0"><shadow type="text" id="in" q="G7"><field name="TEXT" a="G8">x</field><note>G9</note></shadow></value></shadow>' +
    '<block type="math_number" id="n" w="Ga"><field name="NUM" u="Gb">3,14</field></block></value><note>Gc</note>' +
    '<next><block type="controls_if" id="i" glow="Gd"><mutation else="1" odd="Ge"/>' +
    '<comment by="Gg" pinned="false" h="80" w="160">c</comment><data>Gh</data></block></next></block>',
);
const MARKS = Array.from('123456789abcdegh', (sign) => `G${sign}`);

const joint = (opened: Opened) => opened.block('p').getInput('TEXT')?.connection;
const inner = (opened: Opened) => joint(opened)?.targetBlock()?.getInputTargetBlock('ADD0');

const DONE: [string, (opened: Opened) => unknown][] = [
  ['nothing', () => undefined],
  ['a number typed', ({ block }) => block('n').setFieldValue(5, 'NUM')],
  ['a value pulled out', ({ block }) => block('n').unplug()],
  [
    'a value pulled out, and the shadow below it changed',
    async (opened) => {
      opened.block('n').unplug();
      await settled();
      inner(opened)?.setFieldValue('new', 'TEXT');
    },
  ],
  [
    'a value pulled out and put back',
    async (opened) => {
      opened.block('n').unplug();
      await settled();
      const { outputConnection } = opened.block('n');
      if (outputConnection) joint(opened)?.connect(outputConnection);
    },
  ],
  [
    'a block collapsed and opened again',
    async ({ block }) => {
      block('i').setCollapsed(true);
      await settled();
      block('i').setCollapsed(false);
    },
  ],
  ['a comment changed', ({ block }) => block('i').setCommentText('changed')],
  [
    'a branch added',
    ({ block }) => {
      const branching = block('i') as Blockly.Block & {
        elseifCount_: number;
        rebuildShape_(): void;
      };
      branching.elseifCount_ = 1;
      branching.rebuildShape_();
    },
  ],
  ['a block disabled', ({ block }) => block('i').setDisabledReason(true, 'MANUALLY_DISABLED')],
  ['inputs put below one another', ({ block }) => block('p').setInputsInline(false)],
  ['a stack taken apart', ({ block }) => block('i').unplug()],
];

test.each(DONE)('%s', async (_, does) => {
  const opened = open(DOCUMENT, language);
  await settled();
  await does(opened);
  await settled();
  const xml = opened.xml();
  expect(
    MARKS.filter((mark) => !xml.includes(mark)),
    xml,
  ).toEqual([]);
});
