/**
 * Elements of workspace XML: copies in Blockly's namespace, and how they are written. What is in namespaces of others
 * stands in a copy as the text it is written as, so that nobody takes it for Blockly's; `document/elements.py` writes alike.
 */

export const NAMESPACE = 'https://developers.google.com/blockly/xml';

/** Blockly's own namespaces over the years; the one that the root has is Blockly's, too. */
const OURS: readonly (string | null)[] = [null, NAMESPACE, 'http://www.w3.org/1999/xhtml'];

/** An element whose text is one of another namespace. */
const CLOSED = 'jigsaw:closed';

/** An attribute whose value are those in namespaces; no file can have it, as its name has a colon. */
const QUALIFIED = 'jigsaw:qualified';

const XML = 'http://www.w3.org/XML/1998/namespace';
const XMLNS = 'http://www.w3.org/2000/xmlns/';

export const isOurs = (element: Element, root: Element) =>
  OURS.includes(element.namespaceURI) || element.namespaceURI === root.namespaceURI;

/** The same elements in Blockly's namespace, without white space and XML comments between them. */
export function copyOf(root: Element): Element {
  const ours = (element: Element) => isOurs(element, root);
  const top = emptyCopyOf(root);
  const waiting: [Element, Element][] = [[root, top]];
  for (let next; (next = waiting.pop());) {
    const [from, to] = next;
    for (const part of contentOf(from, true)) {
      if (typeof part === 'string') to.append(document.createTextNode(part));
      else if (!ours(part)) to.append(closed(part, ours));
      else {
        const copy = emptyCopyOf(part);
        to.append(copy);
        waiting.push([part, copy]);
      }
    }
  }
  return top;
}

const create = (name: string) => document.createElementNS(NAMESPACE, name);

function emptyCopyOf(element: Element): Element {
  const copy = create(element.localName);
  for (const { name, value } of plainAttributes(element)) copy.setAttribute(name, value);
  const kept = element.getAttribute(QUALIFIED) ?? qualified(element, new Map())[1];
  if (kept) copy.setAttribute(QUALIFIED, kept);
  return copy;
}

function closed(element: Element, ours: (element: Element) => boolean): Element {
  const copy = document.createElementNS(CLOSED, 'closed');
  copy.append(document.createTextNode(foreignText(element, ours)));
  return copy;
}

/** Elements and runs of text; white space alone only where it is asked for or stands alone. */
function contentOf(element: Element, withoutSpace: boolean): (Element | string)[] {
  const found: (Element | string)[] = [];
  for (const node of element.childNodes) {
    if (node.nodeType === Node.ELEMENT_NODE) found.push(node as Element);
    else if (node.nodeType === Node.TEXT_NODE || node.nodeType === Node.CDATA_SECTION_NODE) {
      const text = node.textContent ?? '';
      const last = found.at(-1);
      if (typeof last === 'string') found[found.length - 1] = last + text;
      else if (text) found.push(text);
    }
  }
  if (!withoutSpace || !element.firstElementChild) return found;
  return found.filter((part) => typeof part !== 'string' || /[^ \t\r\n]/.test(part));
}

/** Attributes without a namespace. */
export const plainAttributes = (element: Element) =>
  [...element.attributes].filter(({ name }) => name !== 'xmlns' && !name.includes(':'));

/** Those in namespaces as an element called `n`, as records have them; nothing where there are none. */
export function qualifiedText(element: Element): string | undefined {
  const text = element.getAttribute(QUALIFIED);
  return text ? `<n${text}/>` : undefined;
}

/** True if anything of it is in a namespace of others. */
export const isQualified = (element: Element) => element.hasAttribute(QUALIFIED);

export const isClosed = (element: Element) => element.namespaceURI === CLOSED;

// ---- Writing

/** One element of a copy, or of what Blockly makes, with all that is in it. */
export function textOf(root: Element): string {
  let text = '';
  const waiting: (Element | string)[] = [root];
  for (let next; (next = waiting.pop()) !== undefined;) {
    if (typeof next === 'string') {
      text += next;
      continue;
    }
    if (isClosed(next)) {
      text += next.textContent;
      continue;
    }
    const name = next.localName;
    const attributes = attributesText(pairsOf(next)) + (next.getAttribute(QUALIFIED) ?? '');
    const content = contentOf(next, true).map(written);
    if (content.length === 0) text += `<${name}${attributes}/>`;
    else {
      text += `<${name}${attributes}>`;
      waiting.push(`</${name}>`, ...content.reverse());
    }
  }
  return text;
}

const written = (part: Element | string) => (typeof part === 'string' ? escapeText(part) : part);

const pairsOf = (element: Element) =>
  plainAttributes(element).map(({ name, value }): [string, string] => [name, value]);

/** Namespaces by prefix; of no prefix, the empty one is Blockly's. */
type Scope = ReadonlyMap<string, string>;

/** An element of another namespace, with what declares those that are used. */
function foreignText(root: Element, ours: (element: Element) => boolean): string {
  let text = '';
  const waiting: [Element | string, Scope][] = [[root, new Map()]];
  for (let next; (next = waiting.pop()) !== undefined;) {
    const [item] = next;
    if (typeof item === 'string') {
      text += item;
      continue;
    }
    const isForeign = !ours(item);
    const prefix = isForeign ? (item.prefix ?? '') : '';
    const name = prefix ? `${prefix}:${item.localName}` : item.localName;
    const [scope, declared] = inScope(next[1], prefix, isForeign ? (item.namespaceURI ?? '') : '');
    const [inside, more] = qualified(item, scope);
    const start = `<${name}${declared}${attributesText(pairsOf(item))}${more}`;
    const content = contentOf(item, !isForeign).map(written);
    text += content.length === 0 ? `${start}/>` : `${start}>`;
    if (content.length > 0) waiting.push([`</${name}>`, scope]);
    for (const part of content.reverse()) waiting.push([part, isForeign ? inside : scope]);
  }
  return text;
}

/** The scope in which the prefix means the namespace, and what declares it if it did not. */
function inScope(scope: Scope, prefix: string, uri: string): [Scope, string] {
  const known = scope.get(prefix) ?? (prefix ? undefined : '');
  if (known === uri) return [scope, ''];
  const name = prefix ? `xmlns:${prefix}` : 'xmlns';
  const declared = ` ${name}="${escapeAttribute(uri || NAMESPACE)}"`;
  return [new Map([...scope, [prefix, uri]]), declared];
}

function qualified(element: Element, outer: Scope): [Scope, string] {
  let scope = outer;
  let declared = '';
  let attributes = '';
  for (const { prefix, namespaceURI, localName, value } of element.attributes) {
    if (!prefix || !namespaceURI || namespaceURI === XMLNS) continue;
    let more = '';
    if (namespaceURI !== XML) [scope, more] = inScope(scope, prefix, namespaceURI);
    declared += more;
    attributes += ` ${prefix}:${localName}="${escapeAttribute(value)}"`;
  }
  return [scope, declared + attributes];
}

export const attributesText = (pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`).join('');

/** An element with nothing in it but text; `qualified` are attributes in namespaces, as they are written. */
export function leaf(
  name: string,
  pairs: readonly (readonly [string, string])[],
  text: string,
  qualified = '',
): string {
  const start = `<${name}${attributesText(pairs)}${qualified}`;
  return text ? `${start}>${escapeText(text)}</${name}>` : `${start}/>`;
}

export const escapeText = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

export const escapeAttribute = (text: string) =>
  escapeText(text).replace(/"/g, '&quot;').replace(/\t/g, '&#9;').replace(/\n/g, '&#10;');
