/** The languages a workspace can be written in, each loaded when first needed. */
import type { Language } from './language';

export type { Example, Language } from './language';

const loaders: Record<string, () => Promise<{ language: Language }>> = {
  python: () => import('./python'),
  processing: () => import('./processing'),
};

/** Loads a language by the name the service gives it, such as `python`. */
export async function loadLanguage(name: string): Promise<Language> {
  const load = loaders[name];
  if (!load) throw new Error(`There is no language called “${name}”.`);
  const { language } = await load();
  language.install();
  return language;
}
