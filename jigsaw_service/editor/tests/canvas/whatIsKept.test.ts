// @vitest-environment jsdom
// @module-tag corpus
/** What the service keeps, the editor opens; and nothing of it changes by being opened. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Language } from '../../src/languages';
import { writeXml } from '../../src/document/xml';
import { Service } from '../service';
import { open, prepare, settled, type Opened } from './open';
import { knownBlocks, StrangeFiles, type Known } from './strangeFiles';

const runs = Number(process.env['PROPERTY_RUNS'] ?? 200);

let language: Language;
let known: Known[];
const service = new Service();
beforeAll(async () => {
  language = await prepare();
  known = knownBlocks(language);
});
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterAll(() => {
  service.end();
});

async function close({ program, workspace }: Opened): Promise<void> {
  program.dispose();
  workspace.dispose();
  await settled();
}

test('every document that the validator keeps is opened, exported and written back', async () => {
  let kept = 0;
  const property = fc.asyncProperty(fc.gen(), async (g) => {
    const xml = new StrangeFiles(g, known).document();
    const { refused, written } = await service.judge(xml);
    if (refused !== undefined) return;
    kept++;
    const opened = open(xml, language);
    expect(writeXml(opened.program.replica.records)).toBe(written);
    expect(opened.code()).toBeTypeOf('string');
    expect(opened.xml()).toBe(written);
    opened.workspace.newBlock('text', 'mine').moveBy(400, 400);
    await settled();
    const after = opened.xml();
    expect(after.replace(/<block type="text" id="mine".*?<\/block>/, '')).toBe(written);
    await close(opened);
    expect((await service.judge(after)).refused).toBeUndefined();
  });
  await fc.assert(property, { numRuns: runs, endOnFailure: true });
  expect(kept).toBeGreaterThan(runs / 3);
}, 120_000);

test('every batch that the reducer takes is shown, and the workspace opens afterwards', async () => {
  const property = fc.asyncProperty(fc.gen(), async (g) => {
    const files = new StrangeFiles(g, known);
    const xml = files.document();
    const batches = Array.from({ length: 1 + g(fc.nat, { max: 5 }) }, () => files.batch());
    const { refused, patches, end } = await service.judge(xml, batches);
    if (refused !== undefined) return;
    const opened = open(xml, language);
    const { replica } = opened.program;
    for (const patch of patches) {
      if (patch) replica.receive([{ patch }]);
      await settled();
    }
    const shown = replica.records.blocks.size;
    expect(opened.code()).toBeTypeOf('string');
    await close(opened);
    const later = open(end, language);
    expect(later.code()).toBeTypeOf('string');
    // What was closed may come to light, now that there is room for it.
    expect(later.program.replica.records.blocks.size).toBeGreaterThanOrEqual(shown);
    await close(later);
  });
  await fc.assert(property, { numRuns: runs, endOnFailure: true });
}, 120_000);
