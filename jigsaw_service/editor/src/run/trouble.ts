/** Trouble: obstacles to running, and how an error is read as one. */
import { KERNEL_CLOSED } from '../api/protocol';
import { ApiProblem } from '../api/problem';
import type { Fault } from './kernelSpecs';
import { KernelLost } from './kernelLost';
import { SpawnOptionsWanted, StartFailed } from './startServer';

/** Trouble in the way of running, for the page to say in words with the button that mends it. */
export type Trouble =
  | { kind: 'server-stopped' | 'kernel-died' | 'signed-out' | 'offline' | 'authors-unknown' }
  | { kind: 'kernel-back' | 'kernel-gone' | 'server-silent' | 'already-running' }
  | { kind: 'no-kernel' | 'other-language'; language: string }
  | { kind: 'kernel-broken'; title: string; fault: Fault; detail: string }
  | { kind: 'spawn-options'; url: string }
  | { kind: 'start-failed' | 'refused'; detail: string };

/** Trouble that an error means to the person. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Error && error.name === 'KernelGone') return { kind: 'kernel-gone' };
  if (error instanceof OtherLanguage) return { kind: 'other-language', language: error.language };
  if (error instanceof KernelBroken)
    return {
      kind: 'kernel-broken',
      title: error.title,
      fault: error.fault,
      detail: error.message,
    };
  if (error instanceof KernelLost) return lossOf(error.code);
  if (error instanceof NoKernel) return { kind: 'no-kernel', language: error.language };
  if (error instanceof SpawnOptionsWanted) return { kind: 'spawn-options', url: error.url };
  if (error instanceof StartFailed) return { kind: 'start-failed', detail: error.message };
  if (error instanceof ApiProblem && error.slug === 'server-silent')
    return { kind: 'server-silent' };
  const status = statusOf(error);
  if (status === 401 || (error instanceof ApiProblem && error.slug === 'xsrf'))
    return { kind: 'signed-out' };
  if (status === 503) return { kind: 'server-stopped' };
  if (status === 0 || (error instanceof TypeError && status === undefined))
    return { kind: 'offline' };
  return { kind: 'refused', detail: error instanceof Error ? error.message : String(error) };
}

/** No kernel on the server runs the workspace's language. */
export class NoKernel extends Error {
  constructor(readonly language: string) {
    super();
  }
}

/** The server lists the kernel, which doesn't start. */
export class KernelBroken extends Error {
  constructor(
    readonly title: string,
    readonly fault: Fault,
    message: string,
  ) {
    super(message);
  }
}

/** The notebook's kernel does not run the workspace's language. */
export class OtherLanguage extends NoKernel {}

/** Fault of a kernel that does not start, if the error is that. */
export function faultOf(error: unknown): Fault | undefined {
  if (error instanceof KernelLost && error.code === KERNEL_CLOSED['kernel-failed'])
    return error.message === 'silent' ? 'silent' : 'ended';
  return statusOf(error) === 500 ? 'refused' : undefined;
}

/** Trouble that the relay means by closing a socket. */
export function lossOf(code: number): Trouble {
  if (code === KERNEL_CLOSED['kernel-failed']) return { kind: 'kernel-died' };
  if (code === KERNEL_CLOSED['kernel-gone']) return { kind: 'kernel-gone' };
  return { kind: code === KERNEL_CLOSED['not-signed-in'] ? 'signed-out' : 'server-stopped' };
}

/** The status of the answer that an error tells of, by Jupyter's client or ours. */
export function statusOf(error: unknown): number | undefined {
  if (error instanceof ApiProblem) return error.status;
  const response = (error as { response?: Response } | null)?.response;
  return response?.status;
}
