/** People list: the region that says who is here, and lets me follow them. */
import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../i18n';
import type { Member, Room } from '../live/room';
import { PageElement } from '../ui/pageElement';
import { popover } from '../ui/popover';

/** Faces that are shown in the bar; the others are in the list. */
const FACES = 4;

export interface FollowState {
  /** The person whose view I follow. */
  readonly user: string | undefined;
  follow(user: string | undefined): void;
}

class RoomPeople extends PageElement {
  static override properties = {
    room: { attribute: false },
    following: { attribute: false },
    whereabouts: { attribute: false },
    announcement: { state: true },
  };
  declare room: Room;
  declare following: FollowState;
  /** Whereabouts of somebody, in words; empty when that is not known. */
  declare whereabouts: (member: Member) => string;
  declare announcement: string;

  constructor() {
    super();
    this.announcement = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    for (const name of ['people', 'presence', 'shown'])
      this.room.addEventListener(name, () => {
        this.requestUpdate();
      });
    this.room.addEventListener('came', (event) => {
      this.announcement = t('people.came', { name: nameIn(event) });
    });
    this.room.addEventListener('left', (event) => {
      this.announcement = t('people.went', { name: nameIn(event) });
    });
  }

  protected override render(): TemplateResult {
    const { members } = this.room;
    const isMet = members.length > 0;
    return html`<section class="people" aria-label=${t('people.title')}>
      ${
        isMet
          ? popover(
              'people-list',
              html`${members.slice(0, FACES).map(face)}
              ${members.length > FACES ? html`<i class="face" data-initials="+${members.length - FACES}"></i>` : nothing}`,
              t('people.count', { count: members.length }),
              html`<ul class="people-list">
                ${members.map((member) => this.#entry(member))}
              </ul>`,
            )
          : nothing
      }
      <p class="visually-hidden" aria-live="polite">${this.announcement}</p>
    </section>`;
  }

  #entry(member: Member): TemplateResult {
    const { user, isMe } = member;
    const isFollowed = this.following.user === user;
    const where = isMe ? '' : this.whereabouts(member);
    return html`<li>
      ${face(member)}
      <span class="who">
        <strong>${isMe ? t('share.you', { name: user }) : user}</strong>
        ${where ? html`<small>${where}</small>` : nothing}
      </span>
      ${
        isMe
          ? nothing
          : html`<button
              class="button small"
              aria-pressed=${isFollowed ? 'true' : 'false'}
              aria-label=${t('people.followName', { name: user })}
              @click=${() => {
                this.following.follow(isFollowed ? undefined : user);
                this.requestUpdate();
              }}
            >
              ${t('people.follow')}
            </button>`
      }
    </li>`;
  }
}

customElements.define('room-people', RoomPeople);

const nameIn = (event: Event) => (event as CustomEvent<string>).detail;

/** A person as a round sign: the first letters of the name, in their colour. Style puts them there: nothing to read. */
function face({ user, colour }: Member): TemplateResult {
  return html`<i class="face colour-${colour}" data-initials=${initials(user)} title=${user}></i>`;
}

export function initials(name: string): string {
  const words = name.split(/[\s._@-]+/).filter(Boolean);
  const [first = '?', second] = words;
  const letters = second
    ? letter(first, 0) + letter(second, 0)
    : letter(first, 0) + letter(first, 1);
  return letters.toLocaleUpperCase();
}

const letter = (word: string, at: number) => Array.from(word)[at] ?? '';
