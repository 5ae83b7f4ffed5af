/** Bringing in a file: at once when it is small, in parts when a proxy might refuse the whole. */
import type { Client } from './client';
import { create } from './workspaces';
import type { Workspace } from './types';

/** Many proxies refuse bodies over 1 MiB; JSON around the XML needs some room. */
const AT_ONCE = 512 * 1024;

interface Import {
  id: string;
  /** Bytes in every part but the last. */
  part_size: number;
}

/** Makes workspaces of a file. `onPart` hears how much of it has arrived, from 0 to 1. Throws `ApiProblem`. */
export async function importFile(
  client: Client,
  file: File,
  as: { name: string; language: string },
  onPart: (done: number) => void = () => undefined,
): Promise<Workspace[]> {
  if (file.size <= AT_ONCE && !tellsItself(file)) {
    return [await create(client, { ...as, xml: await file.text(), file: true })];
  }
  const begun = await client.send<Import>('POST', 'api/imports', isZip(file) ? {} : as);
  const path = `api/imports/${begun.id}`;
  for (let start = 0, n = 0; start < file.size; start += begun.part_size, n += 1) {
    const body = file.slice(start, start + begun.part_size);
    await client.request(`${path}/parts/${n}`, { method: 'PUT', body });
    onPart(Math.min(1, (start + begun.part_size) / file.size));
  }
  return (await client.send<{ items: Workspace[] }>('POST', `${path}/finish`)).items;
}

/** Zips and notebooks hold names and languages; only the service reads them. */
function tellsItself(file: File): boolean {
  return isZip(file) || file.name.toLowerCase().endsWith('.ipynb');
}

function isZip(file: File): boolean {
  return file.name.toLowerCase().endsWith('.zip');
}
