/** Home filter: which workspaces the home page shows, as it stands in the address. */
import type { WorkspaceFilter } from '../api/workspaces';

export const SECTIONS = ['recent', 'mine', 'shared', 'trash'] as const;
export type Section = (typeof SECTIONS)[number];
export const ROLES = ['owner', 'editor', 'viewer'] as const;
export const SORTS = ['-modified', 'modified', '-created', 'name'] as const;
export type Sort = (typeof SORTS)[number];

export interface HomeFilter {
  section: Section;
  /** Words in names or blocks. */
  q: string;
  language: string;
  /** The owner’s name. */
  owner: string;
  role: '' | (typeof ROLES)[number];
  /** A type of block. */
  block: string;
  sort: Sort;
}

/** Everything, in the usual order. */
export const UNFILTERED = { q: '', language: '', owner: '', role: '', block: '' } as const;

const CARDS_AT_ONCE = 24;

export function filterFrom(search: string): HomeFilter {
  const query = new URLSearchParams(search);
  const one = <Known extends string>(known: readonly Known[], name: string) =>
    known.find((value) => value === query.get(name));
  return {
    section: one(SECTIONS, 'show') ?? 'recent',
    q: query.get('q') ?? '',
    language: query.get('language') ?? '',
    owner: query.get('owner') ?? '',
    role: one(ROLES, 'role') ?? '',
    block: query.get('block') ?? '',
    sort: one(SORTS, 'sort') ?? '-modified',
  };
}

/** The part of the address behind `?`; what is usual stands in none. */
export function searchOf({ section, sort, ...words }: HomeFilter): string {
  const query = new URLSearchParams(location.search);
  const put = (name: string, value: string) => {
    if (value) query.set(name, value);
    else query.delete(name);
  };
  put('show', section === 'recent' ? '' : section);
  for (const [name, value] of Object.entries(words)) put(name, value);
  put('sort', sort === '-modified' ? '' : sort);
  const text = query.toString();
  return text ? `?${text}` : '';
}

/** Filter to ask the service for. */
export function apiFilter({
  section,
  role,
  q,
  owner,
  block,
  ...rest
}: HomeFilter): WorkspaceFilter {
  const words = { q: q.trim(), owner: owner.trim(), block: block.trim() };
  const filter: WorkspaceFilter = { ...rest, ...words, limit: CARDS_AT_ONCE };
  if (section === 'mine') return { ...filter, role: 'owner' };
  if (section === 'trash') return { ...filter, trash: true };
  if (section === 'shared' && !(role === 'editor' || role === 'viewer'))
    return { ...filter, role: 'shared' };
  return role ? { ...filter, role } : filter;
}

/** Number of filters in use, of those that stand behind the button. */
export function filtersInUse({ language, owner, role, block }: HomeFilter): number {
  return [language, owner, role, block].filter((value) => value !== '').length;
}

export function isFiltered(filter: HomeFilter): boolean {
  return filter.q !== '' || filtersInUse(filter) > 0;
}
