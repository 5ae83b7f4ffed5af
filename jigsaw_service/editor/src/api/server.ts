/** The caller's own Jupyter server, which the Hub starts and stops. All throw `ApiProblem`. */
import type { Client } from './client';
import type { ServerState, StartProgress } from './types';

/** A path below the service, meant for one of the person's named servers. */
export function ofServer(path: string, server: string): string {
  return server === '' ? path : `${path}?${new URLSearchParams({ server }).toString()}`;
}

export function serverState(client: Client): Promise<ServerState> {
  return client.get('api/server');
}

/** Asks the Hub to start it. `spawn-options` says that the Hub wants to ask something first, at `url`. */
export function startServer(client: Client): Promise<ServerState> {
  return client.send('POST', 'api/server');
}

/** Progress of the server's start, as the Hub tells it. Ends after `ready` or `failed`. */
export async function* startProgress(
  client: Client,
  signal: AbortSignal,
): AsyncGenerator<StartProgress> {
  const answer = await client.request('api/server/progress', {
    headers: { Accept: 'text/event-stream' },
    signal,
  });
  if (!answer.body) return;
  for await (const data of eventData(answer.body)) yield JSON.parse(data) as StartProgress;
}

/** The data of each event in a stream of server-sent events. */
export async function* eventData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    rest += value ?? '';
    const lines = rest.split(/\r?\n/);
    rest = done ? '' : (lines.pop() ?? '');
    for (const line of lines) if (line.startsWith('data:')) yield line.slice(5).trim();
    if (done) return;
  }
}
