// @vitest-environment jsdom
/**
 * `golden/NAME.xml` must become `golden/NAME.py.txt` (not `.py`, or a formatter would mend it), and
 * that must print `golden/NAME.out`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Example, Language } from '../../../src/languages';
import { open, prepare } from '../../canvas/open';
import { hasModule, outlines, printed } from './python3';

const folder = join(import.meta.dirname, 'golden');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.xml'))
  .map((file) => file.slice(0, -4));

let language: Language;
beforeAll(async () => {
  language = await prepare('python');
});

test.each(names)('%s', async (name) => {
  const code = open(readFileSync(join(folder, `${name}.xml`), 'utf8'), language).code();

  await expect(code).toMatchFileSnapshot(join(folder, `${name}.py.txt`));
  expect(outlines([code])[0]).not.toMatch(/Error/);
  // Programs that need more than the standard library are only read.
  const output = join(folder, `${name}.out`);
  if (existsSync(output)) expect(printed([code])[0]).toBe(readFileSync(output, 'utf8'));
});

test('a program run twice does the same twice', () => {
  const code = open(readFileSync(join(folder, 'functions.xml'), 'utf8'), language).code();
  const [once] = printed([code]);
  expect(printed([`${code}\n${code}`])[0]).toBe(`${once}${once}`);
});

describe('the examples', () => {
  let examples: readonly Example[];
  beforeAll(async () => {
    examples = await language.examples();
  });
  const example = (name: string) => {
    const { xml } = examples.find((one) => one.name === name) ?? {};
    return open(xml ?? '', language);
  };

  test('open without placeholders', () => {
    const opened = examples.map(({ xml }) => open(xml, language));

    expect(opened).toHaveLength(3);
    expect(opened.flatMap(({ unknownTypes }) => unknownTypes)).toEqual([]);
  });

  test('print what they promise', () => {
    const [table, rain] = printed(
      ['EXAMPLE_TIMES_TABLE', 'EXAMPLE_RAINFALL'].map((name) => example(name).code()),
    );

    expect(table).toContain('6 × 7 = 42');
    expect(rain).toContain(
      '28 mm of rain fell in all, 4.0 mm a day.\nThe wettest day had 12 mm.\nMon ▉▉▉\n',
    );
  });

  test.skipIf(!hasModule('matplotlib'))('draw a spiral of 181 points', () => {
    const report =
      'print([len(line.get_xdata()) for line in plt.gca().lines], plt.gca().get_title())';

    expect(printed([`${example('EXAMPLE_SPIRAL').code()}\n${report}`])).toEqual([
      '[181] A spiral\n',
    ]);
  });
});

test('every block of the toolbox has its Python', () => {
  const types = JSON.stringify(language.toolbox).matchAll(/"type":"(\w+)"/g);
  const blocks = [...new Set([...types].map(([, type]) => type))].map(
    (type) => `<block type="${String(type)}"/>`,
  );
  const programs = blocks.map((block) => open(`<xml>${block}</xml>`, language).code());

  expect(programs.filter((code) => /unknown/i.test(code))).toEqual([]);
  expect(outlines(programs).filter((outline) => outline.includes('Error'))).toEqual([]);
});
