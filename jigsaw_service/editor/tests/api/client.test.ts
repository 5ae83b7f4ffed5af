// @vitest-environment jsdom
import { afterEach, expect, it, vi } from 'vitest';
import { Client } from '../../src/api/client';
import { ApiProblem } from '../../src/api/problem';
import { eventData } from '../../src/api/server';

function clientThatHears(answer: Response | Error) {
  const fetched = vi.fn<typeof fetch>(() =>
    answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer),
  );
  vi.stubGlobal('fetch', fetched);
  return { client: new Client({ prefix: '/hub/services/jigsaw/', xsrf: 'first' }), fetched };
}

function problem(status: number, slug: string, members = {}): Response {
  const body = {
    type: `https://x/problems/${slug}`,
    title: 'No',
    status,
    detail: 'Not so.',
    ...members,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
  });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

it('sends the token with every request', async () => {
  const { client, fetched } = clientThatHears(new Response('{}'));

  await client.get('api/user');

  const [url, init] = fetched.mock.calls[0] ?? [];
  expect(url).toBe('http://localhost:3000/hub/services/jigsaw/api/user');
  expect(new Headers(init?.headers).get('X-XSRFToken')).toBe('first');
});

it('turns a problem document into an error with its slug and members', async () => {
  const { client } = clientThatHears(problem(422, 'invalid-workspace', { line: 3 }));

  const error: unknown = await client.get('api/x').catch((caught: unknown) => caught);

  expect(error).toBeInstanceOf(ApiProblem);
  expect(error).toMatchObject({ slug: 'invalid-workspace', status: 422, members: { line: 3 } });
});

it('tells a page of some proxy, and no answer at all, from our own', async () => {
  const proxy = clientThatHears(new Response('<html>', { status: 413 }));
  await expect(proxy.client.get('api/x')).rejects.toMatchObject({ slug: 'too-large' });

  const gone = clientThatHears(new TypeError('Failed to fetch'));
  await expect(gone.client.get('api/x')).rejects.toMatchObject({
    slug: 'offline',
    isPassing: true,
  });
});

it('says when the sign-in has ended, and when it was renewed', async () => {
  const { client } = clientThatHears(problem(401, 'not-signed-in'));
  const heard: string[] = [];
  for (const type of ['signed-out', 'signed-in'])
    client.addEventListener(type, () => heard.push(type));

  await client.get('api/x').catch(() => undefined);
  client.renew('second');

  expect(heard).toEqual(['signed-out', 'signed-in']);
  expect(client.xsrf).toBe('second');
});

it('reads events however the network cuts them', async () => {
  const pieces = ['data: {"a"', ':1}\n\n: keep', '-alive\n\ndata: {"a":2}\n\n'];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });

  const events: string[] = [];
  for await (const data of eventData(body)) events.push(data);

  expect(events).toEqual(['{"a":1}', '{"a":2}']);
});
