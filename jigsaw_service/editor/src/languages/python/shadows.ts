/**
 * Names that the code of blocks relies on, and that the program gives to something else: `from random import random`,
 * say, or `sum = 0` written by hand. The blocks' own code then reaches what it means by another name.
 *
 *     H1  What people wrote by hand is kept apart until the names are replaced, and stands as it was written.
 *     H2  Texts and comments aren't code.
 */
import type * as Blockly from 'blockly/core';
import { BUILTIN_SET, IMPORTS } from './reserved';
import { boundByHand, importedNames, modulesNamed, namesSet } from './uses';

/** Names of helpers' own, which there hide Python's. */
const LOCAL = new Set(['type']);

/** Modules of which all names are imported often, and none is one of ours. */
const HARMLESS = /^(math|turtle|tkinter)$/;

/** Of Python's own names, those that modules full of numbers have as well. */
const OF_NUMBERS = ['abs', 'max', 'min', 'round', 'sum'];

/** The names that blocks rely on, and that this program gives to something else. */
export function shadowedNames(workspace: Blockly.Workspace): string[] {
  const byHand = boundByHand(workspace);
  const set = namesSet(workspace);
  const imports = [...importedNames(workspace), ...byHand.imports];
  const bound = [
    ...byHand.names,
    ...imports.flatMap(({ name, statement }) => (statement === IMPORTS[name] ? [] : [name])),
    ...modulesNamed(workspace).filter((name) => set.has(name) || BUILTIN_SET.has(name)),
    ...(byHand.stars.every((module) => HARMLESS.test(module))
      ? []
      : [...Object.keys(IMPORTS), ...OF_NUMBERS]),
  ];
  return [...new Set(bound)].filter(
    (name) => (name in IMPORTS || BUILTIN_SET.has(name)) && !LOCAL.has(name),
  );
}

/** Texts, comments and names, as generated code has them. */
const PARTS = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|#.*|(?<![\p{XIDC}.])[\p{XIDS}_]\p{XIDC}*/gu;

const IMPORT = /^(from \S+ )?import /;

/** The names of one program that are replaced, and what is kept apart meanwhile. */
export class Shadows {
  readonly #names: ReadonlySet<string>;
  readonly #distinct: (name: string) => string;
  readonly #kept = new Map<string, string>();
  readonly #others = new Map<string, string>();
  readonly #imports = new Map<string, string>();

  /** @param distinct gives a name that nothing else in the program has */
  constructor(names: readonly string[], distinct: (name: string) => string) {
    this.#names = new Set(names);
    this.#distinct = distinct;
  }

  get size(): number {
    return this.#names.size;
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** H1: a name that stands for the code until `restore`. */
  keep(code: string): string {
    if (this.size === 0) return code;
    const name = this.#kept.get(code) ?? this.#distinct('by_hand');
    this.#kept.set(code, name);
    return name;
  }

  /** Code in which shadowed names are replaced. */
  replace(code: string): string {
    return code.replace(PARTS, (part) => (this.#names.has(part) ? this.#other(part) : part));
  }

  #other(name: string): string {
    const known = this.#others.get(name);
    if (known) return known;
    const other = name in IMPORTS ? this.#imported(name) : `${this.#builtins()}.${name}`;
    this.#others.set(name, other);
    return other;
  }

  #imported(name: string): string {
    const other = this.#distinct(/^[A-Z]/.test(name) ? `${name}_class` : `${name}_module`);
    const statement = (IMPORTS[name] ?? '').replace(/ as \w+$/, '');
    this.#imports.set(name, `${statement} as ${other}`);
    return other;
  }

  #builtins(): string {
    const name = this.#others.get('') ?? this.#distinct('builtins');
    this.#others.set('', name);
    this.#imports.set('', name === 'builtins' ? 'import builtins' : `import builtins as ${name}`);
    return name;
  }

  /** The definitions with names replaced; call it when the code is done, so that all their imports are known. */
  definitions(given: Readonly<Record<string, string>>): Record<string, string> {
    const isShadowed = (text: string) => [...this.#names].some((name) => IMPORTS[name] === text);
    const others = Object.entries(given)
      .filter(([, text]) => !isShadowed(text))
      .map(([key, text]): [string, string] => [key, IMPORT.test(text) ? text : this.replace(text)]);
    const imports = [...this.#imports.values()].map((text): [string, string] => [text, text]);
    return Object.fromEntries([...imports, ...others]);
  }

  /** H1 */
  restore(code: string): string {
    const written = new Map([...this.#kept].map(([text, name]) => [name, text]));
    return code.replace(PARTS, (part) => written.get(part) ?? part);
  }
}
