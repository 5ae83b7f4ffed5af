/** Names of variables and functions, as the generated program spells them. */
import * as Blockly from 'blockly/core';

type NameType = Parameters<Blockly.Names['getName']>[1];

/** Names are told apart by case, as in the languages; but a call finds its function as in Blockly, which doesn't. */
export class DistinctNames extends Blockly.Names {
  readonly #reserved: ReadonlySet<string>;

  readonly #given = new Map<string, string>();
  /** The first of those that differ by case alone. */
  readonly #alike = new Map<string, string>();
  readonly #taken = new Set<string>();
  /** The last number tried behind each name, as a thousand names may come to the same. */
  readonly #numbers = new Map<string, number>();
  /** All functions that are defined are known. */
  #isComplete = false;
  #variables?: Blockly.IVariableMap<Blockly.IVariableModel<Blockly.IVariableState>>;

  constructor(reserved: ReadonlySet<string>) {
    super('');
    this.#reserved = reserved;
  }

  override reset(): void {
    super.reset();
    this.#given.clear();
    this.#alike.clear();
    this.#taken.clear();
    this.#numbers.clear();
  }

  override setVariableMap(
    map: Blockly.IVariableMap<Blockly.IVariableModel<Blockly.IVariableState>>,
  ): void {
    super.setVariableMap(map);
    this.#variables = map;
  }

  /** Lets a variable have exactly this name, even a reserved one. */
  pin(name: string): void {
    this.#given.set(keyOf(name, 'VARIABLE'), name);
    this.#taken.add(name);
  }

  /** Lets nothing of the program have exactly this name. */
  reserve(name: string): void {
    this.#taken.add(name);
  }

  override getName(nameOrId: string, type: NameType): string {
    const name = this.#variableName(nameOrId, type) ?? nameOrId;
    const key = keyOf(name, type);
    let identifier = this.#given.get(key) ?? this.#functionLike(name, type);
    if (identifier === undefined) identifier = this.getDistinctName(name);
    this.#given.set(key, identifier);
    if (!this.#alike.has(key.toLowerCase())) this.#alike.set(key.toLowerCase(), identifier);
    return identifier;
  }

  /** A function that is called with other capitals than it was defined with. */
  #functionLike(name: string, type: NameType): string | undefined {
    if (type !== 'PROCEDURE' || !this.#isComplete) return undefined;
    return this.#alike.get(keyOf(name, type).toLowerCase());
  }

  override populateProcedures(workspace: Blockly.Workspace): void {
    this.#isComplete = false;
    super.populateProcedures(workspace);
    this.#isComplete = true;
  }

  #variableName(id: string, type: NameType): string | undefined {
    return type === 'VARIABLE' ? this.#variables?.getVariableById(id)?.getName() : undefined;
  }

  override getDistinctName(name: string): string {
    const identifier = toIdentifier(name);
    let distinct = identifier;
    let number = this.#numbers.get(identifier) ?? 1;
    while (this.#taken.has(distinct) || this.#reserved.has(distinct))
      distinct = `${identifier}${++number}`;
    this.#numbers.set(identifier, number);
    this.#taken.add(distinct);
    return distinct;
  }

  override getUserNames(type: NameType): string[] {
    return [...this.#given.keys()]
      .filter((key) => key.startsWith(`${type} `))
      .map((key) => key.slice(type.length + 1));
  }
}

function keyOf(name: string, type: NameType): string {
  return `${type} ${name}`;
}

/**
 * Letters of any script stay. Python compares names after NFKC, so two that are alike there must
 * be alike here.
 */
export function toIdentifier(name: string): string {
  const letters = (name || 'unnamed')
    .normalize('NFKC')
    // Beyond the first plane, browsers know letters that many a Python doesn't know yet.
    .replace(/[^\p{XIDC}]|[\u{10000}-\u{10ffff}]/gu, '_');
  if (!/^[\p{XIDS}_]/u.test(letters)) return `my_${letters}`;
  // Names like __builtins__ belong to the language itself.
  return /^__.*__$/.test(letters) ? `my${letters}` : letters;
}
