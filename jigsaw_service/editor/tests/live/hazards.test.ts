// @vitest-environment jsdom
/** What replaying Blockly's own events did to programs, and must not happen here. */
import * as Blockly from 'blockly/core';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Language } from '../../src/languages';
import { documentOf, prepare } from '../canvas/open';
import { part, serviceOf, Someone, typesWithout } from './together';
import type { VirtualService } from './virtualService';

let language: Language;
let service: VirtualService;
let alice: Someone;
let bob: Someone;

beforeAll(async () => {
  language = await prepare();
});

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});

afterEach(() => part(alice, bob));

async function meet(...blocks: string[]): Promise<void> {
  service = serviceOf(documentOf(...blocks));
  alice = new Someone('alice', service, language.types);
  bob = new Someone('bob', service, language.types);
  await silence();
}

const silence = () => vi.advanceTimersByTimeAsync(2000);

const print = (id: string, inside = '', below = '') =>
  `<block type="text_print" id="${id}" x="10" y="10">${inside && `<value name="TEXT">${inside}</value>`}${below && `<next>${below}</next>`}</block>`;
const text = (id: string, words = 'x') =>
  `<block type="text" id="${id}"><field name="TEXT">${words}</field></block>`;
const join = (id: string) =>
  `<block type="text_join" id="${id}"><mutation items="2"></mutation></block>`;
const set = (id: string, variable: string) =>
  `<block type="variables_set" id="${id}"><field name="VAR" id="${variable}">${variable}</field></block>`;

/** All three say the same, and nothing is under way. */
function expectSame(): void {
  expect(alice.live.hasUnsavedWork || bob.live.hasUnsavedWork).toBe(false);
  expect(alice.xml).toBe(bob.xml);
  expect([...bob.program.replica.records.blocks.keys()].sort()).toEqual(
    [...service.records.blocks.keys()].sort(),
  );
}

test('a reason that no browser can decode reaches everybody, and whoever comes later', async () => {
  await meet(print('a'));

  alice.program.replica.perform([{ op: 'set', id: 'a', keys: { 'a:disabled-reasons': '%' } }]);
  await silence();

  expect(bob.block('a').getDisabledReasons()).toEqual(new Set(['%']));
  const carol = new Someone('carol', service, language.types);
  expect(carol.block('a').isEnabled()).toBe(false);
  carol.program.dispose();
  carol.live.close();
});

test('two moves into one another make no loop, and both stacks stay', async () => {
  await meet(print('a'), print('b'));

  alice.join('a', 'b');
  bob.join('b', 'a');
  await silence();

  expect(alice.workspace.getAllBlocks(false)).toHaveLength(2);
  expect(alice.block('a').getParent()?.id).toBe('b');
  expectSame();
});

test('two moves into one another make no loop although Blockly has not told of one yet', async () => {
  await meet(print('a'), print('b'));
  bob.join('b', 'a');
  bob.program.replica.receive([{ patch: { blocks: { a: { at: ['b'] } } } }]);

  expect(bob.block('a').getParent()?.id).toBe('b');
  expect(bob.block('b').getParent()).toBeNull();
});

test('a block that somebody put on another survives when that one is deleted', async () => {
  await meet(print('a'), text('t'));

  alice.act(() => alice.block('a').dispose(false));
  bob.join('t', 'a', 'TEXT');
  await silence();

  expect(alice.has('a')).toBe(false);
  expect(alice.block('t').getParent()).toBeNull();
  expectSame();
});

test('a block just put on another survives although Blockly has not told of it yet', async () => {
  await meet(print('a'), text('t'), text('u'));
  bob.join('t', 'a', 'TEXT');
  service.publish({ author: 'x', client: null, n: null, patch: { blocks: { a: null } } });
  bob.program.replica.receive([{ patch: { blocks: { a: null } } }]);

  expect(bob.has('t')).toBe(true);
  await silence();
});

