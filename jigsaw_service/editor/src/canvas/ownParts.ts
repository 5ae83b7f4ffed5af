/** What belongs to a block itself, as opposed to the blocks attached to it. */

const JOINTS = /^(value|statement|next)$/;

export function ownParts(element: Element): Element[] {
  return [...element.children].filter((child) => !JOINTS.test(child.localName));
}

/** Blockly disables these blocks by itself wherever they can't work, and enables them again. */
const AUTOMATIC_REASONS = new Set([
  'CONTROL_FLOW_NOT_IN_LOOP',
  'UNPARENTED_IFRETURN',
  'DISABLED_PROCEDURE_DEFINITION',
]);

/** How a block looks on paper, leaving out where it stands and whether its comment is open. */
export function signatureOf(element: Element): string {
  dropAutomaticReasons(element);
  const isComment = element.localName === 'comment';
  const attributes = attributeText(element, isComment ? /^$/ : /^[xy]$/);
  const inside = isComment ? element.textContent : ownParts(element).map(partText).join('');
  return `${element.localName} ${attributes} ${inside}`;
}

function dropAutomaticReasons(element: Element): void {
  const reasons = element.getAttribute('disabled-reasons');
  if (reasons === null) return;
  const manual = reasons.split(',').filter((reason) => !AUTOMATIC_REASONS.has(reason));
  if (manual.length > 0) element.setAttribute('disabled-reasons', manual.join(','));
  else element.removeAttribute('disabled-reasons');
}

function partText(part: Element): string {
  if (part.localName !== 'comment') return part.outerHTML;
  return `comment ${attributeText(part, /^([xy]|pinned)$/)} ${part.textContent}`;
}

function attributeText(element: Element, except: RegExp): string {
  return [...element.attributes]
    .filter(({ name }) => !except.test(name))
    .map(({ name, value }) => `${name}=${JSON.stringify(value)}`)
    .join(' ');
}

/** Whether an element still stands for the block the original was, so that its extras belong to it. */
export function sameButMoved(original: Element, element: Element): boolean {
  return original.getAttribute('type') === element.getAttribute('type');
}
