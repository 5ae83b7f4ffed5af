// @vitest-environment jsdom
// @module-tag corpus
/** Whole programs of all blocks do in Python what their blocks are documented to mean. */
import * as Blockly from 'blockly/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { headlessWorkspace } from '../../../src/canvas/headless';
import type { Language } from '../../../src/languages';
import { documentOf, prepare } from '../../canvas/open';
import {
  block,
  body,
  call,
  change,
  define,
  field,
  get,
  items,
  list,
  number,
  print,
  set,
  stack,
  text,
  truth,
  value,
  when,
} from '../blocks';
import { documented, outcomeOf } from '../documented';
import { IN_PROGRAMS, programs } from './programs';
import { outcomes } from './python3';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

const ANSWER = '7';
const made = programs(60, 20_260);

interface Case {
  python: string;
  javascript: string;
}

function caseOf(blocks: string): Case {
  const workspace = headlessWorkspace();
  Blockly.Xml.domToWorkspace(Blockly.utils.xml.textToDom(documentOf(blocks)), workspace);
  const written = {
    python: language.generate(workspace),
    javascript: documented.workspaceToCode(workspace),
  };
  workspace.dispose();
  return written;
}

/** The programs that do otherwise than documented. */
function differing(cases: readonly Case[]): object[] {
  const results = outcomes(
    cases.map(({ python }) => python),
    Array.from({ length: 2000 }, () => ANSWER),
  );
  return cases.flatMap(({ python, javascript }, i) => {
    const expected = outcomeOf(javascript, ANSWER);
    const { printed, error } = results[i] ?? { printed: [], error: 'nothing ran' };
    const isAlike =
      JSON.stringify(printed) === JSON.stringify(expected.printed) &&
      error.split(':')[0] === (expected.error ?? '');
    return isAlike ? [] : [{ python, javascript, expected, printed, error }];
  });
}

test('programs made by chance do as documented', { timeout: 120_000 }, () => {
  expect(differing(made.map(caseOf))).toEqual([]);
});

test('every block that means something only in a program is in one of them', () => {
  const all = made.join('');
  const missing = [...language.types].filter(
    (type) => IN_PROGRAMS.test(type) && !all.includes(`<block type="${type}">`),
  );
  expect(missing).toEqual([]);
});

describe('a variable that is changed before it was ever set begins at nothing', () => {
  const never = truth(false);
  const grow = (name = 'x') =>
    stack(
      change(name, number(1)),
      block('text_append', field('VAR', 't') + value('TEXT', text('a'))),
      print(get(name)),
      print(get('t')),
    );
  const both = stack(set('x', number(5)), set('t', text('b')));
  const repeat = (times: number, inside: string) =>
    block('controls_repeat', field('TIMES', times) + body('DO', inside));

  test.each<[string, string]>([
    ['set in a branch that is not taken', stack(when(never, both), grow())],
    ['set in one of two branches', stack(when(never, both, print(text('no'))), grow())],
    ['set in both branches', stack(when(never, both, both), grow())],
    ['set in a loop that is not entered', stack(repeat(0, both), grow())],
    ['set in a loop behind the change', repeat(2, stack(grow(), both))],
    [
      'a loop’s, that is not entered',
      stack(
        block('controls_forEach', field('VAR', 'x') + value('LIST', list()) + body('DO', grow())),
        grow(),
      ),
    ],
    [
      'an error’s, that never came',
      stack(
        block(
          'python_try',
          field('ERROR', 'ValueError') + field('VAR', 'e') + body('EXCEPT', both),
        ),
        grow(),
      ),
    ],
    [
      'set in a body that an error leaves',
      stack(
        block(
          'python_try',
          field('ERROR', 'ValueError') +
            field('VAR', 'e') +
            body('DO', stack(block('python_raise', field('ERROR', 'ValueError')), both)),
        ),
        grow(),
      ),
    ],
    [
      'set behind the call of what changes it',
      define('f', [], grow()) + stack(call('f'), both, grow()),
    ],
    [
      'set by a function called behind the change',
      define('f', [], both) + stack(grow(), call('f'), grow()),
    ],
    [
      'set by a function called before the change',
      define('f', [], both) + stack(call('f'), grow()),
    ],
    ['set before the call of what changes it', define('f', [], grow()) + stack(both, call('f'))],
    [
      'a parameter as well',
      define('f', ['x'], grow()) + stack(call('f', { x: number(3) }), grow()),
    ],
  ])('%s', (_, blocks) => {
    expect(differing([caseOf(blocks)])).toEqual([]);
  });

  test('and a program that sets it first says nothing of that', () => {
    expect(caseOf(stack(both, grow())).python).not.toContain('globals()');
    expect(caseOf(define('f', [], grow()) + stack(both, call('f'))).python).not.toContain(
      'globals()',
    );
    expect(caseOf(stack(when(get('b'), both, both), grow())).python).not.toContain('globals()');
  });
});

describe('a loop over a list', () => {
  const forEach = (inside: string) =>
    stack(
      set('l', list(number(1), number(2))),
      block('controls_forEach', field('VAR', 'i') + value('LIST', get('l')) + body('DO', inside)),
      print(get('l')),
    );
  const append = block(
    'lists_setIndex',
    `<mutation at="false"/>${field('MODE', 'INSERT')}${field('WHERE', 'LAST')}${value('LIST', get('l'))}${value('TO', get('i'))}`,
  );

  test.each<[string, string]>([
    ['that grows in it', forEach(append)],
    ['that grows in a branch of it', forEach(when(truth(true), append))],
    ['that grows in a function called in it', define('f', [], append) + forEach(call('f'))],
    [
      'that grows by a method',
      forEach(
        block(
          'python_method',
          items(1) + field('NAME', 'append') + value('OBJECT', get('l')) + value('ARG0', number(3)),
        ),
      ),
    ],
  ])('%s ends', (_, blocks) => {
    expect(differing([caseOf(blocks)])).toEqual([]);
  });

  test('that stays as it is is gone through itself', () => {
    expect(caseOf(forEach(print(get('i')))).python).toContain('for i in l:');
  });
});
