/** Errors of Python in plain words, in each language of the page. */
import type { Explain } from '../../language';
import { explainer } from './explain';
import { words, type Words } from './words';

const translations: Record<string, () => Promise<{ words: Words }>> = {
  ar: () => import('./words.ar'),
  de: () => import('./words.de'),
};

export async function explainIn(locale: string): Promise<Explain> {
  return explainer((await translations[locale]?.())?.words ?? words);
}
