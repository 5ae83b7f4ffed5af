import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Client } from '../src/api/client';
import type { RunState } from '../src/api/runs';
import { Follower } from '../src/run/follower';
import { Outputs } from '../src/run/outputs';

const RUN: RunState = {
  id: 'r',
  date: '2026-11-30T10:00:00Z',
  end: null,
  seconds: 1,
  complete: true,
  input: null,
  messages: [],
  next: 0,
};

/** What the service is asked, and a follower that asks it. */
class Service {
  readonly asked: URLSearchParams[] = [];
  readonly outputs = new Outputs();
  readonly follower = new Follower(
    new Client({ prefix: '/s/', xsrf: 'x' }),
    'w',
    { server: '', shared: false },
    this.outputs,
  );

  /** One question, answered by process `source`. */
  async tells(source: string, run: Partial<RunState>, ...lines: string[]): Promise<void> {
    const messages = lines.map((line) => ({
      msg_type: 'stream',
      content: { name: 'stdout', text: `${line}\n` },
    }));
    vi.stubGlobal('fetch', (url: string) => {
      this.asked.push(new URL(url).searchParams);
      const told = { ...RUN, messages, next: lines.length, ...run };
      return Promise.resolve(Response.json({ kernel: { id: 'k', busy: true }, run: told, source }));
    });
    await this.follower.poll();
  }

  get text(): string {
    return this.outputs.items.map((item) => (item.kind === 'stream' ? item.text : '')).join('');
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('location', { href: 'http://hub.test/s/' });
});

describe('of several processes', () => {
  it('it goes on with the one that knows all', async () => {
    const service = new Service();
    await service.tells('late', { complete: false }, 'two');
    expect(service.outputs.isIncomplete).toBe(true);

    await service.tells('first', {}, 'one', 'two');

    expect(service.text).toBe('one\ntwo\n');
    expect(service.outputs.isIncomplete).toBe(false);
    await service.tells('first', { next: 3 }, 'three');
    expect(service.text).toBe('one\ntwo\nthree\n');
    expect(service.asked.at(-1)?.get('after')).toBe('2');
  });

  it('the one that knows less is heard on the state of the run alone', async () => {
    const service = new Service();
    await service.tells('first', {}, 'one');

    const input = { header: { msg_id: 'q' }, prompt: 'Name? ', password: false };
    await service.tells('late', { complete: false, input }, 'two');

    expect(service.text).toBe('one\n');
    expect(service.outputs.isIncomplete).toBe(false);
    expect(service.follower.run?.input).toEqual(input);
    await service.tells('late', { complete: false, end: 'restarted' });
    expect(service.follower.outcome?.kind).toBe('restarted');
  });

  it('one that knows of an earlier run only is not believed', async () => {
    const service = new Service();
    await service.tells('first', {}, 'new');

    await service.tells('late', { id: 'before', date: '2026-11-30T09:00:00Z', end: 'done' }, 'old');

    expect(service.text).toBe('new\n');
    expect(service.follower.run?.id).toBe('r');
  });

  it('another is taken where the one that knew more answers no longer', async () => {
    const service = new Service();
    await service.tells('gone', {}, 'one');
    for (let n = 0; n < 8; n++) await service.tells('left', { complete: false });
    expect(service.asked.at(-1)?.get('of')).toBe('');
    await service.tells('left', { complete: false }, 'two');

    expect(service.text).toBe('two\n');
    expect(service.outputs.isIncomplete).toBe(true);
  });
});

describe('after the end', () => {
  it('it says that there was something, though nothing was heard of it', async () => {
    const service = new Service();
    const busy = [true, false];
    vi.stubGlobal('fetch', () =>
      Promise.resolve(
        Response.json({ kernel: { id: 'k', busy: busy.shift() }, run: null, source: 's' }),
      ),
    );
    await service.follower.poll();
    expect([service.follower.isRunning, service.follower.outcome]).toEqual([true, undefined]);

    await service.follower.poll();

    expect([service.follower.isRunning, service.follower.outcome?.kind]).toEqual([false, 'lost']);
  });

  it('it asks again, each time after as long as nothing has come', async () => {
    const service = new Service();
    await service.tells('s', {}, 'one');
    await service.tells('s', { end: 'done' });
    vi.stubGlobal('fetch', (url: string) => {
      service.asked.push(new URL(url).searchParams);
      const run = { ...RUN, end: 'done', next: 1 };
      return Promise.resolve(Response.json({ kernel: { id: 'k', busy: false }, run, source: 's' }));
    });
    const already = service.asked.length;

    await vi.advanceTimersByTimeAsync(60 * 60 * 1000);

    const looks = service.asked.length - already;
    expect(looks).toBeGreaterThan(8);
    expect(looks).toBeLessThan(20);
  });
});
