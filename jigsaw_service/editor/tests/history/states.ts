/** States of workspaces for tests, written briefly. */
import { readRecords } from '../../src/document/xml';
import { giveIds } from '../../src/xml/ids';
import { parseWorkspace } from '../../src/xml/strictXml';
import { documentOf } from '../canvas/open';
import type { Records } from '../../src/document/records';

/** The records of a document of these blocks. */
export const state = (...blocks: string[]): Records => read(documentOf(...blocks));

export function read(xml: string): Records {
  const root = parseWorkspace(xml);
  giveIds(root);
  return readRecords(root);
}

const idOf = (id: string) => (id ? ` id="${id}"` : '');

export const text = (id: string, value: string) =>
  `<block type="text"${idOf(id)}><field name="TEXT">${value}</field></block>`;

export const print = (id: string, value = '') =>
  `<block type="text_print"${idOf(id)}>${value && `<value name="TEXT">${value}</value>`}</block>`;

export const repeat = (id: string, inside = '') =>
  `<block type="controls_repeat_ext"${idOf(id)}>${inside && `<statement name="DO">${inside}</statement>`}</block>`;

/** One below the other, the first at a place on the canvas if one is given. */
export function stack(blocks: string[], at?: [number, number]): string {
  const joined = blocks.reduceRight((below, block) =>
    block.replace(/<\/block>$/, `<next>${below}</next></block>`),
  );
  return at ? joined.replace('<block', `<block x="${at[0]}" y="${at[1]}"`) : joined;
}
