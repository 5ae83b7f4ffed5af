/** Protocol: the numbers that service and editor share. */
import shared from '../../../runtime/protocol.json';

/** Version of the live messages. */
export const VERSION = shared.version;

/** Close codes of the live socket, by slug. */
export const LIVE_CLOSED = shared.live_closed;

/** Close codes of kernels' sockets, by slug. */
export const KERNEL_CLOSED = shared.kernel_closed;
