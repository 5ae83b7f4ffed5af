/** Readable XML: a file's blocks, put so that Blockly's own reader doesn't throw at them. */

import { isInput, isItem } from './dom';

/** Reasons in a `disabled-reasons` attribute, decoded; an ill-formed escape stays as it is. */
export function reasonsIn(attribute: string): string[] {
  return attribute.split(',').filter(Boolean).map(decoded);
}

function decoded(reason: string): string {
  try {
    return decodeURIComponent(reason);
  } catch {
    return reason;
  }
}

/** Changes the elements that Blockly is to read; records keep what the file says. */
export function makeReadable(root: Element): void {
  for (const child of [...root.children])
    if (child.localName !== 'variables' && !isInput(child) && !isItem(child)) child.remove();
  for (const element of root.querySelectorAll('[disabled-reasons]')) {
    const reasons = reasonsIn(element.getAttribute('disabled-reasons') ?? '');
    if (reasons.length === 0) element.removeAttribute('disabled-reasons');
    else element.setAttribute('disabled-reasons', reasons.map(encodeURIComponent).join(','));
  }
}
