// @vitest-environment jsdom
/** Playback: every moment's state is what it was, however one comes to it, and nothing is changed. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Change, Revision } from '../../src/api/types';
import { Player } from '../../src/history/player';
import { Timeline } from '../../src/history/timeline';
import { apply, Records, type Patch } from '../../src/document/records';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 12, minute)).toISOString();

const revision = (number: number, clock: number, more: Partial<Revision> = {}): Revision => ({
  number,
  clock,
  kind: 'automatic',
  authors: ['alice'],
  created: at(clock),
  label: null,
  blocks: 1,
  bytes: 1,
  thinned: false,
  ...more,
});

const change = (clock: number, patch: Patch | null = says(clock)): Change => ({
  clock,
  author: 'bob',
  created: at(clock),
  patch,
});

/** The change that makes the one block say its clock. */
const says = (clock: number): Patch => ({ blocks: { b: { 'f:TEXT': String(clock) } } });

const stateAt = (clock: number): Records =>
  Records.fromJson({ blocks: { b: { t: 'text', at: [0, 0], 'f:TEXT': String(clock) } } });

/** A history in which the block always says the clock; `asked` notes the revisions that were fetched. */
function timelineOf(revisions: Revision[], changes: Change[], asked: number[] = []): Timeline {
  return new Timeline([...revisions].reverse(), changes, (number) => {
    asked.push(number);
    return Promise.resolve(stateAt(revisions.find((one) => one.number === number)?.clock ?? 0));
  });
}

const said = async (timeline: Timeline, index: number) =>
  (await timeline.stateAt(index)).blocks.get('b')?.['f:TEXT'];

describe('the moments', () => {
  test('are revisions long ago, and every change since the log begins', () => {
    const timeline = timelineOf(
      [revision(1, 1), revision(2, 7), revision(3, 20)],
      [21, 22, 23].map((clock) => change(clock)),
    );
    expect(timeline.moments.map(({ clock }) => clock)).toEqual([1, 7, 20, 21, 22, 23]);
    expect(timeline.moments.map(({ people }) => people[0])).toEqual([
      ...['alice', 'alice', 'alice'],
      ...['bob', 'bob', 'bob'],
    ]);
  });

  test('are none of what was thinned, and none of changes that begin nowhere', () => {
    const timeline = timelineOf(
      [revision(1, 1), revision(2, 10, { thinned: true }), revision(3, 13)],
      [11, 12, 13, 14].map((clock) => change(clock)),
    );
    expect(timeline.moments.map(({ clock }) => clock)).toEqual([1, 13, 14]);
  });

  test('say what a revision is called', () => {
    const timeline = timelineOf(
      [revision(1, 1), revision(2, 2, { label: 'it works' })],
      [change(2), change(3)],
    );
    expect(timeline.moments.map((moment) => moment.revision?.label)).toEqual([
      null,
      'it works',
      undefined,
    ]);
  });
});

describe('the state at a moment', () => {
  const whole = () =>
    timelineOf(
      [revision(1, 1), revision(2, 4, { kind: 'upload' }), revision(3, 9)],
      [2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((clock) => change(clock)),
    );

  test.each([
    ['forwards', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ['backwards', [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    ['to and fro', [5, 0, 10, 3, 4, 9, 1, 8]],
  ])('is what it was, going %s', async (_, order) => {
    const timeline = whole();
    for (const index of order)
      expect(await said(timeline, index)).toBe(String(timeline.moments[index]?.clock));
  });

  test('is a copy that the canvas may do with what it likes', async () => {
    const timeline = whole();
    apply(await timeline.stateAt(5), { blocks: { b: null } });
    expect(await said(timeline, 6)).toBe('7');
  });

  test('going on step by step asks for nothing', async () => {
    const asked: number[] = [];
    const timeline = timelineOf(
      [revision(1, 1)],
      [2, 3, 4, 5].map((clock) => change(clock)),
      asked,
    );
    for (const index of [0, 1, 2, 3, 4]) await timeline.stateAt(index);
    expect(asked).toEqual([1]);
  });

  test('after an upload that the log tells nothing of is that of its revision', async () => {
    const timeline = timelineOf(
      [revision(1, 1), revision(2, 3, { kind: 'upload' })],
      [change(2), change(3, null), change(4)],
    );
    expect(timeline.moments.map(({ clock }) => clock)).toEqual([1, 2, 3, 4]);
    for (const index of [1, 2, 3]) expect(await said(timeline, index)).toBe(String(index + 1));
  });
});

describe('the player', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const player = () =>
    new Player(
      timelineOf(
        [revision(1, 1)],
        [2, 3, 4].map((clock) => change(clock)),
      ),
    );

  test('goes from the first to the last, and stops there', async () => {
    const it = player();
    it.play();
    await vi.runAllTimersAsync();
    expect([it.index, it.isPlaying]).toEqual([3, false]);
    it.play();
    expect([it.index, it.isPlaying]).toEqual([0, true]);
    it.pause();
  });

  test('waits until a moment is drawn', async () => {
    const it = player();
    let drawn = (): void => undefined;
    it.drawing(
      new Promise<void>((resolve) => {
        drawn = resolve;
      }),
    );
    it.play();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(it.index).toBe(0);
    drawn();
    await vi.advanceTimersByTimeAsync(0);
    expect(it.index).toBe(1);
    it.pause();
  });

  test('stands still when it is paused', async () => {
    const it = player();
    it.play();
    await vi.advanceTimersByTimeAsync(800);
    it.pause();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(it.index).toBe(1);
  });

  test('goes nowhere beyond its ends', () => {
    const it = player();
    it.seek(-5);
    expect(it.index).toBe(0);
    it.seek(50);
    expect(it.index).toBe(3);
  });
});
