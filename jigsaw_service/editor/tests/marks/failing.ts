/** Programs that fail, each with the block at which it does, and what is said of that. */
import {
  block,
  body,
  call,
  compare,
  define,
  field,
  get,
  list,
  number,
  print,
  set,
  stack,
  text,
  value,
  when,
} from '../languages/blocks';

export interface Failing {
  xml: string;
  words: RegExp;
  /** Ids of the blocks that had led there. */
  callers?: string[];
}

const named = (id: string, xml: string) => xml.replace('<block', `<block id="${id}"`);
/** The block at which it fails. */
const at = (xml: string) => named('here', xml);

const hand = (line: string) => block('expression_statement', field('expression', line));
const code = (line: string) => block('expression_value', field('expression', line));
const sum = (op: string, a: string, b: string) =>
  block('math_arithmetic', field('OP', op) + value('A', a) + value('B', b));
const byZero = () => at(sum('DIVIDE', number(1), number(0)));
const args = (...all: string[]) =>
  `<mutation items="${all.length}"/>` + all.map((one, i) => value(`ARG${i}`, one)).join('');
const calls = (name: string, ...all: string[]) =>
  block('python_call_value', args(...all) + field('NAME', name));
const item = (whole: string, place: string, mode = 'GET') =>
  block(
    'lists_getIndex',
    `<mutation statement="${mode === 'REMOVE'}" at="true"/>` +
      field('MODE', mode) +
      field('WHERE', 'FROM_START') +
      value('VALUE', whole) +
      value('AT', place),
  );
const raise = (kind: string, message: string) =>
  block('python_raise', field('ERROR', kind) + value('MESSAGE', text(message)));

