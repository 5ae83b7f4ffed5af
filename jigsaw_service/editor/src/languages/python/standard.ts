/** Blockly's own blocks, where its Python isn't what we want. */
import * as Blockly from 'blockly/core';
import { Order, type PythonGenerator } from './generator';

export type Say = (
  block: Blockly.Block,
  generator: PythonGenerator,
) => string | [string, number] | null;

export const standard: Record<string, Say> = {
  math_change: (block, generator) => {
    const name = generator.getVariableName(block.getFieldValue('VAR') as string);
    return `${name} += ${generator.valueToCode(block, 'DELTA', Order.NONE) || '0'}\n`;
  },

  text_append: (block, generator) => {
    const name = generator.getVariableName(block.getFieldValue('VAR') as string);
    return `${name} = str(${name}) + str(${generator.valueToCode(block, 'TEXT', Order.NONE) || "''"})\n`;
  },

  text_prompt: prompt,
  text_prompt_ext: prompt,

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

function prompt(block: Blockly.Block, generator: PythonGenerator): [string, number] {
  const text = block.getField('TEXT')
    ? generator.quote_(block.getFieldValue('TEXT') as string)
    : generator.valueToCode(block, 'TEXT', Order.NONE) || "''";
  const input = `input(${text})`;
  return [
    block.getFieldValue('TYPE') === 'NUMBER' ? `float(${input})` : input,
    Order.FUNCTION_CALL,
  ];
}

const LOOPS = /^controls_(repeat|repeat_ext|forEach|for|whileUntil)$/;

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
