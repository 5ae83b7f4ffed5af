/**
 * Work that the service has not answered yet, kept in this browser (L6).
 *
 * It is filed under Hub, user, workspace and epoch, so that it is never shown to another user of this browser nor
 * sent to a database that was restored in between; and under the tab's client, by whose numbers the service knows
 * what it has already.
 */
import type { UnsentStore } from './liveClient';
import type { Operation } from '../document/reducer';

export interface UnsentKey {
  hub: string;
  user: string;
  workspace: string;
  epoch: string;
  client: string;
}

export interface UnsentBatch {
  n: number;
  operations: readonly Operation[];
}

/** Unsent work that a tab left when it was closed. */
export interface LeftWork {
  key: UnsentKey;
  batches: UnsentBatch[];
  /** The workspace as the person had it, if there was time to keep that. */
  xml: string | undefined;
  /** Time at which it was kept, in ISO 8601. */
  kept: string;
}

/** Milliseconds in which an answer usually comes, so that most batches need not be written down. */
const MOMENT = 100;

/** Milliseconds without an answer after which the whole workspace is kept as well, to be offered as a copy. */
const WHILE = 2000;

const STORE = 'unsent';

interface UnsentRow {
  operations?: readonly Operation[];
  xml?: string;
  kept: string;
}

/** The number under which the whole workspace is kept; batches count from 1. */
const WHOLE = 0;

/** The batches of one tab, in IndexedDB. A browser that keeps nothing (full, or private) must not stop the rest. */
export class UnsentWork implements UnsentStore {
  readonly #key: UnsentKey;
  readonly #whole: () => string;

  readonly #waiting = new Map<number, UnsentBatch>();
  readonly #written = new Set<number>();
  readonly #open = new Set<number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wholeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(key: UnsentKey, whole: () => string) {
    this.#key = key;
    this.#whole = whole;
  }

  put({ n, operations }: UnsentBatch, atOnce: boolean): void {
    this.#waiting.set(n, { n, operations });
    this.#open.add(n);
    if (atOnce) this.flush();
    else
      this.#timer ??= setTimeout(() => {
        this.flush();
      }, MOMENT);
    this.#wholeTimer ??= setTimeout(() => {
      this.#keepWhole();
    }, WHILE);
  }

  delete(n: number): void {
    this.#open.delete(n);
    this.#waiting.delete(n);
    const gone = this.#written.delete(n) ? [n] : [];
    if (this.#open.size === 0) {
      clearTimeout(this.#wholeTimer);
      this.#wholeTimer = undefined;
      if (this.#written.delete(WHOLE)) gone.push(WHOLE);
    }
    if (gone.length > 0) this.#delete(gone);
  }

  clear(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#wholeTimer);
    this.#timer = this.#wholeTimer = undefined;
    this.#waiting.clear();
    this.#open.clear();
    const gone = [...this.#written];
    this.#written.clear();
    if (gone.length > 0) this.#delete(gone);
  }

  /** Writes down what waits, before the page may go offline. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    const rows = [...this.#waiting.values()];
    for (const { n } of rows) this.#written.add(n);
    this.#waiting.clear();
    const kept = new Date().toISOString();
    void run('readwrite', (store) => {
      for (const { n, operations } of rows)
        store.put({ operations, kept } satisfies UnsentRow, pathOf(this.#key, n));
    }).catch(() => undefined);
  }

  #keepWhole(): void {
    this.#wholeTimer = undefined;
    if (this.#open.size === 0) return;
    this.#written.add(WHOLE);
    const row: UnsentRow = { xml: this.#whole(), kept: new Date().toISOString() };
    void run('readwrite', (store) => {
      store.put(row, pathOf(this.#key, WHOLE));
    }).catch(() => undefined);
  }

  #delete(numbers: readonly number[]): void {
    void run('readwrite', (store) => {
      for (const n of numbers) store.delete(pathOf(this.#key, n));
    }).catch(() => undefined);
  }
}

const pathOf = ({ hub, user, workspace, epoch, client }: UnsentKey, n: number) => [
  hub,
  user,
  workspace,
  epoch,
  client,
  n,
];

/** In IndexedDB's order an array comes after every string and number. */
const below = (path: readonly string[]) => IDBKeyRange.bound([...path], [...path, []]);

/** Unsent work of a workspace that earlier tabs of the same person left. */
export async function leftOf({
  hub,
  user,
  workspace,
}: Omit<UnsentKey, 'epoch' | 'client'>): Promise<LeftWork[]> {
  const range = below([hub, user, workspace]);
  let rows: IDBRequest<UnsentRow[]> | undefined;
  let paths: IDBRequest<IDBValidKey[]> | undefined;
  await run('readonly', (store) => {
    rows = store.getAll(range);
    paths = store.getAllKeys(range);
  });
  const open = await openTabs();
  const left = new Map<string, LeftWork>();
  (paths?.result ?? []).forEach((path, i) => {
    const [, , , epoch, client, n] = path as [string, string, string, string, string, number];
    const row = rows?.result[i];
    if (!row || open.has(client)) return;
    const key = { hub, user, workspace, epoch, client };
    const one = left.get(client) ?? { key, batches: [], xml: undefined, kept: row.kept };
    if (row.kept > one.kept) one.kept = row.kept;
    if (n === WHOLE) one.xml = row.xml;
    else if (row.operations) one.batches.push({ n, operations: row.operations });
    left.set(client, one);
  });
  return [...left.values()].filter(({ batches }) => batches.length > 0);
}

export async function forgetLeft({ key }: LeftWork): Promise<void> {
  const { hub, user, workspace, epoch, client } = key;
  await run('readwrite', (store) => {
    store.delete(below([hub, user, workspace, epoch, client]));
  }).catch(() => undefined);
}

let database: Promise<IDBDatabase> | undefined;

async function run(mode: IDBTransactionMode, work: (store: IDBObjectStore) => void): Promise<void> {
  database ??= openDatabase();
  const opened = await database;
  return new Promise((resolve, reject) => {
    // Relaxed: batches go out without waiting for the disk, as the service's is the safer one.
    const transaction = opened.transaction(STORE, mode, { durability: 'relaxed' });
    work(transaction.objectStore(STORE));
    transaction.oncomplete = () => {
      resolve();
    };
    transaction.onabort = () => {
      reject(transaction.error ?? new Error('The browser kept nothing.'));
    };
  });
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('jigsaw-live', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('The browser keeps nothing.'));
    };
  });
}

const LOCK = 'jigsaw-client-';

/** A random name for this tab's stay; while the tab lives, its unsent work is nobody else's to send. */
export function newClient(): string {
  const client = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  // Browsers offer locks over HTTPS only; without them another tab may send the same, which is taken once.
  const locks = navigator.locks as LockManager | undefined;
  void locks?.request(LOCK + client, () => new Promise(() => undefined));
  return client;
}

async function openTabs(): Promise<Set<string>> {
  const locks = navigator.locks as LockManager | undefined;
  const held = (await locks?.query())?.held ?? [];
  return new Set(held.map(({ name }) => name?.replace(LOCK, '') ?? ''));
}
