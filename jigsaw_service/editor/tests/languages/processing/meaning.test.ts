// @vitest-environment jsdom
// @module-tag corpus
/** Sketches compile: what they say is read by a parser of Java, after Processing's own spellings were replaced. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'java-parser';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '../../../src/languages';
import { documentOf, open, prepare } from '../../canvas/open';

let language: Language;
beforeAll(async () => {
  language = await prepare('processing');
});

const code = (...blocks: string[]) => open(documentOf(...blocks), language).code();

/** The sketch as a class of Java, as Processing itself would make it. */
function compiles(sketch: string): void {
  const java = sketch
    .replace(/#([\dA-F]{6})\b/g, '0xFF$1')
    .replace(/\b(int|float)\(/g, 'parse_$1(')
    .replace(/\bcolor (?=\w)/g, 'int ');
  const isWhole = /^void \w+\(/m.test(java);
  try {
    parse(`class Sketch {\n${isWhole ? java : `void draw() {\n${java}}`}\n}`);
  } catch (error) {
    throw new Error(`${String(error).slice(0, 300)}\n${sketch}`);
  }
}

/** Files that are no workspaces. */
const REFUSED = new Set(['blockly_invalid.xml', 'openroberta-block-set.xml', 'utf16le_no_bom.xml']);

const inFolder = (folder: string) =>
  readdirSync(join(import.meta.dirname, folder))
    .filter((file) => file.endsWith('.xml') && !REFUSED.has(file))
    .map((file): [string, string] => [
      file,
      readFileSync(join(import.meta.dirname, folder, file), 'utf8'),
    ]);

const WORKSPACES = '../../../../../tests/workspaces';
const CASES = '../../../../../tests/cases';

test.each([...inFolder('golden'), ...inFolder(CASES), ...inFolder(WORKSPACES)])('%s', (_, xml) => {
  compiles(open(xml, language).code());
});

test('every block of the toolbox, alone and with its choices', () => {
  const types = JSON.stringify(language.toolbox).matchAll(/"type":"(\w+)"/g);
  for (const [, type] of types)
    compiles(code(`<block type="${String(type)}"/>`).replace(/^[^;]+;$/, 'x = $&'));
});

const number = (text: string) =>
  `<block type="math_number"><field name="NUM">${text}</field></block>`;

test('what is no Java is noticed', () => {
  expect(() => {
    compiles('x = ;\n');
  }).toThrow();
});

describe('numbers', () => {
  test.each([
    ['7', '7'],
    ['-2.5', '-2.5'],
    ['2147483648', '2147483648f'],
    ['12345678901234567890', '12345678901234567000f'],
    ['1e21', '1e+21f'],
    ['1e39', 'Float.POSITIVE_INFINITY'],
    ['-Infinity', '-Float.POSITIVE_INFINITY'],
    ['1e-50', '0'],
  ])('%s is %s', (typed, said) => {
    const print = `<block type="text_print"><value name="TEXT">${number(typed)}</value></block>`;
    expect(code(print)).toBe(`println(${said});\n`);
    compiles(code(print));
  });

  test.each(['Infinity', '1e21', '10'])('repeat %s times', (times) => {
    compiles(code(`<block type="controls_repeat"><field name="TIMES">${times}</field></block>`));
  });
});

test('a list of one number holds it, and is not as long', () => {
  const list = `<block type="lists_create_with"><mutation items="1"/><value name="ADD0">${number('3')}</value></block>`;
  expect(code(`<block type="text_print"><value name="TEXT">${list}</value></block>`)).toBe(
    'println(new FloatList(new float[] {3}));\n',
  );
});
