/** Resend: sends what a closed tab left, under its name and numbers, so that none counts twice. */
import type { FromService } from './messages';
import { REFUSALS, Session } from './session';
import type { Connect } from './socket';
import type { LeftWork } from './unsent';

/** `delivered`: the service has it all, though of some batches nothing came; `failed`: perhaps later. */
export type Resent =
  { outcome: 'delivered'; batches: number; lost: number } | { outcome: 'refused' | 'failed' };

export function resendUnsent(
  { key, batches }: LeftWork,
  connect: Connect,
  known: { epoch: string; clock: number },
): Promise<Resent> {
  if (key.epoch !== known.epoch) return Promise.resolve({ outcome: 'refused' });
  return new Promise((resolve) => {
    const unanswered = new Map(batches.map((batch) => [batch.n, batch]));
    let sent = 0;
    let lost = 0;
    const finish = (resent: Resent) => {
      resolve(resent);
      session.close();
    };
    const finishIfDone = () => {
      if (unanswered.size === 0) finish({ outcome: 'delivered', batches: sent, lost });
    };
    const session = new Session({
      connect,
      client: key.client,
      ...known,
      unanswered: () => unanswered.values(),
      welcomed: ({ role, last_n: taken }) => {
        if (role === 'viewer') {
          finish({ outcome: 'refused' });
          return;
        }
        for (const n of [...unanswered.keys()]) if (n <= taken) unanswered.delete(n);
        sent = unanswered.size;
        finishIfDone();
      },
      received: (message) => {
        const n = session.answeredBy(message);
        if (n === null || !unanswered.delete(n)) return;
        if (cameToNothing(message)) lost++;
        finishIfDone();
      },
      closed: (code) => {
        resolve({ outcome: REFUSALS.has(code) ? 'refused' : 'failed' });
      },
    });
  });
}

/** True if a batch was refused, or nothing was left of it to change. */
function cameToNothing(answer: FromService): boolean {
  if (answer.type !== 'patch') return true;
  const { blocks = {}, vars = {} } = answer.patch;
  return Object.keys(blocks).length + Object.keys(vars).length === 0;
}
