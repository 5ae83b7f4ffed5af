// @vitest-environment jsdom
/** What files of other apps hold besides Blockly's own: kept, and in nobody's way. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '../../src/languages';
import { writeXml } from '../../src/document/xml';
import { documentOf, open, prepare, settled } from './open';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

const NAMESPACE = 'xmlns="https://developers.google.com/blockly/xml"';

/** The blocks of a file that was edited elsewhere, by hand and by others, and opened again each time. */
async function edited(xml: string): Promise<string> {
  const first = open(xml, language);
  first.workspace.newBlock('math_number').moveBy(500, 500);
  await settled();
  const second = open(first.xml(), language);
  const { replica } = second.program;
  replica.perform([{ op: 'new', id: 'new', record: { t: 'text_print', at: [600, 600] } }]);
  await settled();
  expect(second.workspace.getBlockById('new')?.type).toBe('text_print');
  return open(second.xml(), language).xml();
}

describe.each([
  [
    'a toolbox beside blocks',
    '<toolbox><category name="x"><block type="text"/></category></toolbox>',
  ],
  ['the version of App Inventor', '<yacodeblocks ya-version="208" language-version="33"/>'],
  ['a picture', '<svg xmlns="http://www.w3.org/2000/svg"><g>one <b/> two</g> </svg>'],
  ['prefixes', '<p:q xmlns:p="urn:p" a="1" xmlns:r="urn:r" r:b="2"><p:c/></p:q>'],
  ['a block that is none', '<block xmlns="urn:other" type="text_print"/>'],
  ['a comment with elements', '<comment x="1">a <b>b</b></comment>'],
])('%s', (_, foreign) => {
  const known = (inside: string) =>
    `<block type="text_print" id="p" x="9" y="9"><value name="TEXT"><block type="text" id="t"><field name="TEXT">hi</field></block></value>${inside}</block>`;
  const unknown = (inside: string) =>
    `<block type="robot.go" id="p" x="9" y="9"><value name="TEXT"><block type="text" id="t"><field name="TEXT">hi</field></block></value>${inside}</block>`;

  test.each([
    ['at the top', (inside: string) => known('') + inside],
    ['in a block', known],
    ['in an unknown block', unknown],
  ])('%s stays through all edits', async (_place, around) => {
    const xml = `<xml ${NAMESPACE}>${around(foreign)}</xml>`;
    // Blocks have one comment, whatever is in it.
    const kept = foreign.startsWith('<comment') ? 'a <b>b</b></comment>' : foreign;
    expect(open(xml, language).workspace.getBlockById('t')?.isEnabled()).toBe(true);
    expect(await edited(xml)).toContain(kept);
  });

  test('says nothing in the program', () => {
    const { code, workspace } = open(`<xml>${known(foreign)}${foreign}</xml>`, language);
    expect(workspace.getAllBlocks(false)).toHaveLength(2);
    expect(workspace.getTopComments()).toHaveLength(0);
    expect(code().trim()).toMatch(/^(# a b\n)?print\('hi'\)$/);
  });
});

test('attributes of the root and those in namespaces stay', async () => {
  const block = 'type="text_print" id="p" inline="false" xmlns:q="urn:q" q:r="&quot;"';
  const xml = `<xml ${NAMESPACE} id="startBlocks" xmlns:p="urn:p" p:v="2"><block ${block} x="9" y="9"/></xml>`;
  const after = await edited(xml);
  expect(after).toContain(`<xml ${NAMESPACE} id="startBlocks" xmlns:p="urn:p" p:v="2">`);
  expect(after).toContain(`<block ${block} x="9" y="9"/>`);
});

describe('a known block stays one, and keeps', () => {
  test.each([
    [
      'a field that it does not have',
      'math_number',
      '<field name="NUM">1</field><field name="UNIT">m</field>',
    ],
    [
      'a name that is a label',
      'procedures_callnoreturn',
      '<mutation name="go"/><field name="NAME">go</field>',
    ],
    [
      'a mutation that it does not read',
      'math_number',
      '<mutation base="16"/><field name="NUM">1</field>',
    ],
    [
      'what its mutation does not say here',
      'lists_create_with',
      '<mutation items="1" expanded="4"/>',
    ],
    ['an empty input that it does not have', 'text_print', '<value name="INK"/>'],
    ['a field without a name', 'math_number', '<field name="NUM">1</field><field>2</field>'],
    ['a decimal comma', 'math_number', '<field name="NUM">3,14</field>'],
    ['digits of another script', 'math_number', '<field name="NUM">٣٫١٤</field>'],
    ['a number that is empty', 'math_number', '<field name="NUM"/>'],
    ['a number with spaces', 'math_number', '<field name="NUM"> 1 000 </field>'],
  ])('%s', async (_, type, inside) => {
    const block = `<block type="${type}" id="a" x="9" y="9">${inside}</block>`;
    const opened = open(`<xml ${NAMESPACE}>${block}</xml>`, language);
    expect(opened.unknownTypes).toEqual([]);
    expect(writeXml(opened.program.replica.records)).toContain(
      block.replace('<field>', '<field name="">'),
    );
    expect(await edited(opened.xml())).toContain(block.replace('<field>', '<field name="">'));
  });
});

test.each([
  ['3,14', 3.14],
  ['1,234', 1234],
  ['1.234,5', 1234.5],
  ['1,234.5', 1234.5],
  ['1.234.567', 1234567],
  ["1'234", 1234],
  ['-0,5', -0.5],
  ['−2', -2],
  ['١٢٣', 123],
  ['२,५', 2.5],
  ['１２', 12],
  ['1,5e3', 1500],
])('%s in a number field is shown as %d', (text, number) => {
  const xml = `<xml><block type="math_number" id="a"><field name="NUM">${text}</field></block></xml>`;
  const opened = open(xml, language);
  expect(opened.unknownTypes).toEqual([]);
  expect(opened.block('a').getFieldValue('NUM')).toBe(number);
  expect(opened.xml()).toContain(text.replace("'", "'"));
});

test.each(['many', '1,2,3', '3,14,', ',', '1.2.3', '٣x', '--1'])('%s is no number', (text) => {
  const xml = `<xml><block type="math_number" id="a"><field name="NUM">${text}</field></block></xml>`;
  expect(open(xml, language).unknownTypes).toEqual(['math_number']);
});

test.each([
  ['in a namespace', 'xml:space="preserve"'],
  ['in one of others', 'xmlns:p="urn:p" p:q="&quot;"'],
  ['without one', 'hint="1"'],
])('a field with an attribute %s is known, and keeps it through edits', async (_, attribute) => {
  const block = (text: string) =>
    `<block type="text" id="a" x="9" y="9"><field name="TEXT" ${attribute}>${text}</field></block>`;
  const opened = open(documentOf(block(' a ')), language);
  expect(opened.unknownTypes).toEqual([]);
  expect(opened.xml()).toContain(block(' a '));
  opened.block('a').setFieldValue('b', 'TEXT');
  await settled();
  expect(opened.xml()).toContain(block('b'));
});

test('a field that comes from others with an attribute in a namespace is known, too', async () => {
  const opened = open(documentOf(), language);
  const field = { text: ' a ', n: '<n xml:space="preserve"/>' };
  const record = { t: 'text', at: [9, 9], 'f:TEXT': field };
  opened.program.replica.receive([{ patch: { blocks: { a: record } } }] as never);
  await settled();
  expect(opened.block('a').type).toBe('text');
  expect(opened.xml()).toContain('<field name="TEXT" xml:space="preserve"> a </field>');
});

test('empty types of variables, which old releases wrote, stay through edits', async () => {
  const variables =
    '<variables><variable id="v" type="">i</variable><variable id="w" type="">j</variable></variables>';
  const get = (id: string, name: string) =>
    `<block type="variables_get" id="g" x="9" y="9"><field name="VAR" id="${id}" variabletype="">${name}</field></block>`;
  const opened = open(documentOf(variables, get('v', 'i')), language);
  opened.block('g').setFieldValue('w', 'VAR');
  await settled();
  opened.workspace
    .getVariableMap()
    .renameVariable(opened.workspace.getVariableMap().getVariableById('w') as never, 'k');
  await settled();
  expect(opened.xml()).toContain(variables.replace('>j<', '>k<'));
  expect(opened.xml()).toContain(get('w', 'k'));
});
