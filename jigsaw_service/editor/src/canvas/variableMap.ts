/** Variables by name and by id, however many: Blockly's own map walks through all of them for each it is asked for. */
import * as Blockly from 'blockly/core';
import { isAsDecided } from './nesting';

type VariableModel = Blockly.IVariableModel<Blockly.IVariableState>;

interface Index {
  all: VariableModel[];
  byId: Map<string, VariableModel>;
  byName: Map<string, VariableModel>;
}

/**
 * `df` and `DF` are two variables, as in the languages the blocks become. One that a file names
 * without an id gets the same in every browser.
 */
export class CaseSensitiveVariables extends Blockly.VariableMap {
  /** Made when it is first needed, and anew after anything but an addition. */
  #index: Index | undefined;

  override createVariable(name: string, type = '', id?: string): VariableModel {
    const given = `~v:${name}`;
    const isFree = () => !this.getVariable(name, type) && !this.getVariableById(given);
    const variable = super.createVariable(
      name,
      type,
      id || (isAsDecided() && isFree() ? given : undefined),
    );
    this.#add(variable);
    return variable;
  }

  override addVariable(variable: VariableModel): void {
    super.addVariable(variable);
    this.#index = undefined;
  }

  override renameVariable(variable: VariableModel, newName: string): VariableModel {
    try {
      return super.renameVariable(variable, newName);
    } finally {
      this.#index = undefined;
    }
  }

  override changeVariableType(variable: VariableModel, newType: string): VariableModel {
    this.#index = undefined;
    return super.changeVariableType(variable, newType);
  }

  override deleteVariable(variable: VariableModel): void {
    super.deleteVariable(variable);
    this.#index = undefined;
  }

  override getVariable(name: string, type = ''): VariableModel | null {
    return this.#indexed().byName.get(keyOf(name, type)) ?? null;
  }

  override getVariableById(id: string): VariableModel | null {
    return this.#indexed().byId.get(id) ?? null;
  }

  override getAllVariables(): VariableModel[] {
    return this.#indexed().all.slice();
  }

  #indexed(): Index {
    if (this.#index) return this.#index;
    this.#index = { all: [], byId: new Map(), byName: new Map() };
    for (const type of this.getTypes())
      for (const variable of this.getVariablesOfType(type)) this.#add(variable);
    return this.#index;
  }

  #add(variable: VariableModel): void {
    const index = this.#index;
    if (!index || index.byId.has(variable.getId())) return;
    index.all.push(variable);
    index.byId.set(variable.getId(), variable);
    const key = keyOf(variable.getName(), variable.getType());
    if (!index.byName.has(key)) index.byName.set(key, variable);
  }
}

const keyOf = (name: string, type: string) => `${type}\0${name}`;
