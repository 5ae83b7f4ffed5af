/**
 * Programs made by chance of all blocks of Python, which end, and whose answer doesn't depend on chance.
 *
 * They keep clear of what either language does in its own way: parts of a number in a text, truths as text, items
 * that aren't there, the value of a loop's variable behind its loop, and the order in which an assignment computes.
 */
import {
  block,
  body,
  call,
  change,
  compare,
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
import { VARIABLES, Values, WORDS, type Kind, type Scope } from './values';

/** Blocks that mean something only within a program. */
export const IN_PROGRAMS =
  /^procedures|^variables|prompt|^math_(number|random_int)$|import|^expression|^python_(call|method|attribute|format|comment)/;

class Programs extends Values {
  #loops = 0;

  statements = (scope: Scope) =>
    stack(...Array.from({ length: 1 + this.below(3) }, () => this.statement(scope)));

  statement(scope: Scope): string {
    const inner = { ...scope, depth: scope.depth - 1 };
    const simple = [
      () => print(this.any(2, scope)),
      () => print(this.any(3, scope)),
      () => this.assignment(scope),
      () => this.assignment(scope),
      () => change(this.one(['n', 'm']), number(this.below(5) - 1)),
      () =>
        block(
          'text_append',
          field('VAR', 't') +
            value(
              'TEXT',
              this.do(
                () => text('a'),
                () => this.number(1, scope),
              ),
            ),
        ),
      () => this.changedList(scope),
      () => this.dictionary(scope),
      () => block('python_comment', field('TEXT', this.one(WORDS))),
      () => block('expression_statement', field('expression', 'pass')),
      () =>
        block('python_call', items(1) + field('NAME', 'print') + value('ARG0', this.any(2, scope))),
      () => this.called(scope),
      () => this.flow(scope),
    ];
    const nesting = [
      () => this.condition(inner),
      () => this.loop(inner),
      () => this.loop(inner),
      () => this.tried(inner),
    ];
    return this.do(...simple, ...(scope.depth > 0 ? [...nesting, ...nesting] : []));
  }

  assignment(scope: Scope): string {
    const free = (kind: Kind) => VARIABLES[kind].filter((name) => !scope.held.includes(name));
    return this.do(
      () => set(this.one(free('Number')), this.small(this.number(2, scope))),
      () => set('n', this.number(1, scope)),
      () => set(this.one(free('String')), this.start(this.text(2, scope))),
      () => set('b', this.truth(2, scope)),
      () => (free('Array')[0] ? set(this.one(free('Array')), this.list(2, scope)) : ''),
    );
  }

  changedList(scope: Scope): string {
    const [name] = VARIABLES.Array.filter((one) => !scope.held.includes(one));
    if (!name) return '';
    const where = this.one(['FIRST', 'LAST']);
    const at = `<mutation at="false"/>`;
    const put = (mode: string) =>
      block(
        'lists_setIndex',
        at +
          field('MODE', mode) +
          field('WHERE', where) +
          value('LIST', get(name)) +
          value('TO', this.number(1, scope)),
      );
    const remove = () =>
      block(
        'lists_getIndex',
        `<mutation statement="true" at="false"/>${field('MODE', 'REMOVE')}${field('WHERE', where)}${value('VALUE', get(name))}`,
      );
    const whenFilled = (inside: string) =>
      when(
        block('logic_negate', value('BOOL', block('lists_isEmpty', value('VALUE', get(name))))),
        inside,
      );
    return this.do(
      () => put('INSERT'),
      () => whenFilled(put('SET')),
      () => whenFilled(remove()),
      () =>
        block(
          'python_method',
          items(1) +
            field('NAME', 'append') +
            value('OBJECT', get(name)) +
            value('ARG0', this.number(1, scope)),
        ),
    );
  }

  dictionary(scope: Scope): string {
    return this.do(
      () =>
        block(
          'dict_set',
          value('DICT', get('d')) +
            value('KEY', this.key(1, scope)) +
            value('VALUE', this.number(1, scope)),
        ),
      () => block('dict_remove', value('KEY', this.key(1, scope)) + value('DICT', get('d'))),
      () =>
        print(
          block(
            'dict_parts',
            field('PART', this.one(['keys', 'values', 'items'])) + value('DICT', get('d')),
          ),
        ),
      () =>
        this.caught(
          'KeyError',
          print(block('dict_get', value('DICT', get('d')) + value('KEY', this.key(1, scope)))),
          print(text('no such key')),
        ),
    );
  }

  condition(scope: Scope): string {
    const test = () => this.truth(2, scope);
    return this.do(
      () => when(test(), this.statements(scope)),
      () => when(test(), this.statements(scope), this.statements(scope)),
      () =>
        block(
          'controls_if',
          '<mutation elseif="1" else="1"/>' +
            value('IF0', test()) +
            body('DO0', this.statements(scope)) +
            value('IF1', test()) +
            body('DO1', this.statements(scope)) +
            body('ELSE', this.statements(scope)),
        ),
      () =>
        block(
          'controls_ifelse',
          value('IF0', test()) +
            body('DO0', this.statements(scope)) +
            body('ELSE', this.statements(scope)),
        ),
    );
  }

  loop(outer: Scope): string {
    const variable = `i${this.#loops++}`;
    const scope = { ...outer, inLoop: true, held: [...outer.held, variable] };
    const inside = () => body('DO', this.statements(scope));
    const repeated = () => body('DO', this.statements({ ...outer, inLoop: true }));
    return this.do(
      () => block('controls_repeat', field('TIMES', this.below(4)) + repeated()),
      () =>
        block(
          'controls_repeat_ext',
          value(
            'TIMES',
            this.do(
              () => number(this.below(4)),
              () => this.remainder(get('n')),
            ),
          ) + repeated(),
        ),
      () =>
        block(
          'controls_for',
          field('VAR', variable) +
            value(
              'FROM',
              this.do(
                () => number(this.below(4)),
                () => this.remainder(get('n')),
              ),
            ) +
            value(
              'TO',
              this.do(
                () => number(this.below(4)),
                () => this.remainder(get('m')),
              ),
            ) +
            value('BY', number(this.one([1, 2, -1]))) +
            inside(),
        ),
      () =>
        block(
          'controls_forEach',
          field('VAR', variable) + value('LIST', this.first(this.list(2, outer))) + inside(),
        ),
      () => this.counted(scope, variable),
    );
  }

  /** At most four of its items: lists grow. */
  first = (of: string) =>
    block(
      'lists_getSublist',
      '<mutation at1="false" at2="true"/>' +
        field('WHERE1', 'FIRST') +
        field('WHERE2', 'FROM_START') +
        value('LIST', of) +
        value('AT2', number(4)),
    );

  /** While and until, which end by a count of their own. */
  counted(scope: Scope, counter: string): string {
    const limit = number(this.below(4));
    const isUntil = this.below(2) > 0;
    const test = compare(get(counter), isUntil ? 'GTE' : 'LT', limit);
    const inside = stack(change(counter, number(1)), this.statements(scope));
    return when(
      truth(true),
      stack(
        set(counter, number(0)),
        block(
          'controls_whileUntil',
          field('MODE', isUntil ? 'UNTIL' : 'WHILE') + value('BOOL', test) + body('DO', inside),
        ),
      ),
    );
  }

  caught = (kind: string, inside: string, except: string, more = '') =>
    block(
      more ? 'python_try_finally' : 'python_try',
      field('ERROR', kind) + field('VAR', 'e') + body('DO', inside) + body('EXCEPT', except) + more,
    );

  tried(scope: Scope): string {
    const kinds = ['ValueError', 'TypeError', 'RuntimeError', 'KeyboardInterrupt', 'Exception'];
    const raise = block(
      'python_raise',
      field('ERROR', this.one(kinds.slice(0, 3))) + value('MESSAGE', text(this.one(['', 'no']))),
    );
    const inside = stack(
      this.statements(scope),
      when(this.truth(2, scope), raise),
      this.statements(scope),
    );
    const except = stack(print(get('e')), this.statements(scope));
    const more =
      body('ELSE', this.statements(scope)) +
      body('FINALLY', this.statements({ ...scope, inLoop: false, returns: undefined }));
    return this.caught(
      this.one(kinds),
      inside,
      except,
      this.do(
        () => '',
        () => more,
      ),
    );
  }

  flow(scope: Scope): string {
    if (scope.returns && this.below(3) === 0)
      return block(
        'procedures_ifreturn',
        `<mutation value="${scope.returns === 'Number' ? 1 : 0}"/>` +
          value('CONDITION', this.truth(2, scope)) +
          (scope.returns === 'Number' ? value('VALUE', this.number(1, scope)) : ''),
      );
    if (!scope.inLoop) return '';
    const leave = block('controls_flow_statements', field('FLOW', this.one(['BREAK', 'CONTINUE'])));
    return when(this.truth(2, scope), leave);
  }

  called(scope: Scope): string {
    const it = scope.functions[this.below(scope.functions.length)];
    if (!it) return '';
    const parameters = Object.fromEntries(
      it.parameters.map((name) => [name, this.number(1, scope)]),
    );
    if (!it.gives) return call(it.name, parameters);
    const result = call(it.name, parameters, true);
    return this.do(
      () => print(result),
      () => set('m', this.small(result)),
    );
  }
}

/** Documents, whose programs begin by setting all variables. */
export function programs(count: number, seed: number): string[] {
  return Array.from({ length: count }, (_, i) => programOf(new Programs(seed + i)));
}

const IMPORTS = [
  block('import_statement', field('module', 'math')),
  block('python_import_as', field('MODULE', 'math') + field('ALIAS', 'maths')),
  block('python_from_import', field('MODULE', 'math') + field('NAME', 'floor')),
];

const dynamic = (what: 'get' | 'set', name: string, inside = '') =>
  block(`variables_${what}_dynamic`, field('VAR', name) + inside);

function programOf(maker: Programs): string {
  // `n` is a parameter and a variable of the program as well.
  const functions = [
    { name: 'f', parameters: ['p'], gives: false },
    { name: 'list', parameters: ['p', 'n'], gives: true },
    { name: 'Übung 1', parameters: [], gives: true },
  ];
  const definitions = functions.map(({ name, parameters, gives }, i) => {
    const scope: Scope = {
      depth: 1,
      inLoop: false,
      returns: gives ? 'Number' : 'nothing',
      held: parameters.filter((one) => one !== 'n'),
      functions: functions.slice(0, i),
    };
    return define(
      name,
      parameters,
      maker.statements(scope),
      gives ? maker.number(2, scope) : undefined,
    );
  });
  const start = stack(
    ...IMPORTS,
    set('n', number(maker.below(6))),
    dynamic('set', 'm', value('VALUE', number(maker.below(6)))),
    set('t', text(maker.one(WORDS))),
    set('class', text('a')),
    set('b', truth(maker.below(2) > 0)),
    set('l', list(number(3), number(1), number(2))),
    set('list', list(number(1))),
    set(
      'd',
      block(
        'dict_create_with',
        items(2) +
          value('KEY0', text('a')) +
          value('VALUE0', number(1)) +
          value('KEY1', number(2)) +
          value('VALUE1', number(2)),
      ),
    ),
    ...Array.from({ length: 4 }, () =>
      maker.statement({ depth: 3, inLoop: false, held: [], functions }),
    ),
    ...['n', 'm', 't', 'class', 'b', 'l', 'list'].map((name) => print(dynamic('get', name))),
  );
  return [...definitions, start].join('');
}
