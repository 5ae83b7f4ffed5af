/** The JSON of the REST API, as `openapi.json` describes it. */
import type { Patch } from '../document/records';

export type Role = 'viewer' | 'editor' | 'owner';

export interface Page<Item> {
  items: Item[];
  /** Address of the list's next page, or null at its end. */
  next: string | null;
}

export interface Workspace {
  id: string;
  name: string;
  language: string;
  kernel_name: string | null;
  owner: string;
  role: Role;
  revision: number;
  clock: number;
  created: string;
  modified: string;
  /** Name of the person who changed the blocks last. */
  modified_by: string;
  trashed: string | null;
  copied_from: string | null;
  /** In a list: words inside its blocks that were searched for. */
  contains?: readonly string[];
}

export interface LanguageInfo {
  name: string;
  title: string;
  kernel_language: string;
  file_extension: string;
}

export interface Revision {
  number: number;
  /** Of the state that it holds. */
  clock: number;
  kind: 'creation' | 'automatic' | 'upload' | 'import' | 'restore' | 'copy';
  authors: string[];
  created: string;
  label: string | null;
  blocks: number;
  bytes: number;
  /** Its content was cleared away with age. */
  thinned: boolean;
}

/** A committed change; no patch where it isn't known any more. */
export interface Change {
  clock: number;
  author: string;
  created: string;
  patch: Patch | null;
}

/** One item for each account; a name may be borne by several, one after the other. */
export interface Contributors extends Page<{ name: string; you: boolean }> {
  /** Number of files of unknown authors that came in. */
  files: number;
}

export interface Share {
  id: string | number;
  user: string | null;
  group: string | null;
  everyone: boolean;
  role: Role;
  /** True if the user has ever been here; null for others. */
  signed_in: boolean | null;
}

export interface ServerState {
  state: 'stopped' | 'starting' | 'ready';
  /** Percent, while starting. */
  progress?: number | null;
}

/** One line of the event stream of a starting server. */
export interface StartProgress {
  progress: number;
  message: string;
  ready?: boolean;
  failed?: boolean;
}
