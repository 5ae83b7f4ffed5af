/**
 * A terminal's screen, as far as text needs it: the cursor moves, lines are written over and erased.
 *
 * It has no right edge, for the page wraps lines, and keeps what has scrolled off its top. What it shows can
 * be read as text in which only colours and links are left as sequences; what it doesn't know vanishes.
 */
import { linked, restyle, sequenceOf, type Style } from './ansi';

/** Rows that the cursor can reach, and the column beyond which nothing moves it. */
const HEIGHT = 200;
const FARTHEST = 999;

/** Rows that scroll off together. */
const BUNDLE = 100;

/** Characters of a sequence that never ends, after which we take it for text. */
const LONGEST = 8192;

interface Row {
  chars: string[];
  styles: Style[];
}

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;
const CSI = /^(?:\u001b\[|\u009b)([0-?]*)([ -/]*)([@-~])/;
const CSI_BEGUN = /^(?:\u001b\[|\u009b)[0-?]*[ -/]*$/;
const STRING =
  /^(\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])([^\u0007\u001b\u009c]*)(?:\u0007|\u001b\\|\u009c|(?=\u001b[^\\]))/;
const ESCAPE = /^\u001b[ -/]*[0-~]/;
const ESCAPE_BEGUN = /^\u001b[ -/]*$/;

const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])/u;
const NO_WIDTH = /^[\p{Mn}\p{Me}\u200b-\u200f\u2060\ufe0e\ufe0f]/u;
const PLAIN: Style = {};

export class Terminal {
  #rows: Row[] = [{ chars: [], styles: [] }];
  #frozen = '';
  #row = 0;
  #column = 0;
  #style: Style = PLAIN;
  #saved = { row: 0, column: 0, style: PLAIN };
  /** The beginning of a sequence that has not ended yet. */
  #rest = '';
  #text: string | undefined = '';

  /** Text on the screen, with colours and links. */
  get text(): string {
    return (this.#text ??= this.#frozen + this.#shownRows().map(rowText).join('\n'));
  }

  /** As far down as there is anything, the cursor included. */
  #shownRows(): Row[] {
    const last = this.#rows.findLastIndex(({ chars }) => chars.length > 0);
    return this.#rows.slice(0, Math.max(last, this.#row) + 1);
  }

  write(text: string): void {
    let rest = this.#rest + text;
    this.#rest = '';
    this.#text = undefined;
    while (rest !== '') {
      CONTROL.lastIndex = 0;
      const control = CONTROL.exec(rest);
      if (!control) break;
      this.#print(rest.slice(0, control.index));
      rest = this.#control(rest.slice(control.index));
      if (this.#rest !== '') return;
    }
    this.#print(rest);
  }

  // ---- Reading sequences

  /** Does what the control at the beginning of `text` says; returns what follows it. */
  #control(text: string): string {
    if (!/^[\u001b\u0080-\u009f]/.test(text)) {
      this.#character(text.charAt(0));
      return text.slice(1);
    }
    const csi = CSI.exec(text);
    if (csi) {
      const [whole, parameters = '', between, final = ''] = csi;
      if (between === '') this.#command(parameters, final);
      return text.slice(whole.length);
    }
    const string = STRING.exec(text);
    if (string) {
      const [whole, opening = '', content = ''] = string;
      if (opening === '\u001b]' || opening === '\u009d') this.#link(content);
      return text.slice(whole.length);
    }
    if (this.#isBegun(text)) {
      this.#rest = text;
      return '';
    }
    const escape = ESCAPE.exec(text);
    if (escape && text[0] === '\u001b' && !isStringOpening(text)) {
      this.#escape(escape[0].slice(1));
      return text.slice(escape[0].length);
    }
    return text.slice(1);
  }

