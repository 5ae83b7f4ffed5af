/** A comparison as it is shown: one document with marks on its blocks, and a list of what to look at. */
import { onCanvas, type At, type Records } from '../document/records';
import { compare, type KeyChange, type VariableDiffering } from './compare';
import { inReadingOrder, mergeStates } from './merged';

export const KINDS = ['added', 'removed', 'moved', 'changed'] as const;
export type ReviewKind = (typeof KINDS)[number];

export interface Entry {
  kind: ReviewKind;
  /** In the document that is shown. */
  id: string;
  /** Number of blocks that came, or went, as one. */
  blocks: number;
  /** Place to which a block was moved; a changed one may have been moved, too. */
  to: At | undefined;
  changes: readonly KeyChange[];
}

export interface Review {
  /** The later state, with what is gone put back where it was. */
  records: Records;
  marks: ReadonlyMap<string, ReviewKind>;
  beside: ReadonlyMap<string, string>;
  entries: readonly Entry[];
  variables: readonly VariableDiffering[];
  /** Blocks and workspace comments of each kind. */
  counts: Readonly<Record<ReviewKind, number>>;
}

export function review(before: Records, after: Records): Review {
  const comparison = compare(before, after);
  const { records, ghosts, beside } = mergeStates(before, after, comparison);
  const gone = new Set(ghosts.values());
  const marks = new Map<string, ReviewKind>();
  const entries: Entry[] = [];
  const counts = { added: 0, removed: 0, moved: 0, changed: 0 };
  const leaders = new Map<string, Entry>();
  const note = (kind: ReviewKind, id: string, rest: Partial<Entry> = {}) => {
    const entry = { kind, id, blocks: 1, to: undefined, changes: [], ...rest };
    marks.set(id, kind);
    counts[kind]++;
    entries.push(entry);
    leaders.set(id, entry);
  };
  /** Notes a block that came or went with the one it hangs on as part of that one's entry. */
  const noteWhole = (kind: ReviewKind, id: string) => {
    const at = records.blocks.get(id)?.at;
    const leader =
      at && !onCanvas(at) && marks.get(at[0]) === kind ? leaders.get(at[0]) : undefined;
    if (!leader) {
      note(kind, id);
      return;
    }
    marks.set(id, kind);
    counts[kind]++;
    leader.blocks++;
    leaders.set(id, leader);
  };
  for (const id of inReadingOrder(records)) {
    const differing = comparison.altered.get(id);
    if (gone.has(id)) noteWhole('removed', id);
    else if (comparison.added.has(id)) noteWhole('added', id);
    else if (differing) {
      const to = differing.isMoved ? records.blocks.get(id)?.at : undefined;
      const { changes } = differing;
      note(changes.length > 0 ? 'changed' : 'moved', id, { to, changes });
    }
  }
  return { records, marks, beside, entries, variables: comparison.variables, counts };
}
