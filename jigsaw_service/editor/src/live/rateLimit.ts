/** Rate limit: as many messages as the service takes; after a long time offline there are many. */

/** Messages at once, and then each second. The service takes somewhat more. */
const BURST = 200;
const PER_SECOND = 30;

export class RateLimit {
  readonly #goOn: () => void;

  #left = BURST;
  #at = Date.now();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(goOn: () => void) {
    this.#goOn = goOn;
  }

  /** True if one more may go now; if not, `goOn` is called when it may. */
  may(): boolean {
    const now = Date.now();
    this.#left = Math.min(BURST, this.#left + ((now - this.#at) / 1000) * PER_SECOND);
    this.#at = now;
    if (this.#left >= 1) {
      this.#left--;
      return true;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#goOn();
    }, 1000 / PER_SECOND);
    return false;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
