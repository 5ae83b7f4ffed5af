/** A run of this page, from the button to its end. */

/** Milliseconds that a stop waits for the program to begin. */
const BEGINS = 3000;

export class OwnRun {
  /** Of the request; "" before. */
  id = '';
  isStopped = false;
  /** The kernel was started afresh meanwhile, by this person or another. */
  isRestarted = false;
  /** The kernel has begun with it: before, it takes no notice of being interrupted. */
  hasBegun = false;

  #askedAt: number | undefined;
  readonly #abort = new AbortController();
  #begin: () => void = () => undefined;
  /** Resolves once the kernel has begun with it. */
  readonly beginning = new Promise<void>((resolve) => (this.#begin = resolve));

  /** Aborts all waiting for what comes before the program. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** True if the kernel was asked to run it. */
  get isAsked(): boolean {
    return this.#askedAt !== undefined;
  }

  get seconds(): number {
    return this.#askedAt === undefined ? 0 : (performance.now() - this.#askedAt) / 1000;
  }

  asked(): void {
    this.#askedAt = performance.now();
  }

  begun(): void {
    this.hasBegun = true;
    this.#begin();
  }

  abandon(why: string): void {
    this.#abort.abort(new DOMException(why, 'AbortError'));
  }

  /** Returns once an interrupt is of use: the kernel has begun, or it doesn't seem to. */
  async canBeInterrupted(): Promise<void> {
    await Promise.race([this.beginning, new Promise((resolve) => setTimeout(resolve, BEGINS))]);
  }
}
