/** Marks: what blocks, code and runs say of each other; loaded when the person first points at something, or runs it. */
import type { Canvas } from '../canvas/canvas';
import type { PointedBlocks } from '../canvas/pointed';
import type { Runner } from '../run/runner';
import { CodeLink, type CodeSide } from './codeLink';
import { EndMarks } from './endMarks';

export class Marks {
  readonly #link: CodeLink;
  readonly #ends: EndMarks;

  constructor(
    canvas: Canvas,
    pointed: PointedBlocks,
    runner: Runner,
    side: CodeSide & { language: string },
  ) {
    this.#link = new CodeLink(canvas, pointed, side);
    const view = () => side.section.querySelector<HTMLElement>('pre.code') ?? undefined;
    const { language, code, showBlocks } = side;
    this.#ends = new EndMarks({ canvas, runner, language, code, view, showBlocks });
  }

  /** This program is about to run. */
  runs(code: string): void {
    this.#ends.runs(code);
  }

  /** The page has been drawn anew. */
  updated(): void {
    this.#link.updated();
    this.#ends.updated();
  }

  /** The blocks have another size, or can be seen again. */
  resized(): void {
    this.#link.resized();
    this.#ends.resized();
  }
}
