/**
 * Live client of one tab: sends what the person did, hears what came of it and what others do, session after session.
 *
 * Batches go out at once and in order, several before the first is answered. What is not answered when a session
 * ends is sent again in the next, with the same numbers, so that the service takes it once (L6).
 */
import { LIVE_CLOSED } from '../api/protocol';
import type { Role } from '../api/types';
import { OfflineSession, type Dropped } from './offlineSession';
import type { FromBrowser, FromService, PatchMessage, Welcome } from './messages';
import { Records, type Patch } from '../document/records';
import type { Batch, Effect, Replica } from '../document/replica';
import type { Presence, ShownOutputs, Wire } from './room';
import { REFUSALS, Session, type Refusal } from './session';
import type { Connect } from './socket';
import { writeXml } from '../document/xml';

/** Milliseconds until the first attempt to come back, and the most between two. */
const RETRY_FIRST = 500;
const RETRY_AT_MOST = 30_000;

export type SaveState = 'saved' | 'saving' | 'offline' | 'not-stored' | 'conflict';

/** Work of mine that the service won't have; it is in no other place any more. */
export interface SetAside {
  why: 'refused' | 'unexplained' | 'role' | Refusal;
  detail: string;
  /** The workspace as I had it. */
  xml: string;
}

/** News: blocks that somebody changed, here or elsewhere. */
export interface News {
  author: string;
  /** True if it was done in this very tab. */
  isMine: boolean;
  ids: readonly string[];
}

/** Store that keeps batches until they are answered. */
export interface UnsentStore {
  /** `atOnce` where no answer is to be expected in a moment. */
  put(batch: Pick<Batch, 'n' | 'operations'>, atOnce: boolean): void;
  delete(n: number): void;
  clear(): void;
}

export interface LiveOptions {
  replica: Replica;
  connect: Connect;
  client: string;
  epoch: string;
  clock: number;
  unsentStore: UnsentStore;
  /** Makes the person sign in again; `resume` follows. */
  signedOut: () => void;
}

/**
 * Events: `state` when the state of saving has changed; `role`, a CustomEvent of mine, when it may have;
 * `aside` (`SetAside`) and `dropped` (`Dropped`); `ended`, a CustomEvent of the slug, when there is no coming
 * back; `news` (`News`) of what others changed; `revision`; and for the room `people`, `presence`, `shown`.
 */
export class LiveClient extends EventTarget implements Wire {
  readonly #parts: LiveOptions;

  connection: string | undefined;
  role: Role | undefined;
  /** Time at which the service last said that it has all. */
  savedAt: Date | undefined;
  isSignedOut = false;

  #session: Session | undefined;
  #ended: string | undefined;
  #failures = 0;
  /** The service is there, but said that it can't store anything; until it has stored something. */
  #storageFailed = false;
  #clock: number;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** Since a connection was lost, until all is answered that I did meanwhile. */
  #offline: OfflineSession | undefined;

  constructor(parts: LiveOptions) {
    super();
    this.#parts = parts;

    this.#clock = parts.clock;
    const { replica } = parts;
    replica.onBatch = (batch) => {
      this.#perform(batch);
    };
    const answered = replica.onAnswer;
    replica.onAnswer = (batch, patch) => {
      answered?.(batch, patch);
      this.#answered(batch, patch);
    };
    for (const batch of replica.pending) parts.unsentStore.put(batch, true);
  }

