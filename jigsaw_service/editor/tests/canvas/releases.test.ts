// @vitest-environment jsdom
/** What releases of Blockly since 2020 and their plugins save, in `tests/releases` at the top of the repository. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Language } from '../../src/languages';
import { open, prepare } from './open';
import { lostBetween } from './sameDocument';

const folder = join(import.meta.dirname, '../../../../tests/releases');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

/** Blocks of plugins, which are placeholders here; and one whose function has no name yet. */
const PLUGINS = /^(my_fields|text_multiline|dynamic_\w+|procedures_def(no)?return)$/;

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

test.each(files)('%s', (file) => {
  const saved = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<
    string,
    { xml: string }
  >;
  for (const [name, { xml }] of Object.entries(saved)) {
    const opened = open(xml, language);
    expect(lostBetween(xml, opened.xml()), name).toEqual([]);
    expect(opened.code(), name).not.toMatch(/These blocks make no/);
    const unknown = opened.unknownTypes.filter((type) => !PLUGINS.test(type));
    expect(unknown, name).toEqual([]);
  }
});
