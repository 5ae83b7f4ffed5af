// @vitest-environment jsdom
// @module-tag corpus
/** Programs do what their blocks say: `tests/cases`, which once did something else, and others of their kinds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '../../../src/languages';
import { documentOf, open, prepare } from '../../canvas/open';
import { block, field, get, list, number, text, value } from '../blocks';
import { outcomes, type Outcome } from './python3';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

const CASES = join(import.meta.dirname, '../../../../../tests/cases');
const code = (...blocks: string[]) => open(documentOf(...blocks), language).code();

function did(program: string, answers: readonly string[] = []): Outcome {
  const [outcome = { printed: [], error: 'nothing ran' }] = outcomes([program], answers);
  return outcome;
}

const printed = (program: string, answers: readonly string[] = []) => {
  const { printed, error } = did(program, answers);
  expect(error, program).toBe('');
  return printed;
};

const python = (words: string) => block('expression_value', field('expression', words));
const print = (inside: string, next = '') =>
  block('text_print', value('TEXT', inside) + (next && `<next>${next}</next>`));
const set = (name: string, inside: string, next = '') =>
  block(
    'variables_set',
    field('VAR', name) + value('VALUE', inside) + (next && `<next>${next}</next>`),
  );
test.each<[string, unknown[], string[]?]>([
  ['big-integer-rounded', [Number('12345678901234567890')]],
  ['change-before-set', [1]],
  ['except-variable-gone-afterwards', ['caught', 'division by zero']],
  ['except-variable-gone-in-finally', ['c', 'division by zero']],
  ['export_colour', ['#ff0000']],
  ['expression-generator-second-argument', [13]],
  ['expression-tuple-spreads-in-list', [[[1, 2], 3]]],
  ['expression-with-comment-breaks-program', [5]],
  ['filter-by-variable-called-rows', [2]],
  ['from-import-overwrites-own-function', ['mine']],
  ['function-names-differing-by-case', ['one', 'two']],
  ['random-int-up-to-number-typed', [1], ['1']],
])('%s', (name, expected, answers) => {
  const xml = readFileSync(join(CASES, `${name}.xml`), 'utf8');
  expect(printed(open(xml, language).code(), answers)).toEqual(expected);
});

test('the format of a gap holds nothing that can’t be seen', () => {
  const xml = readFileSync(join(CASES, 'format_spec_bidi.xml'), 'utf8');
  expect(open(xml, language).code()).toBe("print(f'{5:\\u202e0}')\n");
});

test('a private character in a format stays where it is', () => {
  const { block: find, code } = open(
    documentOf('<block type="python_format" id="f"><mutation items="1"/></block>'),
    language,
  );
  find('f').setFieldValue('\ue000{}\ue000', 'TEXT');
  expect(printed(`print(${code().trim()})`)).toEqual(['\ue000\ue000']);
});

describe('numbers', () => {
  test.each([
    ['9007199254740993', '9007199254740993'],
    ['-123456789012345678901', '-123456789012345678901'],
    ['1e21', '1e+21'],
    ['Infinity', "float('inf')"],
  ])('%s is %s', (typed, said) => {
    expect(code(number(typed))).toBe(`${said}\n`);
  });

  test('half a unit is rounded up', () => {
    const round = (x: number) =>
      block('math_round', field('OP', 'ROUND') + value('NUM', number(x)));
    expect(printed(code(...[0.5, 1.5, 2.5, -2.5].map((x) => print(round(x)))))).toEqual([
      1, 2, 3, -2,
    ]);
  });

  test('random limits may be turned round, typed, or fractions', () => {
    const random = (from: string, to: string) =>
      print(block('math_random_int', value('FROM', from) + value('TO', to)));
    const asked = block('text_prompt_ext', field('TYPE', 'NUMBER') + value('TEXT', text('?')));
    const program = code(
      random(number(4), number(4)),
      random(number(5), number(4.5)),
      random(asked, number(3)),
    );
    expect(printed(program, ['3.0'])).toEqual([4, 5, 3]);
    expect(code(random(number(9), number(2)))).toContain('random.randint(2, 9)');
  });

  test('a number that is asked for is the number typed', () => {
    const ask = print(block('text_prompt_ext', field('TYPE', 'NUMBER') + value('TEXT', text('?'))));
    expect(printed(code(ask), ['7'])).toEqual([7]);
    expect(printed(code(ask), ['2.5'])).toEqual([2.5]);
  });
});

describe('loops', () => {
  const count = (from: string, to: string, by: string) =>
    block(
      'controls_for',
      field('VAR', 'i') +
        value('FROM', from) +
        value('TO', to) +
        value('BY', by) +
        `<statement name="DO">${print(get('i'))}</statement>`,
    );

  test.each([
    [0, 0.3, 0.1, [0, 0.1, 0.2, 0.3]],
    [1, 0, 0.25, [1, 0.75, 0.5, 0.25, 0]],
    [1.5, 1.5, 1, [1.5]],
    [3, 1, 1, [3, 2, 1]],
    [1, 6, -2, [1, 3, 5]],
  ])('from %d to %d by %d', (from, to, by, numbers) => {
    expect(printed(code(count(number(from), number(to), number(by))))).toEqual(numbers);
    const held = set(
      'a',
      number(from),
      set('b', number(to), set('c', number(by), count(get('a'), get('b'), get('c')))),
    );
    expect(printed(code(held))).toEqual(numbers);
  });

  test('steps of 0 lead nowhere, and say so', () => {
    for (const steps of [
      count(number(1), number(2), get('c')),
      count(number(1), number(2), number(0)),
    ])
      expect(did(code(set('c', number(0), steps)))).toEqual({
        printed: [],
        error: 'ValueError: Nothing can be counted in steps of 0.',
      });
  });

  const repeat = (times: string) => code(block('controls_repeat', field('TIMES', times)));

  test('as often as the number says, however it is spelled', () => {
    expect(repeat('1e21')).toContain('range(1000000000000000000000)');
    expect(repeat('12345678901234567890')).toContain('range(12345678901234567890)');
    expect(repeat('Infinity')).toContain('while True:');
  });
});

describe('places', () => {
  const abc = list(text('a'), text('b'), text('c'));
  const item = (where: string, at: string) =>
    print(
      block(
        'lists_getIndex',
        `<mutation statement="false" at="true"/>${field('MODE', 'GET')}${field('WHERE', where)}` +
          value('VALUE', abc) +
          value('AT', at),
      ),
    );

  test.each(['FROM_START', 'FROM_END'])('there is no item 0, nor -1, counted %s', (where) => {
    for (const at of [number(0), number(-1), python('1 - 1')])
      expect(did(code(item(where, at))).error).toMatch(/^IndexError: There is no item/);
    expect(printed(code(item(where, number(2)), item(where, python('1 + 1'))))).toEqual(['b', 'b']);
  });
});

describe('texts of lists', () => {
  const parts = (mode: string, input: string, delimiter: string) =>
    print(
      block(
        'lists_split',
        `<mutation mode="${mode}"/>${field('MODE', mode)}` +
          value('INPUT', input) +
          value('DELIM', delimiter),
      ),
    );

  test('are made whatever is in them', () => {
    expect(
      printed(code(parts('JOIN', list(number(1), text('b'), block('logic_boolean')), text('-')))),
    ).toEqual(['1-b-True']);
  });

  test('are parted into letters by nothing', () => {
    expect(
      printed(
        code(
          parts('SPLIT', text('abc'), text('')),
          set('d', text('')),
          parts('SPLIT', text('abc'), get('d')),
        ),
      ),
    ).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
  });
});

describe('expressions written by hand', () => {
  test.each([
    ['"#" + "a" # not this', '#a'],
    ["'it\\'s' # b", "it's"],
    ['len("""#""") # c', 1],
    ['f"{1}#" # d', '1#'],
  ])('%s ends where it ends', (words, result) => {
    expect(printed(code(print(python(words))))).toEqual([result]);
  });

  test.each([
    ['1, 2', [[1, 2], 9]],
    ['(1, 2)', [[1, 2], 9]],
    ['lambda: 1, 2', undefined],
    ['x for x in [1]', undefined],
    ['n := 3', [3, 9]],
    ['"a, b"', ['a, b', 9]],
    ['[1, 2][0]', [1, 9]],
    ['1 if True else 2', [1, 9]],
  ])('%s is one item of a list', (words, result) => {
    const results = printed(
      code(
        set('things', list(python(words), number(9))),
        print(python('len(things)')),
        print(get('things')),
      ),
    );
    expect(results[0]).toBe(2);
    if (result) expect(results[1]).toEqual(result);
  });

  test('arguments by name, and several from a list, stay what they are', () => {
    const call = (...words: string[]) =>
      code(
        block(
          'python_call',
          `<mutation items="${words.length}"/>${field('NAME', 'print')}` +
            words.map((w, i) => value(`ARG${i}`, python(w))).join(''),
        ),
      );
    expect(call('1', "sep=', '", '*[2, 3]')).toBe("print(1, sep=', ', *[2, 3])\n");
  });
});

describe('names', () => {
  const define = (name: string, inside: string) =>
    block(
      'procedures_defnoreturn',
      field('NAME', name) + `<statement name="STACK">${inside}</statement>`,
    );
  const call = (name: string) => block('procedures_callnoreturn', `<mutation name="${name}"/>`);

  test('what is imported takes no name from the program', () => {
    const importAs = block('python_import_as', field('MODULE', 'math') + field('ALIAS', 'mine'));
    expect(printed(code(define('mine', print(text('own'))), importAs, call('mine')))).toEqual([
      'own',
    ]);
    const fromImport = block('python_from_import', field('MODULE', 'math') + field('NAME', 'pi'));
    expect(
      printed(
        code(
          set(
            'pi',
            number(3),
            `${fromImport.slice(0, -8)}<next>${print(get('pi'))}</next></block>`,
          ),
        ),
      ),
    ).toEqual([3]);
    expect(printed(code(fromImport, print(python('pi > 3'))))).toEqual([true]);
    expect(code(fromImport, print(get('pi')))).toContain('print(pi)');
  });

  test('what is imported by another spelling of a name takes no name either', () => {
    const ligature = block('python_from_import', field('MODULE', 'math') + field('NAME', 'ﬂoor'));
    expect(printed(code(define('floor', print(text('own'))), ligature, call('floor')))).toEqual([
      'own',
    ]);
  });

  test.each([
    ['ﬁ', 'fi'],
    ['ℌ', 'H'],
    ['ſ', 's'],
    ['é', 'e\u0301'],
  ])('variables called %s and %s are two', (one, other) => {
    const program = [
      set(one, number(1)),
      set(other, number(2)),
      print(get(one)),
      print(get(other)),
    ];
    expect(printed(code(...program))).toEqual([1, 2]);
  });

  test.each(['match', 'case', 'type', '_', '__name__', 'self', '🐍', '𝐢𝐟', 'print', 'globals'])(
    'a variable may be called %s',
    (name) => {
      const item = block(
        'lists_setIndex',
        `<mutation at="false"/>${field('MODE', 'SET')}${field('WHERE', 'FIRST')}${value('LIST', get(name))}${value('TO', number(5))}`,
      );
      const change = block('math_change', field('VAR', 'c') + value('DELTA', number(1)));
      expect(
        printed(
          code(
            set(
              name,
              block('lists_create_with', '<mutation items="1"/>' + value('ADD0', number(1))),
            ),
            item,
            change,
            print(get(name)),
          ),
        ),
      ).toEqual([[5]]);
    },
  );

  test('a function is found that is called with other capitals', () => {
    expect(printed(code(define('Greet', print(text('hi'))), call('greet')))).toEqual(['hi']);
  });

  test.each([
    'caught',
    'rows_from',
    'position',
    'table',
    'column',
    'count',
    'Decimal',
    're',
    'math',
    'random',
    'map',
    'str',
  ])('a variable called %s meets nothing of ours', (name) => {
    const tried = block(
      'python_try',
      field('ERROR', 'ZeroDivisionError') +
        field('VAR', 'e') +
        `<statement name="DO">${print(python('1 / 0'))}</statement>`,
    );
    const looped = block('controls_repeat', field('TIMES', '2'));
    expect(
      printed(
        code(
          set(name, number(42)),
          tried,
          looped,
          print(
            block(
              'lists_split',
              `<mutation mode="JOIN"/>${field('MODE', 'JOIN')}${value('INPUT', list(number(1)))}`,
            ),
          ),
          print(get(name)),
        ),
      ),
    ).toEqual(['1', 42]);
  });

  test('a keyword is no name', () => {
    const { block: find } = open(documentOf('<block type="python_call" id="c"/>'), language);
    for (const name of ['class', 'a.import', 'None', '𝐢𝐟']) {
      find('c').setFieldValue(name, 'NAME');
      expect(find('c').getFieldValue('NAME')).toBe('print');
    }
  });
});

test('a variable that is changed before it is set begins at 0, or with what a notebook has by its name', () => {
  const change = (type: string, input: string, by: string) =>
    block(type, field('VAR', 'x') + value(input, by));
  for (const [program, notebook, alone, after] of [
    [code(change('math_change', 'DELTA', number(2)), print(get('x'))), 'x = 40', 2, 42],
    [code(change('text_append', 'TEXT', text('a')), print(get('x'))), "x = 'b'", 'a', 'ba'],
  ] as const) {
    expect(printed(program)).toEqual([alone]);
    expect(printed(`${notebook}\n${program}`)).toEqual([after]);
  }
});
