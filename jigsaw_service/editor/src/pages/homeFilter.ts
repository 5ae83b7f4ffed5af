/** What of the workspaces is shown on the home page, as it stands in the address. */
import type { WorkspaceFilter } from '../api/workspaces';

export const SECTIONS = ['recent', 'mine', 'shared', 'trash'] as const;
export type Section = (typeof SECTIONS)[number];

export interface HomeFilter {
  section: Section;
  q: string;
  language: string;
}

const CARDS_AT_ONCE = 24;

export function filterFrom(search: string): HomeFilter {
  const query = new URLSearchParams(search);
  return {
    section: SECTIONS.find((section) => section === query.get('show')) ?? 'recent',
    q: query.get('q') ?? '',
    language: query.get('language') ?? '',
  };
}

/** The part of the address behind `?`; what is usual stands in none. */
export function searchOf({ section, q, language }: HomeFilter): string {
  const query = new URLSearchParams(location.search);
  const put = (name: string, value: string) => {
    if (value) query.set(name, value);
    else query.delete(name);
  };
  put('show', section === 'recent' ? '' : section);
  put('q', q);
  put('language', language);
  const text = query.toString();
  return text ? `?${text}` : '';
}

/** What to ask the service for; “shared with me” is two lists, one for each role. */
export function apiFilters({ section, q, language }: HomeFilter): WorkspaceFilter[] {
  const filter: WorkspaceFilter = { q, language, sort: '-modified', limit: CARDS_AT_ONCE };
  if (section === 'mine') return [{ ...filter, role: 'owner' }];
  if (section === 'shared')
    return [
      { ...filter, role: 'editor' },
      { ...filter, role: 'viewer' },
    ];
  return [section === 'trash' ? { ...filter, trash: true } : filter];
}

export function isFiltered({ q, language }: HomeFilter): boolean {
  return q !== '' || language !== '';
}
