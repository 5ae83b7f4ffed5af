/** Blockly's own blocks, where its Python isn't what we want. */
import * as Blockly from 'blockly/core';
import { Order, type PythonGenerator } from './generator';
import { loops } from './say/loops';
import { numbers } from './say/numbers';
import { places } from './say/places';
import { texts } from './say/texts';

export type Say = (
  block: Blockly.Block,
  generator: PythonGenerator,
) => string | [string, number] | null;

const own: Record<string, Say> = {
  procedures_defreturn: define,
  procedures_defnoreturn: define,

  procedures_ifreturn: (block, generator) => {
    const condition = generator.valueToCode(block, 'CONDITION', Order.NONE) || 'False';
    const value = block.getInputTargetBlock('VALUE')
      ? ` ${generator.valueToCode(block, 'VALUE', Order.NONE)}`
      : '';
    // Outside a function there is nothing to return from.
    if (!/^procedures_def/.test(block.getRootBlock().type)) return '';
    return `if ${condition}:\n${generator.INDENT}return${value}\n`;
  },

  controls_flow_statements: (block) => {
    if (!isInLoop(block)) return '';
    return block.getFieldValue('FLOW') === 'CONTINUE' ? 'continue\n' : 'break\n';
  },
};

const LOOPS = /^controls_(repeat|repeat_ext|forEach|for|whileUntil)$/;

/** Python code of the standard blocks, given Blockly's own. */
export const standard = (blockly: Record<string, Say>): Record<string, Say> => ({
  ...own,
  ...loops,
  ...numbers(blockly),
  ...places(blockly),
  ...texts(blockly),
});

function isInLoop(block: Blockly.Block): boolean {
  for (let outer = block.getSurroundParent(); outer; outer = outer.getSurroundParent())
    if (LOOPS.test(outer.type)) return true;
  return false;
}

/** A function; it declares as global only what its own blocks set. */
function define(block: Blockly.Block, generator: PythonGenerator): null {
  const name = generator.getProcedureName(block.getFieldValue('NAME') as string);
  const parameters = [
    ...new Set(block.getVarModels().map((model) => generator.getVariableName(model.getId()))),
  ];
  const globals = variablesSetBy(block, generator).filter(
    (variable) => !parameters.includes(variable),
  );
  const body = block.getInput('STACK') ? generator.statementToCode(block, 'STACK') : '';
  const value = block.getInput('RETURN') ? generator.valueToCode(block, 'RETURN', Order.NONE) : '';
  const lines = [
    `def ${name}(${parameters.join(', ')}):\n`,
    globals.length > 0 ? `${generator.INDENT}global ${globals.join(', ')}\n` : '',
    body || (value ? '' : generator.PASS),
    value ? `${generator.INDENT}return ${value}\n` : '',
  ];
  generator.provideDefinition(name, generator.scrub_(block, lines.join('')));
  return null;
}

function variablesSetBy(block: Blockly.Block, generator: PythonGenerator): string[] {
  const setters = block
    .getDescendants(false)
    .filter((inner) => inner !== block && inner.type !== 'variables_get' && inner.isEnabled());
  const models = setters.flatMap((setter) =>
    /^procedures_/.test(setter.type) ? [] : setter.getVarModels(),
  );
  return [...new Set(models.map((model) => generator.getVariableName(model.getId())))];
}
