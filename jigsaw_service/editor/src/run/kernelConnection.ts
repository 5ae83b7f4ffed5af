/** A kernel of the person's own server, through the relay. Loaded when first needed: it brings Jupyter's client. */
import {
  KernelAPI,
  KernelConnection as JupyterConnection,
  ServerConnection,
  SessionAPI,
} from '@jupyterlab/services';
import type { KernelMessage } from '@jupyterlab/services';
import type { Client } from '../api/client';
import { KernelLost } from './kernelLost';
import type { OutputMessage } from './outputs';

export interface InputRequest {
  prompt: string;
  /** Whether what is typed must not be shown. */
  password: boolean;
  answer(value: string): void;
}

export interface ExecutionListener {
  onOutput(message: OutputMessage): void;
  onInput(request: InputRequest): void;
}

export type ExecutionStatus = 'ok' | 'error' | 'aborted';

/** The kernel that was asked for has ended, or its server has. */
export class KernelGone extends Error {
  override readonly name = 'KernelGone';
}

/** Events: `status`; `connection`; `lost` (`CustomEvent<number>`: the code that the socket was closed with). */
export class KernelConnection extends EventTarget {
  private constructor(
    private readonly kernel: JupyterConnection,
    private readonly settings: ServerConnection.ISettings,
  ) {
    super();
    kernel.statusChanged.connect(() => this.dispatchEvent(new Event('status')));
    kernel.connectionStatusChanged.connect(() => this.dispatchEvent(new Event('connection')));
  }

  /** Finds the kernel that belongs to `path`, or starts one called `kernelName`. */
  static async open(
    client: Client,
    path: string,
    name: string,
    kernelName: string,
  ): Promise<KernelConnection> {
    return KernelConnection.#to(client, '', async (settings) => {
      const model = await SessionAPI.startSession(
        { path, name, type: 'console', kernel: { name: kernelName } },
        settings,
      );
      if (!model.kernel) throw new Error('The server started no kernel.');
      return model.kernel;
    });
  }

  /** The kernel of exactly that id, on one of the person's servers. Throws `KernelGone`. */
  static attach(client: Client, id: string, server: string): Promise<KernelConnection> {
    return KernelConnection.#to(client, server, async (settings) => {
      const model = await KernelAPI.getKernelModel(id, settings).catch((error: unknown) => {
        const status = (error as { response?: Response } | null)?.response?.status;
        // A server that has stopped took its kernels along.
        if (status === 404 || status === 503) return undefined;
        throw error;
      });
      if (!model) throw new KernelGone();
      return model;
    });
  }

  static async #to(
    client: Client,
    server: string,
    find: (settings: ServerConnection.ISettings) => Promise<KernelAPI.IModel>,
  ): Promise<KernelConnection> {
    const opened: KernelConnection[] = [];
    let lose: (error: KernelLost) => void;
    const lost = new Promise<never>((_resolve, reject) => (lose = reject));
    const settings = settingsFor(client, server, (code, reason) => {
      lose(new KernelLost(code, reason));
      for (const connection of opened)
        connection.dispatchEvent(new CustomEvent('lost', { detail: code }));
    });
    const model = await find(settings);
    const kernel = new JupyterConnection({ model, serverSettings: settings });
    const connection = new KernelConnection(kernel, settings);
    opened.push(connection);
    try {
      await Promise.race([kernel.info, lost]);
    } catch (error) {
      connection.dispose();
      throw error;
    }
    return connection;
  }

  get name(): string {
    return this.kernel.name;
  }

  get status(): string {
    return this.kernel.status;
  }

  /** Whether the kernel can be heard: `connecting` while the socket tries to come back. */
  get connection(): string {
    return this.kernel.connectionStatus;
  }

  /** Runs `code`; rejects when the kernel dies, is restarted or is left meanwhile. */
  async execute(code: string, listener: ExecutionListener): Promise<ExecutionStatus> {
    const future = this.kernel.requestExecute({ code, allow_stdin: true, stop_on_error: true });
    future.onIOPub = (message) => {
      listener.onOutput(message as unknown as OutputMessage);
    };
    future.onStdin = (message) => {
      if (message.header.msg_type !== 'input_request') return;
      const { prompt, password } = (message as KernelMessage.IInputRequestMsg).content;
      const answer = (value: string) => {
        this.kernel.sendInputReply(
          { status: 'ok', value },
          message.header as KernelMessage.IInputRequestMsg['header'],
        );
      };
      listener.onInput({ prompt, password, answer });
    };
    const reply = await future.done;
    return reply.content.status === 'abort' ? 'aborted' : reply.content.status;
  }

  async interrupt(): Promise<void> {
    await KernelAPI.interruptKernel(this.kernel.id, this.settings);
  }

  async restart(): Promise<void> {
    await this.kernel.restart();
  }

  /** Lets the kernel go; it runs on, and `open` finds it again. */
  dispose(): void {
    this.kernel.dispose();
  }
}

type OnClose = (code: number, reason: string) => void;

function settingsFor(client: Client, server: string, onClose: OnClose): ServerConnection.ISettings {
  const baseUrl = client.url('api/jupyter/');
  return ServerConnection.makeSettings({
    baseUrl,
    wsUrl: baseUrl.replace(/^http/, 'ws'),
    token: '',
    appendToken: false,
    fetch: (input: RequestInfo, init?: RequestInit) => {
      const request = new Request(input, init);
      request.headers.set('X-XSRFToken', client.xsrf);
      return fetch(request);
    },
    Request: requestClass(server),
    WebSocket: socketClass(client, server, onClose),
  });
}

/** The address, meant for one of the person's named servers. */
function ofThat(server: string, url: string | URL): URL {
  const address = new URL(url);
  if (server !== '') address.searchParams.set('server', server);
  return address;
}

/** Addressed to that server before it is made: a request that is made keeps its body to itself. */
function requestClass(server: string): typeof Request {
  return class extends Request {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(typeof input === 'string' ? ofThat(server, input) : input, init);
    }
  };
}

/** Sockets cannot carry headers, so that the token travels in the address. */
function socketClass(client: Client, server: string, onClose: OnClose): typeof WebSocket {
  return class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      const address = ofThat(server, url);
      address.searchParams.set('_xsrf', client.xsrf);
      super(address, protocols);
      this.addEventListener('close', (event) => {
        if (event.code >= 4400) onClose(event.code, event.reason);
      });
    }
  };
}
