import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Client } from '../../src/api/client';
import { KERNEL_CLOSED } from '../../src/api/protocol';
import { ApiProblem } from '../../src/api/problem';
import type { Execution, ExecutionListener } from '../../src/run/kernelConnection';
import { KernelLost } from '../../src/run/kernelLost';
import { Runner } from '../../src/run/runner';

/** A kernel that answers when the test says so. */
class FakeConnection extends EventTarget {
  static last: FakeConnection | undefined;
  static readonly opened = vi.fn<(kernel: string) => void>();
  /** What the server answers in the place of a kernel. */
  static refusal: Error | undefined;
  /** Whether the kernel never says a word. */
  static isSilent = false;
  status = 'idle';
  connection = 'connected';
  restart = vi.fn(() => Promise.resolve());
  nudge = vi.fn();
  abandon = vi.fn(() => {
    this.fail(new Error('Canceled'));
  });
  dispose = vi.fn();
  listener: ExecutionListener | undefined;
  finish: (status: Execution['status'], error?: string, quits?: boolean) => void = () => undefined;
  fail: (error: unknown) => void = () => undefined;

  static open(
    _client: Client,
    _path: string,
    _name: string,
    kernel: string,
    found: (id: string) => void,
  ) {
    FakeConnection.opened(kernel);
    found('k');
    if (FakeConnection.isSilent) return new Promise(() => undefined);
    if (FakeConnection.refusal) return Promise.reject(FakeConnection.refusal);
    return Promise.resolve((FakeConnection.last = new FakeConnection()));
  }

  execute(_code: string, listener: ExecutionListener): Promise<Execution> {
    this.listener = listener;
    listener.onRequest('own');
    return new Promise((resolve, reject) => {
      this.finish = (status, name = '', quits = false) => {
        resolve({ status, name, value: '', quits });
      };
      this.fail = reject;
    });
  }

  become(status: string): void {
    this.status = status;
    this.dispatchEvent(new Event('status'));
  }
}

vi.mock('../../src/run/kernelConnection', () => ({ KernelConnection: FakeConnection }));

const WELL = { why_not: null, fault: null, only_yours: false };
const SPECS = {
  default: 'python3',
  items: [
    { name: 'scheme', title: 'Scheme', language: 'scheme', ...WELL },
    { name: 'other', title: 'Other Python', language: 'python', ...WELL },
    { name: 'python3', title: 'Python 3', language: 'python', ...WELL },
  ],
};

/** As the service tells them once `python3` did not start. */
const BROKEN = {
  default: 'python3',
  items: SPECS.items.map((spec) =>
    spec.name === 'python3'
      ? { ...spec, why_not: 'No such file: /gone/python', fault: 'refused' }
      : spec,
  ),
};

/** A service whose answers are those of a ready server, except for what a test changes. */
function serve(answers: Record<string, () => Response | Promise<Response>> = {}): void {
  const all: typeof answers = {
    'api/server': () => Response.json({ state: 'ready' }),
    'api/kernelspecs': () => Response.json(SPECS),
    ...answers,
  };
  vi.stubGlobal('location', { href: 'http://hub.test/s/' });
  vi.stubGlobal('fetch', async (url: string) => {
    const answer = all[url.replace('http://hub.test/s/', '')];
    return answer ? answer() : new Response(null, { status: 404 });
  });
}

function problem(status: number, slug: string, more = {}): Response {
  const type = `https://hub.test/problems/${slug}`;
  const body = { type, title: slug, status, detail: slug, ...more };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
  });
}

function newRunner(kernelName: string | null = null, language = 'python'): Runner {
  const kernelLanguage = () => Promise.resolve(language);
  const client = new Client({ prefix: '/s/', xsrf: 'x' });
  return new Runner(client, { workspaceId: 'w', name: 'W', kernelName, kernelLanguage });
}

/** A runner that has got as far as running, its run, and the kernel that does it. */
async function running(runner = newRunner()) {
  const run = runner.run('1 + 1');
  await vi.waitFor(() => {
    expect(FakeConnection.last?.listener).toBeDefined();
  });
  return { runner, run, kernel: FakeConnection.last as FakeConnection };
}

