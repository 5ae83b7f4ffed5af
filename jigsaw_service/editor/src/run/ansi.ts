/** Terminal colours and links, as Python's tracebacks and progress bars use them, as runs of styled text. */

export interface Style {
  /** A palette number from 0 to 15, or a CSS colour. */
  foreground?: number | string;
  background?: number | string;
  bold?: boolean;
  italic?: boolean;
  underline?: boolean;
  inverse?: boolean;
  strike?: boolean;
  /** An address on the web. */
  link?: string;
}

export interface Run {
  text: string;
  style: Style;
}

// Sequences that a terminal leaves in its text: those of colours and links.
const SEQUENCE = /\u001b\[([\d;:]*)m|\u001b\]8;;([^\u0007]*)\u0007/g;

/** Splits what a terminal shows into runs of one style each. */
export function parseAnsi(text: string): Run[] {
  const runs: Run[] = [];
  let style: Style = {};
  let start = 0;
  for (const match of text.matchAll(SEQUENCE)) {
    if (match.index > start) runs.push({ text: text.slice(start, match.index), style });
    const [whole, colours, address] = match;
    if (address === undefined) style = restyle(style, colours ?? '');
    else style = linked(style, address);
    start = match.index + whole.length;
  }
  if (start < text.length) runs.push({ text: text.slice(start), style });
  return runs;
}

/** The same style as a link to `address`, or without any. */
export function linked(style: Style, address: string): Style {
  const next = { ...style };
  if (address === '') delete next.link;
  else next.link = address;
  return next;
}

/** The style that follows from `before` by a sequence with those parameters. */
export function restyle(before: Style, parameters: string): Style {
  const codes = parameters.split(';').flatMap(codesOf);
  let style = { ...before };
  while (codes.length > 0) {
    const code = codes.shift() ?? 0;
    if (code === 0) style = before.link === undefined ? {} : { link: before.link };
    else if (code === 38 || code === 48) setColour(style, code, extendedColour(codes));
    else if (code === 58) extendedColour(codes);
    else if (code >= 30 && code <= 37) style.foreground = code - 30;
    else if (code >= 90 && code <= 97) style.foreground = code - 82;
    else if (code >= 40 && code <= 47) style.background = code - 40;
    else if (code >= 100 && code <= 107) style.background = code - 92;
    else setAttribute(style, code);
  }
  return style;
}

/** One parameter as codes. With colons, it may name a colour space, and how an underline looks. */
function codesOf(parameter: string): number[] {
  const codes = parameter.split(':').map(Number);
  if (codes[0] === 4 && codes.length > 1) return [codes[1] === 0 ? 24 : 4];
  if (codes[1] === 2 && codes.length > 5) return [...codes.slice(0, 2), ...codes.slice(3, 6)];
  return codes;
}

/** The sequences that lead from one style to another. */
export function sequenceOf(before: Style, next: Style): string {
  const { link: linkBefore = '', ...lookBefore } = before;
  const { link = '', ...look } = next;
  const text = link === linkBefore ? '' : `\u001b]8;;${link}\u0007`;
  if (JSON.stringify(look) === JSON.stringify(lookBefore)) return text;
  return `${text}\u001b[${[0, ...codesFor(look)].join(';')}m`;
}

function codesFor(style: Style): number[] {
  const attributes = [
    style.bold && 1,
    style.italic && 3,
    style.underline && 4,
    style.inverse && 7,
    style.strike && 9,
  ].filter((code) => typeof code === 'number');
  return [
    ...attributes,
    ...colourCodes(style.foreground, 30),
    ...colourCodes(style.background, 40),
  ];
}

/** `base`: 30 for the foreground, 40 for the background. */
function colourCodes(colour: number | string | undefined, base: number): number[] {
  if (colour === undefined) return [];
  if (typeof colour === 'string') return [base + 8, 2, ...(colour.match(/\d+/g) ?? []).map(Number)];
  return [colour < 8 ? base + colour : base + 52 + colour];
}

function setColour(style: Style, code: number, colour: number | string | undefined): void {
  if (colour === undefined) return;
  if (code === 38) style.foreground = colour;
  else style.background = colour;
}

function setAttribute(style: Style, code: number): void {
  if (code === 1) style.bold = true;
  else if (code === 3) style.italic = true;
  else if (code === 4 || code === 21) style.underline = true;
  else if (code === 9) style.strike = true;
  else if (code === 7) style.inverse = true;
  else if (code === 22) delete style.bold;
  else if (code === 23) delete style.italic;
  else if (code === 24) delete style.underline;
  else if (code === 27) delete style.inverse;
  else if (code === 29) delete style.strike;
  else if (code === 39) delete style.foreground;
  else if (code === 49) delete style.background;
}

/** Takes the colour that follows 38 or 48 off `codes`. */
function extendedColour(codes: number[]): number | string | undefined {
  const kind = codes.shift();
  if (kind === 2) {
    const [red = 0, green = 0, blue = 0] = codes.splice(0, 3).map((part) => Math.min(part, 255));
    return `rgb(${red} ${green} ${blue})`;
  }
  if (kind !== 5) return undefined;
  const index = Math.min(codes.shift() ?? 0, 255);
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const steps = [0, 95, 135, 175, 215, 255];
  const step = (divisor: number) => steps[Math.floor((index - 16) / divisor) % 6] ?? 0;
  return `rgb(${step(36)} ${step(6)} ${step(1)})`;
}
