// @vitest-environment jsdom
// @module-tag corpus
/**
 * Every block does in Python what it is documented to do, as Blockly's JavaScript and `documented.ts` say it, for
 * inputs of every type it takes, written down and held in variables.
 *
 * Where JavaScript has no true answer (`undefined`, NaN, a negative place), Python may raise an error instead.
 */
import { beforeAll, expect, test } from 'vitest';
import type { Language } from '../../../src/languages';
import { BUILTIN_SET, IMPORTS } from '../../../src/languages/python/reserved';
import { prepare } from '../../canvas/open';
import { alike, isNoAnswer } from '../alike';
import { casesOf, type Case, type Place, type Value } from '../cases';
import { documented, outcomeOf } from '../documented';
import { IN_PROGRAMS } from './programs';
import { LIBRARY } from './libraries';
import { outcomes } from './python3';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

const VALUES: Record<string, Value[]> = {
  Number: [2, 3.5, 1, 0],
  String: ['hello world', "It's 'so'", 'a,b,,c', ''],
  Boolean: [true, false],
  Array: [[3, 1, 2], ['b', 'a', 'b'], [0.5], []],
  Dictionary: [{ a: 1, 'b,': 2 }, { hello: 'world' }],
  Colour: ['#ff0000', '#0a3c7d'],
};

/** Blocks that are tried elsewhere: within whole programs, and with their libraries. */
const isElsewhere = (type: string) => IN_PROGRAMS.test(type) || LIBRARY.test(type);

/** Nothing can be said of their answers but that they are of the kind. */
const BY_CHANCE = new Set(['math_random_float', 'colour_random']);

/** What an input takes; those of dictionaries say it by their names only. */
function kindsOf({ name, checks }: Place): readonly string[] {
  if (name === 'DICT') return ['Dictionary'];
  return name.startsWith('KEY') ? ['Number', 'String'] : (checks ?? Object.keys(VALUES));
}

function valueAt(place: Place, n: number): Value {
  const kinds = kindsOf(place);
  const kind = VALUES[kinds[(n + place.index) % kinds.length] ?? ''] ?? [];
  return kind[(n >> 1) % kind.length] ?? 0;
}

/** What each language does in its own way, with the reason. */
const OWN_WAY = [
  // A text and a number compare in JavaScript, and raise an error in Python.
  /^logic_compare/,
  // Lists and truths within a text are spelled as the language spells them.
  /^text_(join.*\[.*[[{]|append.*\[[[{]|.*(true|false))/,
  /^lists_split.*"JOIN".*(true|false)/,
  // Half a place, or half a time.
  /^(text_|lists_|controls_)(getSub|charAt|getIndex|setIndex|repeat).*\d\.\d/,
  // Texts are neither summed nor measured.
  /^math_on_list.*of \[\["b"/,
  // True is 1 in Python.
  /^lists_indexOf.*,true\]/,
];

const isOwnWay = (about: string) => OWN_WAY.some((way) => way.test(about));

/** The cases that do otherwise than documented. */
function differing(cases: readonly Case<{ python: string; javascript: string }>[]): string[] {
  const results = outcomes(cases.map(({ programs }) => programs.python));
  return cases.flatMap(({ about, programs: { python, javascript } }, i) => {
    const { printed, error } = results[i] ?? { printed: [], error: 'nothing ran' };
    const expected = outcomeOf(javascript);
    const isFine = error
      ? expected.error !== undefined ||
        expected.printed.some(isNoAnswer) ||
        /^IndexError/.test(error)
      : alike(printed, expected.printed);
    return isFine || isOwnWay(about)
      ? []
      : [
          `${about}: ${JSON.stringify(expected)} but ${error || JSON.stringify(printed)}\n${python}`,
        ];
  });
}

const typesTried = () =>
  [...language.types].filter((type) => !isElsewhere(type) && !BY_CHANCE.has(type));

test('every block does as it is documented', { timeout: 120_000 }, () => {
  const types = typesTried();
  expect(types.filter((type) => !(type in documented.forBlock))).toEqual([]);
  const cases = casesOf(types, 8, {
    valueAt,
    write: (workspace) => ({
      python: language.generate(workspace),
      javascript: documented.workspaceToCode(workspace),
    }),
  });
  expect(cases.length).toBeGreaterThan(2000);
  expect(differing(cases)).toEqual([]);
});

const GIVEN_AWAY = `${[...BUILTIN_SET, ...Object.keys(IMPORTS)].join(' = ')} = None`;

test('and where the program gives its names to something else', { timeout: 120_000 }, () => {
  const cases = casesOf(typesTried(), 2, {
    valueAt,
    write: (workspace) => {
      const javascript = documented.workspaceToCode(workspace);
      const line = workspace.newBlock('expression_statement');
      line.setFieldValue(GIVEN_AWAY, 'expression');
      line.moveBy(0, -1000);
      return { python: language.generate(workspace), javascript };
    },
  });
  expect(cases.filter(({ programs }) => !programs.python.includes(GIVEN_AWAY))).toEqual([]);
  expect(differing(cases)).toEqual([]);
});
