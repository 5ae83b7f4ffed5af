/** Vocabulary: the elements, attributes and values that a workspace document may have. */
import { isBlock, numberIn } from './dom';
import { limits } from './limits';

/** Refuses the document; never returns. */
export type Complain = (message: string) => never;

/** Context of an element: among blocks, in a mutation, or in foreign content, kept closed. */
export type Within = 'program' | 'mutation' | 'closed';

const BLOCK = ['mutation', 'field', 'title', 'value', 'statement', 'next', 'comment', 'data'];
const INPUT = ['block', 'shadow'];

/** The elements that may stand inside each element; a mutation's are its own affair. */
const CHILDREN: Record<string, readonly string[]> = {
  xml: ['variables', 'block', 'shadow', 'comment'],
  variables: ['variable'],
  block: BLOCK,
  shadow: BLOCK,
  value: INPUT,
  statement: INPUT,
  next: INPUT,
  variable: [],
  field: [],
  title: [],
  comment: [],
  data: [],
};

/** Elements in which those that aren't Blockly's may stand. */
const FOREIGN_IN = /^(xml|block|shadow|value|statement|field|title|comment|data)$/;

const CONTROL = /[\0-\x08\x0B-\x1F]/;

/** Answers what its children are in. */
export function checkElement(
  element: Element,
  isOurs: boolean,
  within: Within,
  complain: Complain,
): Within {
  checkTexts(element, complain);
  const inside = within === 'program' ? placeOf(element, isOurs, complain) : within;
  if (inside === 'mutation') checkMutation(element, complain);
  if (inside === 'program') {
    if (isBlock(element)) checkBlock(element, complain);
    if (/^(block|shadow|comment)$/.test(element.localName)) checkCoordinates(element, complain);
  }
  return inside;
}

function placeOf(element: Element, isOurs: boolean, complain: Complain): Within {
  const name = element.localName;
  const parent = element.parentElement;
  if (!parent) return name === 'xml' ? 'program' : complain('This is not a Blockly workspace.');
  const isKnown =
    isOurs && (name === 'xml' || Object.hasOwn(CHILDREN, name) || name === 'mutation');
  if (isKnown && CHILDREN[parent.localName]?.includes(name))
    return name === 'mutation' ? 'mutation' : 'program';
  if (isKnown || !FOREIGN_IN.test(parent.localName) || name.toLowerCase() === 'script')
    complain(`<${name}> cannot stand inside <${parent.localName}>.`);
  return 'closed';
}

function checkTexts(element: Element, complain: Complain): void {
  const texts = [...element.attributes].map((attribute) => attribute.value);
  if (!element.firstElementChild) texts.push(element.textContent);
  for (const text of texts) {
    if (text.length > limits().text) complain('A text is too long.');
    if (CONTROL.test(text)) complain('A text holds a control character.');
  }
}

const TYPE = /^(?!#)[^\0-\x1F\x7F-\x9F\u2028\u2029\uD800-\uDFFF\uFFFE\uFFFF]{1,128}$/u;

function checkBlock(block: Element, complain: Complain): void {
  if (!TYPE.test(block.getAttribute('type') ?? '')) complain('A block has no valid type.');
  if (block.id.length > limits().id) complain('The id of a block is too long.');
  const nexts = [...block.children].filter((child) => child.localName === 'next');
  if (nexts.length > 1) complain('A block can have only one block after it.');
}

function checkCoordinates(element: Element, complain: Complain): void {
  for (const name of ['x', 'y'])
    if (Math.abs(numberIn(element.getAttribute(name))) > limits().coordinate)
      complain('A block lies too far away.');
}

/** Attributes that count inputs, which Blockly makes unasked; parseInt reads up to a letter. */
const COUNTS = ['items', 'elseif', 'else'];

function checkMutation(element: Element, complain: Complain): void {
  if (element.children.length > limits().mutation_children) complain('A mutation is too large.');
  for (const name of COUNTS) {
    const value = element.getAttribute(name) ?? '';
    const count = Number.parseInt(value, 10);
    if (count > limits().count || count < 0) complain(`A block cannot have ${value} parts.`);
  }
}