test('a value just put in an input makes room for the one that was there first', async () => {
  await meet(print('a'), text('t'), text('u'));
  bob.join('t', 'a', 'TEXT');
  const patch = { blocks: { u: { at: ['a', 'TEXT', 'v'] } } };
  service.publish({ author: 'x', client: null, n: null, patch });
  await silence();

  expect([bob.has('t'), bob.has('u')]).toEqual([true, true]);
  expectSame();
});

test('an id that Blockly refuses keeps nobody from seeing the rest', async () => {
  await meet();

  const odd = { t: 'text', at: [1, 1] as [number, number], 'f:TEXT': 'odd' };
  const fine = { t: 'text', at: [1, 50] as [number, number], 'f:TEXT': 'fine' };
  const patch = { blocks: { a_connection_1: odd, b: fine } };
  service.publish({ author: 'x', client: null, n: null, patch });
  alice.put(text('c'));
  await silence();

  expect([bob.has('b'), bob.has('c')]).toEqual([true, true]);
});

test('two blocks with one id are one block everywhere', async () => {
  await meet();

  alice.put(text('twin', 'from alice'));
  bob.put(text('twin', 'from bob'));
  await silence();

  expect(bob.workspace.getAllBlocks(false)).toHaveLength(1);
  expect(bob.block('twin').getFieldValue('TEXT')).toBe('from alice');
  expectSame();
});

test('an edit of a block that somebody deleted does nothing', async () => {
  await meet(text('t'));

  alice.act(() => alice.block('t').dispose(false));
  bob.act(() => bob.block('t').setFieldValue('late', 'TEXT'));
  await silence();

  expect(bob.has('t')).toBe(false);
  expectSame();
});

describe('variables', () => {
  const names = (someone: Someone) =>
    someone.workspace
      .getVariableMap()
      .getAllVariables()
      .map((variable) => variable.getName())
      .sort();
  const create = (someone: Someone, name: string, id?: string) =>
    someone.act(() => someone.workspace.getVariableMap().createVariable(name, '', id));
  const rename = (someone: Someone, id: string, name: string) =>
    someone.act(() => {
      const map = someone.workspace.getVariableMap();
      const variable = map.getVariableById(id);
      if (variable) map.renameVariable(variable, name);
    });

  test('of one name, made by two people, become two with two names', async () => {
    await meet();

    create(alice, 'total');
    create(bob, 'total');
    await silence();

    expect(names(alice)).toEqual(['total', 'total2']);
    expectSame();
  });

  test('renamed to one name by two people are not merged', async () => {
    await meet(set('1', 'v'), set('2', 'w'));

    rename(alice, 'v', 'total');
    rename(bob, 'w', 'total');
    await silence();

    expect(names(bob)).toEqual(['total', 'total2']);
    expect(bob.block('1').getFieldValue('VAR')).toBe('v');
    expectSame();
  });

  test('swap their names without becoming one', async () => {
    await meet(set('1', 'v'), set('2', 'w'));

    rename(alice, 'v', 'tmp');
    rename(alice, 'w', 'v');
    rename(alice, 'v', 'w');
    await silence();

    expect(bob.workspace.getVariableMap().getVariableById('v')?.getName()).toBe('w');
    expect(bob.workspace.getVariableMap().getVariableById('w')?.getName()).toBe('v');
    expectSame();
  });

  test('renamed by one person keep their block that the other one uses them in', async () => {
    await meet(set('1', 'v'));

    rename(alice, 'v', 'sum');
    bob.put(set('2', 'v'));
    await silence();

    expect(bob.block('2').getField('VAR')?.getText()).toBe('sum');
    expectSame();
  });

  test('that somebody deletes while another begins to use them come back', async () => {
    await meet('<variables><variable id="v">total</variable></variables>');

    const map = alice.workspace.getVariableMap();
    const variable = map.getVariableById('v');
    alice.act(() => variable && map.deleteVariable(variable));
    bob.put(set('1', 'v'));
    await silence();

    expect(names(alice)).toEqual(['total']);
    expect(alice.has('1')).toBe(true);
    expectSame();
  });

  test('that an old file names without an id are the same in every browser', async () => {
    await meet('<block type="variables_set" id="1"><field name="VAR">item</field></block>');

    rename(alice, alice.block('1').getFieldValue('VAR') as string, 'thing');
    await silence();

    expect(bob.block('1').getField('VAR')?.getText()).toBe('thing');
    expectSame();
  });
});

