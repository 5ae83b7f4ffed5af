/** Blockly workspaces that follow our rules, with a page around them or without. */
import * as Blockly from 'blockly/core';
import { isAsDecided, NestingChecker } from './nesting';

/**
 * `df` and `DF` are two variables, as in the languages the blocks become. One that a file names
 * without an id gets the same in every browser.
 */
class CaseSensitiveVariables extends Blockly.VariableMap {
  override createVariable(name: string, type = '', id?: string) {
    const given = `~v:${name}`;
    const isFree = () => !this.getVariable(name, type) && !this.getVariableById(given);
    return super.createVariable(name, type, id || (isAsDecided() && isFree() ? given : undefined));
  }

  override getVariable(name: string, type = '') {
    return this.getVariablesOfType(type).find((variable) => variable.getName() === name) ?? null;
  }
}

/** The parts of Blockly that are replaced by ours, in every workspace. */
export const PLUGINS = {
  connectionChecker: NestingChecker,
  variableMap: CaseSensitiveVariables,
} as unknown as Blockly.BlocklyOptions['plugins'];

/** A workspace that is never drawn. Code can be generated from it all the same. */
export function headlessWorkspace(): Blockly.Workspace {
  return new Blockly.Workspace(new Blockly.Options({ plugins: PLUGINS }));
}
