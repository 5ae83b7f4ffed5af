/** Values made by chance of all blocks of Python, to a depth, that are the same in JavaScript. */
import { chanceOf, type Chance } from '../../live/randomEdits';
import { block, compare, field, get, items, list, number, text, truth, value } from '../blocks';

export type Kind = 'Number' | 'String' | 'Boolean' | 'Array';

/** What is known at a place of the program. */
export interface Scope {
  depth: number;
  inLoop: boolean;
  /** What the function around gives back. */
  returns?: 'Number' | 'nothing';
  /** Variables that may be read but not set. */
  held: readonly string[];
  /** Functions that may be called, with their parameters. */
  functions: readonly { name: string; parameters: readonly string[]; gives: boolean }[];
}

export const VARIABLES: Record<Kind, readonly string[]> = {
  Number: ['n', 'm'],
  String: ['t', 'class'],
  Boolean: ['b'],
  Array: ['l', 'list'],
};

export const WORDS = [
  '',
  'a',
  'b c',
  'Zoë',
  "it's",
  '"',
  'one,two',
  '{}',
  '%s',
  'back\\slash',
  '#',
];

const isNumber = (name: string) => /^[ipq]/.test(name);

/** Values of every kind. */
export class Values {
  readonly #chance: Chance;

  constructor(seed: number) {
    this.#chance = chanceOf(seed);
  }

