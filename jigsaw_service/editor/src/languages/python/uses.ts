/** Uses of names by a program: those it imports, and the variables it sets. */
import type * as Blockly from 'blockly/core';
import { CHANGERS } from './assigned';
import { asPythonReadsIt } from './nameField';

const SETTERS =
  /^(variables_set|variables_set_dynamic|controls_for|controls_forEach|python_try|python_try_finally)$/;

/** The names that import blocks bring into the program. */
export function importedNames(workspace: Blockly.Workspace): string[] {
  const inField = (type: string, field: string) =>
    workspace
      .getBlocksByType(type, false)
      .filter((block) => block.isEnabled())
      .map((block) => (block.getFieldValue(field) as string | null) ?? '');
  return [
    ...inField('python_from_import', 'NAME').map((name) => name.split('.').at(-1) ?? ''),
    ...inField('python_import_as', 'ALIAS').map((name) => name.split('.').at(-1) ?? ''),
  ]
    .filter(Boolean)
    .map(asPythonReadsIt);
}

/** The names of variables that a block gives a value, parameters included. */
export function namesSet(workspace: Blockly.Workspace): Set<string> {
  const setters = workspace
    .getAllBlocks(false)
    .filter(({ type }) => SETTERS.test(type) || type in CHANGERS || /^procedures_def/.test(type));
  return new Set(setters.flatMap((block) => block.getVarModels().map((model) => model.getName())));
}
