/** Loader: puts up the blocks of a document. */
import * as Blockly from 'blockly/core';
import { blocksIn, numberIn } from '../xml/dom';
import { declareVariables, standIn } from './fit';
import { asFiled, callAsDefined, tellFunctionsApart } from './functions';
import { beginHearing } from './listener';
import { measured } from './measuring';
import { relax } from './nesting';
import { chunkStacks } from './chunkStacks';
import { parseWorkspace } from '../xml/strictXml';

/** A document read and found good, ready to be put on a workspace. */
export interface Document {
  /** As it was read. */
  original: Element;
  /** The same with placeholders for what this editor doesn't know. */
  root: Element;
  unknownTypes: readonly string[];
  blocks: number;
}

/** Reads a document; nothing is shown yet. Throws InvalidWorkspace. */
export function readDocument(xml: string, knownTypes: ReadonlySet<string>): Document {
  const root = parseWorkspace(xml);
  const original = root.cloneNode(true) as Element;
  const blocks = blocksIn(root).length;
  return { original, root, blocks, unknownTypes: quietly(() => standIn(root, knownTypes)) };
}

const topComments = (root: Element) =>
  [...root.children].filter((child) => child.localName === 'comment');

/**
 * Runs without events, so that nothing takes loading for an edit; and without looking where errors come from, as
 * Blockly throws and catches some for each field that it hasn't drawn yet.
 */
function quietly<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Blockly.Events.disable();
  Error.stackTraceLimit = 0;
  try {
    return asFiled(work);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Blockly.Events.enable();
  }
}

/** The contents of one workspace. */
export class Loader {
  readonly #workspace: Blockly.Workspace;

  /** Blocks of which the file doesn't say where they stand. */
  readonly #unplaced = new Set<string>();

  constructor(workspace: Blockly.Workspace) {
    this.#workspace = workspace;

    beginHearing(workspace);
    tellFunctionsApart(workspace);
  }

  /**
   * Empties the workspace and fills it again, yielding how many blocks stand. Each step puts up a whole stack,
   * or a part of it that has at least `piece` blocks.
   */
  *fill({ root }: Document, piece?: number): Generator<number> {
    this.#clear();
    quietly(() => {
      declareVariables(root, this.#workspace);
      for (const comment of topComments(root)) this.#addComment(comment);
    });
    let done = 0;
    for (const element of [...root.children].filter((child) => child.localName === 'block')) {
      const stack: Blockly.Block[] = [];
      for (const part of chunkStacks(element, piece)) {
        done += blocksIn(part).length;
        stack.push(
          quietly(() => measured(part, this.#workspace, () => this.#addBlock(part, stack.at(-1)))),
        );
        yield done;
      }
      // Joined from the end, as every join draws all the blocks above it again.
      for (let i = stack.length - 1; i > 0; i--) {
        quietly(() => join(stack[i - 1], stack[i]));
        yield done;
      }
    }
    quietly(() => {
      callAsDefined(this.#workspace);
    });
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
      for (const block of this.#workspace.getTopBlocks(false)) {
        if (!(block instanceof Blockly.BlockSvg) || !this.#unplaced.has(block.id)) continue;
        block.moveBy(0, bottom - block.getRelativeToSurfaceXY().y);
        bottom += block.getHeightWidth().height + GAP;
      }
    });
  }

  #clear(): void {
    quietly(() => {
      this.#workspace.clear();
    });
    this.#unplaced.clear();
  }

  /** Puts up a block with all that hangs on it, just below the stack of `above` if given. */
  #addBlock(element: Element, above?: Blockly.Block): Blockly.Block {
    const block = Blockly.Xml.domToBlock(element, this.#workspace);
    relax(block);
    if (above) moveBelow(above, block);
    else this.#putInPlace(block, element);
    return block;
  }

  #putInPlace(block: Blockly.Block, element: Element): void {
    const x = coordinate(element, 'x');
    const y = coordinate(element, 'y');
    if (x === undefined || y === undefined) this.#unplaced.add(block.id);
    block.moveBy((this.#workspace.RTL ? -1 : 1) * (x ?? 10), y ?? 10);
  }

  #addComment(element: Element): void {
    const comment = Blockly.Xml.loadWorkspaceComment(element, this.#workspace);
    const x = coordinate(element, 'x');
    if (x !== undefined && this.#workspace.RTL)
      comment.moveTo(new Blockly.utils.Coordinate(-x, comment.getRelativeToSurfaceXY().y));
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

function coordinate(element: Element, name: string): number | undefined {
  const value = numberIn(element.getAttribute(name));
  return Number.isFinite(value) ? value : undefined;
}
