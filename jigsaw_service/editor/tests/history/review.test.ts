// @vitest-environment jsdom
/** What is told of two states: what came, went, was moved and changed, and nothing else. */
import { beforeAll, describe, expect, test } from 'vitest';
import { Loader, readDocument } from '../../src/canvas/loader';
import { headlessWorkspace } from '../../src/canvas/headless';
import { longestRising } from '../../src/history/compare';
import { review } from '../../src/history/review';
import type { Language } from '../../src/languages';
import type { Records } from '../../src/document/records';
import { writeXml } from '../../src/document/xml';
import { documentOf, open, prepare } from '../canvas/open';
import { chanceOf, Editing } from '../live/randomEdits';
import { print, read, repeat, stack, state, text } from './states';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

/** The marks as one reads them, such as `added b`. */
const told = (before: Records, after: Records) =>
  review(before, after).entries.map(({ kind, id, blocks }) =>
    [kind, id, ...(blocks > 1 ? [String(blocks)] : [])].join(' '),
  );

const abc = () => state(stack([print('a'), print('b'), print('c')], [0, 0]));

describe('what is told', () => {
  test('nothing of two states that are the same', () => {
    expect(told(abc(), abc())).toEqual([]);
  });

  test('a block put between others, which only make room', () => {
    const after = state(stack([print('a'), print('new'), print('b'), print('c')], [0, 0]));
    expect(told(abc(), after)).toEqual(['added new']);
  });

  test('a block that is gone from between others, which only close the gap', () => {
    const after = state(stack([print('a'), print('c')], [0, 0]));
    expect(told(abc(), after)).toEqual(['removed b']);
  });

  test('a new first block of a stack, and a first block that is gone', () => {
    const after = state(stack([print('new'), print('a'), print('b'), print('c')], [0, -30]));
    expect(told(abc(), after)).toEqual(['added new']);
    expect(told(after, abc())).toEqual(['removed new']);
  });

  test('a block that was moved within its stack, and not those it passed', () => {
    const after = state(stack([print('c'), print('a'), print('b')], [0, 0]));
    expect(told(abc(), after)).toEqual(['moved c']);
  });

  test('a stack that was dragged elsewhere, as one', () => {
    const after = state(stack([print('a'), print('b'), print('c')], [50, 0]));
    expect(told(abc(), after)).toEqual(['moved a']);
  });

  test('the rest of a stack that was dragged away, as one', () => {
    const after = state(
      print('a').replace('<block', '<block x="0" y="0"'),
      stack([print('b'), print('c')], [99, 9]),
    );
    expect(told(abc(), after)).toEqual(['moved b']);
  });

  test('blocks that were wrapped: the new one around, and those that moved into it', () => {
    const after = state(
      stack([print('a'), repeat('loop', stack([print('b'), print('c')]))], [0, 0]),
    );
    expect(told(abc(), after)).toEqual(['added loop', 'moved b']);
  });

  test('a changed field with what it said and says', () => {
    const before = state(print('a', text('t', 'hello')));
    const after = state(print('a', text('t', 'bye')));
    const [entry] = review(before, after).entries;
    expect(entry).toMatchObject({ kind: 'changed', id: 't', to: undefined });
    expect(entry?.changes).toEqual([{ key: 'f:TEXT', before: 'hello', after: 'bye' }]);
  });

  test('a block that was both moved and changed, once', () => {
    const before = state(print('a', text('t', 'hello')), print('b'));
    const after = state(print('a'), print('b', text('t', 'bye')));
    const { entries } = review(before, after);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ kind: 'changed', to: ['b', 'TEXT', 'v'] });
  });

  test('what came or went with the block it hangs on, as one', () => {
    const more = state(
      stack(
        [
          print('a'),
          repeat('loop', stack([print('x', text('y', '')), print('z')])),
          print('b'),
          print('c'),
        ],
        [0, 0],
      ),
    );
    expect(told(abc(), more)).toEqual(['added loop 4']);
    expect(told(more, abc())).toEqual(['removed loop 4']);
  });

  test('switched off, collapsed, commented, and what only the shape says not', () => {
    const shown = '<block type="text_print" id="a" x="1" y="1"';
    const after = state(`${shown} collapsed="true"><comment>why</comment></block>`);
    const [entry] = review(state(`${shown}></block>`), after).entries;
    expect(entry?.changes.map(({ key }) => key).sort()).toEqual(['a:collapsed', 'c']);
  });

  test('workspace comments', () => {
    const note = (said: string, x = 0) => `<comment id="n" x="${x}" y="0">${said}</comment>`;
    expect(told(state(note('a')), state(note('b')))).toEqual(['changed n']);
    expect(told(state(note('a')), state(note('a', 9)))).toEqual(['moved n']);
    expect(told(state(), state(note('a')))).toEqual(['added n']);
    expect(told(state(note('a')), state())).toEqual(['removed n']);
  });

  test('a variable with another name once, not at each of its uses', () => {
    const named = (name: string) =>
      state(
        `<variables><variable id="v">${name}</variable></variables>`,
        `<block type="variables_get" id="a" x="1" y="1"><field name="VAR" id="v">${name}</field></block>`,
      );
    const { entries, variables } = review(named('x'), named('total'));
    expect(entries).toEqual([]);
    expect(variables).toEqual([{ before: 'x', after: 'total' }]);
  });
});

