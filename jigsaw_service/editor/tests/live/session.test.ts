/** One session with the service: what goes out, once each, and how it ends. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LIVE_CLOSED, VERSION } from '../../src/api/protocol';
import type { FromBrowser, FromService } from '../../src/live/messages';
import { Session } from '../../src/live/session';
import type { Wiring } from '../../src/live/socket';

/** The service's end of one socket. */
class Line {
  readonly sent: FromBrowser[] = [];
  readonly heard: string[] = [];
  readonly codes: number[] = [];
  isClosed = false;
  unanswered = [1, 2, 3].map((n) => ({ n, operations: [] }));
  #wiring: Wiring | undefined;

  readonly session = new Session({
    connect: (wiring) => {
      this.#wiring = wiring;
      return {
        send: (text) => this.sent.push(JSON.parse(text) as FromBrowser),
        close: () => {
          this.isClosed = true;
          wiring.closed(1000);
        },
      };
    },
    client: 'mine',
    epoch: 'epoch1',
    clock: 7,
    unanswered: () => this.unanswered,
    welcomed: ({ type }) => this.heard.push(type),
    received: ({ type }) => this.heard.push(type),
    closed: (code) => this.codes.push(code),
  });

  get numbers(): number[] {
    return this.sent.flatMap((message) => (message.type === 'ops' ? [message.n] : []));
  }

  open(): void {
    this.#wiring?.opened();
  }

  tell(message: FromService): void {
    this.#wiring?.message(JSON.stringify(message));
  }

  welcome(taken: number, epoch = 'epoch1'): void {
    const state = { clock: 7, epoch, role: 'editor', last_n: taken } as const;
    this.tell({ type: 'welcome', ...state, connection: 'c', people: [], shown: [], patches: [] });
  }

  lose(code = 1006): void {
    this.#wiring?.closed(code);
  }
}

let line: Line;

beforeEach(() => {
  vi.useFakeTimers();
  line = new Line();
});

afterEach(() => {
  line.session.close();
  vi.useRealTimers();
});

test('says who it is, and nothing else before it is welcomed', () => {
  line.open();
  line.session.sendUnanswered();

  expect(line.sent).toEqual([
    { type: 'hello', protocol: VERSION, client: 'mine', epoch: 'epoch1', clock: 7 },
  ]);
});

test('sends what the service has not taken, each batch once', () => {
  line.open();
  line.welcome(1);
  line.session.sendUnanswered();
  line.unanswered.push({ n: 4, operations: [] });
  line.session.sendUnanswered();

  expect(line.numbers).toEqual([2, 3, 4]);
});

test('a service of another epoch is sent nothing, and left for good', () => {
  line.open();
  line.welcome(0, 'epoch2');

  expect(line.numbers).toEqual([]);
  expect(line.heard).toEqual([]);
  expect(line.codes).toEqual([LIVE_CLOSED['epoch-changed']]);
  expect(line.isClosed).toBe(true);
});

test('knows which of its batches is answered, and that those of others are not its own', () => {
  const patch = { type: 'patch', clock: 8, author: 'alice', n: 2, patch: {} } as const;

  expect(line.session.answeredBy({ ...patch, client: 'mine' })).toBe(2);
  expect(line.session.answeredBy({ ...patch, client: 'another' })).toBeNull();
  expect(line.session.answeredBy({ type: 'refused', n: 3, slug: '', detail: '' })).toBe(3);
  expect(line.session.answeredBy({ type: 'alive' })).toBeNull();
});

test('a service that does not answer is taken for lost, once', () => {
  line.open();
  line.welcome(0);
  vi.runAllTimers();
  line.lose();

  expect(line.codes).toEqual([1006]);
  expect(line.isClosed).toBe(true);
});

test('a socket that never opens is given up', () => {
  vi.runAllTimers();

  expect(line.codes).toEqual([1006]);
});

test('after it was closed from here nothing is heard, sent or told', () => {
  line.open();
  line.session.close();
  line.welcome(0);
  line.session.sendUnanswered();
  line.lose(LIVE_CLOSED['not-found']);

  expect(line.heard).toEqual([]);
  expect(line.numbers).toEqual([]);
  expect(line.codes).toEqual([]);
});