beforeEach(() => {
  FakeConnection.last = FakeConnection.refusal = undefined;
  FakeConnection.isSilent = false;
  FakeConnection.opened.mockClear();
  serve();
});

describe('a run', () => {
  it('connects once, and is busy until the kernel has finished', async () => {
    const { runner, run, kernel } = await running();
    expect([runner.state, runner.isRunning]).toEqual(['busy', true]);
    kernel.finish('ok');
    await run;
    expect([runner.state, runner.isRunning, runner.trouble]).toEqual(['idle', false, undefined]);

    const again = runner.run('2');
    await vi.waitFor(() => {
      expect(runner.state).toBe('busy');
    });
    kernel.finish('ok');
    await again;
    expect(FakeConnection.opened).toHaveBeenCalledOnce();
  });

  it('is not begun, and clears nothing, where the person does not agree to it', async () => {
    const runner = newRunner();
    await runner.run('1 + 1', () => Promise.resolve(false));
    expect(FakeConnection.opened).not.toHaveBeenCalled();
    expect([runner.state, runner.isRunning, runner.trouble]).toEqual(['none', false, undefined]);
  });

  it('is not begun where it cannot be told whose it is, and what ran before goes on', async () => {
    const { runner, run, kernel } = await running();
    kernel.finish('ok');
    await run;
    const offline = new ApiProblem('offline', 'The service did not answer.', 0, '');

    await runner.run('2', () => Promise.reject(offline));

    expect([runner.state, runner.trouble]).toEqual(['idle', { kind: 'authors-unknown' }]);
    expect(kernel.dispose).not.toHaveBeenCalled();
  });

  it('does nothing while another goes on', async () => {
    const { runner, run, kernel } = await running();
    await runner.run('2');
    expect(runner.isRunning).toBe(true);
    kernel.finish('ok');
    await run;
  });

  it('is told as restarted where somebody else has the kernel restarted, and another can begin', async () => {
    const { runner, run } = await running();
    const news = { type: 'run', user: 'u', kernel_id: 'k', server: '', answered: '' } as const;
    runner.heard({ ...news, run: 'another', end: 'restarted' });
    expect(runner.isRunning).toBe(true);

    runner.heard({ ...news, run: 'own', end: 'restarted' });
    await run;

    expect([runner.state, runner.outcome?.kind, runner.trouble]).toEqual([
      'idle',
      'restarted',
      undefined,
    ]);
  });

  it('asks no more what was answered on another page, and not for the answer', async () => {
    const { runner, run, kernel } = await running();
    const news = { type: 'run', user: 'u', kernel_id: 'k', server: '', end: null } as const;
    kernel.listener?.onInput({ id: 'q2', prompt: 'Name? ', password: false, answer: vi.fn() });
    runner.heard({ ...news, run: 'own', answered: 'q1' });
    expect(runner.input?.prompt).toBe('Name? ');

    runner.heard({ ...news, run: 'own', answered: 'q2' });

    expect(runner.input).toBeUndefined();
    expect(runner.outputs.items).toMatchObject([{ kind: 'question', prompt: 'Name? ' }]);
    kernel.finish('ok');
    await run;
  });

  it('passes on what is typed where the program asks for it', async () => {
    const { runner, run, kernel } = await running();
    const answer = vi.fn();
    kernel.listener?.onInput({ id: 'q', prompt: 'Name? ', password: false, answer });
    runner.input?.answer('Ada');
    expect(answer).toHaveBeenCalledExactlyOnceWith('Ada');
    expect(runner.input).toBeUndefined();
    kernel.finish('ok');
    await run;
  });
});

