/**
 * Carries a workspace between its XML and Blockly without losing anything on the way.
 *
 * A block that nobody changed is written back exactly as it came: on loading, what Blockly itself
 * would write for it is remembered beside the original, and as long as the two still agree, the
 * original is what is saved. A changed block keeps the attributes that Blockly doesn't know.
 */
import * as Blockly from 'blockly/core';
import { blocksIn, childNamed } from './dom';
import { declareVariables, standIn } from './fit';
import { LIMITS } from './limits';
import { relax } from './nesting';
import { cut } from './pieces';
import { ownParts, sameButMoved, signatureOf } from './ownParts';
import { PLACEHOLDER, unwrap } from './placeholder';
import { parseWorkspace } from './strictXml';

/** What came in the file for one block or workspace comment. */
interface Original {
  element: Element;
  /** What Blockly wrote for it right after loading. */
  signature: string;
  residue: Residue;
  position?: Position;
}

interface Position {
  given: ReadonlyMap<string, string>;
  x: number;
  y: number;
}

/** Attributes of the file that Blockly would drop, for the block and for its mutation. */
interface Residue {
  block: ReadonlyMap<string, string>;
  mutation: ReadonlyMap<string, string>;
}

/** A document read and found good, ready to be put on a workspace. */
export interface Document {
  root: Element;
  unknownTypes: readonly string[];
  blocks: number;
  originals: ReadonlyMap<string, Element>;
}

/** Reads a document; nothing is shown yet. Throws InvalidWorkspace. */
export function readDocument(xml: string, knownTypes: ReadonlySet<string>): Document {
  const root = parseWorkspace(xml);
  const originals = new Map<string, Element>();
  const blocks = blocksIn(root);
  for (const element of [...blocks, ...topComments(root)])
    originals.set(element.id, shallow(element));
  return {
    root,
    originals,
    blocks: blocks.length,
    unknownTypes: quietly(() => standIn(root, knownTypes)),
  };
}

/** The element with its own parts, without the blocks attached to it. */
function shallow(element: Element): Element {
  const copy = element.cloneNode(false) as Element;
  copy.append(...ownParts(element).map((part) => part.cloneNode(true)));
  if (element.localName === 'comment') copy.textContent = element.textContent;
  return copy;
}

const topComments = (root: Element) =>
  [...root.children].filter((child) => child.localName === 'comment');

/** Runs without events, so that nothing takes loading for an edit. */
function quietly<T>(work: () => T): T {
  Blockly.Events.disable();
  try {
    return work();
  } finally {
    Blockly.Events.enable();
  }
}

/** The contents of one workspace. */
export class Contents {
  private originals = new Map<string, Original>();
  private variables: readonly Element[] = [];

  constructor(private readonly workspace: Blockly.Workspace) {}

  /** Empties the workspace and fills it again, one top-level block a step, yielding how many blocks stand. */
  *fill(document: Document): Generator<number> {
    this.clear();
    const { root } = document;
    this.variables = [...(childNamed(root, 'variables')?.children ?? [])].map(
      (variable) => variable.cloneNode(true) as Element,
    );
    quietly(() => {
      declareVariables(root, this.workspace);
      for (const comment of topComments(root)) this.addComment(comment, document);
    });
    let done = 0;
    for (const element of [...root.children].filter((child) => child.localName === 'block')) {
      const stack: Blockly.Block[] = [];
      for (const piece of cut(element)) {
        done += blocksIn(piece).length;
        stack.push(quietly(() => this.addBlock(piece, document, stack.at(-1))));
        yield done;
      }
      // Joined from the end, as every join draws all the blocks above it again.
      for (let i = stack.length - 1; i > 0; i--) {
        quietly(() => join(stack[i - 1], stack[i]));
        yield done;
      }
    }
  }

  fillAtOnce(document: Document): void {
    const steps = this.fill(document);
    while (!steps.next().done);
  }

