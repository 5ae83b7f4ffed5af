/**
 * Running code: from the button to the last output, and what to say when something is missing.
 *
 * The page shows what stands here and calls `look`, `run`, `stop`, `restart`; it knows nothing of kernels.
 */
import { KERNEL_CLOSED } from '../api/protocol';
import { command, type KernelPlace } from '../api/runs';
import type { Client } from '../api/client';
import type { RunNews } from '../live/messages';
import type { Explanation } from './explanation';
import { Follower } from './follower';
import type { Execution, InputRequest, KernelConnection } from './kernelConnection';
import { KernelLost } from './kernelLost';
import { KernelSource, unlessAborted, type RunTarget } from './kernelSource';
import type { KernelSpec } from './kernelSpecs';
import { outcomeOf, type Outcome } from './outcome';
import { Outputs, type OutputMessage } from './outputs';
import { OwnRun } from './ownRun';
import { awaitServer, hasServer } from './startServer';
import { lossOf, statusOf, troubleOf, type Trouble } from './trouble';

export type KernelState =
  | 'none'
  | 'starting-server'
  | 'connecting'
  | 'waiting'
  | 'idle'
  | 'busy'
  | 'restarting'
  | 'dead'
  | 'lost';

/** Milliseconds without a connection after which we say so. */
const SILENCE = 4000;

/** Milliseconds after which a kernel that says nothing is busy with something else. */
const QUEUED = 1000;

/** Milliseconds between two questions to a kernel that is being started anew. */
const NUDGES = 2000;

/** Questions to a kernel that was interrupted at nobody's wish: it may be for a restart. Each waits twice as long as the last. */
const DOUBTS = 5;

/** Events: `change`; `finished` (`CustomEvent<Outcome>`); `explained` (`CustomEvent<Explanation>`). */
export class Runner extends EventTarget {
  readonly #client: Client;
  readonly #target: RunTarget;

  readonly outputs = new Outputs();
  state: KernelState = 'none';
  trouble: Trouble | undefined;
  /** Outcome of the last run. */
  outcome: Outcome | undefined;
  explanation: Explanation | undefined;
  /** Progress of the server's start. */
  progress: { percent: number; message: string } | undefined;
  input: InputRequest | undefined;
  readonly #follower: Follower;
  readonly #place: KernelPlace;
  readonly #source: KernelSource;
  #connection: KernelConnection | undefined;
  /** The kernel that this page has found or started. */
  #kernelId: string | undefined;
  #run: OwnRun | undefined;
  /** Settles when the last run of this page is over. */
  #current: Promise<void> | undefined;
  #lastId = '';
  /** Ends the waiting for a server that somebody starts on the Hub's page. */
  #waiting = new AbortController();
  #silence: ReturnType<typeof setTimeout> | undefined;
  /** Until the kernel, which is started afresh, can be asked again. */
  #restarting: Promise<void> | undefined;
  #nudging: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, target: RunTarget) {
    super();
    this.#client = client;
    this.#target = target;