  #isBegun(text: string): boolean {
    if (text.length > LONGEST) return false;
    if (CSI_BEGUN.test(text) || ESCAPE_BEGUN.test(text)) return true;
    return isStringOpening(text) && !/[\u0007\u009c]|\u001b[^\\]/.test(text.slice(2));
  }

  #character(control: string): void {
    if (control === '\r') this.#column = 0;
    else if (control === '\n' || control === '\v' || control === '\f') this.#feed();
    else if (control === '\b') this.#column = Math.max(0, this.#column - 1);
    else if (control === '\t') this.#column = (Math.floor(this.#column / 8) + 1) * 8;
  }

  #escape(what: string): void {
    if (what === '7') this.#save();
    else if (what === '8') this.#restore();
    else if (what === 'D') this.#down(1);
    else if (what === 'E') this.#feed();
    else if (what === 'M') this.#reverseFeed();
    else if (what === 'c') this.#reset();
  }

  #link(content: string): void {
    const address = /^8;[^;]*;(.*)$/s.exec(content)?.[1];
    if (address === undefined) return;
    this.#style = linked(this.#style, isWebAddress(address) ? address : '');
  }

  // ---- Commands

  #command(parameters: string, final: string): void {
    if (final === 'm') {
      if (!/^[<-?]/.test(parameters)) this.#style = restyle(this.#style, parameters);
      return;
    }
    if (!/^[\d;]*$/.test(parameters)) return;
    const [first = 0, second = 0] = parameters.split(';').map(Number);
    const n = Math.max(1, first);
    switch (final) {
      case 'A':
        this.#down(-n);
        break;
      case 'B':
      case 'e':
        this.#down(n);
        break;
      case 'E':
      case 'F':
        this.#down(final === 'E' ? n : -n);
        this.#column = 0;
        break;
      case 'C':
      case 'a':
        this.#go(this.#row, this.#column + n);
        break;
      case 'D':
        this.#go(this.#row, this.#column - n);
        break;
      case 'G':
      case '`':
        this.#go(this.#row, n - 1);
        break;
      case 'd':
        this.#go(this.#top + n - 1, this.#column);
        break;
      case 'H':
      case 'f':
        this.#go(this.#top + n - 1, Math.max(1, second) - 1);
        break;
      case 's':
        this.#save();
        break;
      case 'u':
        this.#restore();
        break;
      default:
        this.#change(final, n, first);
    }
  }

  /** Commands that take away, or make room. */
  #change(final: string, n: number, part: number): void {
    const row = this.#rows[this.#row];
    if (final === 'J') this.#eraseScreen(part);
    else if (final === 'K') this.#eraseLine(part);
    else if (final === 'X') this.#blank(this.#column, this.#column + n);
    else if (final === 'P' && row) cut(row, this.#column, n);
    else if (final === '@' && row) insert(row, this.#column, Math.min(n, FARTHEST));
    else if (final === 'L' || final === 'M') {
      this.#column = 0;
      if (!row) return;
      const blank = Array.from({ length: Math.min(n, HEIGHT) }, newRow);
      if (final === 'L') this.#rows.splice(this.#row, 0, ...blank);
      else this.#rows.splice(this.#row, n);
      if (this.#rows.length === 0) this.#rows.push(newRow());
    }
  }

  #go(row: number, column: number): void {
    this.#row = clamp(row, this.#top, this.#top + HEIGHT - 1);
    this.#column = clamp(column, 0, Math.max(FARTHEST, this.#column));
  }

  get #top(): number {
    return Math.max(0, this.#rows.length - HEIGHT);
  }

  #down(rows: number): void {
    this.#row = clamp(this.#row + rows, this.#top, this.#top + HEIGHT - 1);
  }

  #save(): void {
    this.#saved = { row: this.#row - this.#top, column: this.#column, style: this.#style };
  }

  #restore(): void {
    this.#row = this.#top + this.#saved.row;
    this.#column = this.#saved.column;
    this.#style = this.#saved.style;
  }

  #reset(): void {
    this.#rows = [newRow()];
    this.#row = this.#column = 0;
    this.#style = PLAIN;
  }

  /** To the beginning of the next row, as a terminal does for what a program prints. */
  #feed(): void {
    this.#row += 1;
    this.#column = 0;
    this.#reachRow();
    if (this.#rows.length > HEIGHT + BUNDLE) this.#freeze();
  }

  #reverseFeed(): void {
    if (this.#row > this.#top) this.#row -= 1;
    else this.#rows.splice(this.#top, 0, newRow());
  }

  #freeze(): void {
    const gone = this.#rows.splice(0, BUNDLE);
    this.#frozen += gone.map((row) => `${rowText(row)}\n`).join('');
    this.#row -= BUNDLE;
  }

  #reachRow(): Row {
    while (this.#rows.length <= this.#row) this.#rows.push(newRow());
    return this.#rows[this.#row] ?? newRow();
  }

  // ---- Writing

  #print(text: string): void {
    if (text === '') return;
    const row = this.#reachRow();
    for (const char of text) {
      if (NO_WIDTH.test(char)) {
        this.#attach(row, char);
        continue;
      }
      pad(row, this.#column);
      this.#put(row, char);
      if (char > '\u10ff' && WIDE.test(char)) this.#put(row, '');
    }
  }

  #put(row: Row, char: string): void {
    // Half of a wide character becomes a space.
    if (row.chars[this.#column] === '' && char !== '' && this.#column > 0)
      row.chars[this.#column - 1] = ' ';
    row.chars[this.#column] = char;
    row.styles[this.#column] = this.#style;
    this.#column += 1;
    if (row.chars[this.#column] === '' && char !== '') row.chars[this.#column] = ' ';
  }

  #attach(row: Row, mark: string): void {
    let at = Math.min(this.#column, row.chars.length) - 1;
    if (row.chars[at] === '') at -= 1;
    if (at >= 0) row.chars[at] = `${row.chars[at] ?? ''}${mark}`;
  }

  #eraseLine(part: number): void {
    const row = this.#rows[this.#row];
    if (!row) return;
    if (part === 0) truncate(row, this.#column);
    else if (part === 1) this.#blank(0, this.#column + 1);
    else if (part === 2) truncate(row, 0);
  }

  #eraseScreen(part: number): void {
    if (part === 0) {
      this.#eraseLine(0);
      for (const row of this.#rows.slice(this.#row + 1)) truncate(row, 0);
    } else if (part === 1) {
      this.#eraseLine(1);
      for (const row of this.#rows.slice(this.#top, this.#row)) truncate(row, 0);
    } else if (part <= 3) {
      for (const row of this.#rows.slice(this.#top)) truncate(row, 0);
      if (part === 3) this.#forget();
    }
  }

  /** Forgets the rows that have scrolled off. */
  #forget(): void {
    this.#frozen = '';
    const gone = this.#top;
    this.#rows.splice(0, gone);
    this.#row -= gone;
  }

  #blank(from: number, to: number): void {
    const row = this.#rows[this.#row];
    if (!row) return;
    for (let at = from; at < Math.min(to, row.chars.length); at += 1) {
      row.chars[at] = ' ';
      row.styles[at] = PLAIN;
    }
  }
}

function newRow(): Row {
  return { chars: [], styles: [] };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

function pad({ chars, styles }: Row, column: number): void {
  while (chars.length < column) {
    chars.push(' ');
    styles.push(PLAIN);
  }
}

function truncate({ chars, styles }: Row, column: number): void {
  if (chars.length <= column) return;
  chars.length = styles.length = column;
}

function cut({ chars, styles }: Row, column: number, count: number): void {
  chars.splice(column, count);
  styles.splice(column, count);
}

function insert({ chars, styles }: Row, column: number, count: number): void {
  if (column >= chars.length) return;
  chars.splice(column, 0, ...Array.from({ length: count }, () => ' '));
  styles.splice(column, 0, ...Array.from({ length: count }, () => PLAIN));
}

/** The row with the sequences that its colours and links need; it begins and ends without any. */
function rowText({ chars, styles }: Row): string {
  let text = '';
  let style = PLAIN;
  for (const [column, char] of chars.entries()) {
    const next = styles[column] ?? PLAIN;
    if (next !== style) text += sequenceOf(style, next);
    style = next;
    text += char;
  }
  return text + sequenceOf(style, PLAIN);
}

function isStringOpening(text: string): boolean {
  return /^(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])/.test(text);
}

/** Links lead to the web, and to nothing else. */
function isWebAddress(address: string): boolean {
  if (!/^https?:\/\//i.test(address)) return false;
  try {
    return new URL(address).host !== '';
  } catch {
    return false;
  }
}

/** Text that a terminal shows of one that is complete. */
export function shownBy(text: string): string {
  if (!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(text)) return text;
  const terminal = new Terminal();
  terminal.write(text);
  return terminal.text;
}