  /** Old files leave out where blocks stand. Those are put below one another, once all are drawn. */
  spread(): void {
    const GAP = 24;
    let bottom = 10;
    quietly(() => {
      for (const block of this.workspace.getTopBlocks(false)) {
        const original = this.originals.get(block.id);
        if (!(block instanceof Blockly.BlockSvg) || !original?.position) continue;
        const { given } = original.position;
        if (given.has('x') && given.has('y')) continue;
        block.moveBy(0, bottom - block.getRelativeToSurfaceXY().y);
        bottom += block.getHeightWidth().height + GAP;
        original.position = { given, ...coordinatesOf(block) };
      }
    });
  }

  private clear(): void {
    quietly(() => {
      this.workspace.clear();
    });
    this.originals.clear();
    this.variables = [];
  }

  /** Puts up a block with all that hangs on it, just below the stack of `above` if given. */
  private addBlock(element: Element, document: Document, above?: Blockly.Block): Blockly.Block {
    const block = Blockly.Xml.domToBlock(element, this.workspace);
    relax(block);
    if (above) moveBelow(above, block);
    else this.putInPlace(block, element);
    for (const written of blocksIn(Blockly.Xml.blockToDom(block) as Element)) {
      const original = this.remember(written, document);
      if (original && !above && written.id === block.id)
        original.position = { given: given(original.element), ...coordinatesOf(block) };
    }
    return block;
  }

  private putInPlace(block: Blockly.Block, element: Element): void {
    const x = coordinate(element, 'x') ?? 10;
    const y = coordinate(element, 'y') ?? 10;
    block.moveBy(this.workspace.RTL ? -x : x, y);
  }

  private addComment(element: Element, document: Document): void {
    const comment = Blockly.Xml.loadWorkspaceComment(element, this.workspace);
    const x = coordinate(element, 'x');
    if (x !== undefined && this.workspace.RTL)
      comment.moveTo(new Blockly.utils.Coordinate(-x, comment.getRelativeToSurfaceXY().y));
    this.remember(this.commentToDom(comment), document);
  }

  private remember(written: Element, document: Document): Original | undefined {
    const element = document.originals.get(written.id);
    if (!element) return undefined;
    const original = {
      element,
      signature: signatureOf(written),
      residue: residueOf(element, written),
    };
    this.originals.set(written.id, original);
    return original;
  }

  /** The one serialisation of what is on the workspace. */
  toXml(): string {
    const root = Blockly.utils.xml.createElement('xml');
    const variables = this.variablesToDom();
    if (variables.firstChild) root.append(variables);
    for (const comment of this.workspace.getTopComments())
      root.append(this.restored(this.commentToDom(comment)));
    for (const block of this.workspace.getTopBlocks(false)) {
      if (block.isInsertionMarker()) continue;
      const element = Blockly.Xml.blockToDom(block) as Element;
      this.place(element, block);
      root.append(element);
    }
    for (const element of blocksIn(root)) this.restored(element);
    return wellFormed(Blockly.utils.xml.domToText(root));
  }

  private variablesToDom(): Element {
    const all = this.workspace.getVariableMap().getAllVariables();
    const element = Blockly.Xml.variablesToDom(all);
    const byId = new Map([...element.children].map((variable) => [variable.id, variable]));
    for (const original of this.variables) {
      const variable = byId.get(original.id);
      // Declared without an id, or not accepted because another has its name or id.
      if (!variable) {
        if (!this.wasDeclared(original)) element.append(original.cloneNode(true));
      } else copyMissing(variable, attributesOf(original));
    }
    return element;
  }

  /** Whether a variable of the file lives on (or was deleted since), under an id of Blockly's making. */
  private wasDeclared(original: Element): boolean {
    return original.textContent !== '' && !this.clashes(original);
  }

  private clashes(original: Element): boolean {
    const first = this.variables.find(
      (other) =>
        (other.id !== '' && other.id === original.id) ||
        (other.textContent === original.textContent &&
          (other.getAttribute('type') ?? '') === (original.getAttribute('type') ?? '')),
    );
    return first !== original;
  }

  private commentToDom(comment: Blockly.comments.WorkspaceComment): Element {
    const element = Blockly.Xml.saveWorkspaceComment(comment);
    const { x, y } = comment.getRelativeToSurfaceXY();
    setPosition(element, this.workspace.RTL ? -x : x, y);
    return element;
  }