export const FAILING: Record<string, Failing> = {
  'division by zero': { xml: print(byZero()), words: /divides by zero/ },
  'division behind letters of many bytes': {
    xml: stack(
      set('größe', number(0)),
      print(list(text('äöü😀'), at(sum('DIVIDE', number(1), get('größe'))))),
    ),
    words: /divides by zero/,
  },
  'division among other sums': {
    xml: stack(
      set('a', list(number(1))),
      set('b', number(0)),
      print(
        sum('ADD', calls('len', get('a')), at(sum('DIVIDE', item(get('a'), number(1)), get('b')))),
      ),
    ),
    words: /divides by zero/,
  },
  'division in a loop': {
    xml: block('controls_repeat_ext', value('TIMES', number(2)) + body('DO', print(byZero()))),
    words: /divides by zero/,
  },
  'division in a condition': {
    xml: when(compare(byZero(), 'EQ', number(1)), print(text('so'))),
    words: /divides by zero/,
  },
  'division in a function': {
    xml:
      stack(named('caller', print(named('call', call('f', { n: number(0) }, true))))) +
      define('f', ['n'], '', at(sum('DIVIDE', number(10), get('n')))),
    words: /divides by zero/,
    callers: ['call'],
  },
  'division two functions deep': {
    xml:
      named('first', call('f')) +
      define('f', [], named('second', call('g'))) +
      define('g', [], print(byZero())),
    words: /divides by zero/,
    callers: ['first', 'second'],
  },
  'division behind a magic': { xml: stack(hand('%time 1'), print(byZero())), words: /by zero/ },
  'a name that is nowhere': { xml: print(at(get('nowhere'))), words: /nothing called “nowhere”/ },
  'a name that is almost there': {
    xml: stack(set('total', number(1)), print(at(get('totla')))),
    words: /Is “total” meant/,
  },
  'a name in a function': {
    xml: named('caller', call('f')) + define('f', [], print(at(get('nowhere')))),
    words: /nothing called “nowhere”/,
    callers: ['caller'],
  },
  'a misspelled function': { xml: print(at(calls('lenn', text('a')))), words: /Is “len” meant/ },
  'text and number': {
    xml: print(at(sum('ADD', text('a'), number(1)))),
    words: /text and a number/i,
  },
  'number and text': {
    xml: print(at(sum('ADD', number(1), text('a')))),
    words: /text and a number/i,
  },
  'text less text': {
    xml: print(at(sum('MINUS', text('a'), text('b')))),
    words: /“-” doesn’t work/,
  },
  'nothing and number': { xml: print(at(sum('ADD', code('None'), number(1)))), words: /\(None\)/ },
  'text before number': {
    xml: print(at(compare(text('a'), 'LT', number(1)))),
    words: /“<” doesn’t work between a text and a number/,
  },
  'an item beyond the end': {
    xml: stack(set('l', list(number(1))), print(at(item(get('l'), number(5))))),
    words: /no item at this place/,
  },
  'an item before the first': {
    xml: stack(set('l', list(number(1))), set('n', number(0)), print(at(item(get('l'), get('n'))))),
    words: /^$/,
  },
  'an item taken from nothing': {
    xml: stack(set('l', block('lists_create_empty')), at(item(get('l'), number(1), 'REMOVE'))),
    words: /no item at this place/,
  },
  'a letter beyond the end': {
    xml: print(
      at(
        block(
          'text_charAt',
          '<mutation at="true"/>' +
            field('WHERE', 'FROM_START') +
            value('VALUE', text('abc')) +
            value('AT', number(9)),
        ),
      ),
    ),
    words: /no item at this place/,
  },
  'a missing entry': {
    xml: stack(
      set('d', block('dict_create_with', '<mutation items="0"/>')),
      print(at(block('dict_get', value('DICT', get('d')) + value('KEY', text('rain'))))),
    ),
    words: /no entry 'rain'/,
  },
  'a misspelled method': {
    xml: print(
      at(block('python_method_value', args() + value('OBJECT', text('a')) + field('NAME', 'uper'))),
    ),
    words: /A text has nothing called “uper”. Is “upper” meant/,
  },
  'a misspelled function of a module': {
    xml: stack(
      block('import_statement', field('module', 'math')),
      print(at(calls('math.sqr', number(4)))),
    ),
    words: /Is “sqrt” meant/,
  },
  'a module that is not there': {
    xml: at(block('import_statement', field('module', 'sklearnn'))),
    words: /%pip install sklearnn/,
  },
  'a name that is not in a module': {
    xml: at(block('python_from_import', field('MODULE', 'math') + field('NAME', 'sqroot'))),
    words: /“math” has nothing called “sqroot”/,
  },
  'a file that is not there': {
    xml: print(at(calls('open', text('none.txt')))),
    words: /no file called “none.txt”/,
  },
  'a folder for a file': {
    xml: print(at(calls('open', text('/tmp')))),
    words: /“\/tmp” is a folder/,
  },
  'a text that is no number': {
    xml: print(at(calls('int', text('five')))),
    words: /“five” is not a number/,
  },
  'a text that is no decimal': {
    xml: print(at(calls('float', text('five')))),
    words: /“five” is not a number/,
  },
  'a count that is no number': {
    xml: at(
      block('controls_repeat_ext', value('TIMES', text('often')) + body('DO', print(text('a')))),
    ),
    words: /“often” is not a number/,
  },
  'the root of less than nothing': {
    xml: print(at(block('math_single', field('OP', 'ROOT') + value('NUM', number(-1))))),
    words: /^$/,
  },
  'a number that is called': {
    xml: stack(set('x', number(3)), print(at(calls('x')))),
    words: /A number is called here/,
  },
  'a number that is gone through': {
    xml: print(at(calls('sum', number(3)))),
    words: /nothing to go through/,
  },
  'a call without what it needs': {
    xml: stack(hand('def g(a): return a'), print(at(calls('g')))),
    words: /g needs more than it is given: 'a'/,
  },
  'a function without end': {
    xml: named('caller', call('f')) + define('f', [], at(call('f'))),
    words: /again and again/,
    callers: ['caller'],
  },
  'a library that fails': {
    xml: stack(hand('import json'), print(at(calls('json.loads', text('{bad'))))),
    words: /^$/,
  },
  'something raised': { xml: at(raise('ValueError', 'too late')), words: /^$/ },
  'something raised about another error': {
    xml: block(
      'python_try',
      field('ERROR', 'ZeroDivisionError') +
        field('VAR', 'e') +
        body('DO', print(sum('DIVIDE', number(1), number(0)))) +
        body('EXCEPT', at(raise('ValueError', 'too late'))),
    ),
    words: /^$/,
  },
  'a condition that does not hold': { xml: at(hand('assert 1 == 2')), words: /should hold/ },
  'a list made by hand': { xml: print(at(code('[1 / n for n in [1, 0]]'))), words: /by zero/ },
  'a sum made by hand': { xml: print(at(code('sum(1 / n for n in [0])'))), words: /by zero/ },
  'something waited for': {
    xml: stack(hand('import asyncio'), at(hand('await asyncio.wait_for(asyncio.sleep(9), 0.01)'))),
    words: /^$/,
  },
  'an unknown block': { xml: print(at(block('strange_value'))), words: /^$/ },
  'a text without end': {
    xml: stack(print(text('a')), at(hand("print('hello)"))),
    words: /a quotation mark is missing/,
  },
  'a bracket without end': {
    xml: stack(print(text('a')), at(hand('x = (1 + 2'))),
    words: /opened (here )?and never closed/,
  },
  'a bracket without beginning': { xml: at(hand('x = 1)')), words: /“\)” closes nothing/ },
  'a missing colon': { xml: stack(at(hand('if True')), print(text('a'))), words: /colon/ },
  'what is no Python': {
    xml: stack(print(text('a')), at(hand('let x be 3'))),
    words: /can’t read/,
  },
};
