/**
 * Running code: from the button to the last output, and what to say when something is missing.
 *
 * The page shows what stands here and calls `look`, `run`, `stop`, `restart`; it knows nothing of kernels.
 */
import { command, type KernelPlace } from '../api/runs';
import type { Client } from '../api/client';
import type { Execution, InputRequest, KernelConnection } from './kernelConnection';
import { Follower } from './follower';
import { outcomeOf, type Outcome } from './outcome';
import type { Frame } from '../pageConfig';
import { chosenOf, fitting, kernelSpecs, type KernelSpec } from './kernelSpecs';
import { Outputs, type OutputMessage } from './outputs';
import { awaitServer, ensureServer, hasServer } from './startServer';
import {
  faultOf,
  KernelBroken,
  lossOf,
  NoKernel,
  OtherLanguage,
  troubleOf,
  type Trouble,
} from './trouble';

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

export interface RunTarget {
  workspaceId: string;
  name: string;
  /** The workspace's language as Jupyter calls it, such as `python`. */
  kernelLanguage(): Promise<string>;
  /** The kernel somebody chose for the workspace. */
  kernelName: string | null;
  /** In a notebook: its kernel, and no other. */
  notebook?: Frame | undefined;
}

/** A run of this page. */
interface OwnRun {
  /** When the kernel was asked; undefined before. */
  began?: number;
  isStopped: boolean;
  /** Rejects all waiting for what comes before the program. */
  readonly abort: AbortController;
  /** The kernel has begun with it: before, it takes no notice of being interrupted. */
  readonly begun: Signal;
}

/** Milliseconds without a connection after which we say so. */
const SILENCE = 4000;

/** Milliseconds after which a kernel that says nothing is busy with something else. */
const QUEUED = 1000;

/** Milliseconds that a stop waits for the program to begin. */
const BEGINS = 3000;

/** Events: `change`; `finished` (`CustomEvent<Outcome>`). */
export class Runner extends EventTarget {
  readonly outputs = new Outputs();
  state: KernelState = 'none';
  trouble: Trouble | undefined;
  /** How the last run ended. */
  outcome: Outcome | undefined;
  /** How far the server is with starting. */
  progress: { percent: number; message: string } | undefined;
  input: InputRequest | undefined;
  /** The kernels that fit, once the server was asked. */
  kernels: readonly KernelSpec[] = [];

  readonly #follower: Follower;
  readonly #place: KernelPlace;
  #connection: KernelConnection | undefined;
  /** The kernel that this page has found or started. */
  #kernelId: string | undefined;
  #run: OwnRun | undefined;
  #abort = new AbortController();
  #silence: ReturnType<typeof setTimeout> | undefined;
  /** The program has ended its own kernel. */
  #hasQuit = false;

