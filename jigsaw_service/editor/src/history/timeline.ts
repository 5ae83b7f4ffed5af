/**
 * The history of a workspace as moments to play: every change that the log still tells, and before those the
 * revisions. Any moment can be gone to: its state is that of the last revision before it, and the changes since.
 */
import type { Change, Revision } from '../api/types';
import { apply, type Records } from '../document/records';

export interface Moment {
  clock: number;
  when: string;
  people: readonly string[];
  /** The revision that holds this state, if one does. */
  revision: Revision | undefined;
}

/** Changes that are applied rather than begun anew from a nearer revision. */
const FAR = 200;

export class Timeline {
  readonly #stateOf: (number: number) => Promise<Records>;

  readonly moments: readonly Moment[];
  readonly #changes: ReadonlyMap<number, Change>;
  /** Revisions whose content is kept, by their clocks, oldest first. */
  readonly #marks: readonly Revision[];
  #current: { clock: number; records: Records } | undefined;

  /** `revisions` and `changes` in any order; `stateOf` gives what a revision holds. */
  constructor(
    revisions: readonly Revision[],
    changes: readonly Change[],
    stateOf: (number: number) => Promise<Records>,
  ) {
    this.#stateOf = stateOf;

    this.#changes = new Map(changes.map((change) => [change.clock, change]));
    this.#marks = revisions
      .filter(({ thinned }) => !thinned)
      .sort((one, other) => one.clock - other.clock || one.number - other.number);
    this.moments = this.#momentsOf(revisions);
  }

  #momentsOf(revisions: readonly Revision[]): Moment[] {
    const moments = new Map<number, Moment>();
    for (const revision of this.#marks) {
      const { clock, created, authors } = revision;
      moments.set(clock, { clock, when: created, people: authors, revision });
    }
    for (const { clock, created, author } of this.#changes.values()) {
      // A state before the first revision that is left can't be rebuilt.
      if (!this.#isWithinReach(clock)) continue;
      const revision = moments.get(clock)?.revision;
      moments.set(clock, { clock, when: created, people: [author], revision });
    }
    // A label that was given later to a state that several revisions hold.
    for (const revision of revisions) {
      const moment = moments.get(revision.clock);
      if (moment && revision.label && !moment.revision?.label)
        moments.set(revision.clock, { ...moment, revision });
    }
    return [...moments.values()].sort((one, other) => one.clock - other.clock);
  }

  #isWithinReach(clock: number): boolean {
    const mark = this.#markBefore(clock);
    if (!mark) return false;
    if (mark.clock === clock) return true;
    // All changes since must be told; a log has no gaps, so the first of them decides.
    return this.#changes.has(mark.clock + 1);
  }

  #markBefore(clock: number): Revision | undefined {
    return this.#marks.findLast((mark) => mark.clock <= clock);
  }

  /** A copy of the state at a moment. */
  async stateAt(index: number): Promise<Records> {
    const clock = this.moments[index]?.clock ?? 0;
    const base = (await this.#near(clock)) ?? (await this.#fromMark(clock));
    this.#current = undefined;
    for (let next = base.clock + 1; next <= clock; next++) {
      const patch = this.#changes.get(next)?.patch;
      if (!patch) throw new Error('The log does not tell this change.');
      apply(base.records, patch);
    }
    this.#current = { clock, records: base.records };
    return base.records.copy();
  }

  /** The state that was shown last, if a short way leads on from it. */
  #near(clock: number): Promise<{ clock: number; records: Records }> | undefined {
    const current = this.#current;
    if (!current || current.clock > clock || clock - current.clock > FAR) return undefined;
    for (let next = current.clock + 1; next <= clock; next++)
      if (!this.#changes.get(next)?.patch) return undefined;
    return Promise.resolve(current);
  }

  async #fromMark(clock: number): Promise<{ clock: number; records: Records }> {
    const mark = this.#markBefore(clock);
    if (!mark) throw new Error('There is no revision before this change.');
    return { clock: mark.clock, records: (await this.#stateOf(mark.number)).copy() };
  }
}
