import type * as Blockly from 'blockly/core';
import type { Mark } from './common/codeMarks';

/** A program a newcomer may start from. */
export interface Example {
  /** The key of its name among the language's messages. */
  name: string;
  xml: string;
}

/** An error as a kernel tells it, with the names that could be meant. */
export interface ErrorFacts {
  /** Name of its class. */
  name: string;
  value: string;
  names: readonly string[];
}

/** An error in plain words; undefined if its own message says it best. */
export type Explain = (error: ErrorFacts) => string | undefined;

/** A block set with its toolbox, its generator and its examples. */
export interface Language {
  name: string;
  title: string;
  toolbox: Blockly.utils.toolbox.ToolboxDefinition;
  /** The types of block this language has; any other type opens as a placeholder. */
  types: ReadonlySet<string>;
  /** English texts of blocks and toolbox, under the keys that replace them. */
  messages: Record<string, string>;
  /** XML that an empty workspace starts with. */
  initialXml: string;
  /** Beginning of a file of code; in Python it settles the encoding before any block can. */
  fileHeader: string;
  examples: () => Promise<readonly Example[]>;
  /** Registers the blocks and their texts with Blockly. Doing so twice changes nothing. */
  install(): void;
  /** The program the blocks stand for, with the code of each block marked if `mark` is given. Never throws. */
  generate(workspace: Blockly.Workspace, mark?: Mark): string;
}

/** Code of a block: a statement, or an expression with the strength that binds it. */
export type Code = string | [string, number];

/** A block of ours: its shape, in Blockly's JSON, and its words, side by side. */
export interface BlockKind<Generator> {
  shape: { type: string } & Record<string, unknown>;
  code: (block: Blockly.Block, generator: Generator) => Code;
}
