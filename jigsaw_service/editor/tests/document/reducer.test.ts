/** Whatever people do at once, no block is lost that nobody deleted, and every place holds one block (L4). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply, COMMENT, onCanvas, Records, type At, type Shape } from '../../src/document/records';
import { reduce, type Operation } from '../../src/document/reducer';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f', '__proto__'];
const SHAPES: (Shape | undefined)[] = [
  undefined,
  {
    in: [
      ['A', 'v'],
      ['DO', 's'],
    ],
    joints: 'pn',
  },
  { in: [['A', 'v']], joints: 'o' },
  { in: [], joints: 'p' },
];

const id = fc.constantFrom(...IDS);
const input = fc.constantFrom('A', 'DO');
const at: fc.Arbitrary<At> = fc.oneof(
  fc.tuple(fc.integer({ min: -9, max: 9 }), fc.constant(null)),
  fc.tuple(id),
  fc.tuple(id, input, fc.constantFrom('v' as const, 's' as const)),
);
const shape = fc.constantFrom(...SHAPES);
const field = fc.oneof(
  fc.constantFrom('1', '2'),
  fc.record({
    var: fc.constantFrom('v', 'w'),
    name: fc.constantFrom('i', 'j'),
    type: fc.constant(''),
  }),
);
const keys = fc.record({ 'f:NAME': field, s: shape }, { requiredKeys: [] }).map((found) => ({
  ...found,
  // As clients do: a shape comes with the mutation it belongs to.
  ...('s' in found ? { m: '<mutation/>', s: found.s ?? null } : {}),
}));
const type = fc.constantFrom('t', 'procedures_defreturn', COMMENT);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ op: fc.constant('new' as const), id, type, at, shape, field }).map((one) => ({
    op: one.op,
    id: one.id,
    record: {
      t: one.type,
      at: one.type === COMMENT ? ([0, 0] as At) : one.at,
      'f:NAME': one.field,
      ...(one.shape ? { s: one.shape } : {}),
    },
  })),
  { weight: 3, arbitrary: fc.record({ op: fc.constant('mv' as const), id, at }) },
  fc.record({ op: fc.constant('set' as const), id, keys }),
  fc.record({ op: fc.constant('del' as const), ids: fc.array(id, { maxLength: 3 }) }),
  fc.record({
    op: fc.constant('var' as const),
    id: fc.constantFrom('v', 'w'),
    name: fc.constantFrom('i', 'j'),
  }),
  fc.record({ op: fc.constant('vdel' as const), id: fc.constantFrom('v', 'w') }),
);

/** What is wrong with the records, if anything. */
function faults(records: Records): string[] {
  const found: string[] = [];
  const places = new Set<string>();
  for (const [block, record] of records.blocks) {
    const seen = new Set([block]);
    for (let place = record.at; !onCanvas(place);) {
      if (seen.has(place[0])) {
        found.push(`${block} hangs in a loop`);
        break;
      }
      seen.add(place[0]);
      const parent = records.blocks.get(place[0]);
      if (!parent) {
        found.push(`${block} hangs on nothing`);
        break;
      }
      place = parent.at;
    }
    if (!onCanvas(record.at)) {
      const place = JSON.stringify(record.at.slice(0, 2));
      if (places.has(place)) found.push(`two blocks at ${place}`);
      places.add(place);
      if (records.childrenOf(record.at[0]).size === 0) found.push(`${block} is no child`);
    }
    const field = record['f:NAME'];
    if (typeof field === 'object' && field && !records.vars.has((field as { var: string }).var))
      found.push(`${block} names a variable that isn't there`);
  }
  const names = [...records.vars.values()].map(({ name, type: kind }) => `${kind} ${name}`);
  if (new Set(names).size < names.length) found.push('two variables have one name');
  return found;
}

test('L4 holds after any operations, and the way back leads back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(operation, { maxLength: 3 }), { minLength: 90, maxLength: 130 }),
      (batches) => {
        const records = new Records();
        for (const batch of batches) {
          const before = new Map(records.blocks);
          const patch = reduce(records, batch);
          expect(new Map(records.blocks)).toEqual(before);
          const back = apply(records, patch);
          expect(faults(records)).toEqual([]);
          const deleted = batch.flatMap((one) => (one.op === 'del' ? one.ids : []));
          for (const block of before.keys())
            if (!records.blocks.has(block)) expect(deleted).toContain(block);
          const after = new Map(records.blocks);
          apply(records, back);
          expect(new Map(records.blocks)).toEqual(before);
          apply(records, patch);
          expect(new Map(records.blocks)).toEqual(after);
        }
      },
    ),
    { numRuns: 60 },
  );
});
