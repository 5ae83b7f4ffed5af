/** Uses of names by a program: those it imports, and the variables it sets. */
import type * as Blockly from 'blockly/core';
import { CHANGERS } from './assigned';
import { bindingsIn, importFrom, importOf, type Bindings, type Import } from './handwritten';
import { asPythonReadsIt, isIdentifier, lastName } from './nameField';
import { KEYWORD_SET } from './reserved';

const SETTERS =
  /^(variables_set|variables_set_dynamic|controls_for|controls_forEach|python_try|python_try_finally)$/;

const enabledOf = (workspace: Blockly.Workspace, type: string) =>
  workspace.getBlocksByType(type, false).filter((block) => block.isEnabled());

const field = (block: Blockly.Block, name: string) =>
  asPythonReadsIt((block.getFieldValue(name) as string | null) ?? '');

/** Modules that import blocks name; of `os.path`, it is `os` that the program sees. */
export function modulesNamed(workspace: Blockly.Workspace): string[] {
  return workspace
    .getBlocksByType('import_statement', false)
    .map((block) => block.getField('module')?.getText().split('.')[0] ?? '')
    .filter((module) => isIdentifier(module) && !KEYWORD_SET.has(module));
}

/** What the expressions written by hand bind. */
export function boundByHand(workspace: Blockly.Workspace): Bindings {
  const lines = ['expression_statement', 'expression_value'].flatMap((type) =>
    enabledOf(workspace, type).map((block) => bindingsIn(field(block, 'expression'))),
  );
  return {
    names: lines.flatMap(({ names }) => names),
    imports: lines.flatMap(({ imports }) => imports),
    stars: lines.flatMap(({ stars }) => stars),
  };
}

/** The names that blocks import from modules, or by another name. */
export function importedNames(workspace: Blockly.Workspace): Import[] {
  const imports = [
    ...enabledOf(workspace, 'python_from_import').map((block) =>
      importFrom(field(block, 'MODULE'), lastName(field(block, 'NAME'))),
    ),
    ...enabledOf(workspace, 'python_import_as').map((block) =>
      importOf(field(block, 'MODULE'), lastName(field(block, 'ALIAS'))),
    ),
  ];
  return imports.filter(({ name }) => name !== '');
}

/** The names of variables that a block gives a value, parameters included. */
export function namesSet(workspace: Blockly.Workspace): Set<string> {
  const setters = workspace
    .getAllBlocks(false)
    .filter(({ type }) => SETTERS.test(type) || type in CHANGERS || /^procedures_def/.test(type));
  return new Set(setters.flatMap((block) => block.getVarModels().map((model) => model.getName())));
}
