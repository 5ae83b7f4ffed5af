// @vitest-environment jsdom
// @module-tag corpus
import type * as Blockly from 'blockly/core';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '../../src/languages';
import { makeSourceMap } from '../../src/sourcemap/makeSourceMap';
import type { SourceMap } from '../../src/sourcemap/sourceMap';
import { documentOf, open, prepare } from '../canvas/open';
import { block, field, get, list, number, print, set, stack, value } from '../languages/blocks';
import { programs } from '../languages/python/programs';
import { nodesOf } from './nodes';
import { programsOf } from './programs';

const corpus = join(import.meta.dirname, '../../../../tests/workspaces');

const map = (workspace: Blockly.Workspace, language: Language) =>
  makeSourceMap(language.generate(workspace), (mark) => language.generate(workspace, mark));

/** Numbers and texts, which have no place of their own. */
const LITERAL = /^(math_number|text|colour_picker)$/;

/** Types of the blocks that have no place in the code. */
function unplaced(workspace: Blockly.Workspace, found: SourceMap): string[] {
  return workspace
    .getAllBlocks(false)
    .filter(({ id, type }) => !LITERAL.test(type) && found.of(id).length === 0)
    .map(({ type }) => type);
}

describe.each(['python', 'processing'])('%s', (name) => {
  let language: Language;
  beforeAll(async () => {
    language = await prepare(name);
  });

  test('every block of our own programs has its place, and the program stays as it is', async () => {
    for (const [title, xml] of await programsOf(language)) {
      const { workspace, code } = open(xml, language);
      const before = code();
      const found = map(workspace, language);
      expect(found.code, title).toBe(before);
      expect(code(), title).toBe(before);
      // One that breaks out of no loop says nothing.
      const silent = unplaced(workspace, found).filter((t) => t !== 'controls_flow_statements');
      expect(silent, title).toEqual([]);
    }
  });

  test('programs of other apps have places, whatever was unknown in them', () => {
    for (const file of readdirSync(corpus).filter((one) => /(?<!invalid)\.xml$/.test(one))) {
      const { workspace, code } = open(readFileSync(join(corpus, file), 'utf8'), language);
      const found = map(workspace, language);
      expect(found.code).toBe(code());
      expect(found.spans.length, file).toBeGreaterThan(0);
    }
  });

  test('what looks like a mark in a text is none', () => {
    const strange = '\ud800\ud802\ud802\ud801 \udc00 😀 \ud83d';
    const { workspace, code } = open(documentOf(), language);
    const made = workspace.newBlock('text_print', 'p');
    const words = workspace.newBlock('text', 't');
    words.setFieldValue(strange, 'TEXT');
    made.setCommentText(strange);
    if (words.outputConnection) made.getInput('TEXT')?.connection?.connect(words.outputConnection);
    const found = map(workspace, language);
    expect(found.code).toBe(code());
    expect(found.of('p')).toHaveLength(1);
  });
});

describe('in Python', () => {
  let python: Language;
  beforeAll(async () => {
    python = await prepare('python');
  });
  const mapOf = (xml: string) => map(open(xml, python).workspace, python);

  test('places are those of Python’s own nodes', async () => {
    const maps = (await programsOf(python)).map(([, xml]) => mapOf(xml));
    expect(
      nodesOf(maps)
        .flat()
        .filter((kind) => kind.startsWith('no node')),
    ).toEqual([]);
  });

  test('programs made by chance are mapped, and places are those of nodes', () => {
    const made = programs(12, 1);
    const opened = made.map((one) => open(documentOf(one), python));
    const maps = opened.map(({ workspace }) => map(workspace, python));
    maps.forEach((found, i) => expect(found.spans.length, made[i]).toBeGreaterThan(0));
    expect(
      nodesOf(maps)
        .flat()
        .filter((kind) => kind.startsWith('no node')),
    ).toEqual([]);
  });

  test('a value’s brackets belong to what it stands in', () => {
    const sum = (id: string, ...sides: string[]) =>
      block(
        'math_arithmetic',
        field('OP', id === 'sum' ? 'ADD' : 'MULTIPLY') +
          sides.map((side, i) => value('AB'.charAt(i), side)).join(''),
      ).replace('<block', `<block id="${id}"`);
    const found = mapOf(
      documentOf(print(sum('product', sum('sum', get('x'), number(1)), number(2)))),
    );
    const said = (id: string) => found.of(id).map(([start, end]) => found.code.slice(start, end));
    expect(said('sum')).toEqual(['x + 1']);
    expect(said('product')).toEqual(['(x + 1) * 2']);
  });

  test('the innermost block around a place is found', () => {
    const xml = documentOf(
      stack(set('l', list(number(1))), print(get('l')).replace('<block', '<block id="p"')),
    );
    const found = mapOf(xml);
    const at = found.code.indexOf('print');
    expect(found.innermost(at + 2)?.[2]).toBe('p');
    const [start = 0, end = 0] = found.innermost(at + 'print('.length) ?? [];
    expect(found.code.slice(start, end)).toBe('l');
    expect(found.innermost(found.code.length + 1)).toBeUndefined();
  });
});
