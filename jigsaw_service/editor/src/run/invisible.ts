/** Invisible and misleading characters, made visible: code must read as it runs. */

/** Controls, formats such as changes of direction, fillers, strange spaces; not tab and line feed. */
const SIGN = String.raw`(?![\t\n ])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]`;

/** Emoji parts; harmless there. */
const IN_EMOJI = String.raw`(?<=\p{Emoji}\uFE0F?)(?:\u200D(?=\p{Extended_Pictographic})|\uFE0F)`;

const INVISIBLE = new RegExp(`((?:(?!${IN_EMOJI})${SIGN})+)`, 'gu');

const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

const NAMES: Readonly<Record<number, string>> = {
  0x0d: 'CR',
  0xa0: 'NBSP',
  0xad: 'SHY',
  0x61c: 'ALM',
  0x200b: 'ZWSP',
  0x200c: 'ZWNJ',
  0x200d: 'ZWJ',
  0x200e: 'LRM',
  0x200f: 'RLM',
  0x202a: 'LRE',
  0x202b: 'RLE',
  0x202c: 'PDF',
  0x202d: 'LRO',
  0x202e: 'RLO',
  0x2066: 'LRI',
  0x2067: 'RLI',
  0x2068: 'FSI',
  0x2069: 'PDI',
  0xfeff: 'BOM',
};

/** Characters of one run that are named one by one. */
const NAMED = 4;

export interface TextPiece {
  text: string;
  /** True if `text` is the name of what stands there. */
  isMark: boolean;
  /** Characters of it in the program. */
  size: number;
}

/** `text` with every run of invisible characters as a mark of its own. */
export function pieces(text: string): TextPiece[] {
  return text
    .split(INVISIBLE)
    .map((part, index) => ({
      text: index % 2 ? nameOf(part) : part,
      isMark: index % 2 === 1,
      size: part.length,
    }))
    .filter((piece) => piece.text !== '');
}

function nameOf(run: string): string {
  const signs = Array.from(run);
  const names = signs.slice(0, NAMED).map((sign) => {
    const code = sign.codePointAt(0) ?? 0;
    return NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  });
  return names.join(' ') + (signs.length > NAMED ? ` … ×${signs.length}` : '');
}

/** True if `text` would be put in another order, together with what stands beside it. */
export function runsRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}
