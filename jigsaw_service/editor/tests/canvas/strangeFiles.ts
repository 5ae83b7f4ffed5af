/** Documents that nobody's editor would write, but the service may keep. */
import * as Blockly from 'blockly/core';
import fc, { type GeneratorValue } from 'fast-check';
import { headlessWorkspace } from '../../src/canvas/headless';
import { escapeAttribute, escapeText } from '../../src/xml/elements';
import type { Language } from '../../src/languages';

/** What fields, inputs and mutations the blocks of a language have. */
export interface Known {
  type: string;
  fields: string[];
  inputs: [string, 'value' | 'statement'][];
  mutation: string[];
}

export function knownBlocks(language: Language): Known[] {
  const workspace = headlessWorkspace();
  return [...language.types].map((type) => {
    const block = workspace.newBlock(type);
    const mutation = block.mutationToDom?.();
    return {
      type,
      fields: [...block.getFields()].flatMap(({ name }) => name ?? []),
      inputs: block.inputList
        .filter((input) => input.connection)
        .map((input) => [
          input.name,
          input instanceof Blockly.inputs.StatementInput ? 'statement' : 'value',
        ]),
      mutation: [...(mutation?.attributes ?? [])].map(({ name }) => name),
    };
  });
}

const WORDS =
  ',a,%,%zz,100%,-1,0,1,500,3,14,1e999,NaN,Infinity,true,false,TRUE,null,__proto__,constructor,toString,#xml,~1,x_connection_y,é😀,<&>",a b, ,EQ,FROM_START,i,v'.split(
    ',',
  );
const TYPES = [
  'robot.go',
  'a b',
  'toString',
  '__proto__',
  'jigsaw_unknown',
  'jigsaw_stub',
  'text_multiline',
  'procedures_mutatorarg',
  'math_number_minmax',
];
const ATTRIBUTES = [
  'collapsed',
  'disabled',
  'disabled-reasons',
  'deletable',
  'movable',
  'editable',
  'inline',
  'x',
  'y',
  'custom',
  'type2',
];
const FOREIGN = [
  '<toolbox><category name="x"><block type="text"/></category></toolbox>',
  '<yacodeblocks/>',
  '<svg xmlns="urn:svg">a <b/> c</svg>',
  '<p:q xmlns:p="urn:p" p:r="1"/>',
  '<block xmlns="urn:b" type="text"/>',
];

/** Draws documents; `g` draws the choices. */
export class StrangeFiles {
  readonly #g: GeneratorValue;
  readonly #known: readonly Known[];

  #left = 12;

  constructor(g: GeneratorValue, known: readonly Known[]) {
    this.#g = g;
    this.#known = known;
  }

  readonly ids: string[] = [];