  below = (limit: number) => Math.floor(this.#chance() * limit);
  one = <T>(all: readonly T[]): T => all[this.below(all.length)] as T;
  do = <T>(...all: (() => T)[]): T => this.one(all)();

  value(kind: Kind, depth: number, scope: Scope): string {
    return {
      Number: () => this.number(depth, scope),
      String: () => this.text(depth, scope),
      Boolean: () => this.truth(depth, scope),
      Array: () => this.list(depth, scope),
    }[kind]();
  }

  any = (depth: number, scope: Scope) =>
    this.value(this.one(['Number', 'String', 'Boolean', 'Array']), depth, scope);

  number(depth: number, scope: Scope): string {
    const variable = () => get(this.one([...VARIABLES.Number, ...scope.held.filter(isNumber)]));
    const literal = () => number(this.below(9) - 2);
    if (depth <= 0) return this.do(variable, literal);
    const inner = () => this.number(depth - 1, scope);
    const words = () => this.text(depth - 1, scope);
    const things = () => this.list(depth - 1, scope);
    return this.do(
      variable,
      () =>
        block(
          'math_arithmetic',
          field('OP', this.one(['ADD', 'MINUS', 'MULTIPLY'])) +
            value('A', inner()) +
            value('B', inner()),
        ),
      () => block('math_single', field('OP', this.one(['NEG', 'ABS'])) + value('NUM', inner())),
      () => block('math_round', field('OP', 'ROUND') + value('NUM', this.half())),
      () => this.remainder(inner()),
      () =>
        block(
          'math_constrain',
          value('VALUE', inner()) + value('LOW', number(-3)) + value('HIGH', number(4)),
        ),
      () => {
        const only = String(this.below(5));
        return block('math_random_int', value('FROM', number(only)) + value('TO', number(only)));
      },
      () =>
        block(
          'math_on_list',
          field('OP', this.one(['SUM', 'MAX', 'MIN'])) + value('LIST', list(inner(), inner())),
        ),
      () => block('text_length', value('VALUE', this.do(words, things))),
      () => block('lists_length', value('VALUE', this.do(words, things))),
      () => block('text_count', value('SUB', text('a')) + value('TEXT', words())),
      () => this.found('text_indexOf', words(), text(this.one(['a', 'b', ' ']))),
      () => this.found('lists_indexOf', things(), inner()),
      () => this.chosen('Number', inner, depth, scope),
      () => this.item(list(inner(), inner(), inner())),
      () =>
        block(
          'text_prompt_ext',
          `<mutation type="NUMBER"/>${field('TYPE', 'NUMBER')}${value('TEXT', words())}`,
        ),
      () => block('text_prompt', field('TYPE', 'NUMBER') + field('TEXT', this.one(WORDS))),
      () =>
        block(
          'expression_value',
          field('expression', this.one(['7 // 2', '2 ** 5', '(1 + 2) * 2', 'n - m'])),
        ),
      () =>
        block(
          'python_call_value',
          items(1) +
            field('NAME', this.one(['abs', 'math.floor', 'maths.floor', 'floor'])) +
            value('ARG0', inner()),
        ),
      () =>
        block(
          'python_call_value',
          items(2) + field('NAME', 'max') + value('ARG0', inner()) + value('ARG1', inner()),
        ),
      () =>
        block(
          'python_call_value',
          items(1) + field('NAME', 'len') + value('ARG0', this.do(words, things)),
        ),
      () => block('python_attribute', field('NAME', 'real') + value('OBJECT', inner())),
      () =>
        block(
          'dict_get_or',
          value('DICT', get('d')) + value('KEY', this.key(depth, scope)) + value('VALUE', inner()),
        ),
    );
  }

  /** A number that ends in a half, or doesn't. */
  half = () => number(this.below(12) / 2 - 3);

  /** JavaScript's remainder has the sign of the number divided; so that has none. */
  remainder = (inner: string) =>
    block(
      'math_modulo',
      value('DIVIDEND', block('math_single', field('OP', 'ABS') + value('NUM', inner))) +
        value('DIVISOR', number(this.below(5) + 1)),
    );

  /** Between -50 and 50. */
  small = (inner: string) =>
    block(
      'math_constrain',
      value('VALUE', inner) + value('LOW', number(-50)) + value('HIGH', number(50)),
    );

  found = (type: string, within: string, what: string) =>
    block(
      type,
      field('END', this.one(['FIRST', 'LAST'])) + value('VALUE', within) + value('FIND', what),
    );

  /** One of three items. */
  item(of: string, type = 'lists_getIndex'): string {
    const where = this.one(['FIRST', 'LAST', 'FROM_START', 'FROM_END']);
    const isCounted = where.startsWith('FROM');
    return block(
      type,
      `<mutation statement="false" at="${isCounted}"/>${type === 'lists_getIndex' ? field('MODE', 'GET') : ''}` +
        field('WHERE', where) +
        value('VALUE', of) +
        (isCounted ? value('AT', number(this.below(3) + 1)) : ''),
    );
  }

  chosen = (_: Kind, inner: () => string, depth: number, scope: Scope) =>
    block(
      'logic_ternary',
      value('IF', this.truth(depth - 1, scope)) + value('THEN', inner()) + value('ELSE', inner()),
    );

  text(depth: number, scope: Scope): string {
    const variable = () => get(this.one(VARIABLES.String));
    const literal = () => text(this.one(WORDS));
    if (depth <= 0) return this.do(variable, literal);
    const inner = () => this.text(depth - 1, scope);
    return this.do(
      variable,
      literal,
      () => {
        const parts = [inner(), this.number(depth - 1, scope)];
        return block(
          'text_join',
          items(2) + parts.map((part, i) => value(`ADD${i}`, part)).join(''),
        );
      },
      () =>
        block(
          'text_changeCase',
          field('CASE', this.one(['UPPERCASE', 'LOWERCASE', 'TITLECASE'])) + value('TEXT', inner()),
        ),
      () =>
        block(
          'text_trim',
          field('MODE', this.one(['LEFT', 'RIGHT', 'BOTH'])) + value('TEXT', inner()),
        ),
      () => block('text_reverse', value('TEXT', inner())),
      () =>
        block(
          'text_replace',
          value('FROM', text('a')) + value('TO', text('o')) + value('TEXT', inner()),
        ),
      () => this.start(inner()),
      () => this.item(text('xyz'), 'text_charAt'),
      () => this.chosen('String', inner, depth, scope),
      () =>
        block(
          'lists_split',
          `<mutation mode="JOIN"/>${field('MODE', 'JOIN')}${value('INPUT', this.list(depth - 1, scope))}${value('DELIM', text('-'))}`,
        ),
      () =>
        block(
          'python_format',
          field('TEXT', this.one(['<{}>', '{:>4}|{{', '{} "quoted" \\ \''])) +
            items(1) +
            value('ADD0', this.number(depth - 1, scope)),
        ),
      () =>
        block('python_method_value', items(0) + field('NAME', 'upper') + value('OBJECT', inner())),
      () =>
        block(
          'text_prompt_ext',
          `<mutation type="TEXT"/>${field('TYPE', 'TEXT')}${value('TEXT', inner())}`,
        ),
      () => block('colour_picker', field('COLOUR', '#33cc00')),
      () => this.colour(depth, scope),
    );
  }

  colour = (depth: number, scope: Scope) =>
    this.do(
      () =>
        block(
          'colour_rgb',
          ['RED', 'GREEN', 'BLUE']
            .map((name) => value(name, this.number(depth - 1, scope)))
            .join(''),
        ),
      () =>
        block(
          'colour_blend',
          value('COLOUR1', block('colour_picker', field('COLOUR', '#ff0000'))) +
            value('COLOUR2', block('colour_picker', field('COLOUR', '#0010ff'))) +
            value('RATIO', number(this.one([0, 0.25, 0.5, 1]))),
        ),
    );

  /** No text grows without end. */
  start = (of: string) =>
    block(
      'text_getSubstring',
      '<mutation at1="false" at2="true"/>' +
        field('WHERE1', 'FIRST') +
        field('WHERE2', 'FROM_START') +
        value('STRING', of) +
        value('AT2', number(12)),
    );

  truth(depth: number, scope: Scope): string {
    const simple = () =>
      this.do(
        () => get('b'),
        () => truth(this.below(2) > 0),
      );
    if (depth <= 0) return simple();
    const inner = () => this.truth(depth - 1, scope);
    const numbers = () => this.number(depth - 1, scope);
    return this.do(
      simple,
      () => compare(numbers(), this.one(['EQ', 'NEQ', 'LT', 'LTE', 'GT', 'GTE']), numbers()),
      () =>
        compare(this.text(depth - 1, scope), this.one(['EQ', 'NEQ', 'LT']), text(this.one(WORDS))),
      () =>
        block(
          'logic_operation',
          field('OP', this.one(['AND', 'OR'])) + value('A', inner()) + value('B', inner()),
        ),
      () => block('logic_negate', value('BOOL', inner())),
      () =>
        block(
          'math_number_property',
          `<mutation divisor_input="false"/>${field('PROPERTY', this.one(['EVEN', 'PRIME', 'WHOLE', 'POSITIVE', 'NEGATIVE']))}` +
            value('NUMBER_TO_CHECK', this.small(numbers())),
        ),
      () => block('text_isEmpty', value('VALUE', this.text(depth - 1, scope))),
      () => block('lists_isEmpty', value('VALUE', this.list(depth - 1, scope))),
      () =>
        block('dict_contains', value('DICT', get('d')) + value('KEY', this.key(depth - 1, scope))),
      () =>
        block(
          'python_method_value',
          items(1) +
            field('NAME', 'startswith') +
            value('OBJECT', this.text(depth - 1, scope)) +
            value('ARG0', text('a')),
        ),
      () => block('expression_value', field('expression', 'not True')),
      () => compare(block('logic_null'), 'EQ', block('logic_null')),
      () => this.chosen('Boolean', inner, depth, scope),
    );
  }

  /** A list of whole numbers. */
  list(depth: number, scope: Scope): string {
    const variable = () => get(this.one(VARIABLES.Array));
    if (depth <= 0) return this.do(variable, () => block('lists_create_empty'));
    const inner = () => this.list(depth - 1, scope);
    const numbers = () => this.number(depth - 1, scope);
    return this.do(
      variable,
      () => list(...Array.from({ length: this.below(4) }, numbers)),
      () => block('lists_repeat', value('ITEM', numbers()) + value('NUM', number(this.below(4)))),
      () => block('lists_reverse', value('LIST', inner())),
      () =>
        block(
          'lists_sort',
          field('TYPE', this.one(['NUMERIC', 'TEXT'])) +
            field('DIRECTION', this.one(['1', '-1'])) +
            value('LIST', inner()),
        ),
      () =>
        block(
          'lists_getSublist',
          '<mutation at1="true" at2="false"/>' +
            field('WHERE1', 'FROM_START') +
            field('WHERE2', 'LAST') +
            value('LIST', inner()) +
            value('AT1', number(this.below(3) + 1)),
        ),
      () => block('dict_parts', field('PART', 'values') + value('DICT', get('d'))),
    );
  }

  key = (depth: number, scope: Scope) =>
    this.do(
      () => text(this.one(['a', 'b', 'c'])),
      () => this.number(depth - 1, scope),
    );
}
