// @vitest-environment jsdom
// @module-tag corpus
/** Blocks do in Processing what Blockly's JavaScript does, as far as a sketch has the values for it. */
import { beforeAll, expect, test } from 'vitest';
import type { Language } from '../../../src/languages';
import { prepare } from '../../canvas/open';
import { alike, isNoAnswer } from '../alike';
import { casesOf, type Place, type Value } from '../cases';
import { documented, outcomeOf } from '../documented';
import { outcomes } from './sketches';

let language: Language;
beforeAll(async () => {
  language = await prepare('processing');
});

const VALUES: Record<string, Value[]> = {
  Number: [2, 3.5, 100000, 0, -7, 1],
  String: ['hello world', 'a,b,,c', "It's 'so'", ''],
  Boolean: [true, false],
  Array: [[3, 1, 2], ['b', 'a', 'b'], [0.5], []],
  Colour: ['#ff0000', '#0a3c7d'],
};

/** Inputs that must be of one kind, as a sketch has no lists of mixed things. */
const SAME = /^(logic_compare|logic_ternary|lists_create_with)$/;

function valueAt({ type, name, index, checks }: Place, n: number): Value {
  const kinds =
    checks ?? (SAME.test(type) ? ['Number', 'String'] : ['Number', 'String', 'Boolean']);
  const kind = kinds[(n + (SAME.test(type) ? 0 : index)) % kinds.length] ?? '';
  const among = VALUES[kind] ?? [];
  // An item is of the kind of the list beside it.
  if (/^lists_(indexOf|setIndex)$/.test(type) && /^(FIND|TO)$/.test(name))
    return n % 4 === 1 ? 'b' : 2;
  if (type === 'lists_repeat' && name === 'ITEM') return n % 2 ? 'b' : 3;
  return among[(n + (SAME.test(type) ? index : 0)) % among.length] ?? 0;
}

const LEFT_OUT = /random|prompt|^procedures|^processing|^variables|null|^math_number$|^jigsaw/;

/** A colour is a number there. */
const comparable = (value: unknown): unknown =>
  typeof value === 'string' && /^#[\da-f]{6}$/.test(value)
    ? Number.parseInt(value.slice(1), 16) - 0x1000000
    : value;

/** What a sketch does in its own way, with the reason. */
const OWN_WAY = [
  // A number that is held is a `float`, and says so in a text.
  /^text_(join|append).*held/,
  /^lists_split.*"JOIN"/,
  // Half a place, or half a time; and places where nothing is.
  /^(text_|lists_|controls_)(getSub|charAt|getIndex|setIndex|repeat).*(\d\.\d|100000|\[\[\]|\[0|,0)/,
  // A statistic of texts; the commonest of several, which is one number.
  /^math_on_list.*("b"|MODE|STD_DEV.*\[\[\]\])/,
  // Texts have an order of their own.
  /^lists_sort.*"b"/,
  // A part of a colour is cut off, not rounded.
  /^colour_rgb.*\.5/,
  // Degrees of a large angle are less exact.
  /^math_trig.*100000/,
];

const isOwnWay = (about: string) => OWN_WAY.some((way) => way.test(about));

/** A `float` has seven digits. */
const PRECISION = 1e-5;

test('every block does as it is documented', { timeout: 300_000 }, () => {
  const types = [...language.types].filter((type) => !LEFT_OUT.test(type));
  const cases = casesOf(types, 4, {
    valueAt,
    write: (workspace) => ({
      sketch: language.generate(workspace),
      javascript: documented.workspaceToCode(workspace),
    }),
  });
  const results = outcomes(cases.map(({ programs }) => programs.sketch));
  const differing = cases.flatMap(({ about, programs: { sketch, javascript } }, i) => {
    const { printed, error } = results[i] ?? { printed: [], error: 'nothing ran' };
    const expected = outcomeOf(javascript);
    const isFine = error
      ? !error.startsWith('error:') &&
        (expected.error !== undefined || expected.printed.some(isNoAnswer))
      : alike(printed, expected.printed.map(comparable), PRECISION);
    return isFine || isOwnWay(about)
      ? []
      : [
          `${about}: ${JSON.stringify(expected)} but ${error || JSON.stringify(printed)}\n${sketch}`,
        ];
  });
  expect(differing).toEqual([]);
});
