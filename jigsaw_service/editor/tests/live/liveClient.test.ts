// @vitest-environment jsdom
/** The connection of one tab: what is sent when, and what becomes of work that the service won't have (L6). */
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Language } from '../../src/languages';
import { resendUnsent } from '../../src/live/resendUnsent';
import type { Dropped } from '../../src/live/offlineSession';
import type { SetAside } from '../../src/live/liveClient';
import { apply } from '../../src/document/records';
import { documentOf, prepare } from '../canvas/open';
import { part, serviceOf, Someone } from './together';
import { EPOCH, type VirtualService } from './virtualService';

let language: Language;
let service: VirtualService;
let alice: Someone;
let bob: Someone;
const kept = new Map<number, boolean>();

const keeper = {
  put: ({ n }: { n: number }, atOnce: boolean) => kept.set(n, atOnce),
  delete: (n: number) => kept.delete(n),
  clear: () => {
    kept.clear();
  },
};

beforeAll(async () => {
  language = await prepare();
});

beforeEach(async () => {
  vi.useFakeTimers({ now: 0 });
  kept.clear();
  service = serviceOf(documentOf(text('t'), text('u')));
  alice = new Someone('alice', service, language.types, keeper);
  bob = new Someone('bob', service, language.types);
  await silence();
});

afterEach(() => part(alice, bob));

const silence = (milliseconds = 1000) => vi.advanceTimersByTimeAsync(milliseconds);
const text = (id: string) => `<block type="text" id="${id}"><field name="TEXT">x</field></block>`;

function write(someone: Someone, id: string, words: string): void {
  someone.act(() => someone.block(id).setFieldValue(words, 'TEXT'));
  someone.program.settle();
}

function goOffline(someone: Someone): void {
  someone.online = false;
  for (const line of service.lines) if (line.user === someone.name) line.cut();
}

function comeBack(someone: Someone): void {
  someone.online = true;
  someone.live.resume();
}

const of = <T>(someone: Someone, type: string) =>
  someone.events.filter(([name]) => name === type).map(([, detail]) => detail as T);

const words = (someone: Someone, id: string) => someone.block(id).getFieldValue('TEXT') as string;

test('says saved only when the service has all', async () => {
  const states: string[] = [];
  alice.live.addEventListener('state', () => states.push(alice.live.state));

  write(alice, 't', 'y');
  await silence(50);
  expect(alice.live.state).toBe('saving');
  await silence();

  expect(alice.live.state).toBe('saved');
  expect(states[0]).toBe('saving');
  expect(service.records.blocks.get('t')?.['f:TEXT']).toBe('y');
});

test('says that nothing can be stored, and not offline by turns, until it can', async () => {
  const states = new Set<string>();
  service.storageFails = true;
  write(alice, 't', 'y');
  await silence(50);
  alice.live.addEventListener('state', () => states.add(alice.live.state));
  await silence(60_000);

  expect([...states]).toEqual(['not-stored']);
  expect(alice.live.hasUnsavedWork).toBe(true);
  expect(kept.size).toBe(1);

  service.storageFails = false;
  await silence(30_000);
  expect(alice.live.state).toBe('saved');
  expect(service.records.blocks.get('t')?.['f:TEXT']).toBe('y');
});

test('goes on by itself when there was nothing to store', async () => {
  for (const line of service.lines) line.tell({ type: 'bye', slug: 'storage-failed', retry: 5 });
  service.dropAll(4503);
  await silence(100);
  expect(alice.live.state).toBe('not-stored');

  await silence(5000);
  expect(alice.live.state).toBe('saved');
});

test('takes a connection for dead when nothing is heard for a minute, also with nothing to say', async () => {
  const line = () => [...service.lines].find(({ user }) => user === 'bob');
  const first = line();
  await silence(58_000);
  expect(line()).toBe(first);

  await silence(5_000);

  expect(line()).not.toBe(first);
  expect(bob.live.state).toBe('saved');
});

test('keeps a batch in the browser until it is answered, at once if that will take long', async () => {
  write(alice, 't', 'y');
  await silence(50);
  expect([...kept]).toEqual([[1, false]]);
  await silence();
  expect(kept.size).toBe(0);

  goOffline(alice);
  await silence(100);
  write(alice, 't', 'z');
  await silence(100);

  expect([...kept]).toEqual([[2, true]]);
  expect(alice.live.state).toBe('offline');
});

test('brings what was done offline, on top of what others did meanwhile', async () => {
  goOffline(alice);
  await silence(100);
  write(alice, 't', 'offline');
  await silence(100);
  write(bob, 'u', 'meanwhile');
  await silence();

  comeBack(alice);
  await silence(3000);

  expect(words(bob, 't')).toBe('offline');
  expect(words(alice, 'u')).toBe('meanwhile');
  expect(of(alice, 'dropped')).toEqual([]);
  expect(alice.live.state).toBe('saved');
});

test('a batch whose answer was lost is taken once', async () => {
  write(alice, 't', 'y');
  await silence(60);
  goOffline(alice);
  await silence();
  comeBack(alice);
  await silence(5000);

  expect(service.log.filter(({ author }) => author === 'alice')).toHaveLength(1);
  expect(alice.live.hasUnsavedWork).toBe(false);
});

