/** Runs: a workspace's last run, by any page or script of the person. Throws `ApiProblem`. */
import type { Client } from './client';

/** Kernel that is meant: the workspace's own, or that of a notebook. */
export interface KernelPlace {
  id?: string | undefined;
  /** One of the person's named servers. */
  server: string;
  /** True if others use it, too. */
  shared: boolean;
}

export interface RunState {
  id: string;
  /** Of its first message, by the kernel's clock, in ISO 8601. */
  date: string;
  /** End of the run; null while it runs. */
  end: 'done' | 'restarted' | 'died' | null;
  seconds: number;
  /** True if all that it has sent is known. */
  complete: boolean;
  input: { header: Record<string, unknown>; prompt: string; password: boolean } | null;
  messages: { msg_type: string; content: Record<string, unknown> }[];
  next: number;
}

export interface LastRun {
  kernel: { id: string; busy: boolean } | null;
  run: RunState | null;
  /** The process that tells: each counts messages, and may have missed some, for itself. */
  source: string;
}

/** State of a run as the caller knows it already. */
export interface KnownRun {
  of: string;
  after: number;
  source: string;
  /** True if it knows all up to there. */
  complete: boolean;
}

/** As it stands, from message `after` on where it is still run `of`. Starts nothing. */
export function lastRun(
  client: Client,
  workspaceId: string,
  { id, server, shared }: KernelPlace,
  { of, after, source, complete }: KnownRun,
): Promise<LastRun> {
  const query = new URLSearchParams({ of, after: String(after) });
  if (source) query.set('source', source);
  if (complete) query.set('complete', '1');
  if (id !== undefined) query.set('kernel_id', id);
  if (server) query.set('server', server);
  if (shared) query.set('shared', '1');
  return client.get(`api/workspaces/${workspaceId}/run?${query.toString()}`);
}

/** Stops what the kernel runs, or starts it afresh. Needs no connection to the kernel. */
export function command(
  client: Client,
  kernelId: string,
  server: string,
  what: 'interrupt' | 'restart',
): Promise<unknown> {
  const query = server ? `?${new URLSearchParams({ server }).toString()}` : '';
  const kernel = `api/jupyter/api/kernels/${encodeURIComponent(kernelId)}`;
  return client.send('POST', `${kernel}/${what}${query}`);
}
