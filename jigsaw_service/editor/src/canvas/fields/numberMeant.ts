/**
 * The number that a text means, as Blockly spells it: with a decimal comma, or in other digits; none at all is 0. Nothing
 * where it means no number, or Blockly reads it as it is.
 */
export function numberMeant(text: string): string | undefined {
  const plain = inAsciiDigits(text.trim()).replace(/[\u2212\u2012\u2013]/g, '-');
  if (plain === '') return '0';
  if (isNumber(plain)) return plain === text.trim() ? undefined : plain;
  const spelled = plain.replace(/[\s'’_٬]/g, '').replace(/٫/g, plain.includes('.') ? '٫' : '.');
  if (isNumber(spelled)) return spelled;
  const [whole, fraction] = apart(spelled);
  const joined = whole.replace(/[.,]/g, '') + (fraction === undefined ? '' : `.${fraction}`);
  return isNumber(joined) ? joined : undefined;
}

export const inAsciiDigits = (text: string) => text.normalize('NFKC').replace(/\p{Nd}/gu, digit);

/** Decimal digits of any script. They stand in tens, each from its zero on. */
function digit(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String(code - zero);
}

const isNumber = (text: string) => /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text);

/** The whole and the fraction: the last of two marks parts them, and one alone unless it parts thousands. */
function apart(text: string): [string, string?] {
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text)) return split(text, text.indexOf('.'));
  if (/^[+-]?\d{1,3}(\.\d{3})+,\d*$/.test(text)) return split(text, text.indexOf(','));
  if (/^[+-]?\d{1,3}(\.\d{3}){2,}$/.test(text)) return [text];
  const comma = text.indexOf(',');
  return /^[+-]?\d*,\d+([eE][+-]?\d+)?$/.test(text) ? split(text, comma) : ['?'];
}

const split = (text: string, at: number): [string, string?] =>
  at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
