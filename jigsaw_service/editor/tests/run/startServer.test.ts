import { expect, it, vi } from 'vitest';
import { Client } from '../../src/api/client';
import { ensureServer } from '../../src/run/startServer';

/** A stream of events that breaks off after the first, as one that a proxy cuts. */
function cut(): Response {
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      stream.enqueue(new TextEncoder().encode('data: {"progress": 10, "message": "begun"}\n\n'));
    },
    pull(stream) {
      stream.error(new TypeError('network error'));
    },
  });
  return new Response(body);
}

it('asks for the state where the events of a start are cut off', async () => {
  const states = ['starting', 'ready'];
  vi.stubGlobal('location', { href: 'http://hub.test/s/' });
  vi.stubGlobal('fetch', (url: string) =>
    Promise.resolve(
      url.endsWith('/progress') ? cut() : Response.json({ state: states.shift(), progress: 0 }),
    ),
  );
  const told: unknown[] = [];

  await ensureServer(
    new Client({ prefix: '/s/', xsrf: 'x' }),
    (event) => told.push(event),
    new AbortController().signal,
  );

  expect(told).toEqual([{ progress: 10, message: 'begun' }]);
  expect(states).toEqual([]);
  vi.unstubAllGlobals();
});
