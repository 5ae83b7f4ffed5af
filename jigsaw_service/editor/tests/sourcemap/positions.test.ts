import { expect, test } from 'vitest';
import { extentOfLine, offsetOfBytes, offsetOfCharacters } from '../../src/sourcemap/positions';

const CODE = "größe = 0\n  print('äöü😀', 1 / größe)  \n";

test('columns in bytes of UTF-8 become offsets', () => {
  const line = CODE.split('\n')[1] ?? '';
  const bytes = (words: string) =>
    new TextEncoder().encode(line.slice(0, line.indexOf(words))).length;
  for (const words of ['print', '😀', '1 / größe', 'größe'])
    expect(offsetOfBytes(CODE, 2, bytes(words))).toBe(CODE.indexOf(words, 10));
});

test('columns in characters become offsets', () => {
  expect(offsetOfCharacters(CODE, 1, 1)).toBe(0);
  expect(offsetOfCharacters(CODE, 2, '  print("äöü.'.length + 1)).toBe(CODE.indexOf('😀') + 2);
});

test('a place beyond a line is its end, and one beyond the program the program’s', () => {
  expect(offsetOfBytes(CODE, 1, 999)).toBe(9);
  expect(offsetOfCharacters(CODE, 1, 999)).toBe(9);
  expect(offsetOfBytes(CODE, 9, 0)).toBe(CODE.length);
});

test('a line reaches from its first letter to its last', () => {
  const [start, end] = extentOfLine(CODE, 2);
  expect(CODE.slice(start, end)).toBe("print('äöü😀', 1 / größe)");
});
