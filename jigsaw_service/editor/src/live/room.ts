/** Room: the other people in the workspace, where they are, and the outputs they show. */

export interface Person {
  connection: string;
  user: string;
  role: string;
}

/** Presence of somebody: their selected block, their pointer on the canvas, the field they edit. */
export interface Presence {
  selection: string | null;
  pointer: readonly [number, number] | null;
  field: string | null;
}

export interface ShownOutputs {
  connection: string;
  outputs: readonly unknown[] | null;
}

/** Live connection; fires `people`, `presence` and `shown`, as CustomEvents of the message. */
export interface Wire extends EventTarget {
  /** Mine, once the service has welcomed me. */
  readonly connection: string | undefined;
  sendPresence(presence: Presence): void;
  shareOutputs(outputs: readonly unknown[] | null): void;
}

/** Somebody with all their tabs. */
export interface Member {
  user: string;
  role: string;
  colour: number;
  isMe: boolean;
  connections: readonly string[];
}

export const NOWHERE: Presence = { selection: null, pointer: null, field: null };

/** As many colours as can be told apart by everybody; see `people.css`. */
export const COLOURS = 8;

/** Events: `people`, `presence` and `shown` when these have changed; `came` and `left`, CustomEvents of a user's name. */
export class Room extends EventTarget {
  readonly #wire: Wire;
  readonly #me: string;

  members: readonly Member[] = [];
  /** Outputs that others show, by connection. */
  readonly shown = new Map<string, readonly unknown[]>();

  readonly #presences = new Map<string, Presence>();
  readonly #colours = new Map<string, number>();
  #met = false;

  constructor(wire: Wire, me: string) {
    super();
    this.#wire = wire;
    this.#me = me;

    wire.addEventListener('people', (event) => {
      this.#gathered((event as CustomEvent<{ people: Person[] }>).detail.people);
    });
    wire.addEventListener('presence', (event) => {
      const { connection, ...presence } = (event as CustomEvent<Presence & { connection: string }>)
        .detail;
      this.#presences.set(connection, presence);
      this.dispatchEvent(new Event('presence'));
    });
    wire.addEventListener('shown', (event) => {
      this.#shows((event as CustomEvent<ShownOutputs>).detail);
    });
  }

  get others(): readonly Member[] {
    return this.members.filter(({ isMe }) => !isMe);
  }

  /** Places of the others; somebody with two tabs is in two places. */
  *places(): Iterable<{ connection: string; member: Member; presence: Presence }> {
    for (const member of this.members)
      for (const connection of member.connections) {
        const presence = this.#presences.get(connection);
        if (presence && connection !== this.#wire.connection)
          yield { connection, member, presence };
      }
  }

  memberOf(connection: string): Member | undefined {
    return this.members.find(({ connections }) => connections.includes(connection));
  }

  #gathered(people: readonly Person[]): void {
    const before = new Set(this.members.map(({ user }) => user));
    const byUser = new Map<string, Person[]>();
    for (const person of people)
      byUser.set(person.user, [...(byUser.get(person.user) ?? []), person]);
    const others = [...byUser.keys()].filter((user) => user !== this.#me).sort();
    // By name, so that most browsers give the same colours.
    for (const user of [this.#me, ...others].sort()) this.#colourOf(user);
    this.members = [this.#me, ...others].flatMap((user) => this.#member(user, byUser.get(user)));
    this.#forgetAbsent(new Set(people.map(({ connection }) => connection)));
    this.#tell(before, new Set(byUser.keys()));
    this.dispatchEvent(new Event('people'));
  }

  #member(user: string, tabs: readonly Person[] = []): Member[] {
    const [first] = tabs;
    if (!first) return [];
    const connections = tabs.map(({ connection }) => connection);
    const colour = this.#colourOf(user);
    return [{ user, role: first.role, colour, isMe: user === this.#me, connections }];
  }

  /** Tells who came and who left; the people who were here before me are no news. */
  #tell(before: ReadonlySet<string>, now: ReadonlySet<string>): void {
    if (this.#met) {
      for (const detail of now)
        if (!before.has(detail)) this.dispatchEvent(new CustomEvent('came', { detail }));
      for (const detail of before)
        if (!now.has(detail)) this.dispatchEvent(new CustomEvent('left', { detail }));
    }
    this.#met = true;
  }

  #forgetAbsent(present: ReadonlySet<string>): void {
    for (const connection of this.#presences.keys())
      if (!present.has(connection)) this.#presences.delete(connection);
    for (const connection of this.shown.keys())
      if (!present.has(connection)) this.#shows({ connection, outputs: null });
  }

  #shows({ connection, outputs }: ShownOutputs): void {
    if (outputs && connection !== this.#wire.connection) this.shown.set(connection, outputs);
    else this.shown.delete(connection);
    this.dispatchEvent(new Event('shown'));
  }

  /** The same for one person as long as this page is open. */
  #colourOf(user: string): number {
    const known = this.#colours.get(user);
    if (known !== undefined) return known;
    let colour = Array.from(user).reduce(
      (sum, sign) => (sum * 31 + (sign.codePointAt(0) ?? 0)) % 997,
      7,
    );
    const taken = new Set(this.#colours.values());
    for (let tries = 0; tries < COLOURS && taken.has(colour % COLOURS); tries++) colour++;
    this.#colours.set(user, colour % COLOURS);
    return colour % COLOURS;
  }
}

/** Tells the others where I am, at most so often that nobody is flooded; the last place is always told. */
export class PresenceReport {
  readonly #wire: Pick<Wire, 'sendPresence'>;

  #now: Presence = NOWHERE;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sentAt = 0;

  /** Milliseconds between two reports: fewer than ten a second. */
  static readonly PAUSE = 120;

  constructor(wire: Pick<Wire, 'sendPresence'>) {
    this.#wire = wire;
  }

  change(part: Partial<Presence>): void {
    this.#now = { ...this.#now, ...part };
    const wait = this.#sentAt + PresenceReport.PAUSE - performance.now();
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#sentAt = performance.now();
        this.#wire.sendPresence(this.#now);
      },
      Math.max(0, wait),
    );
  }
}
