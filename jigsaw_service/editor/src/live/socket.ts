/** Socket below the live connection: one WebSocket, or its substitute in tests. */
import type { Client } from '../api/client';

export interface Wiring {
  opened(): void;
  message(text: string): void;
  /** Once, whether it ever opened or not. Nothing comes after it. */
  closed(code: number): void;
}

export interface Socket {
  send(text: string): void;
  close(): void;
}

export type Connect = (wiring: Wiring) => Socket;

/** Opens the live socket of a workspace, each time with the token of the present sign-in. */
export function webSocketOf(client: Client, workspace: string): Connect {
  return (wiring) => {
    if (!navigator.onLine) return noSocket(wiring);
    const path = `api/workspaces/${encodeURIComponent(workspace)}/live`;
    const address = new URL(client.url(path));
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    address.searchParams.set('_xsrf', client.xsrf);
    const socket = new WebSocket(address);
    let ended = false;
    const end = (code: number) => {
      if (ended) return;
      ended = true;
      wiring.closed(code);
    };
    socket.onopen = () => {
      if (!ended) wiring.opened();
    };
    socket.onmessage = ({ data }) => {
      if (!ended && typeof data === 'string') wiring.message(data);
    };
    socket.onclose = ({ code }) => {
      end(code);
    };
    return {
      send: (text) => {
        socket.send(text);
      },
      close: () => {
        // A dead network would let us wait for its answer.
        socket.close();
        end(1000);
      },
    };
  };
}

/** Without a network there is nothing to wait for. */
function noSocket(wiring: Wiring): Socket {
  const timer = setTimeout(() => {
    wiring.closed(1006);
  }, 0);
  return {
    send: () => undefined,
    close: () => {
      clearTimeout(timer);
    },
  };
}