  constructor(
    private readonly client: Client,
    private readonly target: RunTarget,
  ) {
    super();
    const { workspaceId, notebook } = target;
    const { kernel_id: id = null, server = '' } = notebook ?? {};
    this.#place = { id: id ?? undefined, server, shared: notebook !== undefined };
    this.#follower = new Follower(client, workspaceId, this.#place, this.outputs);
    this.#follower.addEventListener('change', () => {
      this.#followed();
    });
  }

  /** Whether it runs on a notebook's kernel, and on no other. */
  get isOfNotebook(): boolean {
    return this.target.notebook !== undefined;
  }

  get isRunning(): boolean {
    return this.#run !== undefined || this.isRunningElsewhere;
  }

  /** Whether the kernel runs what another page of the person's began, or a script. */
  get isRunningElsewhere(): boolean {
    return this.#run === undefined && this.#follower.isRunning;
  }

  /** Whether there is a kernel to be started afresh. */
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
    await this.#follower.look();
  }

  /**
   * Runs `code`, once `mayRun` has said so, and shows what comes. While something runs already, it says so.
   */
  async run(code: string, mayRun: () => Promise<boolean> = always): Promise<void> {
    if (this.#run) return;
    if (this.isRunningElsewhere) {
      this.#become(this.state, { kind: 'already-running' });
      return;
    }
    const run: OwnRun = {
      isStopped: false,
      abort: new AbortController(),
      begun: new Signal(),
    };
    this.#run = run;
    this.#abort = run.abort;
    this.trouble = undefined;
    try {
      if (!(await this.#isAllowed(mayRun))) return;
      this.#follower.isPaused = true;
      this.outputs.clear();
      this.outcome = undefined;
      run.abort.signal.throwIfAborted();
      this.#connection ??= await this.#connect();
      run.abort.signal.throwIfAborted();
      await this.#execute(run, this.#connection, code);
    } catch (error) {
      await this.#failed(run, error);
    } finally {
      this.#run = undefined;
      this.#follower.isPaused = false;
      this.input = this.progress = undefined;
      this.#changed();
    }
  }

  /** Where it can't be told, nothing runs; what ran before is not touched. */
  async #isAllowed(mayRun: () => Promise<boolean>): Promise<boolean> {
    try {
      return await mayRun();
    } catch (error) {
      const trouble = troubleOf(error);
      this.trouble = trouble.kind === 'offline' ? { kind: 'authors-unknown' } : trouble;
      return false;
    }
  }

  /** Stops what runs, whoever began it; before anything runs, stops waiting for it. */
  async stop(): Promise<void> {
    const run = this.#run;
    if (run) run.isStopped = true;
    if (this.input) this.outputs.asked(this.input.prompt);
    this.input = undefined;
    if (run && run.began === undefined) run.abort.abort(new DOMException('Stopped', 'AbortError'));
    else if (run) await Promise.race([run.begun.given, pause(BEGINS)]);
    await this.#command('interrupt');
    if (!run) await this.look();
  }

  /** Starts the kernel afresh: variables are gone, the blocks stay. */
  async restart(): Promise<void> {
    const run = this.#run;
    this.input = undefined;
    this.#become('restarting', undefined);
    if (run && run.began === undefined)
      run.abort.abort(new DOMException('Restarted', 'AbortError'));
    await this.#attempt(async () => {
      if (this.#connection) await this.#connection.restart();
      else await this.#command('restart');
      this.#become('idle');
      await this.look();
    });
  }

  async #command(what: 'interrupt' | 'restart'): Promise<void> {
    const kernel = this.#kernel;
    if (kernel === undefined) return;
    await this.#attempt(() => command(this.client, kernel, this.#place.server, what));
  }

  /** Waits until the person has started the server on the Hub's page, then calls `then`. */
  async whenServerRuns(then: () => void): Promise<void> {
    this.#abort = new AbortController();
    this.#become('starting-server');
    await this.#attempt(async () => {
      await awaitServer(this.client, this.#abort.signal);
      this.#become('none');
      then();
    });
  }

  /** The kernel that was chosen for the workspace; null: any of its language. */
  get kernelName(): string | null {
    return this.target.kernelName;
  }

  /** Uses another kernel from the next run on. */
  choose(kernelName: string): void {
    this.target.kernelName = kernelName;
    if (this.trouble?.kind === 'kernel-broken') this.trouble = undefined;
    this.#letGo('none');
  }

  dispose(): void {
    this.#abort.abort(new DOMException('The page was left', 'AbortError'));
    this.#follower.dispose();
    this.#connection?.dispose();
  }

  /** What the follower has seen, unless this page knows better. */
  #followed(): void {
    const { kernel, run, outcome, isRunning, isCutOff } = this.#follower;
    if (this.#run || this.state === 'restarting' || this.state === 'starting-server') return;
    if (run) this.outcome = outcome;
    this.input = run?.input ? this.#question(run.input) : undefined;
    if (isRunning) {
      if (this.trouble?.kind !== 'already-running') this.trouble = undefined;
      this.state = isCutOff ? 'lost' : 'busy';
    } else {
      if (this.trouble?.kind === 'already-running') this.trouble = undefined;
      if (outcome?.kind === 'lost' && run) this.trouble ??= { kind: 'kernel-died' };
      if (!isCutOff && !this.trouble) this.state = kernel ? 'idle' : 'none';
    }
    this.#changed();
  }

  /** What a program asks that another page began, or this one before it was loaded anew. */
  #question({
    header,
    prompt,
    password,
  }: NonNullable<NonNullable<Follower['run']>['input']>): InputRequest {
    const asked = JSON.stringify(header);
    if (this.input?.id === asked) return this.input;
    const answer = (value: string) => {
      this.#answered(prompt, password, value);
      void this.#attempt(async () => {
        const { KernelConnection } = await import('./kernelConnection');
        const kernel = this.#kernel ?? '';
        await KernelConnection.answer(this.client, kernel, this.#place.server, header, value);
      });
    };
    return { id: asked, prompt, password, answer };
  }

  #answered(prompt: string, isSecret: boolean, value: string): void {
    this.input = undefined;
    this.outputs.asked(prompt, isSecret ? undefined : value);
    this.#changed();
  }

  #connect(): Promise<KernelConnection> {
    const { notebook } = this.target;
    return notebook ? this.#attach(notebook) : this.#open();
  }

  /** The notebook's own kernel; nothing is started in its place. */
  async #attach({ kernel_id: id, server, through }: Frame): Promise<KernelConnection> {
    this.#become('connecting');
    const { KernelConnection, KernelGone } = await import('./kernelConnection');
    if (id === null) throw new KernelGone();
    const connection = await this.#unlessStopped(
      KernelConnection.attach(this.client, id, server, this.#path),
    );
    const language = await this.target.kernelLanguage();
    const specs = through === '' ? fitting(await kernelSpecs(this.client, server), language) : [];
    if (through === '' && !specs.some(({ name }) => name === connection.name)) {
      connection.dispose();
      throw new OtherLanguage(language);
    }
    this.#watch(connection);
    return connection;
  }

  /** The path of the workspace's session, and the name by which the kernel tells its runs. */
  get #path(): string {
    return `jigsaw/${this.target.workspaceId}`;
  }

  /** What `work` yields, unless the person stops waiting for it first. */
  async #unlessStopped(work: Promise<KernelConnection>): Promise<KernelConnection> {
    const { signal } = this.#abort;
    const stopped = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
    });
    try {
      return await Promise.race([work, stopped]);
    } catch (error) {
      if (signal.aborted)
        void work.then(
          (late) => {
            late.dispose();
          },
          () => undefined,
        );
      throw error;
    }
  }

  async #open(): Promise<KernelConnection> {
    this.#become('starting-server');
    const loading = import('./kernelConnection');
    await ensureServer(
      this.client,
      ({ progress, message }) => {
        this.progress = { percent: progress, message };
        this.#changed();
      },
      this.#abort.signal,
    );
    this.progress = undefined;
    this.#become('connecting');
    const language = await this.target.kernelLanguage();
    this.kernels = fitting(await kernelSpecs(this.client), language);
    const chosen = this.chosen;
    if (!chosen) throw new NoKernel(language);
    const { KernelConnection } = await loading;
    const found = (id: string) => {
      this.#kernelId = id;
      this.#changed();
    };
    const { name } = this.target;
    const opening = KernelConnection.open(this.client, this.#path, name, chosen.name, found);
    const connection = await this.#unlessStopped(opening).catch(async (error: unknown) => {
      const fault = faultOf(error);
      if (!fault) throw error;
      // From now on, it is known not to start.
      this.kernels = fitting(await kernelSpecs(this.client), language);
      throw new KernelBroken(chosen.title, fault, error instanceof Error ? error.message : '');
    });
    this.kernels = this.kernels.map((spec) => (spec.name === chosen.name ? mended(spec) : spec));
    this.#watch(connection);
    return connection;
  }

  /** The kernel that the next run goes to, as far as that is known. */
  get chosen(): KernelSpec | undefined {
    return chosenOf(this.kernels, this.target.kernelName);
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
      this.trouble = lossOf((event as CustomEvent<number>).detail);
      this.#letGo('lost');
      void this.#makeSure();
    });
  }

  /** A kernel that ends, on its own or somebody else's wish. */
  #heardOfKernel(status: string): void {
    const isBack = status === 'autorestarting';
    if ((!isBack && status !== 'dead') || this.state === 'restarting') return;
    // The server started another in its place, which the same connection reaches.
    if (isBack && this.#hasQuit) return;
    this.trouble = { kind: 'kernel-died' };
    if (isBack) this.#become('dead');
    else this.#letGo('dead');
  }

  /** A server that doesn't answer has stopped, or the Hub doesn't know yet that it has. */
  async #makeSure(): Promise<void> {
    if (this.trouble?.kind !== 'server-stopped') return;
    if (!(await hasServer(this.client))) return;
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
    this.#hasQuit = false;
    const through = this.target.notebook?.through;
    const sent = through ? `%%${through}\n${code}` : code;
    run.began = performance.now();
    const queued = setTimeout(() => {
      this.#become('waiting');
    }, QUEUED);
    const heard = (message: OutputMessage) => {
      if (message.header.msg_type !== 'status') run.begun.give();
      if (this.#run === run && run.begun.isGiven) {
        clearTimeout(queued);
        if (this.state === 'waiting') this.#become('busy');
      }
      this.outputs.take(message);
    };
    let execution: Execution;
    try {
      execution = await connection.execute(sent, {
        onRequest: (id) => {
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
    this.#hasQuit = execution.quits;
    this.#end(outcomeOf({ ...execution, stopped: run.isStopped }, secondsOf(run)));
    this.#become('idle');
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

  /** Why a run of this page did not come to its end. */
  async #failed(run: OwnRun, error: unknown): Promise<void> {
    const seconds = secondsOf(run);
    if (this.state === 'restarting') {
      this.#end({ kind: 'restarted', seconds });
      return;
    }
    await this.#explain(error);
    if (run.began !== undefined) this.#end({ kind: 'lost', seconds });
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
    if (!this.trouble) this.trouble = troubleOf(error);
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

/** Something that is given once, and can be waited for. */
class Signal {
  isGiven = false;
  #resolve: () => void = () => undefined;
  readonly given = new Promise<void>((resolve) => (this.#resolve = resolve));

  give(): void {
    this.isGiven = true;
    this.#resolve();
  }
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const secondsOf = ({ began }: OwnRun) =>
  began === undefined ? 0 : (performance.now() - began) / 1000;
/** The spec of a kernel that has just been heard. */
const mended = (spec: KernelSpec): KernelSpec => ({ ...spec, why_not: null, fault: null });
const always = () => Promise.resolve(true);
