/** Headless workspaces: Blockly workspaces that follow our rules, with or without a page. */
import * as Blockly from 'blockly/core';
import { NestingChecker } from './nesting';
import { CaseSensitiveVariables } from './variableMap';

/** The parts of Blockly that are replaced by ours, in every workspace. */
export const PLUGINS = {
  connectionChecker: NestingChecker,
  variableMap: CaseSensitiveVariables,
} as unknown as Blockly.BlocklyOptions['plugins'];

/** A workspace that is never drawn. Code can be generated from it all the same. */
export function headlessWorkspace(): Blockly.Workspace {
  return new Blockly.Workspace(new Blockly.Options({ plugins: PLUGINS }));
}
