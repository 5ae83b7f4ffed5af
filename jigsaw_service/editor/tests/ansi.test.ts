import { describe, expect, it } from 'vitest';
import { overwrite, parseAnsi } from '../src/run/ansi';

const ESC = '\u001b';

describe('terminal colours', () => {
  it('leaves plain text in one piece', () => {
    expect(parseAnsi('hello')).toEqual([{ text: 'hello', style: {} }]);
  });

  it('splits text where its style changes', () => {
    expect(parseAnsi(`${ESC}[1;31mred${ESC}[0m plain`)).toEqual([
      { text: 'red', style: { bold: true, foreground: 1 } },
      { text: ' plain', style: {} },
    ]);
  });

  it('knows 256 colours and any colour', () => {
    const [orange, grey, own] = parseAnsi(`${ESC}[38;5;208ma${ESC}[38;5;232mb${ESC}[48;2;1;2;3mc`);

    expect(orange?.style.foreground).toBe('rgb(255 135 0)');
    expect(grey?.style.foreground).toBe('rgb(8 8 8)');
    expect(own?.style.background).toBe('rgb(1 2 3)');
  });

  it('drops sequences that only move the cursor', () => {
    expect(parseAnsi(`a${ESC}[2Kb${ESC}[1A`).map(({ text }) => text)).toEqual(['a', 'b']);
  });
});

describe('what a terminal shows', () => {
  it('writes over a line after a carriage return, as progress bars do', () => {
    expect(overwrite('50 %', '\r100 %')).toBe('100 %');
    expect(overwrite('done: 100', '\rdone: 99')).toBe('done: 990');
  });

  it('keeps a carriage return at the end until something follows', () => {
    const waiting = overwrite('', '50 %\r');

    expect(overwrite(waiting, '60 %')).toBe('60 %');
  });

  it('takes a carriage return before a line end for part of it', () => {
    expect(overwrite('', 'one\r\ntwo')).toBe('one\ntwo');
  });

  it('takes back characters at a backspace', () => {
    expect(overwrite('', 'abc\b\bd')).toBe('ad');
  });
});
