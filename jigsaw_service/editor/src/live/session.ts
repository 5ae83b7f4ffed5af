/**
 * Session: one socket to the room of a workspace, from the hello to the close. Batches go out in order and as fast as
 * the service takes them, each once; what it answers decides what becomes of them.
 */
import { LIVE_CLOSED, VERSION } from '../api/protocol';
import type { FromBrowser, FromService, Welcome } from './messages';
import { RateLimit } from './rateLimit';
import type { Connect, Socket } from './socket';
import type { UnsentBatch } from './unsent';

/** Milliseconds without an answer after which a session is taken for dead. */
const PATIENCE = 15_000;

/** The same where nothing is to be answered: the service says that it is alive every 25 seconds. */
const SILENCE = 60_000;

/** Close codes after which no other try would end otherwise. */
export const REFUSALS: ReadonlyMap<number, Refusal> = new Map([
  [LIVE_CLOSED['not-allowed'], 'not-allowed'],
  [LIVE_CLOSED['not-found'], 'not-found'],
  [LIVE_CLOSED['epoch-changed'], 'epoch-changed'],
]);
export type Refusal = 'not-allowed' | 'not-found' | 'epoch-changed';

export interface SessionOptions {
  connect: Connect;
  /** Name of the tab, by whose numbers the service knows its batches. */
  client: string;
  epoch: string;
  /** Clock of the last change that is known here. */
  clock: number;
  /** Batches that the service has not answered, in order. */
  unanswered: () => Iterable<UnsentBatch>;
  /** The service has taken all batches up to `last_n`; those after it are sent next. */
  welcomed: (message: Welcome) => void;
  received: (message: Exclude<FromService, Welcome>) => void;
  /** Once, unless it was closed from here. */
  closed: (code: number) => void;
}

export class Session {
  readonly #options: SessionOptions;
  readonly #socket: Socket;
  readonly #rateLimit = new RateLimit(() => {
    this.sendUnanswered();
  });

  #isWelcomed = false;
  #isOver = false;
  #lastSent = 0;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;

    const { client, epoch, clock } = options;
    this.#expectAnswer(SILENCE);
    this.#socket = options.connect({
      opened: () => {
        if (this.#isOver) return;
        this.send({ type: 'hello', protocol: VERSION, client, epoch, clock });
        this.#expectAnswer(PATIENCE);
      },
      message: (text) => {
        if (!this.#isOver) this.#receive(JSON.parse(text) as FromService);
      },
      closed: (code) => {
        this.#end(code);
      },
    });
  }

  get isWelcomed(): boolean {
    return this.#isWelcomed;
  }

  send(message: FromBrowser): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Sends the batches that have not gone out in this session. */
  sendUnanswered(): void {
    if (!this.#isWelcomed || this.#isOver) return;
    for (const { n, operations } of this.#options.unanswered()) {
      if (n <= this.#lastSent) continue;
      if (!this.#rateLimit.may()) return;
      this.#lastSent = n;
      this.send({ type: 'ops', n, ops: operations });
      this.#expectAnswer(PATIENCE);
    }
  }

  /** Number of the batch of this client that a message answers; null: of none. */
  answeredBy(message: FromService): number | null {
    if (message.type === 'refused') return message.n;
    const isOurs = message.type === 'patch' && message.client === this.#options.client;
    return isOurs ? message.n : null;
  }

  /** Ends it as a network that is gone would, which sockets notice late. */
  abandon(): void {
    this.#fail(1006);
  }

  close(): void {
    this.#stop();
    this.#socket.close();
  }

  #receive(message: FromService): void {
    clearTimeout(this.#patience);
    if (message.type === 'welcome') this.#welcome(message);
    else this.#options.received(message);
    if (this.#isOver) return;
    const isWaiting = [...this.#options.unanswered()].length > 0;
    this.#expectAnswer(isWaiting ? PATIENCE : SILENCE);
  }

  #welcome(message: Welcome): void {
    if (message.epoch !== this.#options.epoch) {
      this.#fail(LIVE_CLOSED['epoch-changed']);
      return;
    }
    this.#isWelcomed = true;
    this.#lastSent = message.last_n;
    this.#options.welcomed(message);
    this.sendUnanswered();
  }

  /** Time-out: a connection that is silent although there is something to say counts as lost. */
  #expectAnswer(milliseconds: number): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => {
      this.abandon();
    }, milliseconds);
  }

  #fail(code: number): void {
    this.#end(code);
    this.#socket.close();
  }

  #end(code: number): void {
    if (this.#isOver) return;
    this.#stop();
    this.#options.closed(code);
  }

  #stop(): void {
    this.#isOver = true;
    this.#isWelcomed = false;
    this.#rateLimit.stop();
    clearTimeout(this.#patience);
  }
}
