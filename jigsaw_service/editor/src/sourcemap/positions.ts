/** Positions in a program as Python counts them, as offsets in its text. */

/** Offset of a line, counted from 1, and a column, counted in bytes of UTF-8 from 0; at most the end of that line. */
export function offsetOfBytes(code: string, line: number, column: number): number {
  const start = startOfLine(code, line);
  let at = start;
  for (let bytes = 0; bytes < column;) {
    const point = code.codePointAt(at);
    if (point === undefined || point === 10) break;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
    at += point < 0x1_0000 ? 1 : 2;
  }
  return at;
}

/** The same with the column counted in characters from 1, as a SyntaxError has it. */
export function offsetOfCharacters(code: string, line: number, column: number): number {
  let at = startOfLine(code, line);
  for (let characters = 1; characters < column; characters++) {
    const point = code.codePointAt(at);
    if (point === undefined || point === 10) break;
    at += point < 0x1_0000 ? 1 : 2;
  }
  return at;
}

/** First and last offset of a line without the spaces around it. */
export function extentOfLine(code: string, line: number): [start: number, end: number] {
  const start = startOfLine(code, line);
  const text = code.slice(start).split('\n', 1)[0] ?? '';
  const words = text.trimEnd();
  return [start + words.length - words.trimStart().length, start + words.length];
}

function startOfLine(code: string, line: number): number {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const end = code.indexOf('\n', start);
    if (end < 0) return code.length;
    start = end + 1;
  }
  return start;
}
