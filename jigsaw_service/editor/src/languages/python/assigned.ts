/**
 * Definite assignment: which variables a program changes where nothing has surely set them yet.
 *
 * The program is followed as it runs. What a branch or a loop sets is forgotten behind it, unless every branch sets
 * it; a function is followed once, and counts at each of its calls.
 */
import * as Blockly from 'blockly/core';

/** Blocks that change a variable, with what Blockly begins from. */
export const CHANGERS: Readonly<Record<string, string>> = { math_change: '0', text_append: "''" };

const isFunction = (block: Blockly.Block) => /^procedures_def/.test(block.type);
const variablesOf = (block: Blockly.Block) => block.getVarModels().map((model) => model.getId());

/** Summary of a function: variables changed before it sets them, and those it has surely set. */
interface Summary {
  changes: ReadonlyMap<string, string>;
  sets: readonly string[];
}

const NOTHING: Summary = { changes: new Map(), sets: [] };

/** The functions of a program, each followed once. */
class Functions {
  readonly #summaries = new Map<Blockly.Block, Summary>();
  readonly #definitions: ReadonlyMap<string, Blockly.Block>;

  constructor(tops: readonly Blockly.Block[]) {
    this.#definitions = new Map(
      tops.filter(isFunction).map((block) => [nameOf(block.getFieldValue('NAME')), block]),
    );
  }

  all(): Summary[] {
    return [...this.#definitions.values()].map((definition) => this.#summary(definition));
  }

  calledBy(call: Blockly.Block): Summary {
    const definition = this.#definitions.get(nameOf(call.getFieldValue('NAME')));
    return definition ? this.#summary(definition) : NOTHING;
  }

  #summary(definition: Blockly.Block): Summary {
    const known = this.#summaries.get(definition);
    if (known) return known;
    // A function that calls itself does so after what it has done already.
    this.#summaries.set(definition, NOTHING);
    const parameters = variablesOf(definition);
    const inside = new Following(this, parameters);
    inside.statements(definition.getInput('STACK')?.connection?.targetBlock() ?? null);
    const leavesEarly = definition
      .getDescendants(false)
      .some((block) => block.type === 'procedures_ifreturn');
    const sets = leavesEarly ? [] : inside.surely().filter((id) => !parameters.includes(id));
    const summary = { changes: inside.changes, sets };
    this.#summaries.set(definition, summary);
    return summary;
  }
}

const nameOf = (name: unknown) => String(name).toLowerCase();

class Following {
  /** Variables that are changed before they are surely set, with what to begin from. */
  readonly changes = new Map<string, string>();
  readonly #functions: Functions;
  readonly #set: Set<string>;
  /** In the order of setting, so that the last can be forgotten again. */
  readonly #order: string[] = [];

  constructor(functions: Functions, set: readonly string[] = []) {
    this.#functions = functions;
    this.#set = new Set(set);
  }

  surely(): string[] {
    return [...this.#set];
  }

  statements(first: Blockly.Block | null): void {
    for (let block = first; block; block = block.getNextBlock())
      if (block.isEnabled()) this.#statement(block);
  }

  does({ changes, sets }: Summary): void {
    for (const [id, value] of changes) this.#change(id, value);
    sets.forEach((id) => {
      this.#add(id);
    });
  }

  #statement(block: Blockly.Block): void {
    for (const input of block.inputList)
      if (input.type === Blockly.inputs.inputTypes.VALUE)
        this.#value(input.connection?.targetBlock() ?? null);
    const start = CHANGERS[block.type];
    if (start !== undefined) variablesOf(block).forEach((id) => this.#change(id, start));
    if (block.type.startsWith('variables_set')) variablesOf(block).forEach((id) => this.#add(id));
    if (block.type === 'procedures_callnoreturn') this.does(this.#functions.calledBy(block));
    this.#bodies(block);
  }

  /** A value sets nothing surely, as it may not be needed. */
  #value(value: Blockly.Block | null): void {
    if (!value?.isEnabled()) return;
    for (const block of value.getDescendants(true))
      if (block.type === 'procedures_callreturn')
        this.does({ ...this.#functions.calledBy(block), sets: [] });
  }

  #bodies(block: Blockly.Block): void {
    const branches = block.inputList
      .filter((input) => input.type === Blockly.inputs.inputTypes.STATEMENT)
      .map((input): [string, string[]] => [
        input.name,
        this.#perhaps(() => {
          if (!/^(DO|ELSE|FINALLY)/.test(input.name) || /^controls_for/.test(block.type))
            variablesOf(block).forEach((id) => this.#add(id));
          this.statements(input.connection?.targetBlock() ?? null);
        }),
      ]);
    alternatives(block, branches).forEach((id) => this.#add(id));
  }

  /** Variables set by something that may not happen; they are forgotten again. */
  #perhaps(follow: () => void): string[] {
    const before = this.#order.length;
    follow();
    const sets = this.#order.splice(before);
    sets.forEach((id) => this.#set.delete(id));
    return sets;
  }

  #change(id: string, start: string): void {
    if (!this.#set.has(id) && !this.changes.has(id)) this.changes.set(id, start);
  }

  #add(id: string): void {
    if (this.#set.has(id)) return;
    this.#set.add(id);
    this.#order.push(id);
  }
}

/** Variables that are set by all of the branches. */
function alternatives(block: Blockly.Block, branches: readonly [string, string[]][]): string[] {
  const isTry = block.type.startsWith('python_try');
  const isWhole = isTry || (/^controls_if/.test(block.type) && block.getInput('ELSE'));
  if (!isWhole) return [];
  const taken = branches.filter(([name]) => !isTry || /^(DO|EXCEPT)$/.test(name));
  const last = isTry ? branches.filter(([name]) => name === 'FINALLY') : [];
  const [first = [], ...others] = taken.map(([, sets]) => sets);
  const common = others.reduce((all, sets) => {
    const too = new Set(sets);
    return all.filter((id) => too.has(id));
  }, first);
  return [...common, ...last.flatMap(([, sets]) => sets)];
}

/** Variables by id which a block changes where nothing has surely set them, with what Blockly begins from. */
export function firstValues(workspace: Blockly.Workspace): [id: string, value: string][] {
  const tops = workspace.getTopBlocks(true).filter((block) => block.isEnabled());
  const functions = new Functions(tops);
  const program = new Following(functions);
  for (const top of tops) if (!isFunction(top)) program.statements(top);
  // One that nothing calls may be called by hand.
  for (const { changes } of functions.all()) program.does({ changes, sets: [] });
  return [...program.changes];
}
