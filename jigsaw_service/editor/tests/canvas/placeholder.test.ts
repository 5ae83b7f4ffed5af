// @vitest-environment jsdom
import { beforeAll, expect, test } from 'vitest';
import { readDocument } from '../../src/canvas/loader';
import { silentTypes } from '../../src/languages/common/unknownBlock';
import type { Language } from '../../src/languages';
import { documentOf, open, prepare } from './open';
import { lostBetween } from './sameDocument';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

const number = (id: string, value = '1') =>
  `<block type="math_number" id="${id}"><field name="NUM">${value}</field></block>`;

const robot = documentOf(
  `<block type="robot.turn" id="r" x="5" y="6" deletable="false" custom="yes" disabled="true"><mutation speed="3"><part a="b">c</part></mutation><field name="SIDE">left</field><comment pinned="false" h="80" w="160">why</comment><data>d</data><value name="ANGLE"><shadow type="robot.angle" id="s"><field name="A">9</field></shadow>${number('n')}</value><statement name="DO"><block type="text_print" id="p"></block></statement><next><block type="text_print" id="q"></block></next></block>`,
);

test('an unknown block is written back identically', () => {
  const { xml, unknownTypes } = open(robot, language);
  expect(lostBetween(robot, xml())).toEqual([]);
  expect(unknownTypes).toEqual(['robot.turn', 'robot.angle']);
});

test('known blocks inside an unknown one can be edited', () => {
  const opened = open(robot, language);
  opened.block('n').setFieldValue('42', 'NUM');
  expect(opened.xml()).toBe(
    open(robot, language)
      .xml()
      .replace('<field name="NUM">1</field>', '<field name="NUM">42</field>'),
  );
});

test('an unknown block that was changed keeps what only its own editor understands', () => {
  const opened = open(robot, language);
  opened.block('r').setDeletable(true);
  const xml = opened.xml();
  for (const kept of [
    'custom="yes"',
    '<part a="b">c</part>',
    '<field name="SIDE">left</field>',
    '>why</comment>',
  ])
    expect(xml).toContain(kept);
  expect(xml).not.toContain('deletable');
});

test.each([
  [
    'a choice it does not offer',
    '<block type="math_arithmetic" id="a"><field name="OP">XOR</field></block>',
  ],
  [
    'an input it does not have',
    `<block type="text_print" id="a"><value name="INK">${number('b')}</value></block>`,
  ],
  [
    'a value where it has a statement',
    `<block type="controls_repeat_ext" id="a"><value name="DO">${number('b')}</value></block>`,
  ],
  [
    'a block after it where there can be none',
    `<block type="procedures_defnoreturn" id="a"><field name="NAME">f</field><next><block type="text_print" id="b"/></next></block>`,
  ],
  [
    'an input that has more than a name',
    `<block type="text_print" id="a"><value name="TEXT" align="right">${number('b')}</value></block>`,
  ],
  [
    'an input that holds more than a block',
    `<block type="text_print" id="a"><value name="TEXT"><hint/>${number('b')}</value></block>`,
  ],
  [
    'elements in a field',
    '<block type="text" id="a"><field name="TEXT"><b>bold</b></field></block>',
  ],
  [
    'a number that is none',
    '<block type="math_number" id="a"><field name="NUM">many</field></block>',
  ],
  [
    'the same input twice',
    `<block type="text_print" id="a"><value name="TEXT">${number('b')}</value><value name="TEXT">${number('c')}</value></block>`,
  ],
  [
    'a shadow with a block inside',
    `<block type="text_print" id="a"><value name="TEXT"><shadow type="text_length" id="s"><value name="VALUE">${number('b')}</value></shadow></value></block>`,
  ],
  [
    'a shadow that stands alone',
    '<shadow type="math_number" id="a"><field name="NUM">1</field></shadow>',
  ],
  [
    'a name that is none',
    '<block type="python_import_as" id="a"><field name="MODULE">os; evil()</field><field name="ALIAS">o</field></block>',
  ],
])('a known block with %s is kept, too', (_, block) => {
  const { xml, unknownTypes } = open(documentOf(block), language);
  expect(unknownTypes).toHaveLength(1);
  expect(lostBetween(documentOf(block), xml())).toEqual([]);
});

test('code and report say which blocks inside an unknown one do not run', () => {
  const enabled = robot.replace(' disabled="true"', '');
  const { code } = open(enabled, language);
  expect(code()).toContain(
    '# Unknown block: robot.turn (2 inside it do not run: math_number, text_print)',
  );
  expect(code()).toContain('print(');
  expect(silentTypes(readDocument(robot, language.types).root).sort()).toEqual([
    'math_number',
    'text_print',
  ]);
});

test.each([
  ['a second input of one name', '<value name="A"><block type="text"/></value>'],
  ['an input with attributes', '<statement name="B" align="left"><block type="text"/></statement>'],
  ['what follows a value', '<next><block type="text"/></next>'],
])('blocks in %s count, though they are not shown', (_, closed) => {
  const strange = `<block type="robot.eye"><value name="A"><block type="math_number"/></value>${closed}</block>`;
  const around = `<block type="robot.go"><value name="C">${strange}</value></block>`;
  for (const [block, types] of [
    [strange, ['math_number', 'text']],
    [around, ['math_number', 'robot.eye', 'text']],
  ] as const) {
    const xml = documentOf(`<block type="text_print"><value name="TEXT">${block}</value></block>`);
    const { root } = readDocument(xml, language.types);
    expect(silentTypes(root).sort()).toEqual(types);
    const says = `(${String(types.length)} inside it do not run: ${types.join(', ')})`;
    expect(open(xml, language).code()).toContain(says);
  }
});

test('the program says which block it lacks', () => {
  const { code } = open(
    documentOf(
      `<block type="text_print" id="p"><value name="TEXT"><block type="robot.eye" id="e"/></value></block>`,
      '<block type="robot.go" id="g"/>',
    ),
    language,
  );
  expect(code()).toContain("print(unknown_block('robot.eye'))");
  expect(code()).toContain('# Unknown block: robot.go');
});

test.each([
  ['red', '#ff0000'],
  ['Lime', '#00ff00'],
  ['#f00', '#ff0000'],
  ['ff0000', '#ff0000'],
  ['rgb(1, 2, 3)', '#010203'],
])('a colour spelled %s is known, as it is to Blockly, and stays spelled so', (spelled, meant) => {
  const { code, unknownTypes, xml } = open(
    documentOf(
      `<block type="colour_picker" id="a"><field name="COLOUR">${spelled}</field></block>`,
    ),
    language,
  );
  expect(unknownTypes).toEqual([]);
  expect(code()).toBe(`'${meant}'\n`);
  expect(xml()).toContain(`>${spelled}<`);
});
