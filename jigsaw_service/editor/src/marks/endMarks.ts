/** End marks: where a run of this page failed or was stopped, on its block, in the code, and in words. */
import type { Canvas } from '../canvas/canvas';
import type { EndMark } from '../canvas/endMark';
import { locale, t } from '../i18n';
import { explainOf } from '../languages';
import { placeAnswer, placeQuestion, type ErrorPlace } from '../run/errorPlace';
import type { Outcome } from '../run/outcome';
import type { Runner } from '../run/runner';
import { makeSourceMap } from '../sourcemap/makeSourceMap';
import type { SourceMap } from '../sourcemap/sourceMap';
import { endNote, type ToldEnd } from './endNote';
import { highlight } from './highlight';
import { rangeOf } from './codeRanges';
import { locate, type Located } from './locate';

export interface EndSide {
  canvas: Canvas;
  runner: Runner;
  /** Name of the workspace's language. */
  language: string;
  /** The program that is shown. */
  code: () => string;
  /** View of the code; undefined where there is none. */
  view: () => HTMLElement | undefined;
  showBlocks: () => void;
}

/** Longest message beside a block; all of it stands among the outputs. */
const LONGEST = 300;

const STOP = 'KeyboardInterrupt';

export class EndMarks {
  readonly #side: EndSide;

  /** Of the program that runs, or ran last. */
  #map: SourceMap | undefined;
  #located: Located | undefined;
  #mark: EndMark | undefined;

  constructor(side: EndSide) {
    this.#side = side;
    side.runner.addEventListener('finished', (event) => {
      void this.#ended((event as CustomEvent<Outcome>).detail);
    });
  }

  /** This program is about to run. */
  runs(code: string): void {
    const { canvas } = this.#side;
    this.#clear();
    this.#map =
      canvas.code() === code ? makeSourceMap(code, (mark) => canvas.code(mark)) : undefined;
  }

  /** The page has been drawn anew. */
  updated(): void {
    const view = this.#side.view();
    const located = this.#map?.code === this.#side.code() ? this.#located : undefined;
    const ranges = (blocks: readonly string[]) =>
      blocks
        .flatMap((block) => this.#map?.of(block) ?? [])
        .flatMap(([start, end]) => (view && rangeOf(view, start, end)) ?? []);
    highlight('error', located ? ranges([located.block]) : []);
    highlight('caller', located ? ranges(located.callers) : []);
  }

  /** The blocks have another size. */
  resized(): void {
    this.#mark?.placeSoon();
  }

  async #ended(outcome: Outcome): Promise<void> {
    const map = this.#map;
    if (!map || (outcome.kind !== 'failed' && outcome.kind !== 'stopped')) return;
    const error = outcome.kind === 'failed' ? outcome : { name: STOP, value: '' };
    const name = classOf(error.name);
    const [explain, place] = await Promise.all([
      outcome.kind === 'failed' ? explainOf(this.#side.language, locale()) : undefined,
      this.#placeOf(map.code, name),
    ]);
    // Another run has begun meanwhile.
    if (this.#map !== map) return;
    const { value } = error;
    const words =
      outcome.kind === 'stopped'
        ? t('mark.stoppedHere')
        : explain?.({ name, value, names: place?.names ?? [] });
    const message = outcome.kind === 'failed' ? cut(`${name}${value && `: ${value}`}`) : '';
    const kind = outcome.kind === 'failed' ? 'error' : 'stopped';
    await this.#show({ kind, words, message }, place && locate(place, map));
  }

  async #placeOf(program: string, name: string): Promise<ErrorPlace | undefined> {
    if (this.#side.language !== 'python') return undefined;
    const place = placeAnswer(await this.#side.runner.ask(placeQuestion(program)));
    // A kernel that remembers an earlier error knows nothing of this one.
    return place?.name === name ? place : undefined;
  }

  async #show(ending: ToldEnd, located: Located | undefined): Promise<void> {
    const { canvas, runner } = this.#side;
    const note = endNote(ending, () => {
      this.#gone(ending);
    });
    const map = this.#map;
    const mark =
      located &&
      (await canvas.markEnd({ ...located, kind: ending.kind }, note, () => {
        this.#gone(ending);
      }));
    if (this.#map !== map) {
      mark?.remove();
      return;
    }
    this.#mark = mark;
    this.#located = mark && located;
    this.updated();
    if (!mark && ending.words === undefined) return;
    const toBlock = () => {
      this.#side.showBlocks();
      mark?.enter();
      mark?.show();
    };
    runner.takeExplanation({
      words: ending.kind === 'error' ? ending.words : undefined,
      block: mark?.words,
      toBlock: mark && toBlock,
    });
  }

  /** The block is no longer what it was, or the person wants it so. */
  #gone({ words, kind }: ToldEnd): void {
    this.#clear();
    const told = kind === 'error' ? words : undefined;
    this.#side.runner.takeExplanation({ words: told, block: undefined, toBlock: undefined });
  }

  #clear(): void {
    this.#mark?.remove();
    this.#mark = this.#located = undefined;
    this.updated();
  }
}

/** Some kernels tell a class as Python shows it. */
const classOf = (name: string) => /(\w+)'>$/.exec(name)?.[1] ?? name;

const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
