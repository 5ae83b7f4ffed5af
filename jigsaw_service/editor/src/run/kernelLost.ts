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
