/** What a program does with names: which it imports, which variables it sets, and which it changes before. */
import type * as Blockly from 'blockly/core';

const SETTERS = /^(variables_set|controls_for|controls_forEach|python_try|python_try_finally)$/;
const CHANGERS: Record<string, string> = { math_change: '0', text_append: "''" };

/** Blocks in the order of the program: functions last, as they are called from elsewhere. */
function inOrder(workspace: Blockly.Workspace): Blockly.Block[] {
  const isFunction = (block: Blockly.Block) => /^procedures_def/.test(block.type);
  const tops = workspace.getTopBlocks(true);
  return [...tops.filter((top) => !isFunction(top)), ...tops.filter(isFunction)]
    .flatMap((top) => top.getDescendants(true))
    .filter((block) => block.isEnabled());
}

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
  ].filter(Boolean);
}

/** The names of variables that a block gives a value, parameters included. */
export function namesSet(workspace: Blockly.Workspace): Set<string> {
  const setters = workspace
    .getAllBlocks(false)
    .filter(({ type }) => SETTERS.test(type) || type in CHANGERS || /^procedures_def/.test(type));
  return new Set(setters.flatMap((block) => block.getVarModels().map((model) => model.getName())));
}

/** Variables by id which a block changes before any other sets them, with what Blockly begins from. */
export function firstValues(workspace: Blockly.Workspace): [id: string, value: string][] {
  const seen = new Set<string>();
  const first: [string, string][] = [];
  for (const block of inOrder(workspace)) {
    const value = CHANGERS[block.type];
    if (value === undefined && !SETTERS.test(block.type) && !/^procedures_def/.test(block.type))
      continue;
    for (const model of block.getVarModels()) {
      const id = model.getId();
      if (value !== undefined && !seen.has(id)) first.push([id, value]);
      seen.add(id);
    }
  }
  return first;
}
