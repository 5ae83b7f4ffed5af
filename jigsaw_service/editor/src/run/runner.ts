/**
 * Running code: from the button to the last output, and what to say when something is missing.
 *
 * The page shows what stands here and calls `run`, `interrupt`, `restart`; it knows nothing of kernels.
 */
import type { Client } from '../api/client';
import type { ExecutionStatus, InputRequest, KernelConnection } from './kernelConnection';
import type { Frame } from '../pageConfig';
import { chosenOf, fitting, kernelSpecs, type KernelSpec } from './kernelSpecs';
import { Outputs } from './outputs';
import { awaitServer, ensureServer } from './startServer';
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
  'none' | 'starting-server' | 'connecting' | 'idle' | 'busy' | 'restarting' | 'dead' | 'lost';

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

/** Milliseconds without a connection after which we say so. */
const SILENCE = 4000;

/** Events: `change`; `finished` (`CustomEvent<ExecutionStatus>`). */
export class Runner extends EventTarget {
  readonly outputs = new Outputs();
  state: KernelState = 'none';
  trouble: Trouble | undefined;
  /** How far the server is with starting. */
  progress: { percent: number; message: string } | undefined;
  input: InputRequest | undefined;
  /** The kernels that fit, once the server was asked. */
  kernels: readonly KernelSpec[] = [];

  #connection: KernelConnection | undefined;
  #abort = new AbortController();
  #code: string | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly client: Client,
    private readonly target: RunTarget,
  ) {
    super();
  }

  /** Whether it runs on a notebook's kernel, and on no other. */
  get isOfNotebook(): boolean {
    return this.target.notebook !== undefined;
  }

  get isRunning(): boolean {
    return this.#code !== undefined;
  }

  /**
   * Runs `code`, once `mayRun` has said so, and shows what comes. Does nothing while something runs.
   */
  async run(code: string, mayRun: () => Promise<boolean> = always): Promise<void> {
    if (this.isRunning) return;
    this.#code = code;
    this.trouble = undefined;
    this.#abort = new AbortController();
    try {
      if (!(await this.#isAllowed(mayRun))) return;
      this.outputs.clear();
      this.#connection ??= await this.#connect();
      await this.#execute(this.#connection, code);
    } catch (error) {
      this.#explain(error);
    } finally {
      this.#code = undefined;
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

  /** Stops what runs; before anything runs, stops waiting for it. */
  async interrupt(): Promise<void> {
    this.input = undefined;
    if (this.state === 'starting-server')
      this.#abort.abort(new DOMException('Interrupted', 'AbortError'));
    await this.#attempt(async () => this.#connection?.interrupt());
  }

  /** Starts the kernel afresh: variables are gone, the blocks stay. */
  async restart(): Promise<void> {
    this.trouble = undefined;
    this.#become('restarting');
    await this.#attempt(async () => {
      if (this.#connection) await this.#connection.restart();
      else this.#connection = await this.#connect();
      this.#become('idle');
    });
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

  /** Uses another kernel from the next run on. */
  /** The kernel that was chosen for the workspace; null: any of its language. */
  get kernelName(): string | null {
    return this.target.kernelName;
  }

  choose(kernelName: string): void {
    this.target.kernelName = kernelName;
    if (this.trouble?.kind === 'kernel-broken') this.trouble = undefined;
    this.#letGo('none');
  }

  dispose(): void {
    this.#abort.abort(new DOMException('The page was left', 'AbortError'));
    this.#connection?.dispose();
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
    const connection = await KernelConnection.attach(this.client, id, server);
    const language = await this.target.kernelLanguage();
    const specs = through === '' ? fitting(await kernelSpecs(this.client, server), language) : [];
    if (through === '' && !specs.some(({ name }) => name === connection.name)) {
      connection.dispose();
      throw new OtherLanguage(language);
    }
    this.#watch(connection);
    return connection;
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
    const { workspaceId, name } = this.target;
    const language = await this.target.kernelLanguage();
    this.kernels = fitting(await kernelSpecs(this.client), language);
    const chosen = this.chosen;
    if (!chosen) throw new NoKernel(language);
    const { KernelConnection } = await loading;
    const path = `jigsaw/${workspaceId}`;
    const opening = KernelConnection.open(this.client, path, name, chosen.name);
    const connection = await opening.catch(async (error: unknown) => {
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
      if (connection !== this.#connection) return;
      const isBack = connection.status === 'autorestarting';
      if ((!isBack && connection.status !== 'dead') || this.state === 'restarting') return;
      this.trouble = { kind: 'kernel-died' };
      // The server started another in its place, which the same connection reaches.
      if (isBack) this.#become('dead');
      else this.#letGo('dead');
    });
    connection.addEventListener('connection', () => {
      if (connection === this.#connection) this.#heardOfConnection(connection.connection);
    });
    connection.addEventListener('lost', (event) => {
      if (connection !== this.#connection) return;
      this.trouble = lossOf((event as CustomEvent<number>).detail);
      this.#letGo('lost');
    });
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
    }
    this.#changed();
  }

  async #execute(connection: KernelConnection, code: string): Promise<void> {
    this.#become('busy');
    const through = this.target.notebook?.through;
    const sent = through ? `%%${through}\n${code}` : code;
    const status: ExecutionStatus = await connection.execute(sent, {
      onOutput: (message) => {
        this.outputs.take(message);
      },
      onInput: (request) => {
        const answer = (value: string) => {
          this.input = undefined;
          request.answer(value);
          this.#changed();
        };
        this.input = { ...request, answer };
        this.#changed();
      },
    });
    this.#become('idle');
    this.dispatchEvent(new CustomEvent('finished', { detail: status }));
  }

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#explain(error);
    }
  }

  #explain(error: unknown): void {
    if (error instanceof DOMException && error.name === 'AbortError') {
      this.#become('none');
      return;
    }
    // A watcher may have said already what happened; what it broke is then no news.
    if (!this.trouble) this.trouble = troubleOf(error);
    if (this.state !== 'dead') this.#letGo('lost');
  }

  #letGo(state: KernelState): void {
    const connection = this.#connection;
    this.#connection = undefined;
    // Not at once: we may stand inside one of its own callbacks.
    setTimeout(() => connection?.dispose());
    this.#become(state);
  }

  #become(state: KernelState): void {
    this.state = state;
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

/** The spec of a kernel that has just been heard. */
const mended = (spec: KernelSpec): KernelSpec => ({ ...spec, why_not: null, fault: null });
const always = () => Promise.resolve(true);
