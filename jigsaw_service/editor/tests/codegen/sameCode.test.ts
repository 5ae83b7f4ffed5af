// @vitest-environment jsdom
// @module-tag corpus
/** The service's engine writes what the page writes, to the byte. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '../../src/languages';
import { open, prepare } from '../canvas/open';
import { PYTHON } from '../languages/python/python3';
import { largePrograms } from './large';

const root = join(import.meta.dirname, '../../../..');

const inFolder = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.xml') && file !== 'blockly_invalid.xml')
    .map((file): [string, string] => [file, readFileSync(join(root, folder, file), 'utf8')]);

const programs: Record<string, string> = {
  ...Object.fromEntries(inFolder('tests/workspaces')),
  ...Object.fromEntries(inFolder('jigsaw_service/editor/tests/languages/python/golden')),
  ...Object.fromEntries(inFolder('jigsaw_service/editor/tests/languages/processing/golden')),
};

/** What the service's export gives for each, all in one process of Python. */
function exported(language: string, xmls: readonly string[]): string[] {
  const script = `
import asyncio, json, sys
from jigsaw_service.document.codegen import write_code

async def all_of(language, xmls):
    return [await write_code("alice", language, xml.encode(), as_file=False) for xml in xmls]

print(json.dumps(asyncio.run(all_of(*json.load(sys.stdin)))))`;
  const output = execFileSync(PYTHON, ['-c', script], {
    cwd: root,
    input: JSON.stringify([language, xmls]),
    maxBuffer: 256 * 1024 * 1024,
  });
  return JSON.parse(output.toString()) as string[];
}

describe.each(['python', 'processing'])('in %s', (name) => {
  let language: Language;
  beforeAll(async () => {
    language = await prepare(name);
  });

  test('of real and golden programs and of examples', { timeout: 300_000 }, async () => {
    const examples = (await language.examples()).map(({ name, xml }): [string, string] => [
      name,
      xml,
    ]);
    compare(language, { ...programs, ...Object.fromEntries(examples) });
  });

  test('of programs as large as they may be', { timeout: 300_000 }, () => {
    compare(language, largePrograms());
  });
});

function compare(language: Language, programs: Record<string, string>): void {
  const theirs = exported(language.name, Object.values(programs));
  Object.entries(programs).forEach(([name, xml], i) => {
    const ours = open(xml, language).code();
    expect(ours === theirs[i], `${name}\n${ours.slice(0, 300)}`).toBe(true);
    expect(ours, name).not.toMatch(/These blocks make no/);
  });
}
