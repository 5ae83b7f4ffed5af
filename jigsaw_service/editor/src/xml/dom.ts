/** XML helpers: tests and look-ups on the elements of a workspace. */

export const isBlock = (element: Element) => /^(block|shadow)$/.test(element.localName);

export const isInput = (element: Element) => /^(value|statement)$/.test(element.localName);

export function childNamed(element: Element, name: string): Element | undefined {
  return [...element.children].find((child) => child.localName === name);
}

/** The number that an attribute begins with, if it does. */
export function numberIn(text: string | null): number {
  const found = /^[ \t\n\r\f\v]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/.exec(text ?? '');
  return found ? Number(found[0]) : NaN;
}

/** True if it becomes a record of its own at the top; a comment with elements isn't Blockly's. */
export const isItem = (element: Element) =>
  isBlock(element) || (element.localName === 'comment' && !element.firstElementChild);

/** An input that holds blocks and nothing else. All others are kept closed. */
export const isPlainInput = (element: Element) =>
  isInput(element) &&
  element.firstElementChild !== null &&
  [...element.attributes].every(({ name }) => name === 'name' || name === 'xmlns') &&
  [...element.children].every(isBlock);

const HOLDER = /^(xml|block|shadow|value|statement|next)$/;

/** True if blocks inside it are blocks of the program. */
export const holdsBlocks = (element: Element) => HOLDER.test(element.localName);

/**
 * The elements of blocks and shadows in document order, the element itself included. What looks like a block in a
 * mutation, or in an element of others, isn't.
 */
export function blocksIn(element: Element): Element[] {
  const found: Element[] = [];
  const waiting = [element];
  for (let next; (next = waiting.pop());) {
    if (!holdsBlocks(next)) continue;
    if (isBlock(next)) found.push(next);
    for (let child = next.lastElementChild; child; child = child.previousElementSibling)
      waiting.push(child);
  }
  return found;
}

/** True if other blocks hang there. */
export const isJoint = (child: Element) => isInput(child) || child.localName === 'next';
