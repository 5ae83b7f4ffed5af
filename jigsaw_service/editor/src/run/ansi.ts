/** Terminal colours, as Python's tracebacks and progress bars use them, as runs of styled text. */

export interface Style {
  /** A palette number from 0 to 15, or a CSS colour. */
  foreground?: number | string;
  background?: number | string;
  bold?: boolean;
  italic?: boolean;
  underline?: boolean;
  inverse?: boolean;
}

export interface Run {
  text: string;
  style: Style;
}

// Any control sequence; only those ending in “m” are about style, the others are dropped.

const SEQUENCE =
  /\u001b\[([\d;:?]*)[ -/]*([@-~])|\u001b[@-Z\\-_]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g;

/** Splits text into runs of one style each. */
export function parseAnsi(text: string): Run[] {
  const runs: Run[] = [];
  let style: Style = {};
  let start = 0;
  for (const match of text.matchAll(SEQUENCE)) {
    if (match.index > start) runs.push({ text: text.slice(start, match.index), style });
    if (match[2] === 'm') style = restyle(style, match[1] ?? '');
    start = match.index + match[0].length;
  }
  if (start < text.length) runs.push({ text: text.slice(start), style });
  return runs;
}

function restyle(before: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number);
  let style = { ...before };
  while (codes.length > 0) {
    const code = codes.shift() ?? 0;
    if (code === 0) style = {};
    else if (code === 38 || code === 48) setColour(style, code, extendedColour(codes));
    else if (code >= 30 && code <= 37) style.foreground = code - 30;
    else if (code >= 90 && code <= 97) style.foreground = code - 82;
    else if (code >= 40 && code <= 47) style.background = code - 40;
    else if (code >= 100 && code <= 107) style.background = code - 92;
    else setAttribute(style, code);
  }
  return style;
}

function setColour(style: Style, code: number, colour: number | string | undefined): void {
  if (colour === undefined) return;
  if (code === 38) style.foreground = colour;
  else style.background = colour;
}

function setAttribute(style: Style, code: number): void {
  if (code === 1) style.bold = true;
  else if (code === 3) style.italic = true;
  else if (code === 4) style.underline = true;
  else if (code === 7) style.inverse = true;
  else if (code === 22) delete style.bold;
  else if (code === 23) delete style.italic;
  else if (code === 24) delete style.underline;
  else if (code === 27) delete style.inverse;
  else if (code === 39) delete style.foreground;
  else if (code === 49) delete style.background;
}

/** Takes the colour that follows 38 or 48 off `codes`. */
function extendedColour(codes: number[]): number | string | undefined {
  const kind = codes.shift();
  if (kind === 2) {
    const [red = 0, green = 0, blue = 0] = codes.splice(0, 3);
    return `rgb(${red} ${green} ${blue})`;
  }
  if (kind !== 5) return undefined;
  const index = codes.shift() ?? 0;
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const steps = [0, 95, 135, 175, 215, 255];
  const step = (divisor: number) => steps[Math.floor((index - 16) / divisor) % 6] ?? 0;
  return `rgb(${step(36)} ${step(6)} ${step(1)})`;
}

/** What a terminal would show after `text` was written behind `line`: carriage returns and backspaces done. */
export function overwrite(line: string, text: string): string {
  if (!/[\r\u0008]/.test(line + text)) return line + text;
  return (line + text).split('\n').map(settleLine).join('\n');
}

function settleLine(line: string, index: number, all: string[]): string {
  let whole = line.replace(/\r+$/, index < all.length - 1 ? '' : '\r');
  while (/[^\u0008]\u0008/.test(whole)) whole = whole.replace(/[^\u0008]\u0008/g, '');
  const [first = '', ...later] = whole.replace(/\u0008/g, '').split('\r');
  return later.reduce((shown, next, i) => {
    // A return that nothing follows yet only moves the cursor: what comes next decides.
    if (next === '') return i === later.length - 1 ? `${shown}\r` : shown;
    return next.length >= shown.length || next.includes('\u001b')
      ? next
      : next + shown.slice(next.length);
  }, first);
}
