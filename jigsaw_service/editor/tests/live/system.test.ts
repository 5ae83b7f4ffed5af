// @vitest-environment jsdom
// @module-tag corpus
/**
 * Several people at one workspace, with real Blockly, over a network that delays, breaks and comes back. After
 * silence all see the same (L3), nothing is gone that nobody deleted (L4), and nothing is left unsent (L6).
 *
 * `npm run simulate 2000` tries so many more. Seeds that ever failed are kept in `seeds.json` and tried every time.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Language } from '../../src/languages';
import { prepare } from '../canvas/open';
import { chanceOf } from './randomEdits';
import { Simulation } from './simulation';

const KEPT = join(import.meta.dirname, 'seeds.json');
const WORKSPACES = join(import.meta.dirname, '../../../../tests/workspaces');
const FILES = readdirSync(WORKSPACES).filter(
  (name) =>
    name.endsWith('.xml') &&
    statSync(join(WORKSPACES, name)).size < 8000 &&
    name !== 'blockly_invalid.xml',
);
const kept = JSON.parse(readFileSync(KEPT, 'utf8')) as number[];
const runs = Number(process.env['SIMULATED_RUNS'] ?? 250);
const first = Number(process.env['FIRST_SEED'] ?? 1);
const seeds = new Set([...kept, ...Array.from({ length: runs }, (_, i) => first + i)]);

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test.each([...seeds])(
  'with seed %i, people end up with the same, and nothing is lost',
  async (seed) => {
    vi.spyOn(Math, 'random').mockImplementation(chanceOf(seed + 1_000_000));
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const hot = seed % 3 === 0;
    const file = seed % 5 === 0 ? FILES[Math.floor(seed / 5) % FILES.length] : undefined;
    const xml = file && readFileSync(join(WORKSPACES, file), 'utf8');
    const simulation = new Simulation({ seed, edits: hot ? 150 : 120, hot }, language, xml);
    await simulation.run();
    const faults = simulation.faults();
    await simulation.dispose();
    if (faults.length > 0 && !kept.includes(seed))
      writeFileSync(KEPT, `[${[...kept, seed].join(', ')}]\n`);
    expect(faults).toEqual([]);
  },
);
