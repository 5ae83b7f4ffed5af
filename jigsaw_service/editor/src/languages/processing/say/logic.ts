/** Logic, loops, variables and functions. */
import type * as Blockly from 'blockly/core';
import { Order, type ProcessingGenerator } from '../generator';
import type { Say } from './index';
import { numberLiteral } from './math';

const field = (block: Blockly.Block, name: string) => block.getFieldValue(name) as string;

function ifElse(block: Blockly.Block, generator: ProcessingGenerator): string {
  let code = '';
  for (let n = 0; block.getInput(`IF${n}`); n++) {
    const condition = generator.value(block, `IF${n}`, Order.NONE, 'false');
    code += `${n > 0 ? ' else ' : ''}if (${condition}) {\n${generator.statementToCode(block, `DO${n}`)}}`;
  }
  if (block.getInput('ELSE')) code += ` else {\n${generator.statementToCode(block, 'ELSE')}}`;
  return `${code}\n`;
}

const COMPARE: Record<string, [string, Order]> = {
  EQ: ['==', Order.EQUAL],
  NEQ: ['!=', Order.EQUAL],
  LT: ['<', Order.COMPARE],
  LTE: ['<=', Order.COMPARE],
  GT: ['>', Order.COMPARE],
  GTE: ['>=', Order.COMPARE],
};

/** Java compares texts with == by where they are kept. */
function compare(block: Blockly.Block, generator: ProcessingGenerator): [string, Order] {
  const [sign, order] = COMPARE[field(block, 'OP')] ?? ['==', Order.EQUAL];
  const isText = (name: string) => generator.typeOf(block.getInputTargetBlock(name)) === 'String';
  if (isText('A') || (isText('B') && !block.getInputTargetBlock('A'))) {
    const a = generator.value(block, 'A', Order.CALL, '""');
    const b = generator.value(block, 'B', Order.NONE, '""');
    if (sign === '==') return [`${a}.equals(${b})`, Order.CALL];
    if (sign === '!=') return [`!${a}.equals(${b})`, Order.UNARY];
    return [`${a}.compareTo(${b}) ${sign} 0`, order];
  }
  return [
    `${generator.value(block, 'A', order)} ${sign} ${generator.value(block, 'B', order)}`,
    order,
  ];
}

function repeat(block: Blockly.Block, generator: ProcessingGenerator): string {
  const times = block.getField('TIMES')
    ? numberLiteral(String(block.getFieldValue('TIMES')))
    : generator.value(block, 'TIMES', Order.COMPARE);
  const count = generator.nameDB_?.getDistinctName('count', 'VARIABLE') ?? 'count';
  return `for (int ${count} = 0; ${count} < ${times}; ${count}++) {\n${generator.statementToCode(block, 'DO')}}\n`;
}

