/** Ids of what a document holds. */
import { blocksIn, isItem } from './dom';

/** Type and id of the record of what a document holds besides blocks, comments and variables. */
export const REST = '#xml';

/** Blockly takes an id with this in it for a connection's, and fails. */
const RESERVED = '_connection';

/** Gives every block, shadow and workspace comment an id of its own, the same in every browser and in the service. */
export function giveIds(root: Element): void {
  const items = [
    ...blocksIn(root),
    ...[...root.children].filter((child) => child.localName === 'comment' && isItem(child)),
  ];
  const given = new Set(items.map((item) => item.id));
  const seen = new Set<string>();
  let number = 0;
  for (const item of items) {
    if (!item.id || seen.has(item.id) || item.id.includes(RESERVED) || item.id === REST) {
      do number++;
      while (given.has(`~${String(number)}`));
      item.id = `~${String(number)}`;
    }
    seen.add(item.id);
  }
}
