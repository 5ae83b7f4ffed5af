/** Run indicator: for somebody who looks elsewhere, the window's title, and a note when a long one ends. */
import { announcementOf, type Outcome } from '../run/outcome';
import type { Runner } from '../run/runner';
import { toast } from '../ui/toast';

/** Seconds after which people look elsewhere. */
const LONG = 10;

const RUNNING = '▶';
const ENDED = {
  finished: '✓',
  stopped: '■',
  restarted: '■',
  failed: '✗',
  lost: '✗',
  'not-begun': '✗',
} as const satisfies Record<Outcome['kind'], string>;

export class RunIndicator {
  readonly #runner: Runner;
  /** True if the person sees the output, where the page is seen. */
  readonly #isOutputSeen: () => boolean;

  #name = '';
  /** End of a run that was not seen yet. */
  #unseen: Outcome | undefined;

  constructor(runner: Runner, isOutputSeen: () => boolean) {
    this.#runner = runner;
    this.#isOutputSeen = isOutputSeen;

    runner.addEventListener('change', () => {
      this.#show();
    });
    runner.addEventListener('finished', (event) => {
      this.#ended((event as CustomEvent<Outcome>).detail);
    });
    document.addEventListener('visibilitychange', () => {
      if (document.hidden || !this.#unseen) return;
      this.#note(this.#unseen);
      this.#unseen = undefined;
      this.#show();
    });
  }

  /** Title of the window while nothing runs. */
  set title(name: string) {
    this.#name = name;
    this.#show();
  }

  #ended(outcome: Outcome): void {
    if (document.hidden) this.#unseen = outcome;
    else this.#note(outcome);
    this.#show();
  }

  #note(outcome: Outcome): void {
    if (outcome.seconds < LONG || this.#isOutputSeen()) return;
    toast(announcementOf(outcome, this.#runner.outputs.produced));
  }

  #show(): void {
    const sign = this.#runner.isRunning ? RUNNING : this.#unseen && ENDED[this.#unseen.kind];
    const title = sign ? `${sign} ${this.#name}` : this.#name;
    if (document.title !== title) document.title = title;
  }
}
