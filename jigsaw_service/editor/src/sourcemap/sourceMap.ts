/** Source map: the places in a program's text that each block says. */

/** Place in the text, in UTF-16 offsets, and the block that says it. */
export type Span = readonly [start: number, end: number, block: string];

export class SourceMap {
  readonly code: string;
  readonly #spans: readonly Span[];
  readonly #ofBlock = new Map<string, Span[]>();

  constructor(code: string, spans: readonly Span[]) {
    this.code = code;
    this.#spans = spans;
    for (const span of spans) {
      const all = this.#ofBlock.get(span[2]);
      if (all) all.push(span);
      else this.#ofBlock.set(span[2], [span]);
    }
  }

  get spans(): readonly Span[] {
    return this.#spans;
  }

  /** Places that a block says: more than one where its code is written twice. */
  of(block: string): readonly Span[] {
    return this.#ofBlock.get(block) ?? [];
  }

  /** The innermost place that holds all from `start` to `end`. */
  innermost(start: number, end = start): Span | undefined {
    let found: Span | undefined;
    for (const span of this.#spans) {
      const isAround = span[0] <= start && end <= span[1];
      if (isAround && (!found || lengthOf(span) <= lengthOf(found))) found = span;
    }
    return found;
  }
}

const lengthOf = ([start, end]: Span) => end - start;
