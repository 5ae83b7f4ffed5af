// @vitest-environment jsdom
// @module-tag corpus
/** The service's JSON is Blockly's: Blockly loads it, and what Blockly saves is read with all that it says. */
import * as Blockly from 'blockly/core';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headlessWorkspace } from '../../src/canvas/headless';
import type { Language } from '../../src/languages';
import { Service } from '../service';
import { open, prepare } from './open';

const TOP = join(import.meta.dirname, '../../../..');
const FOLDERS = [
  'jigsaw_service/editor/tests/languages/python/golden',
  'jigsaw_service/editor/src/languages/python/examples',
  'tests/workspaces',
];
const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(join(TOP, folder))
    .filter((name) => name.endsWith('.xml') && name !== 'blockly_invalid.xml')
    .map((name) => join(folder, name)),
);

let language: Language;
const service = new Service();
beforeAll(async () => {
  language = await prepare();
});
afterAll(() => {
  service.end();
});

/** What Blockly itself makes of it, and saves again. */
function throughBlockly(json: string): string {
  const workspace = headlessWorkspace();
  Blockly.serialization.workspaces.load(JSON.parse(json) as object, workspace);
  return JSON.stringify(Blockly.serialization.workspaces.save(workspace));
}

describe.each(FILES)('%s', (file) => {
  const xml = readFileSync(join(TOP, file), 'utf8');

  test('says the same in JSON', async () => {
    const before = open(xml, language);
    const json = await service.toJson(xml);
    const after = open(await service.toXml(json), language);
    expect(after.code()).toBe(before.code());
    expect([...after.unknownTypes].sort()).toEqual([...before.unknownTypes].sort());
    expect(await service.toJson(after.xml())).toBe(json);
  });

  test('is loaded by Blockly, where it knows all blocks', async () => {
    const before = open(xml, language);
    if (before.unknownTypes.length > 0) return;
    const json = throughBlockly(await service.toJson(xml));
    const after = open(await service.toXml(json), language);
    expect(after.unknownTypes).toEqual([]);
    expect(after.code()).toBe(before.code());
  });
});

test('the service knows which blocks are values', async () => {
  const kinds: Record<string, Set<string>> = { statements: new Set(), values: new Set() };
  for (const name of ['processing', 'python']) {
    const { types } = await prepare(name);
    const workspace = headlessWorkspace();
    for (const type of types) {
      const block = workspace.newBlock(type);
      if (block.previousConnection) kinds['statements']?.add(type);
      else if (block.outputConnection) kinds['values']?.add(type);
    }
  }
  const [statements, values] = ['statements', 'values'].map((kind) =>
    [...(kinds[kind] ?? [])].sort(),
  );
  await expect(JSON.stringify({ statements, values }, null, 1) + '\n').toMatchFileSnapshot(
    join(TOP, 'jigsaw_service/document/blockly_json/kinds.json'),
  );
});

test('each key of a block is read', async () => {
  const state = {
    blocks: {
      languageVersion: 0,
      blocks: [
        {
          type: 'controls_if',
          id: 'a',
          x: 10,
          y: 20.5,
          collapsed: true,
          deletable: false,
          movable: false,
          editable: false,
          disabledReasons: ['MANUALLY_DISABLED', '100%, so'],
          inline: false,
          data: 'd',
          extraState: { elseIfCount: 1, hasElse: true },
          icons: { comment: { text: 'why <so>', pinned: false, height: 80, width: 160 } },
          inputs: {
            DO1: {
              block: { type: 'text_print', id: 'b', next: { block: { type: 'text_print' } } },
            },
          },
        },
        {
          type: 'robot.go',
          fields: { ON: true, N: 1.5, BITS: [[1, 0]], V: { id: 'v' } },
          extraState: { speed: 3 },
          glow: 'red',
        },
      ],
    },
    variables: [{ name: 'n', id: 'v', type: 'Number' }],
    workspaceComments: [
      {
        id: 'c',
        text: 'Note',
        x: 1,
        y: 2,
        width: 100,
        height: 50,
        collapsed: true,
        editable: false,
      },
    ],
    procedures: [{ id: 'p', name: 'f' }],
  };
  const xml = await service.toXml(JSON.stringify(state));
  const { code, xml: now, block } = open(xml, language);
  expect(block('a').getDisabledReasons()).toEqual(new Set(['MANUALLY_DISABLED', '100%, so']));
  expect(code()).toBeTypeOf('string');
  const back = JSON.parse(await service.toJson(now())) as typeof state;
  const [first, second] = back.blocks.blocks;
  expect(first).toMatchObject({ ...state.blocks.blocks[0], y: 21 });
  expect(second).toMatchObject({
    fields: { ON: true, N: 1.5, BITS: [[1, 0]], V: { id: 'v' } },
    extraState: { speed: 3 },
    glow: 'red',
  });
  expect(back.variables).toEqual(state.variables);
  expect(back.workspaceComments).toMatchObject(state.workspaceComments);
  expect(back.procedures).toEqual(state.procedures);
});
