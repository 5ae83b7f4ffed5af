/**
 * Reads workspace XML: well formed or refused, nothing guessed.
 *
 * Blockly's own reader falls back to an HTML parser, which moves and drops blocks without a word.
 */
import { InvalidWorkspace } from './invalidWorkspace';
import { copyOf, isOurs } from './elements';
import { giveIds } from './ids';
import { isBlock } from './dom';
import { limits } from './limits';
import { checkElement, type Complain, type Within } from './vocabulary';

/** Parses workspace XML into elements of Blockly's namespace, every block with an id of its own. */
export function parseWorkspace(text: string): Element {
  refuseTooLarge(text);
  refuseDoctype(text);
  const root = wellFormed(text).documentElement;
  check(root, text);
  const copy = copyOf(root);
  giveIds(copy);
  return copy;
}

function refuseTooLarge(text: string): void {
  const { bytes } = limits();
  if (new TextEncoder().encode(text).length > bytes)
    throw new InvalidWorkspace(`The workspace has more than ${bytes} bytes.`);
}

/** Stops before the parser does, as it would expand the entities a DOCTYPE declares. */
function refuseDoctype(text: string): void {
  let at = 0;
  for (;;) {
    at += /^[\s\uFEFF]*/.exec(text.slice(at, at + 65536))?.[0].length ?? 0;
    const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : null;
    if (!end) break;
    const found = text.indexOf(end, at + 2);
    if (found < 0) break;
    at = found + end.length;
  }
  if (/^<!doctype/i.test(text.slice(at, at + 9)))
    throw new InvalidWorkspace(
      'A document type declaration is not allowed.',
      ...position(text, at),
    );
}

function wellFormed(text: string): Document {
  const parsed = new DOMParser().parseFromString(text.replace(/^\uFEFF/, ''), 'text/xml');
  const error = parsed.getElementsByTagName('parsererror')[0];
  if (!error) return parsed;
  throw malformed(error.textContent);
}

/** Browsers tell the place of an error only in words, each in its own. */
function malformed(message: string): InvalidWorkspace {
  const place =
    /line (?:number )?(\d+)(?: at|,) column (\d+)/i.exec(message) ?? /^(\d+):(\d+)/.exec(message);
  const text = 'This is not well-formed XML.';
  return place
    ? new InvalidWorkspace(text, Number(place[1]), Number(place[2]))
    : new InvalidWorkspace(text);
}

/** Walks without recursion: depth is exactly what isn't to be trusted yet. */
function check(root: Element, text: string): void {
  let index = -1;
  let blocks = 0;
  const complain: Complain = (message) => {
    throw new InvalidWorkspace(message, ...position(text, startOfTag(text, index)));
  };
  const waiting: [node: Node, depth: number, within: Within][] = [[root, 1, 'program']];
  for (let next; (next = waiting.pop());) {
    const [node, depth, within] = next;
    if (node.nodeType === Node.PROCESSING_INSTRUCTION_NODE)
      complain('Processing instructions are not allowed.');
    if (!(node instanceof Element)) continue;
    index++;
    if (depth > limits().depth) complain('The blocks are nested too deeply.');
    const inside = checkElement(node, isOurs(node, root), within, complain);
    if (inside === 'program' && isBlock(node) && ++blocks > limits().blocks)
      complain(`There are more than ${limits().blocks} blocks.`);
    for (let child = node.lastChild; child; child = child.previousSibling)
      waiting.push([child, depth + 1, inside]);
  }
}

/** Index at which the start tag of the element with this number (in document order) begins. */
function startOfTag(text: string, index: number): number {
  const tags = /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<\/|<(?:[^>"']|"[^"]*"|'[^']*')*>/g;
  let seen = -1;
  for (const tag of text.matchAll(tags)) {
    if (/^<[!?/]/.test(tag[0])) continue;
    if (++seen === index) return tag.index;
  }
  return 0;
}

function position(text: string, offset: number): [line: number, column: number] {
  const before = text.slice(0, offset).split('\n');
  return [before.length, (before.at(-1)?.length ?? 0) + 1];
}