describe('the end of a run', () => {
  it.each([
    ['finished', 'ok', ''],
    ['failed', 'error', 'ZeroDivisionError'],
    ['stopped', 'error', 'KeyboardInterrupt'],
    ['finished', 'error', 'SystemExit'],
    ['not-begun', 'aborted', ''],
  ] as const)('is told as %s for %s %s', async (kind, status, name) => {
    const { runner, run, kernel } = await running();
    kernel.finish(status, name);
    await run;
    expect(runner.outcome?.kind).toBe(kind);
  });

  it('is a stop where the person asked for it, whatever the kernel calls it', async () => {
    const interrupted = vi.fn(() => new Response(null, { status: 204 }));
    serve({ 'api/jupyter/api/kernels/k/interrupt': interrupted });
    const { runner, run, kernel } = await running();
    kernel.listener?.onOutput({ header: { msg_type: 'execute_input' }, content: {} });

    await runner.stop();
    kernel.finish('error', 'Interrupt');
    await run;

    expect(interrupted).toHaveBeenCalledOnce();
    expect(runner.outcome?.kind).toBe('stopped');
  });

  it('is lost with the kernel that dies', async () => {
    const { runner, run, kernel } = await running();
    kernel.become('dead');
    kernel.fail(new Error('Canceled'));
    await run;
    expect(runner.outcome?.kind).toBe('lost');
  });
});

describe('a stop', () => {
  it('waits until the kernel has begun, which takes no notice before', async () => {
    const interrupted = vi.fn(() => new Response(null, { status: 204 }));
    serve({ 'api/jupyter/api/kernels/k/interrupt': interrupted });
    const { runner, run, kernel } = await running();

    const stop = runner.stop();
    await Promise.resolve();
    expect(interrupted).not.toHaveBeenCalled();
    kernel.listener?.onOutput({ header: { msg_type: 'execute_input' }, content: {} });
    await stop;

    expect(interrupted).toHaveBeenCalledOnce();
    kernel.finish('error', 'KeyboardInterrupt');
    await run;
  });

  it('of a run that begins only later stops it then', async () => {
    const interrupted = vi.fn(() => new Response(null, { status: 204 }));
    serve({ 'api/jupyter/api/kernels/k/interrupt': interrupted });
    const { runner, run, kernel } = await running();
    vi.useFakeTimers();
    const stop = runner.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    await stop;
    expect(interrupted).toHaveBeenCalledTimes(1);

    kernel.listener?.onOutput({ header: { msg_type: 'execute_input' }, content: {} });
    await vi.advanceTimersByTimeAsync(1);

    expect(interrupted).toHaveBeenCalledTimes(2);
    vi.useRealTimers();
    kernel.finish('error', 'KeyboardInterrupt');
    await run;
  });

  it('works while the kernel has not said a word, and the program then never runs', async () => {
    const interrupted = vi.fn(() => new Response(null, { status: 204 }));
    serve({ 'api/jupyter/api/kernels/k/interrupt': interrupted });
    FakeConnection.isSilent = true;
    const runner = newRunner();
    const run = runner.run('1');
    await vi.waitFor(() => {
      expect(runner.hasKernel).toBe(true);
    });

    await runner.stop();
    await run;

    expect(interrupted).toHaveBeenCalledOnce();
    expect([runner.isRunning, runner.outcome?.kind]).toEqual([false, 'stopped']);
  });

  it('is no trouble where the kernel that was known has gone', async () => {
    serve({
      'api/server': () => new Promise<Response>(() => undefined),
      'api/workspaces/w/run?of=&after=0': () =>
        Response.json({ kernel: { id: 'gone', busy: false }, run: null, source: 's' }),
    });
    const runner = newRunner();
    await runner.look();
    expect(runner.hasKernel).toBe(true);
    const run = runner.run('1');
    await vi.waitFor(() => {
      expect(runner.state).toBe('starting-server');
    });

    await runner.stop();
    await run;

    expect([runner.trouble, runner.outcome?.kind]).toEqual([undefined, 'stopped']);
    expect(runner.hasKernel).toBe(false);
  });

  it('by nobody of this service may be a restart, so that the kernel is asked', async () => {
    const { runner, run, kernel } = await running();
    vi.useFakeTimers();
    kernel.finish('error', 'KeyboardInterrupt');
    await run;
    expect(runner.outcome?.kind).toBe('stopped');

    await vi.advanceTimersByTimeAsync(100_000);
    expect(kernel.nudge).toHaveBeenCalledTimes(5);
    vi.useRealTimers();
  });
});

