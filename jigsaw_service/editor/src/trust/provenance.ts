/** Provenance: the people who had a hand in what a workspace holds, in words. */
import type { Client } from '../api/client';
import { contributors } from '../api/workspaces';
import { listOf, t } from '../i18n';
import type { Provenance } from './trustSession';

/** Provenance by the service and by `heard`, whose changes reached this page; `me` looks at it. */
export async function provenanceOf(
  client: Client,
  id: string,
  me: string,
  heard: Iterable<string>,
): Promise<Provenance> {
  const { items, files } = await contributors(client, id);
  const known = new Set([me, ...items.map(({ name }) => name)]);
  const unknown = [...heard].filter((name) => !known.has(name));
  const people = [...items, ...unknown.map((name) => ({ name, you: false }))];
  const others = people.flatMap(({ name, you }, index) => {
    if (you) return [];
    const before = people.slice(0, index).filter((other) => other.name === name).length;
    const isOnlyOne = name !== me && people.filter((other) => other.name === name).length === 1;
    // A name that was deleted and made again on the Hub is somebody else's.
    return [isOnlyOne ? name : t('agreement.namesake', { name, number: before + 1 })];
  });
  return { others, files };
}

/** “Alice, Bob and unknown authors of a file” */
export function inWords({ others, files }: Provenance): string {
  return listOf(files > 0 ? [...others, t('agreement.unknown')] : others);
}
