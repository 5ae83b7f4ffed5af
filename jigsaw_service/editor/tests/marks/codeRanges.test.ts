// @vitest-environment jsdom
import { render } from 'lit';
import { expect, test } from 'vitest';
import { offsetOf, rangeOf } from '../../src/marks/codeRanges';
import { codeView } from '../../src/run/codeView';

function shown(code: string): Element {
  const host = document.createElement('div');
  render(codeView(code, 'python', 'Code'), host);
  const view = host.querySelector('pre');
  if (!view) throw new Error('There is no code.');
  return view;
}

const CODE = "größe = 'ä\u200b\u200b😀'  # \u202e hidden\nprint(größe)\n";

test('a place in the program is found on the page, behind names of invisible characters, too', () => {
  const view = shown(CODE);
  for (const words of ['größe', '😀', 'hidden', 'print(größe)']) {
    const start = CODE.indexOf(words);
    expect(String(rangeOf(view, start, start + words.length))).toBe(words);
  }
});

test('a place on the page is the same place in the program', () => {
  const view = shown(CODE);
  for (const start of [0, CODE.indexOf('😀'), CODE.indexOf('hidden'), CODE.indexOf('print') + 3]) {
    const range = rangeOf(view, start, start + 1);
    if (!range) throw new Error('It is nowhere.');
    expect(offsetOf(view, range.startContainer, range.startOffset)).toBe(start);
  }
  expect(offsetOf(view, view, 0)).toBe(0);
});

test('a place behind the end is none', () => {
  expect(rangeOf(shown('pass\n'), 3, 99)).toBeUndefined();
});
