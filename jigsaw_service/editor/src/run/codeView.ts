/** Code view: the program as text, lightly coloured. */
import { html, type TemplateResult } from 'lit';
import { t } from '../i18n';
import { pieces, runsRightToLeft, type TextPiece } from './invisible';

export type TokenKind = 'plain' | 'comment' | 'string' | 'number' | 'keyword';

export interface Token {
  kind: TokenKind;
  text: string;
}

const KEYWORDS = new Set(
  (
    'and as assert async await break class continue def del elif else except False finally for from global if import ' +
    'in is lambda None nonlocal not or pass raise return True try while with yield ' +
    'boolean case char default do double false float int new null private public static String switch this true void'
  ).split(' '),
);

/** Longer programs are shown without colours: a change must appear at once. */
const COLOURED = 60_000;

const COMMENT = {
  hash: String.raw`#.*`,
  slashes: String.raw`\/\/.*|\/\*[^]*?(?:\*\/|$)`,
};
const STRING = String.raw`(?:\b[rbfuRBFU]{1,2})?(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)`;
const NUMBER = String.raw`\b\d[\w.]*`;
const WORD = String.raw`[\p{L}_][\p{L}\p{N}_]*`;

/** Splits a program into coloured pieces; joined together they are the program again. */
export function tokens(code: string, language: string): Token[] {
  const comment = language === 'python' ? COMMENT.hash : COMMENT.slashes;
  const pattern = new RegExp(`(${comment})|(${STRING})|(${NUMBER})|(${WORD})`, 'gu');
  const found: Token[] = [];
  let rest = 0;
  for (const match of code.matchAll(pattern)) {
    if (match.index > rest) found.push({ kind: 'plain', text: code.slice(rest, match.index) });
    found.push({ kind: kindOf(match), text: match[0] });
    rest = match.index + match[0].length;
  }
  if (rest < code.length) found.push({ kind: 'plain', text: code.slice(rest) });
  return found;
}

function kindOf([text, comment, string, number]: RegExpMatchArray): TokenKind {
  if (comment) return 'comment';
  if (string) return 'string';
  if (number) return 'number';
  return KEYWORDS.has(text) ? 'keyword' : 'plain';
}

/** Shows `code` as it runs: nothing in it is invisible, and nothing stands in another order. */
export function codeView(code: string, language: string, label: string): TemplateResult {
  const parts = tokens(code, language);
  const shown = code.length > COLOURED ? withoutColours(parts) : parts;
  return html`<pre
    class="code"
    tabindex="0"
    dir="ltr"
    aria-label=${label}
    role="group"
  ><code>${shown.map(tokenView)}</code></pre>`;
}

/** One long text, but for what has to stand by itself. */
function withoutColours(parts: readonly Token[]): Token[] {
  const found: Token[] = [];
  let rest = '';
  for (const token of parts)
    if (runsRightToLeft(token.text)) {
      found.push({ kind: 'plain', text: rest }, token);
      rest = '';
    } else rest += token.text;
  return [...found, { kind: 'plain', text: rest }];
}

function tokenView({ kind, text }: Token): TemplateResult | unknown[] {
  const shown = visible(text);
  if (kind !== 'plain') return html`<span class="tok-${kind}">${shown}</span>`;
  return runsRightToLeft(text) ? html`<bdi dir="ltr">${shown}</bdi>` : shown;
}

/** `text` with marks for what can't be seen in it. */
export function visible(text: string): (TemplateResult | string)[] {
  return pieces(text).map(pieceView);
}

function pieceView({ text, isMark, size }: TextPiece): TemplateResult | string {
  return isMark
    ? html`<span class="invisible" data-size=${size} title=${t('editor.invisible')}>${text}</span>`
    : text;
}
