import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAnsi } from '../../src/run/ansi';
import { shownBy, Terminal } from '../../src/run/terminal';
import { shownByPyte } from './pyte';

const ESC = '\u001b';
const BEL = '\u0007';

function shown(...pieces: string[]): string {
  const terminal = new Terminal();
  for (const piece of pieces) terminal.write(piece);
  return parseAnsi(terminal.text)
    .map(({ text }) => text)
    .join('');
}

describe('a terminal', () => {
  it.each([
    ['writes over a line after a carriage return', ['50 %', '\r100 %'], '100 %'],
    ['keeps what a shorter text does not reach', ['done: 100', '\rdone: 99'], 'done: 990'],
    ['takes a carriage return before a line end for part of it', ['one\r\ntwo'], 'one\ntwo'],
    ['goes back by a backspace, and takes nothing away', ['abc\b\bd'], 'adc'],
    ['moves to the next eighth column by a tab', ['a\tb\tc'], 'a       b       c'],
    [
      'goes up for nested progress bars',
      [`main 0/2\n\rinner 0/3${ESC}[A\rmain 1/2\n\rinner 1/3`],
      'main 1/2\ninner 1/3',
    ],
    ['erases a line', [`loading …\r${ESC}[Kdone`], 'done'],
    ['erases the screen and begins again', [`a\nb${ESC}[2J${ESC}[Hc`], 'c'],
    ['rings no bell and knows no null', [`a${BEL}\u0000b\u007f`], 'ab'],
    ['drops what it does not know', [`a${ESC}[?25l${ESC}[5n${ESC}(B${ESC}=b${ESC}[>0q`], 'ab'],
    [
      'drops titles and other strings',
      [`a${ESC}]0;title${BEL}b${ESC}Pq#0${ESC}\\c${ESC}_x${ESC}\\`],
      'abc',
    ],
    ['understands sequences that come in two pieces', [`a${ESC}`, '[', '1', ';31m', 'b'], 'ab'],
    ['understands links that come in two pieces', [`${ESC}]8;;http://e`, `x.org${BEL}x`], 'x'],
    ['keeps wide characters whole', ['世界\r好'], '好界'],
    ['blanks the other half of a wide character', ['世界\rab c'], 'ab c'],
    ['keeps accents with their letters', ['e\u0301\rE'], 'E'],
  ])('%s', (_, pieces, expected) => {
    expect(shown(...pieces)).toBe(expected);
  });

  it('does not wait for ever for the end of a sequence', () => {
    expect(shown(`${ESC}]0;${'x'.repeat(9000)}`, 'end')).toMatch(/end$/);
  });

  it('is not moved out of reach', () => {
    expect(shown(`a${ESC}[99999999B${ESC}[99999999Cb`).length).toBeLessThan(2000);
    expect(shown(`${ESC}[99999999@${ESC}[99999999L${ESC}[99999999Xx`).length).toBeLessThan(2000);
  });

  it('keeps what has scrolled off, which the cursor no longer reaches', () => {
    const lines = Array.from({ length: 5000 }, (_, n) => `line ${n}`);
    const text = shown(`${lines.join('\n')}${ESC}[9999A\rtop!`);
    expect(text.split('\n')).toHaveLength(5000);
    expect(text.startsWith('line 0\nline 1\n')).toBe(true);
    expect(text).toContain('top!');
  });

  it('tells colours as they were, also where lines were written over', () => {
    const terminal = new Terminal();
    terminal.write(`${ESC}[31mred${ESC}[38;2;1;2;3m any${ESC}[0m\r${ESC}[1;92mR`);
    expect(parseAnsi(terminal.text)).toEqual([
      { text: 'R', style: { bold: true, foreground: 10 } },
      { text: 'ed', style: { foreground: 1 } },
      { text: ' any', style: { foreground: 'rgb(1 2 3)' } },
    ]);
  });

  it('makes links to the web, and to nothing else', () => {
    const link = (address: string) =>
      parseAnsi(shownBy(`${ESC}]8;id=1;${address}${ESC}\\a${ESC}]8;;${ESC}\\b`));
    expect(link('https://example.org/?q=1')).toEqual([
      { text: 'a', style: { link: 'https://example.org/?q=1' } },
      { text: 'b', style: {} },
    ]);
    for (const address of [
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'http://',
    ])
      expect(link(address)).toEqual([{ text: 'ab', style: {} }]);
  });
});

// ---- Compared with pyte

const word = fc.stringMatching(/^[a-zäß0-9 .%|#-]{1,9}$/);
const count = fc.integer({ min: 0, max: 12 });
const csi = (finals: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...finals), fc.option(count))
    .map(([final, n]) => `${ESC}[${n ?? ''}${final}`);
const move = csi(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'd']);
const erase = fc
  .tuple(fc.constantFrom('J', 'K'), fc.constantFrom('', '0', '1', '2'))
  .map(([final, part]) => `${ESC}[${part}${final}`);
const jump = fc.tuple(count, count).map(([row, column]) => `${ESC}[${row};${column}H`);
const change = csi(['P', 'X', '@', 'L', 'M']);
const control = fc.constantFrom(
  '\r',
  '\n',
  '\r\n',
  '\b',
  '\t',
  BEL,
  `${ESC}7`,
  `${ESC}8`,
  `${ESC}M`,
  `${ESC}D`,
  `${ESC}E`,
);
const look = fc
  .tuple(fc.constantFrom(0, 1, 4, 31, 38, 97), count)
  .map(([code, n]) => (code === 38 ? `${ESC}[38;5;${n}m` : `${ESC}[${code}m`));
const unknown = fc.constantFrom(`${ESC}[?25l`, `${ESC}]0;title${BEL}`, `${ESC}(B`, `${ESC}[6n`);
const written = fc.array(
  fc.oneof({ arbitrary: word, weight: 4 }, control, move, erase, jump, change, look, unknown),
  { maxLength: 25 },
);

/** As the other terminal tells it. */
const bare = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();

describe('compared with pyte', () => {
  it.each([
    ['seeded', { seed: 1, numRuns: 400 }],
    ['random', { numRuns: 400 }],
  ])(
    'shows the same for %s strings of sequences',
    (_, options) => {
      const samples = fc.sample(written, options);
      const expected = shownByPyte(samples);
      for (const [index, pieces] of samples.entries())
        expect(bare(shown(...pieces)), JSON.stringify(pieces)).toBe(expected[index]);
    },
    120_000,
  );

  it('shows the same however a text is cut into pieces', () => {
    fc.assert(
      fc.property(written, fc.integer({ min: 1, max: 5 }), (pieces, size) => {
        const text = pieces.join('');
        const cut = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
        expect(shown(...cut)).toBe(shown(text));
      }),
    );
  });
});
