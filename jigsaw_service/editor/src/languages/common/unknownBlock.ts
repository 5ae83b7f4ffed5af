/** The block that stands in for an unknown one, as far as generators meet it. */
import type * as Blockly from 'blockly/core';
import { blocksIn, childNamed, isInput, isJoint } from '../../xml/dom';

export const PLACEHOLDER = 'jigsaw_unknown';

export interface Placeholder extends Blockly.Block {
  /** The mutation it was loaded with, which is all there is to keep. */
  kept: Element;
}

/** The foreign type a placeholder block stands for. */
export function originalType(block: Blockly.Block): string {
  const { kept } = block as Placeholder;
  return childNamed(kept, 'original')?.getAttribute('type') ?? '';
}

/** More types than these would only make a long sentence. */
const TYPES_NAMED = 5;

/** The type of an unknown block, and which blocks inside it are therefore in no code. */
export function unknownWords(block: Blockly.Block): string {
  const isPlaceholder = block.type === PLACEHOLDER;
  const type = isPlaceholder ? originalType(block) : block.type;
  const shown = block.inputList.flatMap(
    ({ connection }) => connection?.targetBlock()?.getDescendants(true) ?? [],
  );
  const inside = [
    ...shown.map((one) => (one.type === PLACEHOLDER ? originalType(one) : one.type)),
    ...[block, ...shown].flatMap(closedIn).map(typeOf),
  ];
  if (inside.length === 0) return type;
  const types = new Set(inside);
  const named =
    // By name, as a file in another form may hold them in another order.
    [...types].sort().slice(0, TYPES_NAMED).join(', ') + (types.size > TYPES_NAMED ? ', …' : '');
  return `${type} (${inside.length} inside it ${inside.length === 1 ? 'does' : 'do'} not run: ${named})`;
}

const typeOf = (element: Element) => element.getAttribute('type') ?? '';

const closedIn = (block: Blockly.Block) =>
  block.type === PLACEHOLDER ? closedBlocks((block as Placeholder).kept) : [];

/** Blocks that a placeholder with this mutation holds and doesn't show. */
function closedBlocks(mutation: Element | undefined): Element[] {
  const original = mutation && childNamed(mutation, 'original');
  return [...(original?.children ?? [])]
    .filter(isJoint)
    .flatMap(blocksIn)
    .filter((block) => !isBehindBlock(block));
}

/** A shadow lies behind the block that stands in its place. */
const isBehindBlock = (element: Element) =>
  element.localName === 'shadow' &&
  [...(element.parentElement?.children ?? [])].some((child) => child.localName === 'block');

/** Types of the blocks in a document that stand inside unknown ones, and don't run for that reason. */
export function silentTypes(root: Element): string[] {
  const silent = new Set<Element>();
  const closed: Element[] = [];
  for (const block of blocksIn(root)) {
    if (typeOf(block) !== PLACEHOLDER) continue;
    closed.push(...closedBlocks(childNamed(block, 'mutation')));
    for (const input of [...block.children].filter(isInput))
      for (const inner of blocksIn(input)) if (!isBehindBlock(inner)) silent.add(inner);
  }
  const shown = [...silent].map((block) => {
    const original = childNamed(block, 'mutation')?.firstElementChild;
    return typeOf((typeOf(block) === PLACEHOLDER && original) || block);
  });
  return [...shown, ...closed.map(typeOf)];
}
