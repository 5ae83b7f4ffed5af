// @vitest-environment jsdom
// @module-tag corpus
/** Real workspaces of thirteen years, in `tests/workspaces` at the top of the repository. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '../../src/languages';
import { open, prepare, settled } from './open';
import { lostBetween } from './sameDocument';

const folder = join(import.meta.dirname, '../../../../tests/workspaces');
const files = readdirSync(folder).filter(
  (name) => name.endsWith('.xml') && name !== 'blockly_invalid.xml',
);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

describe.each(['python', 'processing'])('in %s', (name) => {
  let language: Language;
  beforeAll(async () => {
    language = await prepare(name);
  });

  test.each(files)('%s loses nothing by being opened, edited elsewhere and saved', async (file) => {
    const opened = open(read(file), language);
    const added = opened.workspace.newBlock('math_number');
    await settled();
    added.dispose(false);
    await settled();

    expect(lostBetween(read(file), opened.xml())).toEqual([]);
  });

  test.each(files)('%s is saved the same the second time', (file) => {
    const once = open(read(file), language).xml();
    expect(open(once, language).xml()).toBe(once);
  });

  test.each(files)('%s becomes a program without an error', (file) => {
    expect(open(read(file), language).code()).not.toMatch(/These blocks make no/);
  });
});

test('a file that is no workspace is refused with its place', async () => {
  const language = await prepare();
  expect(() => open(read('blockly_invalid.xml'), language)).toThrow(
    expect.objectContaining({ name: 'InvalidWorkspace', line: 2, column: 3 }),
  );
});
