// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import type { SharingEvent } from '../../src/api/sharing';
import { qrPath } from '../../src/share/qrCode';
import { inWords } from '../../src/share/auditLog';

const event = (part: Partial<SharingEvent>): SharingEvent => ({
  id: 1,
  kind: 'left',
  user: 'alice',
  created: '2026-11-20T12:00:00Z',
  details: {},
  ...part,
});

describe('the record in words', () => {
  it.each([
    [{ kind: 'share-granted', details: { user: 'bob', role: 'editor' } }, 'bob: Can edit'],
    [{ kind: 'share-revoked', details: { group: '7b', role: 'viewer' } }, 'from Group 7b'],
    [{ kind: 'share-changed', details: { everyone: true, role: 'viewer' } }, 'Everyone on this'],
    [
      { kind: 'link-used', user: 'bob', details: { prefix: 'x7k2' } },
      'bob accepted the link x7k2…',
    ],
    [{ kind: 'revision-restored', details: { revision: 3, made: 9 } }, 'revision 3'],
    [{ kind: 'deleted', user: null }, 'The service deleted'],
  ] as [Partial<SharingEvent>, string][])('says %j', (part, words) => {
    expect(inWords(event(part))).toContain(words);
  });

  it('names what it does not know', () => {
    expect(inWords(event({ kind: 'something-new' as SharingEvent['kind'] }))).toBe('something-new');
  });
});

describe('the square of a link', () => {
  it('has the three corners by which cameras find it', () => {
    const { count, path } = qrPath('https://hub.example.org/services/jigsaw/s#k3v9x2m4q7ta');
    const dark = (row: number, column: number) =>
      path.includes(`M${column + 4} ${row + 4}h1v1h-1z`);

    expect((count - 17) % 4).toBe(0);
    for (const [row, column] of [
      [0, 0],
      [0, count - 7],
      [count - 7, 0],
    ] as const) {
      const frame = Array.from(
        { length: 7 },
        (_, i) => dark(row, column + i) && dark(row + i, column),
      );
      expect(frame).toEqual(Array(7).fill(true));
      expect([dark(row + 1, column + 1), dark(row + 3, column + 3)]).toEqual([false, true]);
    }
  });
});
