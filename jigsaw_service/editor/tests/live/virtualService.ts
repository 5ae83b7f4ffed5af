/** A service made of the reducer, and a network that delays and loses; time is whatever `setTimeout` says. */
import type { FromBrowser, FromService, PatchMessage } from '../../src/live/messages';
import { apply, Records, type RecordsJson } from '../../src/document/records';
import { reduce } from '../../src/document/reducer';
import type { Connect, Wiring } from '../../src/live/socket';

export interface Network {
  /** Milliseconds that the next message takes. */
  delay(): number;
}

export const EPOCH = 'epoch1';

export class VirtualService {
  readonly #network: Network;

  clock = 1;
  epoch = EPOCH;
  readonly records: Records;
  readonly log: PatchMessage[] = [];
  /** How far back the log reaches. */
  logBegins = 1;
  readonly lines = new Set<Line>();
  readonly lastN = new Map<string, number>();
  role: 'editor' | 'viewer' = 'editor';
  /** Nothing can be stored, though what is there can be read. */
  storageFails = false;

  constructor(json: RecordsJson, network: Network = { delay: () => 0 }) {
    this.#network = network;

    this.records = Records.fromJson(json);
  }

  /** For one browser; `isOnline` says whether it has a network. */
  connectFor(user: string, isOnline: () => boolean = () => true): Connect {
    return (wiring) => {
      const line = new Line(user, wiring, this.#network, isOnline, (message) => {
        this.#hear(line, message);
      });
      line.onEnd = () => this.lines.delete(line);
      line.begin();
      return line;
    };
  }

  #hear(line: Line, message: FromBrowser): void {
    if (message.type === 'hello') this.#welcome(line, message);
    else if (message.type === 'ops') this.#commit(line, message.n, message);
  }

  #welcome(line: Line, { client, epoch, clock = 0 }: FromBrowser & { type: 'hello' }): void {
    line.client = client;
    this.lines.add(line);
    if (epoch !== undefined && epoch !== this.epoch) {
      line.tell({ type: 'bye', slug: 'epoch-changed', retry: null });
      line.end(4409);
      return;
    }
    const known = clock >= this.logBegins;
    line.tell({
      type: 'welcome',
      clock: this.clock,
      epoch: this.epoch,
      role: this.role,
      last_n: this.lastN.get(client) ?? 0,
      connection: client,
      people: [],
      shown: [],
      ...(known
        ? { patches: this.log.filter((patch) => patch.clock > clock) }
        : { records: structuredClone(this.records.toJson()) }),
    });
  }

  #commit(line: Line, n: number, { ops }: FromBrowser & { type: 'ops' }): void {
    const before = this.lastN.get(line.client) ?? 0;
    if (this.storageFails) {
      line.tell({ type: 'bye', slug: 'storage-failed', retry: 5 });
      line.end(4503);
    } else if (this.role === 'viewer') {
      line.tell({ type: 'refused', n, slug: 'not-allowed', detail: 'You may only look.' });
    } else if (n <= before) {
      const old = this.log.find((patch) => patch.client === line.client && patch.n === n);
      if (old) line.tell(old);
      else line.tell({ type: 'refused', n, slug: 'conflict', detail: 'Long ago.' });
    } else {
      this.lastN.set(line.client, n);
      const patch = reduce(this.records, ops);
      apply(this.records, patch);
      this.publish({ author: line.user, client: line.client, n, patch });
    }
  }

  /** Commits an effect of nobody's socket, such as an upload. */
  publish(effect: Pick<PatchMessage, 'author' | 'client' | 'n' | 'patch'>): void {
    const message: PatchMessage = { type: 'patch', clock: ++this.clock, ...effect };
    this.log.push(structuredClone(message));
    for (const other of this.lines) other.tell(message);
  }

  dropAll(code = 1006): void {
    for (const line of [...this.lines]) line.end(code);
  }
}

/** One socket: messages arrive in order, or not at all once it is cut. */
export class Line {
  readonly #wiring: Wiring;
  readonly #network: Network;
  readonly #isOnline: () => boolean;
  readonly #hear: (message: FromBrowser) => void;

  client = '';
  onEnd: (() => void) | undefined;
  #ended = false;
  #up = 0;
  #down = 0;

  constructor(
    readonly user: string,
    wiring: Wiring,
    network: Network,
    isOnline: () => boolean,
    hear: (message: FromBrowser) => void,
  ) {
    this.#wiring = wiring;
    this.#network = network;
    this.#isOnline = isOnline;
    this.#hear = hear;
  }

  begin(): void {
    if (!this.#isOnline()) this.end(1006);
    else this.#down = this.#after(this.#down, () => this.#wiring.opened());
  }

  #after(last: number, work: () => void): number {
    const at = Math.max(last, Date.now() + this.#network.delay());
    setTimeout(() => {
      if (!this.#ended) work();
    }, at - Date.now());
    return at;
  }

  send(text: string): void {
    const message = JSON.parse(text) as FromBrowser;
    this.#up = this.#after(this.#up, () => this.#hear(message));
  }

  tell(message: FromService): void {
    const text = JSON.stringify(message);
    this.#down = this.#after(this.#down, () => this.#wiring.message(text));
  }

  /** What was sent before still arrives; what is on its way to the browser, too. */
  end(code: number): void {
    this.onEnd?.();
    this.#down = this.#after(this.#down, () => {
      this.#ended = true;
      this.#wiring.closed(code);
    });
  }

  /** All that is on its way is lost. */
  cut(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.onEnd?.();
    setTimeout(() => this.#wiring.closed(1006), 0);
  }

  close(): void {
    this.#ended = true;
    this.onEnd?.();
  }
}
