/** Programs that we have: the golden ones and the examples of a language, with their names. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../../src/languages';

export async function programsOf(language: Language): Promise<[name: string, xml: string][]> {
  const folder = join(import.meta.dirname, '../languages', language.name, 'golden');
  const golden = readdirSync(folder)
    .filter((file) => file.endsWith('.xml'))
    .map((file): [string, string] => [file, readFileSync(join(folder, file), 'utf8')]);
  const examples = await language.examples();
  return [
    ...golden,
    ...examples.map(({ name, xml }): [string, string] => [name, xml]),
    ...(language.initialXml ? [['initial', language.initialXml] as [string, string]] : []),
  ];
}
