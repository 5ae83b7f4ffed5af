/** Chunks of long stacks, so that they can be put up bit by bit. */
import { blocksIn, childNamed } from '../xml/dom';

/** Blocks that a piece has at least. */
const SIZE = 50;

/** The stack that begins with `top`, in pieces of `least` blocks or more; each belongs below the one before it. */
export function chunkStacks(top: Element, least = SIZE): Element[] {
  const pieces = [top];
  let size = 0;
  for (let block: Element | undefined = top; block;) {
    const next = childNamed(block, 'next');
    const below: Element | undefined = next?.children.length === 1 ? next.children[0] : undefined;
    next?.remove();
    size += blocksIn(block).length;
    if (next && below?.localName === 'block' && size >= least) {
      pieces.push(below);
      size = 0;
    } else if (next) block.append(next);
    block = below;
  }
  return pieces;
}