describe('files whose ids mean nothing', () => {
  const program = (id: (n: number) => string, ...more: string[]) =>
    state(
      stack(
        [
          print(id(1), text(id(2), 'one')),
          ...more,
          repeat(id(3), stack([print(id(4), text(id(5), 'two')), print(id(6))])),
          print(id(7), text(id(8), 'three')),
        ],
        [0, 0],
      ),
    );
  const before = () => program((n) => `old${n}`);

  test('the same program with other ids is the same', () => {
    expect(
      told(
        before(),
        program((n) => `new${n}`),
      ),
    ).toEqual([]);
  });

  test('and with a new block in it, that is the difference', () => {
    const after = program((n) => `new${n}`, print('x', text('y', 'added')));
    expect(told(before(), after)).toEqual(['added x 2']);
    expect(told(after, before())).toEqual(['removed x 2']);
  });

  test('a changed field is a change, not another block', () => {
    const after = read(writeXml(program((n) => `new${n}`)).replace('two', 'deux'));
    expect(told(before(), after)).toEqual(['changed new5']);
  });

  test('without ids, a block put first is the only difference', () => {
    const without = (...blocks: string[]) => state(stack(blocks, [0, 0]));
    const rest = ['one', 'two', 'three'].map((said) => print('', text('', said)));
    const after = without(print('', text('', 'zero')), ...rest);
    expect(review(without(...rest), after).counts).toEqual({
      added: 2,
      removed: 0,
      moved: 0,
      changed: 0,
    });
  });

  test('a block that was made anew is told as such where ids mean something', () => {
    const after = state(stack([print('a'), print('b'), print('other')], [0, 0]));
    expect(told(abc(), after)).toEqual(['removed c', 'added other']);
  });
});

describe('the document of both', () => {
  test('holds what is gone where it was', () => {
    const { records } = review(abc(), state(stack([print('a'), print('c')], [0, 0])));
    expect(records.blocks.get('b')?.at).toEqual(['a']);
    expect(records.blocks.get('c')?.at).toEqual(['b']);
  });

  test('puts what was replaced in an input beside the block that held it', () => {
    const before = state(print('a', text('was', 'x')));
    const { records, beside } = review(before, state(print('a', text('is', 'y'))));
    expect(records.blocks.get('is')?.at).toEqual(['a', 'TEXT', 'v']);
    expect(records.blocks.get('was')?.at).toEqual([null, null]);
    expect([...beside]).toEqual([['was', 'a']]);
  });

  test('keeps the input of a block that has lost its own free for nobody', () => {
    const when = (more: string, branches: string) =>
      `<block type="controls_if" id="i" x="1" y="1"><mutation ${more}></mutation>${branches}</block>`;
    const before = state(when('else="1"', `<statement name="ELSE">${print('e')}</statement>`));
    const { records, beside } = review(before, state(when('elseif="1"', '')));
    expect(beside.get('e')).toBe('i');
    expect(records.blocks.get('e')?.at).toEqual([null, null]);
  });

  test('gives an id that another block has now to nobody twice', () => {
    const { records, marks } = review(state(print('a')), state(text('a', 'x')));
    expect([...marks].sort()).toEqual([
      ['a', 'added'],
      ['a~was1', 'removed'],
    ]);
    expect(records.blocks.size).toBe(2);
  });

  test.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'opens, holds every block of both, and needs no placeholder: seed %i',
    (seed) => {
      const { workspace, program, xml } = open(
        documentOf(stack([print('a', text('t', 'x')), repeat('r', print('b'))], [10, 10])),
        language,
      );
      const editing = new Editing(workspace, chanceOf(seed));
      for (let n = 0; n < 25; n++) editing.act();
      program.settle();
      const before = read(xml());
      for (let n = 0; n < 15; n++) editing.act();
      program.settle();
      const after = read(xml());
      const { records, counts, marks } = review(before, after);
      expect(records.blocks.size).toBe(after.blocks.size + counts.removed);
      expect(before.blocks.size - counts.removed).toBe(after.blocks.size - counts.added);
      for (const id of marks.keys()) expect(records.blocks.has(id)).toBe(true);
      const document = readDocument(writeXml(records), language.types);
      const shown = headlessWorkspace();
      new Loader(shown).fillAtOnce(document);
      for (const id of records.blocks.keys())
        expect(shown.getBlockById(id) ?? shown.getCommentById(id)).not.toBeNull();
      expect(document.unknownTypes).toEqual([]);
      expect(review(after, after).entries).toEqual([]);
    },
  );
});

test('thousands of blocks are compared while a finger is lifted', () => {
  const many = (mark: string) =>
    state(
      ...Array.from({ length: 250 }, (_, s) =>
        stack(
          Array.from({ length: 10 }, (_, n) =>
            print(`p${s}.${n}`, text(`t${s}.${n}`, s % 7 ? 'same' : mark)),
          ),
          [0, s * 40],
        ),
      ),
    );
  const { counts } = review(many('old'), many('new'));
  expect(counts).toEqual({ added: 0, removed: 0, moved: 0, changed: 360 });
});

test('a longest rising row', () => {
  expect(longestRising([2, 0, 1, 5, 3, 4]).map((index) => [2, 0, 1, 5, 3, 4][index])).toEqual([
    0, 1, 3, 4,
  ]);
  expect(longestRising([])).toEqual([]);
});
