/** The JSON messages of the live socket, as docs/live.md lists them. */
import type { Role } from '../api/types';
import type { Patch, RecordsJson } from '../document/records';
import type { Operation } from '../document/reducer';
import type { Person, Presence, ShownOutputs } from './room';

export interface PatchMessage {
  type: 'patch';
  clock: number;
  author: string;
  client: string | null;
  n: number | null;
  patch: Patch;
}

export interface Welcome {
  type: 'welcome';
  clock: number;
  epoch: string;
  role: Role;
  last_n: number;
  connection: string;
  people: Person[];
  shown: ShownOutputs[];
  records?: RecordsJson;
  patches?: PatchMessage[];
}

/** A run of the person's own has begun, on any page, or was ended from outside, or answered. */
export interface RunNews {
  type: 'run';
  user: string;
  kernel_id: string;
  server: string;
  run: string;
  end: 'done' | 'restarted' | 'died' | null;
  /** The id of the question; "": none. */
  answered: string;
}

export type FromService =
  | Welcome
  | PatchMessage
  | { type: 'refused'; n: number | null; slug: string; detail: string }
  | ({ type: 'presence'; connection: string } & Presence)
  | { type: 'people'; people: Person[] }
  | ({ type: 'shown' } & ShownOutputs)
  | { type: 'revision'; number: number; label: string | null }
  | { type: 'role'; role: Role }
  | RunNews
  | { type: 'alive' }
  | { type: 'bye'; slug: string; retry: number | null };

export type FromBrowser =
  | { type: 'hello'; protocol: number; client: string; epoch?: string; clock?: number }
  | { type: 'ops'; n: number; ops: readonly Operation[] }
  | ({ type: 'presence' } & Presence)
  | { type: 'show'; outputs: readonly unknown[] | null }
  | { type: 'label'; label: string };
