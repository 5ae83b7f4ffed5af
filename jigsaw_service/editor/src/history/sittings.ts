/**
 * Revisions grouped by work sitting: each is at most so many minutes after the one before it, and shares
 * somebody with the sitting. The rule stands in docs/history.md.
 */
import type { Revision } from '../api/types';

/** Longer without a revision is a pause. */
export const PAUSE_MINUTES = 30;

export interface Sitting {
  /** Newest first, as in the list. */
  revisions: readonly Revision[];
  people: readonly string[];
  from: string;
  to: string;
}

/** `revisions`, newest first, as the service lists them. */
export function sittingsOf(revisions: readonly Revision[]): Sitting[] {
  const groups: Revision[][] = [];
  for (const revision of revisions) {
    const group = groups.at(-1);
    if (group && belongs(revision, group)) group.push(revision);
    else groups.push([revision]);
  }
  return groups.map((group) => ({
    revisions: group,
    people: peopleOf(group),
    from: group.at(-1)?.created ?? '',
    to: group[0]?.created ?? '',
  }));
}

function belongs(earlier: Revision, group: readonly Revision[]): boolean {
  const pause = Date.parse(group.at(-1)?.created ?? '') - Date.parse(earlier.created);
  const people = peopleOf(group);
  return pause <= PAUSE_MINUTES * 60_000 && earlier.authors.some((name) => people.includes(name));
}

const peopleOf = (group: readonly Revision[]) =>
  [...new Set(group.flatMap(({ authors }) => authors))].sort();
