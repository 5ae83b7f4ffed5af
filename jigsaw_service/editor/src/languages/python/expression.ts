/** An expression written by hand, put where a value is wanted: it stays one value, and ends nothing but itself. */
import { Order } from './generator';

/** Binds so weakly that it takes brackets even in a list or among arguments. */
const LOOSE = 100;

const LITERAL = /^(?:[rbuf]|br|rb|fr|rf)?("""|'''|"|')/i;

/** The code without a comment, and the same with nothing inside texts and brackets. */
function scan(line: string): { code: string; outline: string } {
  let outline = '';
  let depth = 0;
  let at = 0;
  while (at < line.length && line[at] !== '#') {
    const before = /[\p{XIDC}]/u.test(line[at - 1] ?? '');
    const literal = before ? null : LITERAL.exec(line.slice(at));
    const sign = line[at] ?? '';
    if (literal) {
      at = endOfText(line, at + literal[0].length, literal[1] ?? '');
      outline += "''";
      continue;
    }
    if (/[)\]}]/.test(sign)) depth--;
    if (depth <= 0) outline += sign;
    if (/[([{]/.test(sign)) depth++;
    at++;
  }
  return { code: line.slice(0, at).trim(), outline: outline.trim() };
}

function endOfText(line: string, start: number, quote: string): number {
  for (let at = start; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line.startsWith(quote, at)) return at + quote.length;
  }
  return line.length;
}

export function expression(line: string): [string, number] {
  const { code, outline } = scan(line);
  if (/^([\p{XIDS}_][\p{XIDC}.]*)?$/u.test(code)) return [code || 'None', Order.ATOMIC];
  // Among arguments these mean something that brackets would forbid.
  const isArgument = /^(\*|[\p{XIDS}_]\p{XIDC}*\s*=(?!=))/u.test(outline);
  const isLoose = /,|:=|\b(for|yield)\b/.test(outline);
  return [code, isLoose && !isArgument ? LOOSE : Order.NONE];
}
