/** Code of Blockly's own blocks in Processing, for which Blockly has no generator. */
import type * as Blockly from 'blockly/core';
import type { Order, ProcessingGenerator } from '../generator';
import { logic } from './logic';
import { math } from './math';
import { colours, lists, text } from './text';

export type Say = (
  block: Blockly.Block,
  generator: ProcessingGenerator,
) => string | [string, Order] | null;

export const standard: Record<string, Say> = { ...logic, ...math, ...text, ...lists, ...colours };
