import { describe, expect, it } from 'vitest';
import { parseAnsi } from '../../src/run/ansi';

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

  it('knows colours with colons, with and without a colour space', () => {
    const [one, other] = parseAnsi(`${ESC}[38:2:1:2:3ma${ESC}[38:2::4:5:6mb`);

    expect(one?.style.foreground).toBe('rgb(1 2 3)');
    expect(other?.style.foreground).toBe('rgb(4 5 6)');
  });
});