  get state(): SaveState {
    const isWaiting = this.#parts.replica.pending.length > 0;
    if (this.#ended !== undefined) return 'conflict';
    if (this.isSignedOut) return 'offline';
    if (this.#storageFailed) return 'not-stored';
    if (this.#failures > 0) return 'offline';
    return isWaiting ? 'saving' : 'saved';
  }

  get hasUnsavedWork(): boolean {
    return this.#parts.replica.pending.length > 0;
  }

  /** The clock of what the service has told. */
  get clock(): number {
    return this.#clock;
  }

  // ---- Connecting

  open(): void {
    if (this.#session || this.#ended !== undefined) return;
    clearTimeout(this.#retry);
    const { connect, client, epoch, replica } = this.#parts;
    this.#session = new Session({
      connect,
      client,
      epoch,
      clock: this.#clock,
      unanswered: () => (this.role === 'viewer' ? [] : replica.pending),
      welcomed: (message) => {
        this.#welcome(message);
      },
      received: (message) => {
        this.#hear(message);
      },
      closed: (code) => {
        this.#closed(code);
      },
    });
  }

  /** Comes back at once: the network is there again, or the person has signed in, or looks at the page. */
  resume(): void {
    this.isSignedOut = false;
    this.#failures = Math.min(this.#failures, 1);
    this.open();
  }

  /** The network is gone, which sockets notice late. */
  disconnect(): void {
    this.#session?.abandon();
  }

  close(): void {
    this.#end('closed');
    this.#session?.close();
    this.#session = undefined;
  }

  #closed(code: number): void {
    this.#session = undefined;
    this.connection = undefined;
    if (this.#ended !== undefined) return;
    const slug = REFUSALS.get(code);
    if (slug) this.#giveUp(slug);
    else if (code === LIVE_CLOSED['not-signed-in']) {
      this.isSignedOut = true;
      this.#parts.signedOut();
    } else this.#comeBack();
    this.#changed();
  }

  #comeBack(): void {
    this.#failures++;
    const most = Math.min(RETRY_AT_MOST, RETRY_FIRST * 2 ** (this.#failures - 1));
    clearTimeout(this.#retry);
    this.#retry = setTimeout(
      () => {
        this.open();
      },
      most * (0.5 + Math.random() / 2),
    );
  }

  /** Nothing more goes to the service from here; what it hasn't got is set aside. */
  #giveUp(slug: Refusal): void {
    this.#end(slug);
    if (this.hasUnsavedWork) this.#setAside(slug, '');
    this.dispatchEvent(new CustomEvent('ended', { detail: slug }));
  }

  #end(slug: string): void {
    this.#ended ??= slug;
    clearTimeout(this.#retry);
  }

  #setAside(why: SetAside['why'], detail: string): void {
    const { replica, unsentStore: keeper } = this.#parts;
    const xml = writeXml(replica.records);
    replica.refuseAll();
    keeper.clear();
    this.dispatchEvent(new CustomEvent<SetAside>('aside', { detail: { why, detail, xml } }));
  }

  // ---- Sending

  sendPresence(presence: Presence): void {
    this.#sendIfWelcomed({ type: 'presence', ...presence });
  }

  shareOutputs(outputs: readonly unknown[] | null): void {
    this.#sendIfWelcomed({ type: 'show', outputs });
  }

  /** Resolves when the service has all there is, or some time has passed. */
  async whenSaved(milliseconds = 3000): Promise<void> {
    for (const until = Date.now() + milliseconds; this.hasUnsavedWork && Date.now() < until;)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  label(label: string): void {
    this.#sendIfWelcomed({ type: 'label', label });
  }

  #perform(batch: Batch): void {
    this.#parts.unsentStore.put(batch, !this.#session?.isWelcomed);
    this.#session?.sendUnanswered();
    this.#changed();
  }

  #sendIfWelcomed(message: FromBrowser): void {
    if (this.#session?.isWelcomed) this.#session.send(message);
  }

  // ---- Hearing

  #hear(message: Exclude<FromService, Welcome>): void {
    switch (message.type) {
      case 'patch':
        this.#takePatch(message);
        break;
      case 'refused':
        if (message.n === null)
          this.dispatchEvent(new CustomEvent('refused', { detail: message.detail }));
        else this.#refuse(message.n, 'refused', message.detail);
        break;
      case 'role':
        this.#takeRole(message.role);
        break;
      case 'people':
      case 'presence':
      case 'shown':
      case 'revision':
      case 'run':
        this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
        break;
      case 'bye':
        this.#storageFailed ||= message.slug === 'storage-failed';
        break;
      case 'alive':
        break;
    }
  }

  #welcome(message: Welcome): void {
    const { replica } = this.#parts;
    this.connection = message.connection;
    if (this.#failures > 0 && replica.pending.length > 0)
      this.#offline ??= new OfflineSession(replica);
    this.#catchUp(message);
    if (replica.pending.length === 0) this.#storageFailed = false;
    // Else it would come back, and be sent away, twice a second.
    if (!this.#storageFailed) this.#failures = 0;
    this.#takeRole(message.role);
    const { people, shown } = message;
    this.dispatchEvent(new CustomEvent('people', { detail: { people } }));
    for (const detail of shown)
      this.dispatchEvent(new CustomEvent<ShownOutputs>('shown', { detail }));
    this.#changed();
  }

  #catchUp({ records, patches = [], clock, last_n: answered }: Welcome): void {
    const { replica, unsentStore: keeper } = this.#parts;
    replica.startAfter(answered);
    if (records) {
      for (const { n } of replica.pending) if (n <= answered) keeper.delete(n);
      replica.reset(Records.fromJson(records), answered);
      if (this.#offline?.isOverAt(answered)) this.#offline = undefined;
    } else {
      const news = patches.filter((patch) => patch.clock > this.#clock);
      if (news.length > 0) replica.receive(news.map((patch) => this.#effectOf(patch)));
      // All that was applied is among the patches: the rest was refused, and the refusal lost.
      for (const { n } of replica.pending.filter((batch) => batch.n <= answered))
        this.#refuse(n, 'unexplained', '');
    }
    this.#clock = clock;
    for (const patch of patches) this.#tellOf(patch);
    if (records) this.#tellOf({ author: '', client: null, patch: records });
  }

  #effectOf({ patch, client, n }: PatchMessage): Effect {
    return client === this.#parts.client && n !== null ? { patch, n } : { patch };
  }

  #takePatch(message: PatchMessage): void {
    if (message.clock <= this.#clock) {
      // A batch that was sent twice is answered as the first time, and its effect is here already.
      if (message.client === this.#parts.client && message.n !== null) this.#forget(message.n);
    } else if (message.clock > this.#clock + 1) {
      this.disconnect();
      this.resume();
      return;
    } else {
      this.#clock = message.clock;
      this.#parts.replica.receive([this.#effectOf(message)]);
      this.#tellOf(message);
    }
    this.#changed();
  }

  #tellOf({ author, client, patch }: Pick<PatchMessage, 'author' | 'client' | 'patch'>): void {
    const detail = {
      author,
      isMine: client === this.#parts.client,
      ids: Object.keys(patch.blocks ?? {}),
    };
    this.dispatchEvent(new CustomEvent<News>('news', { detail }));
  }

  /** The service has dealt with a batch, and what came of it is here. */
  #forget(n: number): void {
    this.#parts.replica.refuse(n);
    this.#parts.unsentStore.delete(n);
  }

  #answered(batch: Batch, patch: Patch): void {
    this.#parts.unsentStore.delete(batch.n);
    this.#storageFailed = false;
    this.#failures = 0;
    if (this.#parts.replica.pending.length === 0) this.savedAt = new Date();
    const offline = this.#offline;
    if (!offline) return;
    offline.answered(batch, patch);
    if (!offline.isOverAt(batch.n)) return;
    this.#offline = undefined;
    const detail = offline.dropped;
    if (detail) this.dispatchEvent(new CustomEvent<Dropped>('dropped', { detail }));
  }

  #refuse(n: number, why: 'refused' | 'unexplained', detail: string): void {
    const { replica, unsentStore: keeper } = this.#parts;
    const xml = writeXml(replica.records);
    if (!replica.refuse(n)) return;
    keeper.delete(n);
    if (this.#offline?.isOverAt(n)) this.#offline = undefined;
    this.dispatchEvent(new CustomEvent<SetAside>('aside', { detail: { why, detail, xml } }));
    this.#changed();
  }

  /** Takes a new role; changes made under a role that is gone are never sent. */
  #takeRole(role: Role): void {
    const had = this.role;
    this.role = role;
    if (role === 'viewer' && this.hasUnsavedWork) this.#setAside('role', '');
    if (had !== role) this.dispatchEvent(new CustomEvent<Role>('role', { detail: role }));
    this.#session?.sendUnanswered();
  }

  #changed(): void {
    this.dispatchEvent(new Event('state'));
  }
}
