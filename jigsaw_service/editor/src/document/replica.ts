/**
 * This browser's copy of a workspace: what the service said, with my own batches that it has not answered yet on top.
 *
 * What comes of my batches is a forecast. When the service has spoken, they are taken back, its patch is applied,
 * and those still pending are applied anew.
 */
import { apply, same, type Patch, type Records } from './records';
import { reduce, type Operation } from './reducer';

/** Operations that go to the service together; `n` counts the batches of one client. */
export interface Batch {
  readonly n: number;
  readonly operations: readonly Operation[];
  /** Patch as it came out where the batch was made. */
  readonly wanted: Patch;
  /** Patch as it should come out now. */
  forecast: Patch;
  /** Takes the forecast back. */
  inverse: Patch;
}

/** Ids of what may look different now. */
export interface Touched {
  blocks: ReadonlySet<string>;
  vars: ReadonlySet<string>;
}

/** The effect of somebody's batch, or of mine: then with its `n`. */
export interface Effect {
  patch: Patch;
  n?: number | undefined;
}

export class Replica {
  readonly pending: Batch[] = [];
  /** Hears of batches to send. */
  onBatch: ((batch: Batch) => void) | undefined;
  /** Hears what may look different from what was there before. */
  onTouched: ((touched: Touched) => void) | undefined;
  /** Hears what the service made of a batch of mine, before later ones are applied anew. */
  onAnswer: ((batch: Batch, patch: Patch) => void) | undefined;
  #next = 1;

  constructor(
    /** As the person sees it. */
    public records: Records,
  ) {}

  /** Does what the person did; answers with nothing if that changes nothing. */
  perform(operations: readonly Operation[]): Batch | undefined {
    const forecast = reduce(this.records, operations);
    if (!forecast.blocks && !forecast.vars) return undefined;
    const inverse = apply(this.records, forecast);
    const batch = { n: this.#next++, operations, wanted: forecast, forecast, inverse };
    this.pending.push(batch);
    this.onTouched?.(touchedBy([forecast]));
    this.onBatch?.(batch);
    return batch;
  }

  /** Takes what the service said, in its order. */
  receive(effects: readonly Effect[]): void {
    if (effects.every((effect, index) => this.#asForecast(effect, this.pending[index]))) {
      for (const { patch } of effects) this.#answered(this.pending.shift(), patch);
      return;
    }
    this.#rebase(() => effects.map((effect) => this.#take(effect)));
  }

  /** The service took nothing of a batch. */
  refuse(n: number): Batch | undefined {
    const index = this.pending.findIndex((batch) => batch.n === n);
    const batch = this.pending[index];
    if (batch)
      this.#rebase(() => {
        this.pending.splice(index, 1);
        return [];
      });
    return batch;
  }

  /** The service takes nothing more from here. */
  refuseAll(): void {
    this.#rebase(() => {
      this.pending.length = 0;
      return [];
    });
  }

  /** Takes the whole state; of my batches, those up to `answered` are in it. */
  reset(records: Records, answered: number): void {
    const blocks = new Set([...this.records.blocks.keys(), ...records.blocks.keys()]);
    const vars = new Set([...this.records.vars.keys(), ...records.vars.keys()]);
    for (const [id, { s, m }] of this.records.blocks) {
      const record = records.blocks.get(id);
      if (s && record && !record.s && record['m'] === m) records.put(id, { ...record, s });
    }
    this.records = records;
    this.#forget(answered);
    this.#redo();
    this.onTouched?.({ blocks, vars });
  }

  /** Lets go of batches up to `n`, of which the service says that it has them. */
  #forget(n: number): void {
    const rest = this.pending.filter((batch) => batch.n > n);
    this.pending.splice(0, Infinity, ...rest);
  }

  /** Numbers go on above those that the service has from this client. */
  startAfter(n: number): void {
    this.#next = Math.max(this.#next, n + 1);
  }

  /** Works on what the service knows, without my pending batches. */
  #rebase(work: () => Patch[]): void {
    const patches = this.pending.map(({ inverse }) => inverse);
    for (const batch of [...this.pending].reverse()) apply(this.records, batch.inverse);
    patches.push(...work());
    patches.push(...this.#redo());
    this.onTouched?.(touchedBy(patches));
  }

  #redo(): Patch[] {
    return this.pending.map((batch) => {
      batch.forecast = reduce(this.records, batch.operations);
      batch.inverse = apply(this.records, batch.forecast);
      return batch.forecast;
    });
  }

  #take({ patch, n }: Effect): Patch {
    apply(this.records, patch);
    const index = n === undefined ? -1 : this.pending.findIndex((batch) => batch.n === n);
    if (index >= 0) this.#answered(this.pending.splice(index, 1)[0], patch);
    return patch;
  }

  #answered(batch: Batch | undefined, patch: Patch): void {
    if (!batch) return;
    this.#learnShapes(batch);
    this.onAnswer?.(batch, patch);
  }

  /** A shape that the service had already is in no patch, and XML says nothing of shapes. */
  #learnShapes({ operations }: Batch): void {
    for (const operation of operations) {
      const keys = operation.op === 'new' ? operation.record : undefined;
      const s = keys?.s ?? (operation.op === 'set' ? operation.keys['s'] : undefined);
      if (!s || operation.op === 'del') continue;
      const record = this.records.blocks.get(operation.id);
      if (record && !record.s) apply(this.records, { blocks: { [operation.id]: { s } } });
    }
  }

  /** True if the service made of a batch what I had expected. */
  #asForecast({ patch, n }: Effect, batch: Batch | undefined): boolean {
    return n !== undefined && batch?.n === n && samePatch(batch.forecast, patch);
  }
}

const samePatch = (one: Patch, other: Patch) =>
  same({ ...one.blocks }, { ...other.blocks }) && same({ ...one.vars }, { ...other.vars });

function touchedBy(patches: readonly Patch[]): Touched {
  const blocks = new Set<string>();
  const vars = new Set<string>();
  for (const patch of patches) {
    for (const id of Object.keys(patch.blocks ?? {})) blocks.add(id);
    for (const id of Object.keys(patch.vars ?? {})) vars.add(id);
  }
  return { blocks, vars };
}