  #one<T>(items: readonly T[]): T {
    return this.#g(fc.constantFrom, ...items) as T;
  }

  #often(percent: number): boolean {
    return this.#g(fc.nat, { max: 99 }) < percent;
  }

  #times(most: number): unknown[] {
    return Array.from({ length: this.#g(fc.nat, { max: most }) });
  }

  word(): string {
    return this.#one(WORDS);
  }

  #pairs(names: readonly string[], most: number): string {
    const pairs = new Map(this.#times(most).map(() => [this.#one(names), this.word()]));
    return [...pairs].map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join('');
  }

  document(): string {
    const parts = ['<xml>'];
    if (this.#often(40)) parts.push(this.#variables());
    parts.push(...this.#times(4).map(() => this.#top()));
    parts.push('</xml>');
    return parts.join('');
  }

  #variables(): string {
    const one = () =>
      `<variable${this.#pairs(['id', 'type'], 2)}>${escapeText(this.word())}</variable>`;
    return `<variables>${this.#times(3).map(one).join('')}</variables>`;
  }

  #top(): string {
    if (this.#often(10)) return this.#one(FOREIGN);
    if (this.#often(10))
      return `<comment${this.#pairs(['id', 'x', 'y', 'w', 'h', 'collapsed'], 4)}>${escapeText(this.word())}</comment>`;
    return this.block(this.#often(10) ? 'shadow' : 'block', '');
  }

  block(tag: string, joint: string): string {
    this.#left--;
    const known = this.#one(this.#known);
    const isKnown = this.#often(80);
    const id = this.#often(30) ? this.word() : `b${this.ids.length}`;
    this.ids.push(id);
    const type = isKnown ? known.type : this.#one(TYPES);
    const inside = [
      ...(this.#often(40) ? [this.#mutation(known)] : []),
      ...this.#times(3).map(() => this.#field(known)),
      ...(this.#often(10)
        ? [`<comment${this.#pairs(['w', 'h', 'pinned'], 3)}>${escapeText(this.word())}</comment>`]
        : []),
      ...(this.#often(10) ? [`<data>${escapeText(this.word())}</data>`] : []),
      ...(this.#often(8) ? [this.#one(FOREIGN)] : []),
      ...this.#times(3).map(() => this.#input(known)),
      ...(this.#left > 0 && joint !== 'value' && this.#often(40) ? [this.#next()] : []),
    ];
    return `<${tag} type="${escapeAttribute(type)}" id="${escapeAttribute(id)}"${this.#pairs(ATTRIBUTES, 2)}>${inside.join('')}</${tag}>`;
  }

  #mutation({ mutation }: Known): string {
    const names = [...mutation, 'items', 'at', 'statements', 'name', 'odd'];
    const arg = () => `<arg${this.#pairs(['name', 'varid', 'type'], 3)}/>`;
    return `<mutation${this.#pairs(names, 3)}>${this.#times(2).map(arg).join('')}</mutation>`;
  }

  #field({ fields }: Known): string {
    const name = fields.length > 0 && this.#often(85) ? this.#one(fields) : this.word();
    const refers = this.#often(20) ? this.#pairs(['id', 'variabletype', 'odd'], 3) : '';
    const tag = this.#often(10) ? 'title' : 'field';
    return `<${tag} name="${escapeAttribute(name)}"${refers}>${escapeText(this.word())}</${tag}>`;
  }

  #input({ inputs }: Known): string {
    const [name, tag] =
      inputs.length > 0 && this.#often(85)
        ? this.#one(inputs)
        : [this.word(), this.#one(['value', 'statement'])];
    const odd = this.#often(5) ? ' align="left"' : '';
    return `<${tag} name="${escapeAttribute(name)}"${odd}>${this.#held(tag)}</${tag}>`;
  }

  #next(): string {
    return `<next>${this.#held('statement')}</next>`;
  }

  #held(joint: string): string {
    if (this.#left <= 0) return '';
    const shadow = this.#often(30) ? this.block('shadow', joint) : '';
    const block = this.#often(70) ? this.block('block', joint) : '';
    return shadow + block;
  }

  // ---- Operations

  batch(): unknown[] {
    return this.#times(3).map(() => this.#operation());
  }

  #operation(): unknown {
    const id = this.#often(85) && this.ids.length > 0 ? this.#one(this.ids) : 'new';
    if (this.#often(20)) return { op: 'mv', id, at: this.#at() };
    if (this.#often(10)) return { op: 'del', ids: [id] };
    if (this.#often(10)) return { op: 'var', id: this.word(), name: this.word() };
    const known = this.#one(this.#known);
    if (this.#often(30)) {
      const name = `n${this.ids.length}`;
      this.ids.push(name);
      const type = this.#often(80) ? known.type : this.#one(TYPES);
      return { op: 'new', id: name, record: { t: type, at: this.#at(), ...this.#keys(known) } };
    }
    return { op: 'set', id, keys: this.#keys(known) };
  }

  #at(): unknown {
    if (this.#often(40) || this.ids.length === 0) return [this.#g(fc.nat, { max: 900 }), 5];
    const parent = this.#one(this.ids);
    if (this.#often(40)) return [parent];
    const { inputs } = this.#one(this.#known);
    const [name, tag] = inputs.length > 0 ? this.#one(inputs) : ['A', 'value'];
    return [parent, name, tag === 'value' ? 'v' : 's'];
  }

  #keys(known: Known): Record<string, unknown> {
    return Object.fromEntries(this.#times(3).map(() => this.#key(known)));
  }

  #key(known: Known): [string, unknown] {
    this.#left = Math.max(this.#left, 2);
    const [name] = known.inputs.length > 0 ? this.#one(known.inputs) : ['A'];
    const field = known.fields.length > 0 ? this.#one(known.fields) : 'F';
    return this.#one<() => [string, unknown]>([
      () => [`a:${this.#one(ATTRIBUTES)}`, this.word()],
      () => [`f:${field}`, this.word()],
      () => [`f:${field}`, { var: this.word(), name: this.word(), type: '' }],
      () => ['m', this.#mutation(known)],
      () => ['c', `<comment>${escapeText(this.word())}</comment>`],
      () => ['d', this.word()],
      () => ['x', this.#one([...FOREIGN, '<value name="A"/>', this.#field(known)])],
      () => ['n', '<n xmlns:p="urn:p" p:a="1"/>'],
      () => [`sh:${name}`, this.block('shadow', 'value')],
      () => ['sn', this.block('shadow', 'statement')],
      () => [
        's',
        {
          in: known.inputs.map(([one, tag]) => [one, tag === 'value' ? 'v' : 's']),
          joints: this.#one(['o', 'pn', 'p', '']),
        },
      ],
    ])();
  }
}
