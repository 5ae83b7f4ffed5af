/** Kernel connection through the relay; loaded when first needed, as it brings Jupyter's client. */
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
  /** Of the message that asks. */
  id: string;
  prompt: string;
  /** True if what is typed must not be shown. */
  password: boolean;
  answer(value: string): void;
}

export interface ExecutionListener {
  /** The request is on its way. */
  onRequest(id: string): void;
  onOutput(message: OutputMessage): void;
  onInput(request: InputRequest): void;
}

export interface Execution {
  /** `unanswered`: the kernel is done with it, and was ended before it replied. */
  status: 'ok' | 'error' | 'aborted' | 'unanswered';
  /** The error's, if it was one. */
  name?: string;
  value?: string;
  /** True if the program ends its kernel, by `exit()`. */
  quits: boolean;
}

/** The kernel that was asked for has ended, or its server has. */
export class KernelGone extends Error {
  override readonly name = 'KernelGone';
}

/**
 * Jupyter's client, which leaves two rejections to nobody when a kernel ends while it is being asked how it is.
 * What they would say comes by the signals, too.
 */
class Connection extends JupyterConnection {
  override requestKernelInfo(): ReturnType<JupyterConnection['requestKernelInfo']> {
    return super.requestKernelInfo().catch(() => undefined);
  }

  override reconnect(): Promise<void> {
    return super.reconnect().catch(() => undefined);
  }
}

/** Events: `status`; `connection`; `elsewhere`: another page has something run; `lost` (`CustomEvent<number>`: the code that the socket was closed with). */
export class KernelConnection extends EventTarget {
  readonly #kernel: JupyterConnection;
  readonly #lost: Promise<never>;

  private constructor(
    kernel: JupyterConnection,
    /** Rejects once the relay has closed the socket for good. */
    lost: Promise<never>,
  ) {
    super();
    this.#kernel = kernel;
    this.#lost = lost;

    lost.catch(() => undefined);
    kernel.statusChanged.connect(() => this.dispatchEvent(new Event('status')));
    kernel.connectionStatusChanged.connect(() => this.dispatchEvent(new Event('connection')));
    kernel.iopubMessage.connect((_kernel, message) => {
      this.#overhear(message);
    });
  }

  #last: ReturnType<JupyterConnection['requestExecute']> | undefined;
  #listener: ExecutionListener | undefined;

