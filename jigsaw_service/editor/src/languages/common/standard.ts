/** Blockly's own blocks and the colours, which every language has. */
import {
  colourBlend,
  colourPicker,
  colourRandom,
  colourRgb,
  registerFieldColour,
} from '@blockly/field-colour';
import 'blockly/blocks';
import * as Blockly from 'blockly/core';
import type { BlockKind } from '../language';

let types: readonly string[] | undefined;

/** Each named by itself, so that what the plugin has for other languages is left out of the build. */
const colours: Record<string, unknown> = {
  colour_picker: colourPicker.blockDefinition,
  colour_random: colourRandom.blockDefinition,
  colour_rgb: colourRgb.blockDefinition,
  colour_blend: colourBlend.blockDefinition,
};

/** Registers them once, and tells their types. */
export function installStandardBlocks(): readonly string[] {
  if (!types) {
    // The dialogs of mutators are made of blocks, too, but those never stand in a program.
    const programs = Object.keys(Blockly.Blocks).filter(
      (type) => !/container$|_item$|mutatorarg$|^controls_if_|^jigsaw/.test(type),
    );
    registerFieldColour();
    Blockly.common.defineBlocks(colours);
    types = [...programs, ...Object.keys(colours)];
  }
  return types;
}

/** Registers the blocks of one language. */
export function define(kinds: readonly BlockKind<never>[]): void {
  const shapes = kinds.map((kind) => kind.shape).filter((shape) => !(shape.type in Blockly.Blocks));
  Blockly.common.defineBlocks(Blockly.common.createBlockDefinitionsFromJsonArray(shapes));
}
