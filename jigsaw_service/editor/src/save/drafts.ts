/**
 * Unsent work, kept in the browser until the service has acknowledged it.
 *
 * Each draft is filed under Hub, user, workspace and epoch, so that it is never offered to another user of this
 * browser nor put on top of a database that was restored in between; and under the tab's sitting, so that two tabs
 * do not overwrite each other's.
 */
export interface DraftKey {
  hub: string;
  user: string;
  workspace: string;
  epoch: string;
  sitting: string;
}

export interface Draft {
  xml: string;
  /** The tag of the head that the work was done on. */
  etag: string;
  /** When it was kept, in ISO 8601. */
  kept: string;
}

export interface LeftDraft extends Draft {
  key: DraftKey;
}

export interface Drafts {
  keep(key: DraftKey, draft: Draft): Promise<void>;
  forget(key: DraftKey): Promise<void>;
  /** What earlier tabs of the same person left of the workspace, newest first. */
  left(of: Omit<DraftKey, 'epoch'>): Promise<LeftDraft[]>;
}

/** The epoch in a tag such as `"k3v9-17"`: what stands before the clock. */
export function epochOf(etag: string): string {
  return etag.replace(/"/g, '').replace(/[-.:]?\d+$/, '');
}

const STORE = 'drafts';

/** Drafts in IndexedDB, which outlives the tab and the browser. */
export class BrowserDrafts implements Drafts {
  #database: Promise<IDBDatabase> | undefined;

  async keep(key: DraftKey, draft: Draft): Promise<void> {
    await this.#run('readwrite', (store) => store.put({ ...draft, key }, pathOf(key)));
  }

  async forget(key: DraftKey): Promise<void> {
    await this.#run('readwrite', (store) => store.delete(pathOf(key)));
  }

  async left({ hub, user, workspace }: Omit<DraftKey, 'epoch'>): Promise<LeftDraft[]> {
    // In IndexedDB's order an array comes after every string: the range holds all epochs and sittings.
    const range = IDBKeyRange.bound([hub, user, workspace], [hub, user, workspace, []]);
    const all = (await this.#run('readonly', (store) => store.getAll(range))) as LeftDraft[];
    const open = await openSittings();
    return all
      .filter(({ key }) => !open.has(key.sitting))
      .sort((a, b) => b.kept.localeCompare(a.kept));
  }

  async #run(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest,
  ): Promise<unknown> {
    this.#database ??= openDatabase();
    const database = await this.#database;
    return new Promise((resolve, reject) => {
      // Strict: the work must be on the disk before it is sent, or a power cut would lose both.
      const transaction = database.transaction(STORE, mode, { durability: 'strict' });
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        resolve(request.result);
      };
      transaction.onabort = () => {
        reject(transaction.error ?? new Error('The browser kept nothing.'));
      };
    });
  }
}

function pathOf(key: DraftKey): string[] {
  return [key.hub, key.user, key.workspace, key.epoch, key.sitting];
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('jigsaw', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('The browser keeps nothing.'));
    };
  });
}

const LOCK = 'jigsaw-sitting-';

/** A random name for this tab's stay; while the tab lives, its drafts are nobody else's to restore. */
export function beginSitting(): string {
  const sitting = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  // Browsers offer locks over HTTPS only; without them a second tab may be offered what the first still holds.
  const locks = navigator.locks as LockManager | undefined;
  void locks?.request(LOCK + sitting, () => new Promise(() => undefined));
  return sitting;
}

async function openSittings(): Promise<Set<string>> {
  const locks = navigator.locks as LockManager | undefined;
  const held = (await locks?.query())?.held ?? [];
  return new Set(held.map(({ name }) => name?.replace(LOCK, '') ?? ''));
}
