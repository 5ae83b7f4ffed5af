/** The others in the workspace: shown on the canvas, told where I am, followed. */
import type { Canvas } from '../canvas/canvas';
import type { Marker, PresenceLayer } from '../canvas/presenceLayer';
import { t } from '../i18n';
import type { LiveClient, News } from '../live/liveClient';
import { PresenceReport, Room, type Member, type Wire } from '../live/room';
import { toast } from '../ui/toast';
import type { FollowState } from './peopleList';

/** Shows the people of a live connection over the canvas, and me to them. */
export function followPeople(live: LiveClient, canvas: Canvas, me: string): PeopleHere {
  const people = new PeopleHere(new Room(live, me), live, canvas.others);
  live.addEventListener('news', (event) => {
    const { author, ids } = (event as CustomEvent<News>).detail;
    if (author !== me) people.changed(author, ids);
  });
  return people;
}

/** Events: `following` when I begin or cease to follow somebody. */
export class PeopleHere extends EventTarget implements FollowState {
  readonly #layer: PresenceLayer;

  user: string | undefined;
  readonly #report: PresenceReport;
  #selection: string | null = null;
  #warnedOf: string | undefined;

  constructor(
    readonly room: Room,
    wire: Wire,
    layer: PresenceLayer,
  ) {
    super();
    this.#layer = layer;

    this.#report = new PresenceReport(wire);
    layer.watch((place) => {
      if (place.selection !== undefined) this.#select(place.selection);
      this.#report.change(place);
    });
    layer.onWandering(() => {
      this.follow(undefined);
    });
    for (const name of ['people', 'presence'])
      room.addEventListener(name, () => {
        this.#show();
      });
  }

  follow(user: string | undefined): void {
    if (user === this.user) return;
    this.user = user;
    if (user !== undefined) this.#goAlong();
    this.dispatchEvent(new Event('following'));
  }

  /** Whereabouts of somebody, in words. */
  whereabouts(member: Member): string {
    for (const { connection, presence } of this.room.places()) {
      if (!member.connections.includes(connection) || presence.selection === null) continue;
      const block = this.#layer.describe(presence.selection);
      if (block)
        return t(presence.field === null ? 'people.atBlock' : 'people.editsBlock', { block });
    }
    return '';
  }

  /** Somebody else has changed these blocks. */
  changed(author: string, ids: readonly string[]): void {
    const member = this.room.others.find(({ user }) => user === author);
    if (!member) return;
    this.#layer.glow(ids, member.colour);
    const mine = this.#selection;
    if (mine === null || !ids.includes(mine) || this.#warnedOf === mine + author) return;
    this.#warnedOf = mine + author;
    toast(t('people.changedYours', { name: author }));
  }

  #select(id: string | null): void {
    this.#selection = id;
    this.#warnedOf = undefined;
  }

  #show(): void {
    this.#layer.show(
      [...this.room.places()].map(({ connection, member, presence }): Marker => ({
        connection,
        name: member.user,
        colour: member.colour,
        selection: presence.selection,
        pointer: presence.pointer,
        isEditing: presence.field !== null,
      })),
    );
    if (this.user !== undefined) this.#goAlong();
  }

  #goAlong(): void {
    const places = [...this.room.places()].filter(({ member }) => member.user === this.user);
    const place = places.find(({ presence }) => presence.selection ?? presence.pointer);
    if (place) this.#layer.goTo(place.presence);
    else if (!this.room.others.some(({ user }) => user === this.user)) this.follow(undefined);
  }
}
