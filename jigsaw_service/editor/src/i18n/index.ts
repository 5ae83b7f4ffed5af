/** The page's words. `en.ts` is the catalogue; every other language replaces all of it or is not offered. */
import { en } from './en';

export type MessageKey = keyof typeof en;

/** One form for each plural category of the language; `{count}` chooses. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

export type Catalogue = Record<MessageKey, string | Plural>;

type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
type Needs<Message> = Message extends { other: infer Text }
  ? Names<Text> | 'count'
  : Names<Message>;
type Params<Key extends MessageKey> = [Needs<(typeof en)[Key]>] extends [never]
  ? []
  : [Record<Needs<(typeof en)[Key]>, string | number>];

/** The languages that are complete; each is loaded only when somebody reads it. */
const OTHERS: Record<string, () => Promise<Catalogue>> = {
  ar: async () => (await import('./ar')).ar,
  de: async () => (await import('./de')).de,
};

const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur'];

let catalogue: Catalogue = en;
let current = 'en';

export const offered: readonly string[] = ['en', ...Object.keys(OTHERS)];

/** The language in use, for numbers and dates. */
export function locale(): string {
  return current;
}

export function isRightToLeft(): boolean {
  return RIGHT_TO_LEFT.includes(current);
}

/** Speaks `wanted` (`de`, `de-AT`), or English where that is not offered, and tells the document. */
export async function setLocale(wanted: string, root: HTMLElement): Promise<void> {
  const language = wanted.toLowerCase().split(/[-_]/)[0] ?? 'en';
  const load = OTHERS[language];
  catalogue = load ? await load() : en;
  current = load ? language : 'en';
  root.lang = current;
  root.dir = isRightToLeft() ? 'rtl' : 'ltr';
}

/** The words for `key`, with `{name}`s filled in. */
export function t<Key extends MessageKey>(key: Key, ...[params]: Params<Key>): string {
  const values: Record<string, string | number> = params ?? {};
  const message = catalogue[key];
  const text = typeof message === 'string' ? message : pluralForm(message, Number(values['count']));
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? value.toLocaleString(current) : value;
  });
}

function pluralForm(message: Plural, count: number): string {
  return message[new Intl.PluralRules(current).select(count)] ?? message.other;
}

/** “3 minutes ago”, as the language says it. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const format = new Intl.RelativeTimeFormat(current, { numeric: 'auto' });
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 31_557_600],
    ['month', 2_629_800],
    ['week', 604_800],
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ];
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return t('time.justNow');
}

/** A date and time in full. */
export function dateTime(iso: string): string {
  return new Date(iso).toLocaleString(current, { dateStyle: 'medium', timeStyle: 'short' });
}

/** “alice, bob and carol”, as the language says it. */
export function listOf(names: readonly string[]): string {
  return new Intl.ListFormat(current).format(names);
}
