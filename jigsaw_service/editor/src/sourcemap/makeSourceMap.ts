/**
 * Making of a source map: the program is written once more with marks round what each block says. Only if it is
 * the same program without them, their places are used; the marked text never runs.
 */
import {
  BASE,
  CLOSES,
  FIRST_DIGIT,
  OPENS,
  withoutMarks,
  type Mark,
} from '../languages/common/codeMarks';
import { SourceMap, type Span } from './sourceMap';

type IsMarked = (...said: Parameters<Mark>) => boolean;

const NUMBER = /^-?[\d.][\w.]*(?:[eE][+-]?\d+)?$/;
const TEXT = /^(["'])(?:\\.|(?!\1)[^\\])*\1$/s;
const NAME = /^[\p{XIDS}_]\p{XIDC}*$/u;

/** Generators look whether a value is a number or a text as it is, and would write other code for a marked one. */
const isLiteral: IsMarked = (block, code) =>
  block.type === 'math_number' || NUMBER.test(code) || TEXT.test(code);

/** What is marked: as much as leaves the program as it is. */
const ATTEMPTS: readonly IsMarked[] = [
  (block, code) => !isLiteral(block, code),
  // Some look for names, too.
  (block, code) => !isLiteral(block, code) && !NAME.test(code),
  (block) => block.outputConnection === null,
];

/** Map of a program, which `write` writes with marks; one without places if it becomes another one so. */
export function makeSourceMap(code: string, write: (mark: Mark) => string): SourceMap {
  const start = performance.now();
  const map = new SourceMap(code, spansOf(code, write));
  performance.measure('jigsaw: source map', { start });
  return map;
}

function spansOf(code: string, write: (mark: Mark) => string): readonly Span[] {
  for (const isMarked of ATTEMPTS) {
    const blocks: string[] = [];
    const marked = write((block, said) =>
      isMarked(block, said) ? markedCode(said, blocks.push(block.id) - 1) : said,
    );
    if (withoutMarks(marked) !== code) continue;
    const spans = placesIn(marked, blocks);
    if (spans) return spans;
  }
  return [];
}

/** Closes before the spaces at the end, which may go, or be followed by a line's beginning. */
function markedCode(code: string, number: number): string {
  const said = code.trimEnd();
  if (said === '') return code;
  return OPENS + digitsOf(number) + said + CLOSES + code.slice(said.length);
}

function digitsOf(number: number): string {
  return String.fromCharCode(
    FIRST_DIGIT + Math.floor(number / BASE),
    FIRST_DIGIT + (number % BASE),
  );
}

/** Places of the marks, once they are taken away; undefined if they don't fit in one another. */
function placesIn(marked: string, blocks: readonly string[]): Span[] | undefined {
  const spans: Span[] = [];
  const open: { start: number; block: string }[] = [];
  let taken = 0;
  for (const { 0: sign, index } of marked.matchAll(/[\ud800\ud801]/g)) {
    const at = index - taken;
    if (sign === OPENS) {
      const [high = 0, low = 0] = [index + 1, index + 2].map(
        (i) => marked.charCodeAt(i) - FIRST_DIGIT,
      );
      open.push({ start: at, block: blocks[high * BASE + low] ?? '' });
      taken += 3;
    } else {
      const last = open.pop();
      if (!last) return undefined;
      spans.push([last.start, at, last.block]);
      taken += 1;
    }
  }
  return open.length === 0 ? spans : undefined;
}
