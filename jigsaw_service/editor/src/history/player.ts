/** Player: plays the moments of a history one after another. */
import type { Timeline } from './timeline';

/** Milliseconds that a moment stands at speed 1. */
const MOMENT = 700;

export const SPEEDS = [0.5, 1, 2, 4, 8] as const;

/** Fires `change` when it goes on, or is stopped. */
export class Player extends EventTarget {
  index = 0;
  speed = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Settles when what stands at `index` is drawn: playing waits for the canvas. */
  #drawn: Promise<unknown> = Promise.resolve();

  constructor(readonly timeline: Timeline) {
    super();
  }

  get last(): number {
    return Math.max(0, this.timeline.moments.length - 1);
  }

  get isPlaying(): boolean {
    return this.#timer !== undefined;
  }

  get moment() {
    return this.timeline.moments[this.index];
  }

  /** The canvas tells how long it takes to draw the moment. */
  drawing(drawn: Promise<unknown>): void {
    this.#drawn = drawn.catch(() => undefined);
  }

  seek(index: number): void {
    const within = Math.max(0, Math.min(this.last, index));
    if (within === this.index) return;
    this.index = within;
    this.dispatchEvent(new Event('change'));
  }

  play(): void {
    if (this.isPlaying || this.last === 0) return;
    if (this.index === this.last) this.index = 0;
    this.#wait();
    this.dispatchEvent(new Event('change'));
  }

  pause(): void {
    if (!this.isPlaying) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.dispatchEvent(new Event('change'));
  }

  #wait(): void {
    const timer = setTimeout(() => {
      void this.#drawn.then(() => {
        if (this.#timer === timer) this.#goOn();
      });
    }, MOMENT / this.speed);
    this.#timer = timer;
  }

  #goOn(): void {
    if (this.index >= this.last) {
      this.pause();
      return;
    }
    this.#wait();
    this.seek(this.index + 1);
  }
}
