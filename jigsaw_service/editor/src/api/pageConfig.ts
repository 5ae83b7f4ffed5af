/** Page config, written into the page by the server: the user, what to show, and all addresses. */
import type { LanguageInfo, Role, Workspace } from './types';
import type { Head } from './workspaces';
import type { Limits } from '../xml/limits';

export type PageName =
  | 'home'
  | 'editor'
  | 'link'
  | 'problem'
  | 'signed-in'
  | 'framed'
  | 'notebook'
  | 'sign-in'
  | 'doctor';

/** The notebook around a page that is framed in one. */
export interface Frame {
  /** The kernel that Run goes to, and no other. */
  kernel_id: string | null;
  /** One of the person's named servers; empty: the usual one. */
  server: string;
  /** The cell magic by which the kernel runs what it does not speak; empty: none. */
  through: string;
  /** Origins that the notebook may have, besides our own. */
  origins: readonly string[];
}

export interface PageProblem {
  slug: string;
  status: number;
  title: string;
  detail: string;
}

/** The page's workspace, as the API answers it, for pages that show one. */
export type PageWorkspace = Workspace;

export interface PageConfig {
  page: PageName;
  /** Path of the service, with a slash at each end. */
  prefix: string;
  /** Path of the Hub, with a slash at each end. */
  hub: string;
  /** Path of the built assets, ending in a slash. */
  static: string;
  user: { name: string; groups: string[] } | null;
  /** Sent back with every request; changes at each sign-in. */
  xsrf: string;
  locale: string;
  version: string;
  /** Limits of a workspace's content. */
  limits: Limits;
  /** All there are, on the home page. */
  languages?: readonly LanguageInfo[];
  workspace?: PageWorkspace;
  /** Its blocks, unless they are many. */
  head?: Head;
  /** The old revision to show, read-only. */
  revision?: number;
  /** Revision, or the present state, to compare it with at once. */
  compare?: number | 'now';
  problem?: PageProblem;
  frame?: Frame;
  /** The workspace that a notebook asks for and that isn't there yet. */
  wanted?: { name: string; language: string };
}

const PAGES: readonly string[] = [
  'home',
  'editor',
  'link',
  'problem',
  'signed-in',
  'framed',
  'notebook',
  'sign-in',
  'doctor',
] satisfies PageName[];
const ROLES: readonly string[] = ['viewer', 'editor', 'owner'] satisfies Role[];

/** The page cannot work: its configuration is missing or of another version. */
export class BadPageConfig extends Error {}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new BadPageConfig(`The page's configuration lacks ${what}.`);
}

/** Reads the page's configuration; throws `BadPageConfig` when a part that everything needs is wrong. */
export function readPageConfig(document: Document): PageConfig {
  const text = document.getElementById('page-config')?.textContent;
  demand(text !== undefined, 'its element');
  const config = JSON.parse(text ?? 'null') as PageConfig;
  demand(PAGES.includes(config.page), 'a known page');
  for (const path of ['prefix', 'static'] as const) {
    demand(typeof config[path] === 'string' && config[path].endsWith('/'), path);
  }
  demand(typeof config.xsrf === 'string', 'xsrf');
  demand(typeof config.limits === 'object', 'limits');
  if (config.page === 'editor' || config.page === 'framed') {
    demand(config.user !== null, 'a user');
    demand(ROLES.includes(config.workspace?.role ?? ''), 'a workspace with a role');
  }
  return config;
}
