/** Start of the person's own server, with its progress. */
import type { Client } from '../api/client';
import { ApiProblem } from '../api/problem';
import { serverState, startProgress, startServer } from '../api/server';
import type { StartProgress } from '../api/types';

/** Milliseconds between questions whether the server is ready, where nobody tells us. */
const ASK_AGAIN = 2000;

/** The Hub wants to ask the person something before it starts the server. */
export class SpawnOptionsWanted extends Error {
  constructor(
    /** The Hub's page that asks. */
    readonly url: string,
  ) {
    super('The Hub wants to know how to start the server.');
  }
}

/** The Hub tried and could not start the server. */
export class StartFailed extends Error {}

/** Returns once the server is ready. Throws `SpawnOptionsWanted`, `StartFailed` or `ApiProblem`. */
export async function ensureServer(
  client: Client,
  onProgress: (progress: StartProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  let { state } = await serverState(client);
  signal.throwIfAborted();
  if (state === 'stopped') state = (await askToStart(client)).state;
  while (state !== 'ready') {
    await followProgress(client, onProgress, signal);
    ({ state } = await serverState(client));
    if (state === 'stopped') throw new StartFailed();
    if (state === 'starting') await pause(ASK_AGAIN, signal);
  }
}

/** Returns once the server is ready, however it came to run: the person starts it on the Hub's own page. */
export async function awaitServer(client: Client, signal: AbortSignal): Promise<void> {
  while ((await serverState(client)).state !== 'ready') await pause(ASK_AGAIN, signal);
}

/** True if the Hub holds the server to be running; false where it can't be asked. */
export async function hasServer(client: Client): Promise<boolean> {
  return serverState(client).then(
    ({ state }) => state === 'ready',
    () => false,
  );
}

async function askToStart(client: Client) {
  try {
    return await startServer(client);
  } catch (error) {
    if (error instanceof ApiProblem && error.slug === 'spawn-options') {
      throw new SpawnOptionsWanted(String(error.members['url']));
    }
    throw error;
  }
}

async function followProgress(
  client: Client,
  onProgress: (progress: StartProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const event of startProgress(client, signal)) {
      onProgress(event);
      if (event.failed) throw new StartFailed(event.message);
      if (event.ready) return;
    }
  } catch (error) {
    const told = error instanceof ApiProblem && error.slug === 'not-signed-in';
    if (told || error instanceof StartFailed || signal.aborted) throw error;
    // Nothing to follow any more, or the stream was cut: the state itself is asked next.
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
