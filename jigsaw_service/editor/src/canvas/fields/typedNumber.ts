/** The number somebody types, by the rules of their language; nothing where it could be two. */
import { inAsciiDigits } from './numberMeant';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)(infinity|∞)$/i;

/** The mark between whole and fraction: a comma or, in all other languages, a point. */
export function decimalMark(locale: string): ',' | '.' {
  const parts = new Intl.NumberFormat(locale || 'en').formatToParts(0.5);
  return parts.find(({ type }) => type === 'decimal')?.value === ',' ? ',' : '.';
}

/** As a program spells it: `1.234,5` is `1234.5`. Undefined where it is no number, or `1.234` could be two. */
export function typedNumber(text: string, locale: string): string | undefined {
  const plain = inAsciiDigits(text.trim())
    .replace(/[\u2212\u2012\u2013]/g, '-')
    .replace(/(?<=\d)[\s\u00a0\u202f'’_٬](?=\d{3})/g, '');
  const infinite = INFINITE.exec(plain);
  if (infinite) return `${infinite[1] ?? ''}Infinity`;
  const spelled = plain.includes('٫')
    ? withArabicMark(plain)
    : withMark(plain, decimalMark(locale));
  if (spelled === undefined || !NUMBER.test(spelled)) return undefined;
  return Number.isFinite(Number(spelled)) ? spelled : undefined;
}

const withArabicMark = (text: string) => (/[.,]/.test(text) ? undefined : text.replace('٫', '.'));

function withMark(text: string, decimal: ',' | '.'): string | undefined {
  if (/^[+-]?\d{1,3}(\.\d{3})+,\d*$|^[+-]?\d{1,3}(\.\d{3}){2,}$/.test(text))
    return text.replaceAll('.', '').replace(',', '.');
  if (/^[+-]?\d{1,3}(,\d{3})+\.\d*$|^[+-]?\d{1,3}(,\d{3}){2,}$/.test(text))
    return text.replaceAll(',', '');
  // Alone before three digits, a mark may part thousands, unless it is the one of this language.
  const mark = /^[+-]?[1-9]\d{0,2}([.,])\d{3}$/.exec(text)?.[1];
  return mark && mark !== decimal ? undefined : text.replace(',', '.');
}
