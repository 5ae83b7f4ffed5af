/** The languages a workspace can be written in, each loaded when first needed. */
import type { Explain, Language } from './language';

export type { ErrorFacts, Example, Explain, Language } from './language';

type Texts = Record<string, string>;

const loaders: Record<string, () => Promise<{ language: Language }>> = {
  python: () => import('./python'),
  processing: () => import('./processing'),
};

/** Translations of blocks and toolbox into other languages than English. */
const translations: Record<string, Record<string, () => Promise<{ messages: Texts }>>> = {
  python: {
    ar: () => import('./python/messages.ar'),
    de: () => import('./python/messages.de'),
  },
  processing: {
    ar: () => import('./processing/messages.ar'),
    de: () => import('./processing/messages.de'),
  },
};

/** Loads a language by the name the service gives it, such as `python`. */
export async function loadLanguage(name: string): Promise<Language> {
  const load = loaders[name];
  if (!load) throw new Error(`There is no language called “${name}”.`);
  const { language } = await load();
  language.install();
  return language;
}

/** The texts of a language's blocks and toolbox in `locale`, such as `de`; English where there are none. */
export async function messagesOf({ name, messages }: Language, locale: string): Promise<Texts> {
  const load = translations[name]?.[locale];
  return load ? (await load()).messages : messages;
}

/** What explains the errors of a language in `locale`; undefined where nothing does. */
export async function explainOf(name: string, locale: string): Promise<Explain | undefined> {
  return name === 'python' ? (await import('./python/errors')).explainIn(locale) : undefined;
}