  private place(element: Element, block: Blockly.Block): void {
    const { x, y } = block.getRelativeToSurfaceXY();
    const position = this.originals.get(block.id)?.position;
    if (position?.x === x && position.y === y)
      for (const [name, value] of position.given) element.setAttribute(name, value);
    else setPosition(element, this.workspace.RTL ? -x : x, y);
  }

  /** Puts the original in place of what Blockly wrote, as far as they still say the same. */
  private restored(element: Element): Element {
    const original = this.originals.get(element.id);
    const unchanged = original?.signature === signatureOf(element);
    const result = element.getAttribute('type') === PLACEHOLDER ? unwrap(element) : element;
    if (unchanged) return revert(result, original.element);
    if (original && sameButMoved(original.element, result)) {
      copyMissing(result, original.residue.block);
      const mutation = childNamed(result, 'mutation');
      if (mutation) copyMissing(mutation, original.residue.mutation);
    }
    return result;
  }
}

function moveBelow(above: Blockly.Block, block: Blockly.Block): void {
  if (!(above instanceof Blockly.BlockSvg)) return;
  const { x, y } = above.getRelativeToSurfaceXY();
  block.moveBy(x, y + above.getHeightWidth().height);
}

function join(above: Blockly.Block | undefined, below: Blockly.Block | undefined): void {
  const end = above?.lastConnectionInStack(false);
  if (!below?.previousConnection || !end?.connect(below.previousConnection))
    throw new Error('These two blocks cannot stand below one another.');
}

function revert(element: Element, original: Element): Element {
  const kept = original.cloneNode(true) as Element;
  if (element.localName !== 'comment') {
    for (const name of ['x', 'y']) kept.removeAttribute(name);
    for (const [name, value] of given(element)) kept.setAttribute(name, value);
    const own = new Set(ownParts(element));
    kept.append(...[...element.children].filter((child) => !own.has(child)));
  }
  element.replaceWith(kept);
  return kept;
}

function residueOf(original: Element, written: Element): Residue {
  const mutation = childNamed(original, 'mutation');
  const rewritten = childNamed(written, 'mutation');
  return {
    block: missing(original, written),
    mutation: mutation && rewritten ? missing(mutation, rewritten) : new Map<string, string>(),
  };
}

/** Attributes that Blockly leaves out when they say what is usual, so their absence means something. */
const USUAL = /^(x|y|inline|collapsed|disabled|disabled-reasons|deletable|movable|editable)$/;

function missing(original: Element, written: Element): Map<string, string> {
  return new Map(
    [...attributesOf(original)].filter(
      ([name]) => !written.hasAttribute(name) && !USUAL.test(name),
    ),
  );
}

const attributesOf = (element: Element) =>
  new Map([...element.attributes].map(({ name, value }) => [name, value]));

function copyMissing(element: Element, attributes: ReadonlyMap<string, string>): void {
  for (const [name, value] of attributes)
    if (!element.hasAttribute(name)) element.setAttribute(name, value);
}

function given(element: Element): Map<string, string> {
  return new Map([...attributesOf(element)].filter(([name]) => name === 'x' || name === 'y'));
}

function coordinatesOf(block: Blockly.Block): { x: number; y: number } {
  const { x, y } = block.getRelativeToSurfaceXY();
  return { x, y };
}

function coordinate(element: Element, name: string): number | undefined {
  const value = Number.parseFloat(element.getAttribute(name) ?? '');
  return Number.isFinite(value) ? value : undefined;
}

/** Nothing is saved further out than a document may be, even if it was dragged there. */
function setPosition(element: Element, x: number, y: number): void {
  const within = (value: number) =>
    String(Math.round(Math.max(-LIMITS.coordinate, Math.min(LIMITS.coordinate, value))));
  element.setAttribute('x', within(x));
  element.setAttribute('y', within(y));
}

/** Characters that no XML document may hold would make one that nobody can open again. */
function wellFormed(xml: string): string {
  return xml
    .replace(/\r|&#(13|xD);/g, '&#10;')
    .replace(/&#(\d|1[124-9]|2\d|3[01]);/g, (entity, code: string) =>
      code === '9' ? entity : '\uFFFD',
    )
    .replace(
      /[\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
      '\uFFFD',
    );
}
