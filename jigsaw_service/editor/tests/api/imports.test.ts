// @vitest-environment jsdom
/** Bringing in a file over a network that comes and goes. */
import { File as NodeFile } from 'node:buffer';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Client } from '../../src/api/client';
import { importFile } from '../../src/api/imports';

type Fault = 'cut' | 'answer lost' | number;

/** jsdom's own can't be read. */
const FILE = new NodeFile(['<xml>0123456789</xml>'], 'Maze.xml') as unknown as File;
const AS = { name: 'Maze', language: 'python' };

/** A service that takes imports; `faults` befall its first requests of that kind. */
class Imports {
  readonly #faults: Record<string, Fault[]>;

  readonly asked: string[] = [];
  readonly parts = new Map<string, string[]>();
  begun = 0;

  constructor(faults: Record<string, Fault[]> = {}) {
    this.#faults = faults;

    vi.stubGlobal('fetch', (url: string, init: RequestInit) => this.#fetch(url, init));
  }

  async #fetch(url: string, { method = 'GET', body }: RequestInit): Promise<Response> {
    const path = new URL(url).pathname.replace('/s/api/imports', '');
    const kind = method === 'DELETE' ? 'end' : (/parts|finish/.exec(path)?.[0] ?? 'begin');
    this.asked.push(kind);
    const fault = this.#faults[kind]?.shift();
    if (fault === 'cut') throw new TypeError('Failed to fetch');
    if (typeof fault === 'number') return Response.json({}, { status: fault });
    const answer = await this.#answer(kind, path, body as Blob | null);
    if (fault === 'answer lost') throw new TypeError('Failed to fetch');
    return answer;
  }

  async #answer(kind: string, path: string, body: Blob | null): Promise<Response> {
    const [, id = '', , n = ''] = path.split('/');
    if (kind === 'begin') {
      this.begun += 1;
      this.parts.set(`i${this.begun}`, []);
      return Response.json({ id: `i${this.begun}`, part_size: 8 }, { status: 201 });
    }
    const parts = this.parts.get(id);
    if (!parts) return Response.json({}, { status: 404 });
    if (kind === 'parts') parts[Number(n)] = await new Response(body).text();
    return Response.json({ items: [{ id: 'w', name: parts.join('') }] });
  }
}

const bringIn = async () => {
  const done = importFile(new Client({ prefix: '/s/', xsrf: '' }), FILE, AS);
  done.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(300_000);
  return done;
};

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each<[string, Record<string, Fault[]>]>([
  ['before anything was sent', { begin: ['cut', 'cut'] }],
  ['while it begins', { begin: ['answer lost'] }],
  ['between the parts', { parts: ['cut', 'answer lost', 502, 503, 504] }],
  ['at the end', { finish: ['answer lost', 'cut'] }],
])('goes on where a connection is cut %s', async (_when, faults) => {
  const service = new Imports(faults);

  const { items } = await bringIn();

  expect(items[0]?.name).toBe('<xml>0123456789</xml>');
  expect(service.asked).not.toContain('end');
});

it('goes on at once when the network is back', async () => {
  const service = new Imports({ parts: Array.from({ length: 7 }, () => 'cut' as const) });
  const done = importFile(new Client({ prefix: '/s/', xsrf: '' }), FILE, AS);
  await vi.advanceTimersByTimeAsync(40_000);
  const before = service.asked.length;
  dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(0);

  expect(service.asked.length).toBeGreaterThan(before);
  await vi.advanceTimersByTimeAsync(60_000);
  expect((await done).items).toHaveLength(1);
});

it('starts over once where the import is gone', async () => {
  const service = new Imports({ finish: [404] });

  expect((await bringIn()).items).toHaveLength(1);
  expect(service.begun).toBe(2);

  new Imports({ finish: [404, 404] });
  await expect(bringIn()).rejects.toMatchObject({ status: 404 });
});

it('gives an import up that is refused, and tells why', async () => {
  const service = new Imports({ finish: [422] });

  await expect(bringIn()).rejects.toMatchObject({ status: 422 });
  expect(service.asked.at(-1)).toBe('end');
});

it('tells at last that nobody answers', async () => {
  new Imports({ parts: Array.from({ length: 9 }, () => 'cut' as const) });

  await expect(bringIn()).rejects.toMatchObject({ slug: 'offline' });
});