describe('procedures', () => {
  const define = (id: string, name: string) =>
    `<block type="procedures_defnoreturn" id="${id}"><field name="NAME">${name}</field></block>`;
  const call = (id: string, name: string) =>
    `<block type="procedures_callnoreturn" id="${id}"><mutation name="${name}"></mutation></block>`;

  test('renamed take their calls along, also those that somebody is just making', async () => {
    await meet(define('d', 'greet'), call('c', 'greet'));

    alice.act(() => alice.block('d').setFieldValue('welcome', 'NAME'));
    bob.put(call('late', 'greet'));
    await silence();

    expect(alice.block('c').getFieldValue('NAME')).toBe('welcome');
    expectSame();
  });

  test('of one name, made by two people, get two names', async () => {
    await meet();

    alice.put(define('1', 'greet'));
    bob.put(define('2', 'greet'));
    await silence();

    expect(bob.block('1').getFieldValue('NAME')).toBe('greet');
    expect(bob.block('2').getFieldValue('NAME')).toBe('greet2');
    expectSame();
  });

  test('that somebody deletes take their own calls along, and nobody makes a new one', async () => {
    await meet(define('d', 'greet'), call('c', 'greet'));

    alice.act(() => alice.block('d').dispose(false));
    await silence();

    expect(bob.workspace.getAllBlocks(false)).toEqual([]);
    expectSame();
  });

  test('altered together with a call leave the call as it is said to be', async () => {
    await meet(
      `<block type="variables_get" id="v"><field name="VAR" id="new">new</field></block>`,
      call('c', 'greet'),
      define('d', 'greet'),
    );
    const m = '<mutation name="greet"><arg name="old"/></mutation>';

    bob.program.replica.receive([
      {
        patch: {
          blocks: { c: { m }, d: { m: '<mutation><arg name="old" varid="new"/></mutation>' } },
        },
      },
    ]);
    await silence();

    const models = bob.block('d').getVarModels();
    expect(models.map((variable) => variable.getName())).toEqual(['new']);
    const shown = bob.block('c').mutationToDom?.() as Element;
    expect(shown.querySelector('arg')?.getAttribute('name')).toBe('old');
  });

  test('switched off on one canvas are so on the other, and each finds by itself what that means', async () => {
    await meet(define('d', 'greet'), call('c', 'greet'));

    alice.act(() => alice.block('d').setDisabledReason(true, Blockly.constants.MANUALLY_DISABLED));
    await silence();

    expect(bob.block('d').isEnabled()).toBe(false);
    expect(service.records.blocks.get('c')).not.toHaveProperty('a:disabled-reasons');
    expectSame();
  });
});

describe('shapes', () => {
  const grow = (someone: Someone, id: string, items: number) =>
    someone.act(() => {
      const block = someone.block(id);
      const before = Blockly.Xml.domToText(block.mutationToDom?.() as Element);
      const mutation = Blockly.utils.xml.createElement('mutation');
      mutation.setAttribute('items', String(items));
      block.domToMutation?.(mutation);
      const after = Blockly.Xml.domToText(mutation);
      Blockly.Events.fire(new Blockly.Events.BlockChange(block, 'mutation', null, before, after));
    });

  test('a new input and what is put in it arrive together', async () => {
    await meet(join('j'), text('t'));

    grow(alice, 'j', 4);
    alice.join('t', 'j', 'ADD3');
    await silence();

    expect(bob.block('t').getParent()?.id).toBe('j');
    expectSame();
  });

  test('what somebody puts in an input that another takes away goes to the canvas', async () => {
    await meet(join('j'), text('t'));

    grow(alice, 'j', 1);
    bob.join('t', 'j', 'ADD1');
    await silence();

    expect(bob.block('t').getParent()).toBeNull();
    expect(bob.block('j').getInput('ADD1')).toBeNull();
    expectSame();
  });

  test('blocks inside one that changes its shape stay where they are', async () => {
    await meet(join('j'), text('t'));
    alice.join('t', 'j', 'ADD0');
    await silence();

    grow(bob, 'j', 3);
    await silence();

    expect(alice.block('t').getParent()?.id).toBe('j');
    expectSame();
  });
});