  /** Takes messages that belong to no request of ours. */
  #overhear(message: KernelMessage.IIOPubMessage): void {
    const parent = message.parent_header as Partial<KernelMessage.IHeader>;
    if (parent.msg_type !== 'execute_request')
      // A kernel may take late output of a thread for the answer to its last request.
      this.#listener?.onOutput(message as unknown as OutputMessage);
    else if (
      message.header.msg_type === 'execute_input' &&
      parent.session !== this.#kernel.clientId
    )
      this.dispatchEvent(new Event('elsewhere'));
  }

  /**
   * Finds the kernel that belongs to `path`, or starts one called `kernelName`; `found` hears its id
   * before it answers.
   */
  static async open(
    client: Client,
    path: string,
    name: string,
    kernelName: string,
    found: (id: string) => void,
  ): Promise<KernelConnection> {
    return KernelConnection.#to(client, '', path, async (settings) => {
      const model = await SessionAPI.startSession(
        { path, name, type: 'console', kernel: { name: kernelName } },
        settings,
      );
      if (!model.kernel) throw new Error('The server started no kernel.');
      found(model.kernel.id);
      return model.kernel;
    });
  }

  /** Answers what a program asks that another page began; `header`: of the question. */
  static async answer(
    client: Client,
    id: string,
    server: string,
    header: Record<string, unknown>,
    value: string,
  ): Promise<void> {
    const settings = settingsFor(client, server, () => undefined);
    const model = await KernelAPI.getKernelModel(id, settings);
    if (!model) throw new KernelGone();
    const kernel = new Connection({ model, serverSettings: settings, handleComms: false });
    // Busy as it is, it says nothing to us: that the socket is open must do.
    await new Promise<void>((resolve) => {
      kernel.connectionStatusChanged.connect((_kernel, status) => {
        if (status === 'connected') resolve();
      });
    });
    const asked = header as unknown as KernelMessage.IInputRequestMsg['header'];
    kernel.sendInputReply({ status: 'ok', value }, asked);
    setTimeout(() => {
      kernel.dispose();
    }, LINGER);
  }

  /**
   * The kernel of exactly that id, on one of the person's servers; what it runs is known as that of
   * `path`. Throws `KernelGone`.
   */
  static attach(
    client: Client,
    id: string,
    server: string,
    path: string,
  ): Promise<KernelConnection> {
    return KernelConnection.#to(client, server, path, async (settings) => {
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
    username: string,
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
    // Comms are between the kernel and a notebook's page: who listens and knows none closes them.
    const options = { serverSettings: settings, username, handleComms: false };
    const kernel = new Connection({ model, ...options });
    const connection = new KernelConnection(kernel, lost);
    opened.push(connection);
    try {
      await Promise.race([kernel.info, lost]);
    } catch (error) {
      connection.dispose();
      throw error;
    }
    return connection;
  }

  get id(): string {
    return this.#kernel.id;
  }

  get name(): string {
    return this.#kernel.name;
  }

  get status(): string {
    return this.#kernel.status;
  }

  /** State of the connection to the kernel: `connecting` while the socket tries to come back. */
  get connection(): string {
    return this.#kernel.connectionStatus;
  }

  /**
   * Runs `code`; rejects when the kernel dies, is restarted or is left meanwhile. What the program sends
   * after its end reaches the listener, too, until the next run.
   */
  async execute(code: string, listener: ExecutionListener): Promise<Execution> {
    this.#last?.dispose();
    const request = { code, allow_stdin: true, stop_on_error: true };
    const future = (this.#last = this.#kernel.requestExecute(request, false));
    this.#listener = listener;
    listener.onRequest(future.msg.header.msg_id);
    const take = (message: unknown) => {
      listener.onOutput(message as OutputMessage);
    };
    let leaveUnanswered: (execution: Execution) => void;
    const unanswered = new Promise<Execution>((resolve) => (leaveUnanswered = resolve));
    future.onIOPub = (message) => {
      take(message);
      const { execution_state: state } = message.content as { execution_state?: string };
      if (state === 'idle')
        setTimeout(() => {
          leaveUnanswered({ status: 'unanswered', quits: false });
        }, REPLIES);
    };
    future.onReply = take;
    future.onStdin = (message) => {
      if (message.header.msg_type !== 'input_request') return;
      const { prompt, password } = (message as KernelMessage.IInputRequestMsg).content;
      const id = message.header.msg_id;
      const answer = (value: string) => {
        this.#kernel.sendInputReply(
          { status: 'ok', value },
          message.header as KernelMessage.IInputRequestMsg['header'],
        );
      };
      listener.onInput({ id, prompt, password, answer });
    };
    const answered = future.done.then(({ content }) => executionOf(content));
    return Promise.race([answered, unanswered, this.#lost]);
  }

  /**
   * Evaluates an expression of ours, which leaves no trace; undefined where the kernel does no such thing. Asked just
   * after an error, a kernel may still be dropping what was queued behind the program: it is asked once more.
   */
  async ask(expression: string, again = true): Promise<string | undefined> {
    const { done } = this.#kernel.requestExecute({
      code: '',
      silent: true,
      store_history: false,
      user_expressions: { it: expression },
      allow_stdin: false,
      stop_on_error: false,
    });
    const { content } = await Promise.race([done, this.#lost]);
    if (content.status === 'aborted' && again) return this.ask(expression, false);
    if (content.status !== 'ok') return undefined;
    const answers = content.user_expressions as Record<string, Answer> | undefined;
    return answers?.['it']?.data?.['text/plain'];
  }

  /** Waits no longer for what runs, and hears no more of it. */
  abandon(): void {
    this.#last?.dispose();
    this.#last = this.#listener = undefined;
  }

  /** Asks for a sign of life: what was sent while a kernel started may have reached the one that ended. */
  nudge(): void {
    if (this.connection === 'connected') void this.#kernel.requestKernelInfo();
  }

  async restart(): Promise<void> {
    await this.#kernel.restart();
  }

  /** Lets the kernel go; it runs on, and `open` finds it again. */
  dispose(): void {
    this.#kernel.dispose();
  }
}

/** A value, as a kernel answers with it. */
interface Answer {
  data?: Record<string, string>;
}

/** Execution: how a run went, by the kernel's reply. */
function executionOf(reply: KernelMessage.IExecuteReplyMsg['content']): Execution {
  if (reply.status === 'error') {
    // Some kernels leave these out.
    const { ename: name = '', evalue: value = '' } = reply as { ename?: string; evalue?: string };
    return { status: 'error', name, value, quits: false };
  }
  if (reply.status !== 'ok') return { status: 'aborted', quits: false };
  const quits = (reply.payload ?? []).some(
    (said) => said.source === 'ask_exit' && said['keepkernel'] !== true,
  );
  return { status: 'ok', quits };
}

/** Milliseconds within which a kernel replies when it is done. */
const REPLIES = 3000;

/** Milliseconds that a socket stays open so that what was said last arrives. */
const LINGER = 3000;

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