/** A condition that Java can't see through: it refuses what could never be reached behind `true`, or in `false`. */
function open(condition: string, generator: ProcessingGenerator): string {
  const isConstant = !/[\p{XIDS}_]/u.test(condition.replace(/\b(true|false)\b|"[^"]*"/g, ''));
  if (!isConstant) return condition;
  const name = generator.provideFunction_(
    'isTrue',
    `boolean ${generator.FUNCTION_NAME_PLACEHOLDER_}(boolean condition) {
  return condition;
}`,
  );
  return `${name}(${condition})`;
}

const isNumber = (code: string) => Number.isFinite(Number(code));

/** Computed once, before the loop, as a function may give another number each time. */
function held(code: string, name: string, generator: ProcessingGenerator): [string, string] {
  if (isNumber(code) || /^[\p{XIDS}_]\p{XIDC}*$/u.test(code)) return ['', code];
  const variable = generator.nameDB_?.getDistinctName(name, 'VARIABLE') ?? name;
  return [`float ${variable} = ${code};\n`, variable];
}

/** By nothing, nobody comes to an end. */
function stepOf(generator: ProcessingGenerator): string {
  return generator.provideFunction_(
    'stepFrom',
    `float ${generator.FUNCTION_NAME_PLACEHOLDER_}(float start, float end, float step) {
  if (step == 0) throw new IllegalArgumentException("Nothing can be counted in steps of 0.");
  return start <= end ? abs(step) : -abs(step);
}`,
  );
}

function countWith(block: Blockly.Block, generator: ProcessingGenerator): string {
  const name = generator.getVariableName(field(block, 'VAR'));
  const [from, to, by] = ['FROM', 'TO', 'BY'].map((input) =>
    generator.value(block, input, Order.COMPARE, input === 'BY' ? '1' : '0'),
  ) as [string, string, string];
  if ([from, to, by].every(isNumber) && Number(by) !== 0) {
    const [sign, move] = Number(from) <= Number(to) ? ['<=', '+='] : ['>=', '-='];
    const size = String(Math.abs(Number(by)));
    return `for (${name} = ${from}; ${name} ${sign} ${to}; ${name} ${move} ${size}) {\n${generator.statementToCode(block, 'DO')}}\n`;
  }
  const [start, first] = held(from, `${name}_start`, generator);
  const [end, last] = held(to, `${name}_end`, generator);
  const [move, step] = held(
    `${stepOf(generator)}(${first}, ${last}, ${by})`,
    `${name}_step`,
    generator,
  );
  const body = generator.statementToCode(block, 'DO');
  return `${start}${end}${move}for (${name} = ${first}; ${step} > 0 ? ${name} <= ${last} : ${name} >= ${last}; ${name} += ${step}) {\n${body}}\n`;
}

function forEach(block: Blockly.Block, generator: ProcessingGenerator): string {
  const id = field(block, 'VAR');
  const name = generator.getVariableName(id);
  const item = generator.nameDB_?.getDistinctName(`${name}_item`, 'VARIABLE') ?? 'item';
  const list = generator.value(block, 'LIST', Order.NONE, 'new FloatList()');
  const body = generator.INDENT + `${name} = ${item};\n` + generator.statementToCode(block, 'DO');
  return `for (${generator.types.ofVariable(id)} ${item} : ${list}) {\n${body}}\n`;
}

function define(block: Blockly.Block, generator: ProcessingGenerator): null {
  const name = generator.getProcedureName(field(block, 'NAME'));
  const parameters = block
    .getVarModels()
    .map(
      (model) =>
        `${generator.types.ofVariable(model.getId())} ${generator.getVariableName(model.getId())}`,
    );
  const body = block.getInput('STACK') ? generator.statementToCode(block, 'STACK') : '';
  const value = block.getInput('RETURN') && generator.value(block, 'RETURN');
  const type = value ? generator.typeOf(block.getInputTargetBlock('RETURN')) : 'void';
  const result = value ? `${generator.INDENT}return ${value};\n` : '';
  const comment = block.getCommentText();
  generator.declare(
    block,
    name,
    `${comment ? generator.comment(comment) : ''}${type} ${name}(${[...new Set(parameters)].join(', ')})`,
    body + result,
  );
  return null;
}

function call(block: Blockly.Block, generator: ProcessingGenerator): [string, Order] {
  const inputs = block.getVarModels().map((_, i) => generator.value(block, `ARG${i}`));
  return [`${generator.getProcedureName(field(block, 'NAME'))}(${inputs.join(', ')})`, Order.CALL];
}

const LOOPS = /^controls_(repeat|repeat_ext|forEach|for|whileUntil)$/;

export const logic: Record<string, Say> = {
  controls_if: ifElse,
  controls_ifelse: ifElse,
  logic_compare: compare,
  logic_operation: (block, generator) => {
    const [sign, order] = field(block, 'OP') === 'AND' ? ['&&', Order.AND] : ['||', Order.OR];
    return [
      ['A', 'B'].map((name) => generator.value(block, name, order, 'false')).join(` ${sign} `),
      order,
    ];
  },
  logic_negate: (block, generator) => [
    `!${generator.value(block, 'BOOL', Order.UNARY, 'true')}`,
    Order.UNARY,
  ],
  logic_boolean: (block) => [field(block, 'BOOL') === 'TRUE' ? 'true' : 'false', Order.ATOMIC],
  logic_null: () => ['null', Order.ATOMIC],
  logic_ternary: (block, generator) => {
    const [test, yes, no] = ['IF', 'THEN', 'ELSE'].map((name) =>
      generator.value(block, name, Order.CHOOSE, name === 'IF' ? 'false' : '0'),
    );
    return [`${test} ? ${yes} : ${no}`, Order.CHOOSE];
  },
  controls_repeat: repeat,
  controls_repeat_ext: repeat,
  controls_whileUntil: (block, generator) => {
    const until = field(block, 'MODE') === 'UNTIL';
    const test = generator.value(block, 'BOOL', until ? Order.UNARY : Order.NONE, 'false');
    return `while (${open(`${until ? '!' : ''}${test}`, generator)}) {\n${generator.statementToCode(block, 'DO')}}\n`;
  },
  controls_for: countWith,
  controls_forEach: forEach,
  controls_flow_statements: (block) => {
    for (let outer = block.getSurroundParent(); outer; outer = outer.getSurroundParent())
      if (LOOPS.test(outer.type))
        return field(block, 'FLOW') === 'CONTINUE' ? 'continue;\n' : 'break;\n';
    return '';
  },
  variables_get: (block, generator) => [
    generator.getVariableName(field(block, 'VAR')),
    Order.ATOMIC,
  ],
  variables_set: (block, generator) =>
    `${generator.getVariableName(field(block, 'VAR'))} = ${generator.value(block, 'VALUE')};\n`,
  procedures_defnoreturn: define,
  procedures_defreturn: define,
  procedures_callreturn: call,
  procedures_callnoreturn: (block, generator) => `${call(block, generator)[0]};\n`,
  procedures_ifreturn: (block, generator) => {
    if (!/^procedures_def/.test(block.getRootBlock().type)) return '';
    const value = block.getInputTargetBlock('VALUE') ? ` ${generator.value(block, 'VALUE')}` : '';
    return `if (${generator.value(block, 'CONDITION', Order.NONE, 'false')}) {\n${generator.INDENT}return${value};\n}\n`;
  },
};
