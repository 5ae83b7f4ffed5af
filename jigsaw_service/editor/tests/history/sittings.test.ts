/** Revisions that belong to one sitting, by the rule in docs/history.md. */
import { expect, test } from 'vitest';
import type { Revision } from '../../src/api/types';
import { PAUSE_MINUTES, sittingsOf } from '../../src/history/sittings';

/** Revisions at so many minutes after noon, oldest first, each by these people. */
const made = (...all: [number, ...string[]][]): Revision[] =>
  all
    .map(([minutes, ...authors], index) => ({
      number: index + 1,
      clock: index + 1,
      kind: 'automatic' as const,
      authors,
      created: new Date(Date.UTC(2026, 10, 21, 12, minutes)).toISOString(),
      label: null,
      blocks: 1,
      bytes: 1,
      thinned: false,
    }))
    .reverse();

const numbers = (revisions: readonly Revision[]) =>
  sittingsOf(revisions).map((sitting) => sitting.revisions.map(({ number }) => number));

test('a pause ends a sitting', () => {
  const revisions = made([0, 'a'], [PAUSE_MINUTES, 'a'], [2 * PAUSE_MINUTES + 1, 'a']);
  expect(numbers(revisions)).toEqual([[3], [2, 1]]);
});

test('other people begin another one', () => {
  expect(numbers(made([0, 'a'], [5, 'b'], [10, 'b']))).toEqual([[3, 2], [1]]);
});

test('whoever works together is in one, also those who join it later', () => {
  const revisions = made([0, 'a'], [5, 'a', 'b'], [10, 'b'], [15, 'c', 'b']);
  expect(numbers(revisions)).toEqual([[4, 3, 2, 1]]);
  expect(sittingsOf(revisions)[0]?.people).toEqual(['a', 'b', 'c']);
});

test('it tells from when to when', () => {
  const [sitting] = sittingsOf(made([0, 'a'], [12, 'a']));
  expect(sitting?.from).toBe('2026-11-21T12:00:00.000Z');
  expect(sitting?.to).toBe('2026-11-21T12:12:00.000Z');
});

test('an empty history has none', () => {
  expect(sittingsOf([])).toEqual([]);
});
