// @vitest-environment jsdom
/** `golden/NAME.xml` must become `golden/NAME.pde`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Language } from '../../../src/languages';
import { documentOf, open, prepare } from '../../canvas/open';

const folder = join(import.meta.dirname, 'golden');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.xml'))
  .map((file) => file.slice(0, -4));

let language: Language;
beforeAll(async () => {
  language = await prepare('processing');
});

test.each(names)('%s', async (name) => {
  const { code, unknownTypes } = open(readFileSync(join(folder, `${name}.xml`), 'utf8'), language);

  expect(unknownTypes).toEqual([]);
  await expect(code()).toMatchFileSnapshot(join(folder, `${name}.pde`));
});

test('the examples and the first sketch open without placeholders', async () => {
  const examples = (await language.examples()).map(({ xml }) => xml);
  for (const xml of [language.initialXml, ...examples])
    expect(open(xml, language).unknownTypes).toEqual([]);
});

test('every block of the toolbox has its Processing', () => {
  const types = JSON.stringify(language.toolbox).matchAll(/"type":"(\w+)"/g);
  for (const [, type] of types) {
    const code = open(documentOf(`<block type="${String(type)}"/>`), language).code();
    expect(code, type).not.toMatch(/unknown|make no sketch/i);
  }
});

test('a text or comment cannot end itself, in Java’s own ways', () => {
  const { block, code } = open(
    documentOf(
      '<block type="text_print" id="p"><value name="TEXT"><block type="text" id="t"/></value></block>',
    ),
    language,
  );
  block('t').setFieldValue('"+x\\u000a\r\u0000', 'TEXT');
  block('p').setCommentText('one\\u000aexit();\rtwo');
  expect(code()).toBe('// one\\ u000aexit();\n// two\nprintln("\\"+x\\\\u000a\\015\\000");\n');
});
