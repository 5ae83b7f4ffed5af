/**
 * Follows what the workspace's kernel runs for another page of the person's, or for a script.
 *
 * The service tells what it has heard of the last run; asking it costs the kernel nothing. This page's own
 * runs are not followed: their outputs come by the kernel's own socket.
 */
import type { Client } from '../api/client';
import { lastRun, type KernelPlace, type LastRun, type RunState } from '../api/runs';
import { outcomeOf, type Outcome } from './outcome';
import type { Outputs } from './outputs';

/** Milliseconds between two questions while something runs, and while nobody answers them. */
const PAUSE = 700;
const PAUSE_TROUBLED = 5000;

/** The least after the end, for what comes late; else as long as nothing has come. */
const PAUSE_LATE = 1000;

/** Answers of a process that knows less, in a row, after which the one that knew more seems to be gone. */
const PATIENCE = 6;

/** Event: `change`. */
export class Follower extends EventTarget {
  readonly #client: Client;
  readonly #workspaceId: string;
  readonly #place: KernelPlace;
  readonly #outputs: Outputs;

  /** The kernel, as far as anybody has looked. */
  kernel: { id: string; busy: boolean } | undefined;
  /** The run that is followed. */
  run: RunState | undefined;
  outcome: Outcome | undefined;
  /** True if the kernel could not be asked about at all. */
  isCutOff = false;

  #own = '';
  #next = 0;
  /** The process whose messages are shown. */
  #source = '';
  #missed = 0;
  #busySince = 0;
  /** Since when nothing new has come; undefined: nothing is to come. */
  #quietSince: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: Promise<void> | undefined;
  #isPaused = false;

  constructor(client: Client, workspaceId: string, place: KernelPlace, outputs: Outputs) {
    super();
    this.#client = client;
    this.#workspaceId = workspaceId;
    this.#place = place;
    this.#outputs = outputs;
  }

  /** True if the kernel runs something that this page did not begin. */
  get isRunning(): boolean {
    return this.kernel?.busy === true || this.run?.end === null;
  }

  /** Looks how it stands, and goes on looking while something runs. Never fails. */
  poll(): Promise<void> {
    if (this.#isPaused) return Promise.resolve();
    clearTimeout(this.#timer);
    return (this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    }));
  }

  /** This page has asked the kernel to run something: request `id`. */
  own(id: string): void {
    this.#own = id;
    this.run = this.outcome = undefined;
  }

  /** This page runs something itself, or has stopped to: nobody else's run can be shown meanwhile. */
  set isPaused(paused: boolean) {
    this.#isPaused = paused;
    clearTimeout(this.#timer);
    if (paused && this.kernel) this.kernel.busy = false;
  }

  dispose(): void {
    this.isPaused = true;
  }

  async #look(): Promise<void> {
    const { id: wanted, server, shared } = this.#place;
    const known = {
      of: this.#source ? (this.run?.id ?? '') : '',
      after: this.#next,
      source: this.#source,
      complete: this.run?.complete === true,
    };
    try {
      const place = { id: wanted ?? this.kernel?.id, server, shared };
      const answer = await lastRun(this.#client, this.#workspaceId, place, known);
      this.isCutOff = false;
      // A run of this page may have begun meanwhile.
      if (!this.#isPaused) this.#take(answer);
    } catch {
      this.isCutOff = true;
    }
    this.dispatchEvent(new Event('change'));
    this.#lookAgain();
  }

  #take({ kernel, run, source }: LastRun): void {
    // At least since somebody looked.
    const wasRunning = this.isRunning || kernel?.busy === true;
    const wasBusy = this.kernel?.busy === true;
    if (kernel?.busy && !wasBusy) this.#busySince = performance.now();
    this.kernel = kernel ?? undefined;
    if (run && run.id !== this.#own) this.#show(run, source);
    else if (!kernel && this.run?.end === null) {
      // Its server has gone, and the run with it.
      this.outcome = { kind: 'lost', seconds: this.run.seconds };
      this.run = undefined;
    }
    if (!run && wasBusy && !kernel?.busy && !this.#place.shared) {
      // It said nothing by which it could be known.
      const seconds = (performance.now() - this.#busySince) / 1000;
      this.outcome = { kind: 'lost', seconds };
    }
    if (wasRunning || run?.messages.length) this.#quietSince = performance.now();
  }

  #show(run: RunState, source: string): void {
    const { run: known } = this;
    const isNew = run.id !== known?.id;
    // Another process may not have heard yet that there is a later one.
    if (isNew && known && run.date < known.date) return;
    const isOther = !isNew && source !== this.#source;
    const hasEnded = run.end !== null && (isNew || known.end !== run.end);
    const isBetter = isOther && (this.#source === '' || (run.complete && !known.complete));
    if (isNew || isBetter) {
      this.#outputs.clear();
      this.outcome = undefined;
    }
    if (isOther && !isBetter) {
      this.run = { ...known, end: known.end ?? run.end, input: run.input };
      if (++this.#missed > PATIENCE) this.#source = '';
    } else this.#showMore(run, source);
    if (hasEnded) this.outcome = this.#outcome(run);
  }

  #showMore(run: RunState, source: string): void {
    for (const { msg_type, content } of run.messages)
      this.#outputs.take({ header: { msg_type }, content });
    this.#outputs.isIncomplete = !run.complete;
    this.run = run;
    this.#next = run.next;
    this.#source = source;
    this.#missed = 0;
  }

  #outcome({ end, seconds }: RunState): Outcome {
    if (end === 'restarted') return { kind: 'restarted', seconds };
    if (end === 'died') return { kind: 'lost', seconds };
    const { failure } = this.#outputs;
    if (!failure) return outcomeOf({ status: 'ok' }, seconds);
    return outcomeOf({ status: 'error', ...failure }, seconds);
  }

  #lookAgain(): void {
    if (this.#isPaused) return;
    const pause = this.#pause();
    if (pause !== undefined) this.#timer = setTimeout(() => void this.poll(), pause);
  }

  #pause(): number | undefined {
    if (this.isRunning) return this.isCutOff ? PAUSE_TROUBLED : PAUSE;
    if (this.#quietSince === undefined) return undefined;
    return Math.max(PAUSE_LATE, performance.now() - this.#quietSince);
  }
}