test('types that disagree stay joined as the records have them', async () => {
  await meet(
    `<block type="math_arithmetic" id="m"><field name="OP">ADD</field></block>`,
    text('t'),
  );
  // An older editor, or another language, sees no harm in it.
  service.publish({
    author: 'old',
    client: null,
    n: null,
    patch: { blocks: { t: { at: ['m', 'A', 'v'] } } },
  });
  await silence();

  expect(alice.block('t').getParent()?.id).toBe('m');
  expectSame();
});

test('nothing is sent merely because a workspace was opened (L5)', async () => {
  await meet(print('a', text('t')), join('j'), set('1', 'v'));

  expect(service.log).toEqual([]);
});

test('a viewer sees others work, and sends nothing (L5)', async () => {
  service = serviceOf(documentOf(text('t')));
  alice = new Someone('alice', service, language.types);
  await silence();
  service.role = 'viewer';
  bob = new Someone('bob', service, language.types);
  await silence();
  service.role = 'editor';

  bob.act(() => bob.block('t').setFieldValue('mine', 'TEXT'));
  alice.put(text('new'));
  await silence();

  expect(bob.has('new')).toBe(true);
  expect(bob.block('t').getFieldValue('TEXT')).toBe('x');
  expect(service.log.map(({ author }) => author)).toEqual(['alice']);
});

describe('a block type that one of them lacks (L11)', () => {
  async function meetUnequal(...blocks: string[]): Promise<void> {
    service = serviceOf(documentOf(...blocks));
    alice = new Someone('alice', service, language.types);
    bob = new Someone('bob', service, typesWithout(language, 'controls_repeat_ext'));
    await silence();
  }
  const repeat =
    '<block type="controls_repeat_ext" id="r" x="1" y="1"><value name="TIMES"><shadow type="math_number" id="n"><field name="NUM">10</field></shadow></value></block>';

  test('arrives as a placeholder with all its inputs, to be filled', async () => {
    await meetUnequal(print('p'));

    alice.put(repeat);
    await silence();
    bob.join('p', 'r', 'DO');
    await silence();

    expect(alice.block('p').getParent()?.id).toBe('r');
    expectSame();
  });

  test('can be moved, and what only its own editor understands stays as it is', async () => {
    await meetUnequal(repeat, print('p'));
    const before = service.records.blocks.get('r');

    bob.join('r', 'p');
    await silence();

    expect(alice.block('r').getParent()?.id).toBe('p');
    expect({ ...service.records.blocks.get('r'), at: 0 }).toEqual({ ...before, at: 0 });
    expectSame();
  });

  test('follows what others change in it', async () => {
    await meetUnequal(repeat);

    alice.act(() => alice.block('r').setCommentText('ten times'));
    await silence();

    expect(bob.block('r').getCommentText()).toBe('ten times');
    expectSame();
  });
});

test('what nobody touched is never written anew, however a file has spelled it', async () => {
  const odd =
    '<block type="math_number" id="m" custom="yes" x="3" y="4"><title name="NUM">1.50</title></block>';
  await meet(odd);

  alice.act(() => alice.block('m').moveBy(10, 0));
  await silence();

  expect(bob.xml).toContain('custom="yes"');
  expect(bob.xml).toContain('<title name="NUM">1.50</title>');
  expectSame();
});

test('a remote edit of one block touches only that block', async () => {
  await meet(...Array.from({ length: 300 }, (_, i) => text(`t${i}`)));
  const looked = vi.spyOn(Blockly.Block.prototype, 'getFields');

  alice.act(() => alice.block('t7').setFieldValue('y', 'TEXT'));
  await silence();

  expect(bob.block('t7').getFieldValue('TEXT')).toBe('y');
  expect(looked.mock.calls.length).toBeLessThan(40);
  looked.mockRestore();
  expectSame();
});
