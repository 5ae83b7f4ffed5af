/** Resend: sends what a closed tab left, under its name and numbers, so that none counts twice. */
import { LIVE_CLOSED, VERSION } from '../api/protocol';
import type { FromBrowser, FromService } from './messages';
import { RateLimit } from './rateLimit';
import type { Connect, Socket } from './socket';
import type { Left } from './unsent';

/** Close codes after which no other try would end otherwise. */
const REFUSALS = [
  LIVE_CLOSED['not-allowed'],
  LIVE_CLOSED['not-found'],
  LIVE_CLOSED['epoch-changed'],
];

/** Milliseconds of silence after which resending has failed. */
const PATIENCE = 20_000;

/** `delivered`: the service has it all, though of some batches nothing came; `failed`: perhaps later. */
export type Resent =
  { outcome: 'delivered'; batches: number; lost: number } | { outcome: 'refused' | 'failed' };

export function resendUnsent(
  { key, batches }: Left,
  connect: Connect,
  known: { epoch: string; clock: number },
): Promise<Resent> {
  if (key.epoch !== known.epoch) return Promise.resolve({ outcome: 'refused' });
  return new Promise((resolve) => {
    const waiting = new Map(batches.map((batch) => [batch.n, batch]));
    let news = 0;
    let lost = 0;
    let sent = 0;
    let patience: ReturnType<typeof setTimeout> | undefined;
    const finish = (resent: Resent) => {
      clearTimeout(patience);
      rateLimit.stop();
      resolve(resent);
      socket.close();
    };
    const finishIfDone = () => {
      if (waiting.size === 0) finish({ outcome: 'delivered', batches: news, lost });
    };
    const wait = () => {
      clearTimeout(patience);
      patience = setTimeout(() => {
        finish({ outcome: 'failed' });
      }, PATIENCE);
    };
    const send = (message: FromBrowser) => socket.send(JSON.stringify(message));
    const sendAll = () => {
      for (const { n, operations } of waiting.values()) {
        if (n <= sent) continue;
        if (!rateLimit.may()) return;
        sent = n;
        send({ type: 'ops', n, ops: operations });
      }
    };
    const rateLimit = new RateLimit(sendAll);
    const answered = (n: number | null, isLost: boolean) => {
      if (n === null || !waiting.delete(n)) return;
      if (isLost) lost++;
      finishIfDone();
    };
    const hear = (message: FromService) => {
      wait();
      if (message.type === 'welcome') {
        if (message.epoch !== key.epoch || message.role === 'viewer') {
          finish({ outcome: 'refused' });
          return;
        }
        for (const n of [...waiting.keys()]) if (n <= message.last_n) waiting.delete(n);
        news = waiting.size;
        finishIfDone();
        sendAll();
      } else if (message.type === 'patch' && message.client === key.client) {
        const { blocks = {}, vars = {} } = message.patch;
        answered(message.n, Object.keys(blocks).length + Object.keys(vars).length === 0);
      } else if (message.type === 'refused') answered(message.n, true);
    };
    wait();
    const socket: Socket = connect({
      opened: () => {
        send({ type: 'hello', protocol: VERSION, client: key.client, ...known });
      },
      message: (text) => {
        hear(JSON.parse(text) as FromService);
      },
      closed: (code) => {
        finish({ outcome: REFUSALS.includes(code) ? 'refused' : 'failed' });
      },
    });
  });
}
