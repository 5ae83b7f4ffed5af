/** Small questions about workspace XML. */

export const isBlock = (element: Element) => /^(block|shadow)$/.test(element.localName);

export const isInput = (element: Element) => /^(value|statement)$/.test(element.localName);

export function childNamed(element: Element, name: string): Element | undefined {
  return [...element.children].find((child) => child.localName === name);
}

/**
 * The elements of blocks and shadows in document order, the element itself included. Mutations are
 * passed over: what looks like a block inside one isn't.
 */
export function blocksIn(element: Element): Element[] {
  const found: Element[] = [];
  const waiting = [element];
  for (let next; (next = waiting.pop());) {
    if (next.localName === 'mutation') continue;
    if (isBlock(next)) found.push(next);
    for (let child = next.lastElementChild; child; child = child.previousElementSibling)
      waiting.push(child);
  }
  return found;
}
