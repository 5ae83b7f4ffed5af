/** What the relay means by closing a kernel's socket. */
export const CLOSED_SIGNED_OUT = 4401;
export const CLOSED_KERNEL_GONE = 4404;
export const CLOSED_KERNEL_FAILED = 4409;

/** It closed the socket before the kernel was heard; the message is the reason that it gave. */
export class KernelLost extends Error {
  override readonly name = 'KernelLost';

  constructor(
    readonly code: number,
    reason: string,
  ) {
    super(reason);
  }
}
