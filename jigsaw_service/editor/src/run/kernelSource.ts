/** Kernel source: finds a workspace's kernel, starts one if needed, or takes the notebook's own. */
import type { Client } from '../api/client';
import type { Frame } from '../api/pageConfig';
import type { KernelConnection } from './kernelConnection';
import { chosenOf, fitting, kernelSpecs, type KernelSpec } from './kernelSpecs';
import { ensureServer } from './startServer';
import { faultOf, KernelBroken, NoKernel, OtherLanguage } from './trouble';

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

/** Steps on the way to the kernel; hears of each. */
export interface Steps {
  at(step: 'starting-server' | 'connecting'): void;
  /** Progress of the server's start. */
  serverStarts(progress: { percent: number; message: string } | undefined): void;
  /** Id of the kernel, before that answers. */
  found(id: string): void;
}

export class KernelSource {
  readonly #client: Client;
  readonly #target: RunTarget;
  readonly #steps: Steps;

  /** The kernels that fit, once the server was asked. */
  kernels: readonly KernelSpec[] = [];

  constructor(client: Client, target: RunTarget, steps: Steps) {
    this.#client = client;
    this.#target = target;
    this.#steps = steps;
  }

  /** The kernel that the next run goes to, as far as that is known. */
  get chosen(): KernelSpec | undefined {
    return chosenOf(this.kernels, this.#target.kernelName);
  }

  /** Connects to the kernel, unless `signal` aborts. */
  connect(signal: AbortSignal): Promise<KernelConnection> {
    const { notebook } = this.#target;
    return disposable(notebook ? this.#attach(notebook) : this.#open(signal), signal);
  }

  /** The path of the workspace's session, and the name by which the kernel tells its runs. */
  get #path(): string {
    return `jigsaw/${this.#target.workspaceId}`;
  }

  /** The notebook's own kernel; nothing is started in its place. */
  async #attach({ kernel_id: id, server, through }: Frame): Promise<KernelConnection> {
    this.#steps.at('connecting');
    const { KernelConnection, KernelGone } = await import('./kernelConnection');
    if (id === null) throw new KernelGone();
    const connection = await KernelConnection.attach(this.#client, id, server, this.#path);
    const language = await this.#target.kernelLanguage();
    const specs = through === '' ? fitting(await kernelSpecs(this.#client, server), language) : [];
    if (through === '' && !specs.some(({ name }) => name === connection.name)) {
      connection.dispose();
      throw new OtherLanguage(language);
    }
    return connection;
  }

  /** The workspace's own kernel, on a server that is started for it where need be. */
  async #open(signal: AbortSignal): Promise<KernelConnection> {
    this.#steps.at('starting-server');
    const loading = import('./kernelConnection');
    await ensureServer(
      this.#client,
      ({ progress, message }) => {
        this.#steps.serverStarts({ percent: progress, message });
      },
      signal,
    );
    signal.throwIfAborted();
    this.#steps.serverStarts(undefined);
    this.#steps.at('connecting');
    const language = await this.#target.kernelLanguage();
    this.kernels = fitting(await kernelSpecs(this.#client), language);
    const chosen = this.chosen;
    if (!chosen) throw new NoKernel(language);
    const { KernelConnection } = await loading;
    signal.throwIfAborted();
    const opening = KernelConnection.open(
      this.#client,
      this.#path,
      this.#target.name,
      chosen.name,
      (id) => {
        this.#steps.found(id);
      },
    );
    const connection = await opening.catch(async (error: unknown) => {
      const fault = faultOf(error);
      if (!fault) throw error;
      // From now on, it is known not to start.
      this.kernels = fitting(await kernelSpecs(this.#client), language);
      throw new KernelBroken(chosen.title, fault, error instanceof Error ? error.message : '');
    });
    this.kernels = this.kernels.map((spec) => (spec.name === chosen.name ? mended(spec) : spec));
    return connection;
  }
}

/** Result of `work`, unless `signal` aborts first. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
  return Promise.race([work, aborted]);
}

/** The same of a connection, which is let go where it comes too late. */
async function disposable(
  opening: Promise<KernelConnection>,
  signal: AbortSignal,
): Promise<KernelConnection> {
  try {
    return await unlessAborted(opening, signal);
  } catch (error) {
    const letGo = (late: KernelConnection) => {
      late.dispose();
    };
    if (signal.aborted) void opening.then(letGo, () => undefined);
    throw error;
  }
}

/** The spec of a kernel that has just been heard. */
const mended = (spec: KernelSpec): KernelSpec => ({ ...spec, why_not: null, fault: null });
