/** Imports: sends a file in parts so that no proxy refuses it; goes on after a cut connection. */
import type { Client, RequestOptions } from './client';
import { ApiProblem } from './problem';
import type { Workspace } from './types';

interface StartedImport {
  id: string;
  /** Bytes in every part but the last. */
  part_size: number;
}

/** Milliseconds before a request is sent again: two minutes altogether. */
const PAUSES = [500, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000];

/** Statuses that pass: nobody answered, or a proxy or the service couldn't for a moment. */
const PASSING = new Set([0, 502, 503, 504]);

/** Result of importing one file. */
export interface Imported {
  items: Workspace[];
  /** Code of notebooks that was edited since their export: it isn't in the blocks. */
  edited: { workspace_id: string; code: string }[];
  /** Ids of those whose files were in UTF-16 or UTF-32, and are in UTF-8 here. */
  recoded?: string[];
}

/** Makes workspaces of a file. `onPart` hears how much of it has arrived, from 0 to 1. Throws `ApiProblem`. */
export async function importFile(
  client: Client,
  file: File,
  as: { name: string; language: string },
  onPart: (done: number) => void = () => undefined,
): Promise<Imported> {
  try {
    return await importOnce(client, file, as, onPart);
  } catch (error) {
    // It gave way to another, or was refused by an answer that got lost.
    if (!(error instanceof ApiProblem && error.status === 404)) throw error;
    return importOnce(client, file, as, onPart);
  }
}

async function importOnce(
  client: Client,
  file: File,
  as: { name: string; language: string },
  onPart: (done: number) => void,
): Promise<Imported> {
  const send = (path: string, options: RequestOptions) => sendUntilAnswered(client, path, options);
  const json = isZip(file) ? {} : as;
  const begun = (await (
    await send('api/imports', { method: 'POST', json })
  ).json()) as StartedImport;
  const path = `api/imports/${begun.id}`;
  try {
    for (let start = 0, n = 0; start < file.size; start += begun.part_size, n += 1) {
      const body = file.slice(start, start + begun.part_size);
      await send(`${path}/parts/${n}`, { method: 'PUT', body });
      onPart(Math.min(1, (start + begun.part_size) / file.size));
    }
    const finished = await send(`${path}/finish`, { method: 'POST' });
    return (await finished.json()) as Imported;
  } catch (error) {
    // Mostly it is over already; where nobody answers, it gives way to later ones.
    void client.delete(path).catch(() => undefined);
    throw error;
  }
}

/** Each of these requests may be sent again: parts are numbered, and finishing again changes nothing. */
async function sendUntilAnswered(
  client: Client,
  path: string,
  options: RequestOptions,
): Promise<Response> {
  for (const pause of PAUSES) {
    try {
      return await client.request(path, options);
    } catch (error) {
      if (!(error instanceof ApiProblem && PASSING.has(error.status))) throw error;
      await networkOr(pause);
    }
  }
  return client.request(path, options);
}

/** Resolves when the network is back, or after so many milliseconds. */
function networkOr(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      removeEventListener('online', over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    addEventListener('online', over);
  });
}

function isZip(file: File): boolean {
  return file.name.toLowerCase().endsWith('.zip');
}
