/**
 * Code marks: signs round the code of each block, from which a source map is made. They are lone surrogates: the
 * generators let none through from any text, so no program holds one already.
 */
import type * as Blockly from 'blockly/core';

/** Marks the code that a block says. */
export type Mark = (block: Blockly.Block, code: string) => string;

export const OPENS = '\ud800';
export const CLOSES = '\ud801';

/** Digits of the number behind an opening sign. Only the first halves of pairs: two of them never make one. */
export const FIRST_DIGIT = 0xd802;
export const BASE = 0xdc00 - FIRST_DIGIT;

export function withoutMarks(code: string): string {
  return code.replace(/[\ud800-\udbff](?![\udc00-\udfff])/g, '');
}
