// @vitest-environment jsdom
/** What the service's model does with hundreds of recorded cases, ours does too. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseWorkspace } from '../../src/xml/strictXml';
import { difference } from '../../src/document/difference';
import { apply, Records, type Patch, type RecordsJson } from '../../src/document/records';
import { reduce, type Operation } from '../../src/document/reducer';
import { readRecords, writeXml } from '../../src/document/xml';
import { giveIds } from '../../src/xml/ids';
import { prepare } from '../canvas/open';

const top = join(import.meta.dirname, '../../../..');

function recorded<Case>(name: string): Case[] {
  return JSON.parse(readFileSync(join(top, 'tests/vectors', name), 'utf8')) as Case[];
}

/** Without the parts of a patch in which nothing is. */
const plain = ({ blocks, vars }: Patch | RecordsJson) => ({
  blocks: { ...blocks },
  vars: { ...vars },
});

beforeAll(() => prepare());

interface Run {
  name: string;
  start: RecordsJson;
  batches: { ops: Operation[]; patch: Patch }[];
  end: RecordsJson;
}

describe('the reducer', () => {
  test.each(recorded<Run>('reducer.json'))('decides $name alike', ({ start, batches, end }) => {
    const records = Records.fromJson(start);
    for (const { ops, patch } of batches) {
      const before = plain(records.toJson());
      const ours = reduce(records, ops);
      expect(plain(records.toJson())).toEqual(before);
      expect(plain(ours), JSON.stringify(ops)).toEqual(plain(patch));
      const back = apply(records, ours);
      apply(records, back);
      expect(plain(records.toJson())).toEqual(before);
      apply(records, ours);
    }
    expect(plain(records.toJson())).toEqual(plain(end));
  });
});

interface Document {
  name: string;
  file?: string;
  xml?: string;
  /** Left out where `written` alone says enough. */
  records?: RecordsJson;
  written: string;
}

describe('workspace XML', () => {
  test.each(recorded<Document>('xml.json'))('$name is read and written alike', (document) => {
    const { file, records, written } = document;
    const xml = document.xml ?? readFileSync(join(top, 'tests/workspaces', file ?? ''), 'utf8');
    const root = parseWorkspace(xml);
    giveIds(root);
    const ours = readRecords(root);
    if (records) expect(plain(ours.toJson())).toEqual(plain(records));
    expect(writeXml(ours)).toBe(written);
  });
});

interface Pair {
  old: RecordsJson;
  new: RecordsJson;
  patch: Patch;
}

describe('the difference of two states', () => {
  test.each(recorded<Pair>('difference.json').map((pair, number) => ({ number, pair })))(
    'is found alike ($number)',
    ({ pair }) => {
      const old = Records.fromJson(pair.old);
      const patch = difference(old, Records.fromJson(pair.new));
      expect(plain(patch)).toEqual(plain(pair.patch));
    },
  );
});