describe('a run that was begun elsewhere', () => {
  const RUN = {
    id: 'r',
    date: '2026-11-30T10:00:00Z',
    end: null as string | null,
    seconds: 2,
    complete: true,
    input: null as unknown,
    messages: [{ msg_type: 'stream', content: { name: 'stdout', text: 'so far\n' } }],
    next: 1,
  };

  function serveRun(busy: boolean, run: Partial<typeof RUN> = {}, more = {}): void {
    const answer = () =>
      Response.json({ kernel: { id: 'k', busy }, run: { ...RUN, ...run }, source: 's' });
    serve({
      'api/workspaces/w/run?of=&after=0': answer,
      'api/workspaces/w/run?of=r&after=1&source=s&complete=1&kernel_id=k': () =>
        Response.json({
          kernel: { id: 'k', busy: false },
          run: { ...RUN, end: 'done', messages: [] },
          source: 's',
        }),
      ...more,
    });
  }

  it('is shown with what it has printed, and followed to its end', async () => {
    serveRun(true);
    const runner = newRunner();
    await runner.look();
    expect([runner.state, runner.isRunning, runner.hasKernel]).toEqual(['busy', true, true]);
    expect(runner.outputs.items).toMatchObject([{ text: 'so far\n' }]);

    await vi.waitFor(
      () => {
        expect([runner.state, runner.outcome?.kind]).toEqual(['idle', 'finished']);
      },
      { timeout: 5000 },
    );
    runner.dispose();
  });

  it('is said to be shown in part only, where the beginning is not known', async () => {
    serveRun(true, { complete: false });
    const runner = newRunner();
    await runner.look();
    expect(runner.outputs.isIncomplete).toBe(true);
    runner.dispose();
  });

  it('lets no other run begin, which is said in words', async () => {
    serveRun(true);
    const runner = newRunner();
    await runner.look();
    await runner.run('2');
    expect(runner.trouble).toEqual({ kind: 'already-running' });
    expect(FakeConnection.opened).not.toHaveBeenCalled();
    runner.dispose();
  });

  it.each(['interrupt', 'restart'] as const)('obeys %s', async (command) => {
    const obeyed = vi.fn(() => Response.json({ id: 'k' }));
    serveRun(true, {}, { [`api/jupyter/api/kernels/k/${command}`]: obeyed });
    const runner = newRunner();
    await runner.look();
    await (command === 'interrupt' ? runner.stop() : runner.restart());
    expect(obeyed).toHaveBeenCalledOnce();
    runner.dispose();
  });

  it.each([
    ['restarted', 'restarted', undefined],
    ['died', 'lost', 'kernel-back'],
  ])('that ended because the kernel %s is told as %s', async (end, kind, trouble) => {
    serveRun(false, { end });
    const runner = newRunner();
    await runner.look();
    expect([runner.outcome?.kind, runner.trouble?.kind]).toEqual([kind, trouble]);
    runner.dispose();
  });

  it('asks here, too, what it asks', async () => {
    serveRun(true, { input: { header: { msg_id: 'q' }, prompt: 'Name? ', password: false } });
    const runner = newRunner();
    await runner.look();
    expect(runner.input?.prompt).toBe('Name? ');
    runner.dispose();
  });
});

