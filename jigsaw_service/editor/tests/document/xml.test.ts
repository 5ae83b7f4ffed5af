// @vitest-environment jsdom
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { parseWorkspace } from '../../src/xml/strictXml';
import { readRecords, writeXml } from '../../src/document/xml';
import { giveIds } from '../../src/xml/ids';
import { prepare } from '../canvas/open';

const FILES = '../../tests/workspaces';

beforeAll(() => prepare());

const read = (xml: string) => {
  const root = parseWorkspace(xml);
  giveIds(root);
  return readRecords(root);
};

const files = readdirSync(FILES).filter(
  (name) => name.endsWith('.xml') && name !== 'blockly_invalid.xml',
);

test.each(files)('%s says the same after being written and read again', (name) => {
  const records = read(readFileSync(`${FILES}/${name}`, 'utf8'));
  const written = writeXml(records);
  expect(read(written).toJson()).toEqual(records.toJson());
  expect(writeXml(read(written))).toBe(written);
});