test('a refusal that was lost on the way is told on return, and later work stays (L6)', async () => {
  goOffline(alice);
  await silence(100);
  write(alice, 't', 'refused');
  write(alice, 'u', 'taken');
  await silence(100);
  const client = 'alice'.padEnd(32, '-');
  const patch = { blocks: { u: { 'f:TEXT': 'taken' } } };
  apply(service.records, patch);
  service.publish({ author: 'alice', client, n: 2, patch });
  service.lastN.set(client, 2);

  comeBack(alice);
  await silence(3000);

  expect(of<SetAside>(alice, 'aside').map(({ why }) => why)).toEqual(['unexplained']);
  expect([words(alice, 't'), words(alice, 'u')]).toEqual(['x', 'taken']);
  expect(alice.live.state).toBe('saved');
});

test('says in words what could not be kept of work done offline', async () => {
  goOffline(alice);
  await silence(100);
  write(alice, 't', 'precious');
  await silence(100);
  bob.act(() => bob.block('t').dispose(false));
  await silence();

  comeBack(alice);
  await silence(3000);

  const [dropped] = of<Dropped>(alice, 'dropped');
  expect(dropped?.changes).toBe(1);
  expect(dropped?.xml).toContain('precious');
  expect(alice.has('t')).toBe(false);
});

test('catches up with the whole state where the log no longer reaches back', async () => {
  goOffline(alice);
  await silence(100);
  write(alice, 't', 'offline');
  await silence(100);
  write(bob, 'u', 'meanwhile');
  await silence();
  service.logBegins = service.clock;

  comeBack(alice);
  await silence(3000);

  expect(words(alice, 'u')).toBe('meanwhile');
  expect(words(bob, 't')).toBe('offline');
  expect(alice.xml).toBe(bob.xml);
});

test('sets work aside when the epoch has changed, and never merges it', async () => {
  goOffline(alice);
  await silence(100);
  write(alice, 't', 'before the fire');
  await silence(100);
  service.epoch = 'epoch2';

  comeBack(alice);
  await silence(3000);

  const [aside] = of<SetAside>(alice, 'aside');
  expect(aside?.why).toBe('epoch-changed');
  expect(aside?.xml).toContain('before the fire');
  expect(of(alice, 'ended')).toEqual(['epoch-changed']);
  expect(service.log).toEqual([]);
  expect(kept.size).toBe(0);
});

test('sets work aside that was done under a role that is gone', async () => {
  goOffline(alice);
  await silence(100);
  write(alice, 't', 'too late');
  await silence(100);
  service.role = 'viewer';

  comeBack(alice);
  await silence(3000);

  const [aside] = of<SetAside>(alice, 'aside');
  expect(aside?.why).toBe('role');
  expect(aside?.xml).toContain('too late');
  expect(words(alice, 't')).toBe('x');
  expect(service.log).toEqual([]);
});

test('waits for a new sign-in, and then goes on', async () => {
  service.dropAll(4401);
  await silence(100);
  write(alice, 't', 'signed out');
  await silence(60_000);
  expect(alice.signedOut).toBe(1);
  expect(alice.live.isSignedOut).toBe(true);
  expect(alice.live.state).toBe('offline');

  alice.live.resume();
  bob.live.resume();
  await silence();

  expect(words(bob, 't')).toBe('signed out');
});

test.each([
  [4403, 'not-allowed'],
  [4404, 'not-found'],
])('does not come back after %i, and sets its work aside', async (code, slug) => {
  write(alice, 't', 'mine');
  service.role = 'viewer';
  for (const line of service.lines) if (line.user === 'alice') line.end(code);
  await silence(60_000);

  expect(of(alice, 'ended')).toEqual([slug]);
  expect(alice.live.state).toBe('conflict');
});

test('takes a connection for dead that does not answer', async () => {
  const [line] = [...service.lines].filter(({ user }) => user === 'alice');
  if (line) line.send = () => undefined;

  write(alice, 't', 'into the void');
  await silence(20_000);

  expect(words(bob, 't')).toBe('into the void');
});

test('sends a great many batches no faster than the service takes them', async () => {
  goOffline(alice);
  await silence(100);
  for (let i = 0; i < 600; i++) {
    write(alice, 't', String(i));
    await silence(20);
  }
  comeBack(alice);
  await silence(500);
  expect(service.log.length).toBeLessThan(400);
  await silence(30_000);

  expect(words(bob, 't')).toBe('599');
  expect(alice.live.hasUnsavedWork).toBe(false);
});

test('what a closed tab left is brought under its own numbers, and what the service has is not sent again', async () => {
  write(alice, 't', 'has arrived');
  await silence();
  const set = (id: string, words: string) => [
    { op: 'set' as const, id, keys: { 'f:TEXT': words } },
  ];
  const left = {
    key: { hub: '/', user: 'alice', workspace: 'w', epoch: EPOCH, client: 'alice'.padEnd(32, '-') },
    batches: [
      { n: 1, operations: set('t', 'has arrived') },
      { n: 2, operations: set('u', 'had not') },
      { n: 3, operations: set('gone', 'nowhere') },
    ],
    xml: undefined,
    kept: '',
  };
  alice.live.close();

  const resent = resendUnsent(left, service.connectFor('alice'), { epoch: EPOCH, clock: 1 });
  await silence();

  expect(await resent).toEqual({ outcome: 'delivered', batches: 2, lost: 1 });
  expect(words(bob, 'u')).toBe('had not');
});

test('what a closed tab left is not brought to another epoch', async () => {
  const key = { hub: '/', user: 'alice', workspace: 'w', epoch: 'old', client: 'c'.repeat(32) };
  const left = { key, batches: [{ n: 1, operations: [] }], xml: '<xml/>', kept: '' };

  const resent = resendUnsent(left, service.connectFor('alice'), { epoch: EPOCH, clock: 1 });

  expect(await resent).toEqual({ outcome: 'refused' });
  expect(service.log).toEqual([]);
});