describe('the kernel', () => {
  it.each([
    ['the server’s default of the language', null, 'python3'],
    ['the one chosen for the workspace', 'other', 'other'],
    ['the default where the chosen one is gone', 'gone', 'python3'],
  ])('is %s', async (_, chosen, started) => {
    const { run, kernel } = await running(newRunner(chosen));
    expect(FakeConnection.opened).toHaveBeenCalledExactlyOnceWith(started);
    kernel.finish('ok');
    await run;
  });

  it('is another than the default where that is known not to start, unless it was chosen', async () => {
    serve({ 'api/kernelspecs': () => Response.json(BROKEN) });
    const { run, kernel } = await running();
    expect(FakeConnection.opened).toHaveBeenLastCalledWith('other');
    kernel.finish('ok');
    await run;

    FakeConnection.last = undefined;
    const second = await running(newRunner('python3'));
    expect(FakeConnection.opened).toHaveBeenLastCalledWith('python3');
    second.kernel.finish('ok');
    await second.run;
  });

  it('that does not start is told with what the server said, and known from then on', async () => {
    let listed = SPECS as typeof SPECS | typeof BROKEN;
    serve({ 'api/kernelspecs': () => Response.json(listed) });
    const response = new Response(null, { status: 500 });
    FakeConnection.refusal = Object.assign(new Error('No such file: /gone/python'), { response });
    FakeConnection.opened.mockImplementation(() => (listed = BROKEN));
    const runner = newRunner('python3');

    await runner.run('1');

    const detail = 'No such file: /gone/python';
    const trouble = { kind: 'kernel-broken', title: 'Python 3', fault: 'refused', detail };
    expect(runner.trouble).toEqual(trouble);
    expect(runner.chosen).toMatchObject({ name: 'python3', why_not: detail });
  });

  it('that did not start, and does now, is held to be well again', async () => {
    serve({ 'api/kernelspecs': () => Response.json(BROKEN) });

    const { runner, run, kernel } = await running(newRunner('python3'));

    expect(runner.chosen).toMatchObject({ name: 'python3', why_not: null, fault: null });
    kernel.finish('ok');
    await run;
  });

  it.each(['ended', 'silent'])('that was given up because it %s is told so', async (fault) => {
    FakeConnection.refusal = new KernelLost(4409, fault);
    const runner = newRunner('python3');

    await runner.run('1');

    expect(runner.trouble).toMatchObject({ kind: 'kernel-broken', title: 'Python 3', fault });
    expect(runner.isRunning).toBe(false);
  });

  it.each([
    [4401, 'signed-out'],
    [4503, 'server-silent'],
  ])('that is lost before it is heard, by code %i, is told as that', async (code, kind) => {
    FakeConnection.refusal = new KernelLost(code, '');
    const runner = newRunner();

    await runner.run('1');

    expect(runner.trouble).toEqual({ kind });
  });

  it('that the program has ended itself is started afresh, and the next run waits for it', async () => {
    const { runner, run, kernel } = await running();
    let ready: () => void = () => undefined;
    kernel.restart.mockReturnValue(new Promise((resolve) => (ready = resolve)));
    kernel.finish('ok', '', true);
    await run;
    expect([runner.state, runner.outcome?.kind, runner.trouble]).toEqual([
      'restarting',
      'finished',
      undefined,
    ]);

    kernel.listener = undefined;
    const next = runner.run('2');
    kernel.become('autorestarting');
    await Promise.resolve();
    expect(kernel.listener).toBeUndefined();
    ready();
    await vi.waitFor(() => {
      expect(kernel.listener).toBeDefined();
    });
    kernel.finish('ok');
    await next;
    expect([runner.state, runner.outcome?.kind]).toEqual(['idle', 'finished']);
  });

  it('that died and was started by the server is ready, and why is still said', async () => {
    const { runner, run, kernel } = await running();
    kernel.become('autorestarting');
    kernel.fail(new Error('Canceled'));
    await run;
    expect([runner.state, runner.trouble]).toEqual(['dead', { kind: 'kernel-died' }]);

    kernel.become('idle');

    expect([runner.state, runner.trouble]).toEqual(['idle', { kind: 'kernel-back' }]);
  });

  it('that says nothing after it died is asked until it is ready', async () => {
    const { runner, run, kernel } = await running();
    vi.useFakeTimers();
    try {
      kernel.become('autorestarting');
      kernel.fail(new Error('Canceled'));
      await run;

      vi.advanceTimersByTime(5000);
      expect(kernel.nudge).toHaveBeenCalledTimes(2);
      kernel.become('idle');
      vi.advanceTimersByTime(5000);

      expect(runner.state).toBe('idle');
      expect(kernel.nudge).toHaveBeenCalledTimes(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('that has gone since the last run gives way to another, without a word', async () => {
    const { runner, run, kernel } = await running();
    kernel.finish('ok');
    await run;

    FakeConnection.last = undefined;
    const next = runner.run('2');
    await vi.waitFor(() => {
      expect(runner.state).toBe('busy');
    });
    kernel.dispatchEvent(new CustomEvent('lost', { detail: 4404 }));
    kernel.fail(new KernelLost(4404, 'kernel-gone'));
    const other = await vi.waitFor(() => {
      expect(FakeConnection.last?.listener).toBeDefined();
      return FakeConnection.last;
    });
    other?.finish('ok');
    await next;

    expect([runner.state, runner.trouble, runner.outcome?.kind]).toEqual([
      'idle',
      undefined,
      'finished',
    ]);
  });

  it('is another after choosing another', async () => {
    const { runner, run, kernel } = await running();
    kernel.finish('ok');
    await run;
    runner.choose('other');
    const next = runner.run('1');
    await vi.waitFor(() => {
      expect(FakeConnection.opened).toHaveBeenLastCalledWith('other');
    });
    await vi.waitFor(() => {
      FakeConnection.last?.finish('ok');
      expect(runner.isRunning).toBe(false);
    });
    await next;
    expect(kernel.dispose).toHaveBeenCalled();
  });
});

describe('trouble', () => {
  it.each([
    ['no kernel for the language', { kind: 'no-kernel', language: 'processing' }, {}],
    [
      'an ended sign-in',
      { kind: 'signed-out' },
      { 'api/server': () => problem(401, 'not-signed-in') },
    ],
    ['no network', { kind: 'offline' }, { 'api/server': () => Promise.reject(new TypeError()) }],
    [
      'a server that is gone again',
      { kind: 'server-silent' },
      { 'api/kernelspecs': () => problem(503, 'server-stopped') },
    ],
  ])('is told for %s', async (_, trouble, answers) => {
    serve(answers);
    const runner = newRunner(null, 'processing');
    await runner.run('1');
    expect(runner.trouble).toEqual(trouble);
    expect(runner.isRunning).toBe(false);
  });

  it('is told when the kernel dies, and a new one does the next run', async () => {
    const { runner, run, kernel } = await running();
    kernel.become('dead');
    kernel.fail(new Error('Canceled'));
    await run;
    expect([runner.state, runner.trouble]).toEqual(['dead', { kind: 'kernel-died' }]);

    FakeConnection.last = undefined;
    const next = await running(runner);
    expect(next.kernel).not.toBe(kernel);
    expect(runner.trouble).toBeUndefined();
    next.kernel.finish('ok');
    await next.run;
  });

  it('is mended by a run that is asked for before the lost one is over', async () => {
    const { runner, run, kernel } = await running();
    let answer: (answered: Response) => void = () => undefined;
    serve({ 'api/server': () => new Promise<Response>((resolve) => (answer = resolve)) });
    const lost = new CustomEvent('lost', { detail: KERNEL_CLOSED['server-stopped'] });
    kernel.dispatchEvent(lost);
    kernel.fail(new KernelLost(KERNEL_CLOSED['server-stopped'], ''));
    await vi.waitFor(() => {
      expect(runner.trouble).toEqual({ kind: 'server-stopped' });
    });

    const next = runner.run('again');
    serve();
    answer(Response.json({ state: 'stopped' }));
    await run;
    await vi.waitFor(() => {
      expect(FakeConnection.last).not.toBe(kernel);
      expect(FakeConnection.last?.listener).toBeDefined();
    });
    FakeConnection.last?.finish('ok');
    await next;

    expect([runner.outcome?.kind, runner.trouble]).toEqual(['finished', undefined]);
  });

  it('is none when a kernel is restarted on purpose', async () => {
    const { runner, run, kernel } = await running();
    kernel.finish('ok');
    await run;
    kernel.restart.mockImplementation(() => {
      kernel.become('autorestarting');
      return Promise.resolve();
    });
    await runner.restart();
    expect([runner.state, runner.trouble]).toEqual(['idle', undefined]);
  });

  it('names the ended sign-in when the socket was closed for it', async () => {
    const { runner, run, kernel } = await running();
    kernel.dispatchEvent(new CustomEvent('lost', { detail: 4401 }));
    kernel.fail(new Error('Canceled'));
    await run;
    expect([runner.state, runner.trouble]).toEqual(['lost', { kind: 'signed-out' }]);
  });
});
