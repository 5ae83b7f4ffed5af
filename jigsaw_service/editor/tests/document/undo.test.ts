// @vitest-environment jsdom
/** L7: undo takes back my last change, and never somebody else's. */
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Language } from '../../src/languages';
import { documentOf, prepare } from '../canvas/open';
import { part, serviceOf, Someone } from '../live/together';

let language: Language;
let alice: Someone;
let bob: Someone;

beforeAll(async () => {
  language = await prepare();
});

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});

afterEach(() => part(alice, bob));

const silence = () => vi.advanceTimersByTimeAsync(1000);
const text = (id: string, words = 'x') =>
  `<block type="text" id="${id}" x="5" y="5"><field name="TEXT">${words}</field></block>`;
const print = (id: string, inside = '', below = '') =>
  `<block type="text_print" id="${id}" x="10" y="10">${inside && `<value name="TEXT">${inside}</value>`}${below && `<next>${below}</next>`}</block>`;

async function meet(...blocks: string[]): Promise<void> {
  const service = serviceOf(documentOf(...blocks));
  alice = new Someone('alice', service, language.types);
  bob = new Someone('bob', service, language.types);
  await silence();
}

async function write(someone: Someone, id: string, words: string): Promise<void> {
  someone.act(() => someone.block(id).setFieldValue(words, 'TEXT'));
  await silence();
}

async function undo(someone: Someone): Promise<void> {
  someone.program.takeBack(false);
  await silence();
}

async function redo(someone: Someone): Promise<void> {
  someone.program.takeBack(true);
  await silence();
}

const words = (someone: Someone, id: string) => someone.block(id).getFieldValue('TEXT') as string;

test('takes back my change, and redo does it again', async () => {
  await meet(text('t'));
  await write(alice, 't', 'y');

  await undo(alice);
  expect(words(bob, 't')).toBe('x');
  expect(alice.program.undo.canUndo).toBe(false);

  await redo(alice);
  expect(words(bob, 't')).toBe('y');
});

test('leaves alone what somebody else has changed since', async () => {
  await meet(text('t'), text('u'));
  await write(alice, 'u', 'first');
  await write(alice, 't', 'mine');
  await write(bob, 't', 'theirs');

  await undo(alice);

  expect(words(alice, 't')).toBe('theirs');
  // Of the last step nothing was left, so the one before it is taken back.
  expect(words(alice, 'u')).toBe('x');
});

test('is not offered to who has only watched', async () => {
  await meet(text('t'));
  await write(alice, 't', 'y');

  expect(bob.program.undo.canUndo).toBe(false);
  await undo(bob);
  expect(words(bob, 't')).toBe('y');
});

test('brings deleted blocks back where they were, with all in them', async () => {
  await meet(print('a', '', print('b', text('t'), print('c'))));
  alice.act(() => alice.block('b').dispose(true));
  await silence();
  expect(bob.block('c').getParent()?.id).toBe('a');

  await undo(alice);

  expect(bob.block('b').getParent()?.id).toBe('a');
  expect(bob.block('t').getParent()?.id).toBe('b');
  expect(bob.block('c').getParent()?.id).toBe('b');
});

test('brings a value back beside the one that somebody has put in its place', async () => {
  await meet(print('a', text('t')), text('u'));
  alice.act(() => alice.block('t').dispose(false));
  await silence();
  bob.join('u', 'a', 'TEXT');
  await silence();

  await undo(alice);

  expect(alice.block('u').getParent()?.id).toBe('a');
  expect(alice.block('t').getParent()).toBeNull();
  expect(bob.xml).toBe(alice.xml);
});

test('deletes what I made, unless somebody has worked on it', async () => {
  await meet();
  alice.put(text('t'));
  await silence();
  alice.put(text('u'));
  await silence();
  await write(bob, 'u', 'worked on');

  await undo(alice);

  expect(bob.has('u')).toBe(true);
  expect(bob.has('t')).toBe(false);
});

test('takes back all that one action did, also what Blockly did a moment later', async () => {
  await meet(
    '<block type="procedures_defnoreturn" id="d"><field name="NAME">greet</field></block>',
    '<block type="procedures_callnoreturn" id="c"><mutation name="greet"></mutation></block>',
  );
  alice.act(() => alice.block('d').dispose(false));
  await silence();
  expect(bob.workspace.getAllBlocks(false)).toHaveLength(0);

  await undo(alice);

  expect(bob.block('c').getFieldValue('NAME')).toBe('greet');
  expect(bob.has('d')).toBe(true);
  expect(alice.program.undo.canUndo).toBe(false);
});

test('brings back a variable with the block that uses it', async () => {
  await meet('<block type="variables_get" id="g"><field name="VAR" id="v">total</field></block>');
  const map = alice.workspace.getVariableMap();
  const variable = map.getVariableById('v');
  alice.act(() => variable && map.deleteVariable(variable));
  await silence();
  expect(bob.has('g')).toBe(false);

  await undo(alice);

  expect(bob.block('g').getField('VAR')?.getText()).toBe('total');
});

test('counts as one what is typed into a field until it is left', async () => {
  await meet(text('t'));
  const Blockly = await import('blockly/core');
  const block = alice.block('t');
  const field = block.getField('TEXT');
  for (const typed of ['h', 'he', 'hey']) {
    const before = field?.getValue() as string;
    field?.setValue(typed, false);
    Blockly.Events.fire(
      new Blockly.Events.BlockFieldIntermediateChange(block, 'TEXT', before, typed),
    );
    await silence();
    expect(words(bob, 't')).toBe(typed);
  }

  await undo(alice);

  expect(words(bob, 't')).toBe('x');
});
