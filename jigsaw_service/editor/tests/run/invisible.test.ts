// @vitest-environment jsdom
import { render } from 'lit';
import { describe, expect, it } from 'vitest';
import { codeDifferences } from '../../src/history/codeView';
import { codeView } from '../../src/run/codeView';
import { pieces } from '../../src/run/invisible';

const marks = (text: string) => pieces(text).flatMap((piece) => (piece.isMark ? [piece.text] : []));

describe('invisible characters', () => {
  it.each([
    ['a change of direction', 'a\u202Eb\u2066', ['RLO', 'LRI']],
    ['zero width', 'pa\u200Bss\u200D\uFEFF', ['ZWSP', 'ZWJ BOM']],
    ['a line that Python sees and people don’t', '# a\rimport os', ['CR']],
    ['other ends of lines', 'a\u2028b\u0085', ['U+2028', 'U+0085']],
    ['a space that is none', 'a\u00A0=\u3000b', ['NBSP', 'U+3000']],
    ['letters that look like nothing', '\u3164\uFFA0\u115F', ['U+3164 U+FFA0 U+115F']],
    ['hidden text', 'a' + '\u{E0141}'.repeat(30), ['U+E0141 U+E0141 U+E0141 U+E0141 … ×30']],
    ['variation selectors', 'a\uFE01', ['U+FE01']],
    ['half a character', 'a\uD800', ['U+D800']],
  ])('such as %s have a mark', (_, text, expected) => {
    expect(marks(text)).toEqual(expected);
  });

  it.each([
    ['usual code', 'def f(x):\n\treturn "é ß 中 ي ש"\n'],
    ['emoji', '❤️ 👩‍💻 ❤️‍🔥'],
  ])('are not in %s', (_, text) => {
    expect(marks(text)).toEqual([]);
  });

  it('leave everything else as it is', () => {
    expect(pieces('a\u200Bb')).toEqual([
      { text: 'a', isMark: false, size: 1 },
      { text: 'ZWSP', isMark: true, size: 1 },
      { text: 'b', isMark: false, size: 1 },
    ]);
  });
});

describe('the code that is shown', () => {
  function shown(code: string) {
    const host = document.createElement('div');
    render(codeView(code, 'python', 'Code'), host);
    return host;
  }

  it('shows what is hidden in a comment, a text, and between them', () => {
    const host = shown('a\u200B = "x\u202E" # y\u2066');
    expect([...host.querySelectorAll('.invisible')].map((mark) => mark.textContent)).toEqual([
      'ZWSP',
      'RLO',
      'LRI',
    ]);
  });

  it.each(['', 'pass\n'.repeat(20_000)])('keeps right-to-left words in their places', (more) => {
    const host = shown(`א = ב\n${more}`);
    expect([...host.querySelectorAll('bdi')].map((word) => word.textContent)).toEqual(['א', 'ב']);
  });

  it('shows a long program whole', () => {
    const code = 'print("a")  # b\n'.repeat(10_000);
    expect(shown(code).querySelector('code')?.textContent).toBe(code);
    expect(shown(`${code}\u202E`).querySelector('.invisible')?.textContent).toBe('RLO');
  });

  it('shows what is hidden where two programs are compared, too', () => {
    const line = { kind: 'added', after: 1, text: 'a\u200B = 1' } as const;
    const host = document.createElement('div');
    render(codeDifferences({ isSame: false, hunks: [[{ ...line, before: undefined }]] }), host);
    expect(host.querySelector('.invisible')?.textContent).toBe('ZWSP');
  });
});
