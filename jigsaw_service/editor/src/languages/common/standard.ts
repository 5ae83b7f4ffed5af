/** Blockly's own blocks and the colours, which every language has. */
import { installAllBlocks } from '@blockly/field-colour';
import 'blockly/blocks';
import * as Blockly from 'blockly/core';
import type { BlockKind } from '../language';

let types: readonly string[] | undefined;

/** Registers them once, and tells their types. */
export function installStandardBlocks(): readonly string[] {
  if (!types) {
    // The dialogs of mutators are made of blocks, too, but those never stand in a program.
    const programs = Object.keys(Blockly.Blocks).filter(
      (type) => !/container$|_item$|mutatorarg$|^controls_if_|^jigsaw/.test(type),
    );
    installAllBlocks();
    types = [...programs, 'colour_picker', 'colour_random', 'colour_rgb', 'colour_blend'];
  }
  return types;
}

/** Registers the blocks of one language. */
export function define(kinds: readonly BlockKind<never>[]): void {
  const shapes = kinds.map((kind) => kind.shape).filter((shape) => !(shape.type in Blockly.Blocks));
  Blockly.common.defineBlocks(Blockly.common.createBlockDefinitionsFromJsonArray(shapes));
}