    const { workspaceId, notebook } = target;
    const { kernel_id: id = null, server = '' } = notebook ?? {};
    this.#place = { id: id ?? undefined, server, shared: notebook !== undefined };
    this.#follower = new Follower(client, workspaceId, this.#place, this.outputs);
    this.#follower.addEventListener('change', () => {
      this.#followed();
    });
    this.#source = new KernelSource(client, target, {
      at: (step) => {
        this.#become(step);
      },
      serverStarts: (progress) => {
        this.progress = progress;
        this.#changed();
      },
      found: (id) => {
        this.#kernelId = id;
        this.#changed();
      },
    });
  }

  /** True if it runs on a notebook's kernel, and on no other. */
  get isOfNotebook(): boolean {
    return this.#target.notebook !== undefined;
  }

  get isRunning(): boolean {
    return this.#run !== undefined || this.isRunningElsewhere;
  }

  /** True if the kernel runs what another page of the person's began, or a script. */
  get isRunningElsewhere(): boolean {
    return this.#run === undefined && this.#follower.isRunning;
  }

  /** Seconds that what runs has run; undefined while the kernel was asked for nothing. */
  get seconds(): number | undefined {
    if (this.#run) return this.#run.isAsked ? this.#run.seconds : undefined;
    return this.#follower.isRunning ? this.#follower.run?.seconds : undefined;
  }

  /** True if there is a kernel to be started afresh. */
  get hasKernel(): boolean {
    return this.#kernel !== undefined;
  }

  get #kernel(): string | undefined {
    return this.#place.id ?? this.#kernelId ?? this.#follower.kernel?.id;
  }

  /** Looks whether the workspace's kernel runs something already. Starts nothing, and never fails. */
  async look(): Promise<void> {
    // An address without a kernel means that it has gone.
    if (this.isOfNotebook && this.#place.id === undefined) return;
    await this.#follower.poll();
  }

  /** Takes the service's news of a run of the person's, begun on any page. */
  heard({ run: id, end, answered }: RunNews): void {
    const run = this.#run;
    if (!run) {
      // It was interrupted for the restart, and its end was told before.
      if (end === 'restarted' && id === this.#lastId && this.outcome?.kind === 'stopped')
        this.#end({ ...this.outcome, kind: 'restarted' });
      void this.look();
    } else if (run.id !== id) return;
    else if (end === 'restarted') {
      run.isRestarted = true;
      this.#connection?.abandon();
    } else if (answered && this.input?.id === answered) this.#answered(this.input.prompt, true, '');
  }

  /**
   * Runs `code`, once `mayRun` has said so, and shows what comes. While something runs already, it says so.
   */
  async run(code: string, mayRun: () => Promise<boolean> = always): Promise<void> {
    // What ended a run may be told, and mended, before all of it is over.
    if (this.state === 'lost' || this.state === 'dead') await this.#current;
    if (this.#run) return;
    if (this.isRunningElsewhere) {
      this.#become(this.state, { kind: 'already-running' });
      return;
    }
    this.#current = this.#perform((this.#run = new OwnRun()), code, mayRun);
    await this.#current;
  }

  async #perform(run: OwnRun, code: string, mayRun: () => Promise<boolean>): Promise<void> {
    this.trouble = undefined;
    try {
      if (!(await this.#isAllowed(mayRun))) return;
      this.#follower.isPaused = true;
      this.outputs.clear();
      this.outcome = this.explanation = undefined;
      if (this.#restarting) await unlessAborted(this.#restarting, run.signal);
      await this.#carryOut(run, code);
    } catch (error) {
      await this.#failed(run, error);
    } finally {
      this.#run = undefined;
      this.#follower.isPaused = false;
      this.input = this.progress = undefined;
      this.#changed();
    }
  }

  async #carryOut(run: OwnRun, code: string): Promise<void> {
    try {
      await this.#execute(run, await this.#connected(run.signal), code);
    } catch (error) {
      if (!isGone(error) || run.hasBegun || this.isOfNotebook) throw error;
      // Somebody has ended it since the last run; there will be another.
      this.#letGo('connecting');
      await this.#execute(run, await this.#connected(run.signal), code);
    }
  }

  async #connected(signal: AbortSignal): Promise<KernelConnection> {
    signal.throwIfAborted();
    if (!this.#connection) {
      const connection = await this.#source.connect(signal);
      this.#watch(connection);
      this.#connection = connection;
    }
    signal.throwIfAborted();
    return this.#connection;
  }

  /** Asks if the program may run. If that can't be told, nothing runs; earlier results stay. */
  async #isAllowed(mayRun: () => Promise<boolean>): Promise<boolean> {
    try {
      return await mayRun();
    } catch (error) {
      const trouble = troubleOf(error);
      this.trouble = trouble.kind === 'offline' ? { kind: 'authors-unknown' } : trouble;
      return false;
    }
  }

  /** Stops what runs, begun by anybody; before anything runs, stops waiting for it. */
  async stop(): Promise<void> {
    const run = this.#run;
    if (run) run.isStopped = true;
    if (this.input) this.outputs.asked(this.input.prompt);
    this.input = undefined;
    if (run && !run.isAsked) run.abandon('Stopped');
    else if (run) await this.#makeStoppable(run);
    await this.#attempt(() => this.#interrupt(run));
    if (!run) await this.look();
  }

  /** Waits until the kernel has begun with a run; one that begins too late is interrupted again then. */
  async #makeStoppable(run: OwnRun): Promise<void> {
    await run.canBeInterrupted();
    if (run.hasBegun) return;
    void run.beginning.then(() => {
      if (this.#run === run) void this.#attempt(() => this.#interrupt(run));
    });
  }

  async #interrupt(run: OwnRun | undefined): Promise<void> {
    try {
      await this.#command('interrupt');
    } catch (error) {
      if (statusOf(error) !== 404 || this.isOfNotebook) throw error;
      // A kernel that is no longer there needs no interrupt; one that runs a program tells of its end.
      if (run?.isAsked) return;
      this.#follower.kernel = undefined;
      this.#letGo('none');
    }
  }

  /** Starts the kernel afresh: variables are gone, the blocks stay. */
  async restart(): Promise<void> {
    const run = this.#run;
    this.input = undefined;
    if (run) run.isRestarted = true;
    if (run && !run.isAsked) run.abandon('Restarted');
    await this.#startAfresh();
    await this.look();
  }

  /** Runs may be asked for meanwhile: they wait. */
  #startAfresh(): Promise<void> {
    this.#become('restarting', undefined);
    const restarted = async () => {
      try {
        if (this.#connection) await this.#connection.restart();
        else await this.#command('restart');
        if (this.state === 'restarting') this.#become('idle');
      } catch (error) {
        // A kernel that is no longer there needs no restart.
        if (statusOf(error) === 404 && !this.isOfNotebook) this.#letGo('none');
        else await this.#explain(error);
      }
    };
    return (this.#restarting ??= restarted().finally(() => {
      this.#restarting = undefined;
    }));
  }

  async #command(what: 'interrupt' | 'restart'): Promise<void> {
    const kernel = this.#kernel;
    if (kernel === undefined) return;
    await command(this.#client, kernel, this.#place.server, what);
  }

  /** Takes what explains how the run ended. */
  takeExplanation(explanation: Explanation): void {
    this.explanation = explanation;
    this.dispatchEvent(new CustomEvent('explained', { detail: explanation }));
    this.#changed();
  }

  /** Asks the kernel by an expression of ours, silently; undefined where none can be asked, or it doesn't answer. */
  async ask(expression: string): Promise<string | undefined> {
    return this.#connection?.ask(expression).catch(() => undefined);
  }

  /** Waits until the person has started the server on the Hub's page, then calls `then`. */
  async whenServerRuns(then: () => void): Promise<void> {
    this.#waiting = new AbortController();
    this.#become('starting-server');
    await this.#attempt(async () => {
      await awaitServer(this.#client, this.#waiting.signal);
      this.#become('none');
      then();
    });
  }

  /** The kernel that was chosen for the workspace; null: any of its language. */
  get kernelName(): string | null {
    return this.#target.kernelName;
  }

  /** Uses another kernel from the next run on. */
  choose(kernelName: string): void {
    this.#target.kernelName = kernelName;
    if (this.trouble?.kind === 'kernel-broken') this.trouble = undefined;
    this.#letGo('none');
  }

  dispose(): void {
    clearTimeout(this.#nudging);
    this.#waiting.abort(new DOMException('The page was left', 'AbortError'));
    this.#run?.abandon('The page was left');
    this.#follower.dispose();
    this.#connection?.dispose();
  }

  /** Takes the state that the follower has seen, unless this page knows better. */
  #followed(): void {
    const { kernel, run, outcome, isRunning, isCutOff } = this.#follower;
    if (this.#run || this.state === 'restarting' || this.state === 'starting-server') return;
    if (run || outcome) this.outcome = outcome;
    this.input = run?.input ? this.#question(run.input) : undefined;
    if (isRunning) {
      if (this.trouble?.kind !== 'already-running') this.trouble = undefined;
      this.state = isCutOff ? 'lost' : 'busy';
    } else {
      if (this.trouble?.kind === 'already-running') this.trouble = undefined;
      if (outcome?.kind === 'lost' && run)
        this.trouble ??= { kind: kernel ? 'kernel-back' : 'kernel-died' };
      if (!isCutOff && (!this.trouble || this.state === 'busy'))
        this.state = kernel ? 'idle' : 'none';
    }
    this.#changed();
  }

  /** Question of a program that another page began, or this one before it was loaded anew. */
  #question({
    header,
    prompt,
    password,
  }: NonNullable<NonNullable<Follower['run']>['input']>): InputRequest {
    const id = String(header['msg_id']);
    if (this.input?.id === id) return this.input;
    const answer = (value: string) => {
      this.#answered(prompt, password, value);
      void this.#attempt(async () => {
        const { KernelConnection } = await import('./kernelConnection');
        const kernel = this.#kernel ?? '';
        await KernelConnection.answer(this.#client, kernel, this.#place.server, header, value);
      });
    };
    return { id, prompt, password, answer };
  }

  #answered(prompt: string, isSecret: boolean, value: string): void {
    this.input = undefined;
    this.outputs.asked(prompt, isSecret ? undefined : value);
    this.#changed();
  }

  /** The kernels that fit, once the server was asked. */
  get kernels(): readonly KernelSpec[] {
    return this.#source.kernels;
  }

  /** The kernel that the next run goes to, as far as that is known. */
  get chosen(): KernelSpec | undefined {
    return this.#source.chosen;
  }

  /** Asks again and again for the kernel that the server starts in the place of one that died. */
  #nudge(): void {
    clearTimeout(this.#nudging);
    this.#nudging = setTimeout(() => {
      if (this.state !== 'dead' || !this.#connection) return;
      this.#connection.nudge();
      this.#nudge();
    }, NUDGES);
  }

  /** A server interrupts what runs before it restarts a kernel, which then says nothing unless it is asked. */
  #doubt(pause = NUDGES / 2, left = DOUBTS): void {
    clearTimeout(this.#nudging);
    this.#nudging = setTimeout(() => {
      if (this.#run || this.outcome?.kind !== 'stopped') return;
      this.#connection?.nudge();
      if (left > 1) this.#doubt(2 * pause, left - 1);
    }, pause);
  }

  #watch(connection: KernelConnection): void {
    connection.addEventListener('status', () => {
      if (connection === this.#connection) this.#heardOfKernel(connection.status);
    });
    connection.addEventListener('elsewhere', () => {
      if (connection === this.#connection) void this.look();
    });
    connection.addEventListener('connection', () => {
      if (connection === this.#connection) this.#heardOfConnection(connection.connection);
    });
    connection.addEventListener('lost', (event) => {
      if (connection !== this.#connection) return;
      const code = (event as CustomEvent<number>).detail;
      // A run tells it, or takes another kernel.
      if (code === KERNEL_CLOSED['kernel-gone']) return;
      this.trouble = lossOf(code);
      this.#letGo('lost');
      void this.#makeSure();
    });
  }

  /** A kernel that ends, on its own or somebody else's wish. */
  #heardOfKernel(status: string): void {
    if (this.state === 'restarting') return;
    if (status === 'dead') {
      this.trouble = { kind: 'kernel-died' };
      this.#letGo('dead');
    } else if (status === 'autorestarting') {
      // The server starts another in its place, which the same connection reaches.
      this.#become('dead', { kind: 'kernel-died' });
      this.#nudge();
    } else if (status === 'idle' && this.state === 'dead') {
      this.#become('idle', { kind: 'kernel-back' });
    }
  }

  /** A server that doesn't answer has stopped, or the Hub doesn't know yet that it has. */
  async #makeSure(): Promise<void> {
    if (this.trouble?.kind !== 'server-stopped') return;
    if (!(await hasServer(this.#client))) return;
    this.trouble = { kind: 'server-silent' };
    this.#changed();
  }

  /** A socket that does not come back soon is told; it goes on trying, and news of it takes the words back. */
  #heardOfConnection(connection: string): void {
    clearTimeout(this.#silence);
    if (connection === 'connected' && this.trouble?.kind === 'offline') this.trouble = undefined;
    if (connection === 'connecting' && this.isRunning) {
      this.#silence = setTimeout(() => {
        this.trouble = { kind: 'offline' };
        this.#changed();
      }, SILENCE);
    }
    if (connection === 'disconnected') {
      this.trouble = { kind: 'server-stopped' };
      this.#letGo('lost');
      void this.#makeSure();
    }
    this.#changed();
  }

  async #execute(run: OwnRun, connection: KernelConnection, code: string): Promise<void> {
    this.#become('busy');
    const through = this.#target.notebook?.through;
    const sent = through ? `%%${through}\n${code}` : code;
    run.asked();
    const queued = setTimeout(() => {
      this.#become('waiting');
    }, QUEUED);
    const heard = (message: OutputMessage) => {
      if (message.header.msg_type !== 'status') run.begun();
      if (this.#run === run && run.hasBegun) {
        clearTimeout(queued);
        if (this.state === 'waiting') this.#become('busy');
      }
      this.outputs.take(message);
    };
    let execution: Execution;
    try {
      execution = await connection.execute(sent, {
        onRequest: (id) => {
          run.id = this.#lastId = id;
          this.#follower.own(id);
        },
        onOutput: heard,
        onInput: (request) => {
          this.#ask(request);
        },
      });
    } finally {
      clearTimeout(queued);
    }
    this.#end(this.#outcomeOf(run, execution));
    if (execution.name === 'KeyboardInterrupt' && !run.isStopped) this.#doubt();
    // Else the server would find it dead some seconds later, and lose what is asked meanwhile.
    if (execution.quits) void this.#startAfresh();
    else this.#become('idle');
  }

  #outcomeOf(run: OwnRun, { status, name, value }: Execution): Outcome {
    const { seconds, isStopped: stopped } = run;
    if (status !== 'unanswered') return outcomeOf({ status, name, value, stopped }, seconds);
    const { failure } = this.outputs;
    return outcomeOf({ status: failure ? 'error' : 'ok', ...failure, stopped }, seconds);
  }

  #ask(request: InputRequest): void {
    const answer = (value: string) => {
      request.answer(value);
      this.#answered(request.prompt, request.password, value);
    };
    this.input = { ...request, answer };
    this.#changed();
  }

  #end(outcome: Outcome): void {
    if (outcome.kind === 'stopped') this.outputs.stopped();
    this.outcome = outcome;
    this.dispatchEvent(new CustomEvent('finished', { detail: outcome }));
  }

  /** Tells why a run of this page did not come to its end. */
  async #failed(run: OwnRun, error: unknown): Promise<void> {
    const { seconds } = run;
    if (run.isRestarted) {
      this.#end({ kind: 'restarted', seconds });
      // By somebody else, who tells when it is done.
      if (this.state !== 'restarting') this.#become('idle');
      return;
    }
    await this.#explain(error);
    if (run.isAsked) this.#end({ kind: 'lost', seconds });
    else if (run.isStopped) this.#end({ kind: 'stopped', seconds });
  }

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.#explain(error);
    }
  }

  async #explain(error: unknown): Promise<void> {
    if (error instanceof DOMException && error.name === 'AbortError') {
      if (this.state !== 'restarting') this.#become(this.#kernel === undefined ? 'none' : 'idle');
      return;
    }
    // A watcher may have said already what happened; what it broke is then no news.
    this.trouble ??=
      isGone(error) && !this.isOfNotebook ? { kind: 'kernel-died' } : troubleOf(error);
    if (this.state !== 'dead') this.#letGo('lost');
    await this.#makeSure();
  }

  #letGo(state: KernelState): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#kernelId = undefined;
    // Not at once: we may stand inside one of its own callbacks.
    setTimeout(() => connection?.dispose());
    this.#become(state);
  }

  #become(state: KernelState, trouble = this.trouble): void {
    this.state = state;
    this.trouble = trouble;
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

const always = () => Promise.resolve(true);

/** True if the kernel that was asked to run something is no longer there. */
const isGone = (error: unknown) =>
  error instanceof KernelLost && error.code === KERNEL_CLOSED['kernel-gone'];
