/** Which elements, attributes and values a workspace document may have. */
import { isBlock } from './dom';
import { limits } from './limits';

/** Refuses the document; never returns. */
export type Complain = (message: string) => never;

const NAMESPACES = [
  null,
  'https://developers.google.com/blockly/xml',
  'http://www.w3.org/1999/xhtml',
];

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

const CONTROL = /[\0-\x08\x0B-\x1F]/;

export function checkElement(element: Element, inMutation: boolean, complain: Complain): void {
  if (!NAMESPACES.includes(element.namespaceURI)) complain('This is not a Blockly workspace.');
  checkTexts(element, complain);
  if (inMutation || element.localName === 'mutation') checkMutation(element, complain);
  if (inMutation) return;
  checkPlace(element, complain);
  if (isBlock(element)) checkBlock(element, complain);
  if (/^(block|comment)$/.test(element.localName)) checkCoordinates(element, complain);
}

function checkPlace(element: Element, complain: Complain): void {
  const name = element.localName;
  const parent = element.parentElement;
  if (!parent) {
    if (name !== 'xml') complain('This is not a Blockly workspace.');
  } else if (!CHILDREN[parent.localName]?.includes(name)) {
    complain(`<${name}> cannot stand inside <${parent.localName}>.`);
  }
}

function checkTexts(element: Element, complain: Complain): void {
  const texts = [...element.attributes].map((attribute) => attribute.value);
  if (!element.firstElementChild) texts.push(element.textContent);
  for (const text of texts) {
    if (text.length > limits().text) complain('A text is too long.');
    if (CONTROL.test(text)) complain('A text holds a control character.');
  }
}

function checkBlock(block: Element, complain: Complain): void {
  if (!/^[\w.:$-]{1,128}$/.test(block.getAttribute('type') ?? ''))
    complain('A block has no valid type.');
  if (block.id.length > limits().id) complain('The id of a block is too long.');
  const nexts = [...block.children].filter((child) => child.localName === 'next');
  if (nexts.length > 1) complain('A block can have only one block after it.');
}

function checkCoordinates(element: Element, complain: Complain): void {
  for (const name of ['x', 'y'])
    if (Math.abs(Number(element.getAttribute(name))) > limits().coordinate)
      complain('A block lies too far away.');
}

/** What Blockly's own blocks read with parseInt, which stops at the first letter. */
const COUNTS = /^(items|elseif|else)$/;

/** A function may well be called “1000”. */
const NAMES = /^(name|id|varid|paramid)$/;

/** Numbers in mutations say how many inputs to make, so a huge one would hang the browser. */
function checkMutation(element: Element, complain: Complain): void {
  if (element.children.length > limits().mutation_children) complain('A mutation is too large.');
  for (const { name, value } of element.attributes) {
    if (NAMES.test(name)) continue;
    const count = COUNTS.test(name) ? Number.parseInt(value, 10) : wholeNumber(value);
    if (count > limits().count || (count < 0 && COUNTS.test(name)))
      complain(`A block cannot have ${value} parts.`);
  }
}

const wholeNumber = (text: string) => (/^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : NaN);
