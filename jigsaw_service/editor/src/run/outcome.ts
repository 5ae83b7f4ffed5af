/** Outcome of a run, and its words. */
import { locale, t } from '../i18n';

export type Outcome = (
  | { kind: 'finished' | 'stopped' | 'lost' | 'not-begun' }
  /** Another page of the person's, or this one, started the kernel afresh. */
  | { kind: 'restarted' }
  | { kind: 'failed'; name: string; value: string }
) & { seconds: number };

export interface Ending {
  status: 'ok' | 'error' | 'aborted';
  /** The error's, if it was one. */
  name?: string | undefined;
  value?: string | undefined;
  /** True if the person asked for it. */
  stopped?: boolean | undefined;
}

/** Outcome of an ending: a stop that was asked for, or `sys.exit()`, is no failure. */
export function outcomeOf(ending: Ending, seconds: number): Outcome {
  const { status, name = '', value = '', stopped } = ending;
  if (status === 'ok' || name === 'SystemExit') return { kind: 'finished', seconds };
  if (stopped || name === 'KeyboardInterrupt') return { kind: 'stopped', seconds };
  if (status === 'aborted') return { kind: 'not-begun', seconds };
  return { kind: 'failed', name, value, seconds };
}

/** The line below the outputs. */
export function outcomeText(outcome: Outcome, produced: boolean): string {
  const time = duration(outcome.seconds);
  switch (outcome.kind) {
    case 'finished':
      return t(produced ? 'run.finished' : 'run.finishedNothing', { time });
    case 'stopped':
      return t('run.stopped', { time });
    case 'restarted':
      return t('run.restarted', { time });
    case 'not-begun':
      return t('run.notBegun');
    case 'lost':
      return t('run.lost', { time });
    case 'failed':
      return t('run.failedAfter', { time });
  }
}

/** The same for people who can't see the outputs. */
export function announcementOf(outcome: Outcome, produced: boolean): string {
  if (outcome.kind !== 'failed') return outcomeText(outcome, produced);
  const { name, value } = outcome;
  return t('run.failed', { name, value });
}

/** “0.4s”, “12s”, “3m 5s”, as the language says it. */
export function duration(seconds: number): string {
  const format = (value: number, unit: string, digits = 0) =>
    new Intl.NumberFormat(locale(), {
      style: 'unit',
      unit,
      unitDisplay: 'narrow',
      maximumFractionDigits: digits,
    }).format(value);
  if (seconds < 10) return format(Math.max(seconds, 0.1), 'second', 1);
  const whole = Math.round(seconds);
  if (whole < 60) return format(whole, 'second');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${format(minutes, 'minute')} ${format(whole % 60, 'second')}`;
  return `${format(Math.floor(minutes / 60), 'hour')} ${format(minutes % 60, 'minute')}`;
}
