/** Client of the service: adds what every request needs and turns refusals into `ApiProblem`. */
import type { PageConfig } from './pageConfig';
import { ApiProblem, problemOf } from './problem';

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  body?: BodyInit;
  headers?: Record<string, string>;
  /** Lets the request outlive the page; bodies up to 64 KiB. */
  keepalive?: boolean;
  signal?: AbortSignal;
}

/** Events: `signed-out`, when the service no longer knows us; `signed-in`, when it does again. */
export class Client extends EventTarget {
  readonly #config: Pick<PageConfig, 'prefix' | 'xsrf'>;

  #xsrf: string;
  #signedOut = false;

  constructor(config: Pick<PageConfig, 'prefix' | 'xsrf'>) {
    super();
    this.#config = config;

    this.#xsrf = config.xsrf;
  }

  get xsrf(): string {
    return this.#xsrf;
  }

  /** True if the last answer said that nobody is signed in. */
  get isSignedOut(): boolean {
    return this.#signedOut;
  }

  /** Takes the token of a fresh sign-in; waiting work may go on. */
  renew(xsrf: string): void {
    this.#xsrf = xsrf;
    this.#signedOut = false;
    this.dispatchEvent(new Event('signed-in'));
  }

  /** The absolute address of a path below the service. */
  url(path: string): string {
    return new URL(this.#config.prefix + path, location.href).href;
  }

  /** Sends a request to a path such as `api/user`, or to a full address from a `next`. Throws `ApiProblem`. */
  async request(path: string, options: RequestOptions = {}): Promise<Response> {
    const { method = 'GET', json, body, headers, keepalive = false, signal } = options;
    const answer = await this.#fetch(/^(https?:|\/)/.test(path) ? path : this.url(path), {
      method,
      headers: {
        'X-XSRFToken': this.#xsrf,
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: json === undefined ? (body ?? null) : JSON.stringify(json),
      credentials: 'same-origin',
      cache: 'no-store',
      keepalive,
      signal: signal ?? null,
    });
    if (answer.ok) return answer;
    const problem = await problemOf(answer);
    this.#noticeSignOut(problem);
    throw problem;
  }

  async get<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
    const answer = await this.request(path, signal ? { signal } : {});
    return (await answer.json()) as Answer;
  }

  async send<Answer>(
    method: 'POST' | 'PATCH' | 'PUT',
    path: string,
    json?: unknown,
  ): Promise<Answer> {
    const answer = await this.request(path, json === undefined ? { method } : { method, json });
    return (answer.status === 204 ? undefined : await answer.json()) as Answer;
  }

  async delete(path: string): Promise<void> {
    await this.request(path, { method: 'DELETE' });
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, init);
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ApiProblem('offline', 'The service did not answer.', 0, '');
    }
  }

  #noticeSignOut(problem: ApiProblem): void {
    // An `_xsrf` that no longer fits means the same: the sign-in that it belonged to has ended.
    if (problem.status === 401 || problem.slug === 'xsrf') this.signOut();
  }

  /** The service no longer knows us, as a request or the live socket has found. */
  signOut(): void {
    this.#signedOut = true;
    this.dispatchEvent(new Event('signed-out'));
  }
}
