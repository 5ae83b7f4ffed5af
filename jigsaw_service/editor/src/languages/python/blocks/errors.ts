/** Trying, catching and raising. */
import * as Blockly from 'blockly/core';
import type { BlockKind } from '../../language';
import { Order, type PythonGenerator } from '../generator';

type Kind = BlockKind<PythonGenerator>;

const { DEVELOPER_VARIABLE } = Blockly.Names.NameType;

const ERRORS = [
  'Exception ValueError TypeError ZeroDivisionError KeyError IndexError NameError AttributeError',
  'FileNotFoundError ImportError RuntimeError KeyboardInterrupt',
]
  .join(' ')
  .split(' ')
  .map((name) => [name, name]);

const FRAME = {
  previousStatement: null,
  nextStatement: null,
  style: 'error_blocks',
};

const caught = [
  { type: 'field_dropdown', name: 'ERROR', options: ERRORS },
  { type: 'field_variable', name: 'VAR', variable: 'error' },
];

const body = (name: string) => ({ type: 'input_statement', name });

function part(
  head: string,
  block: Blockly.Block,
  input: string,
  generator: PythonGenerator,
): string {
  return `${head}:\n${generator.statementToCode(block, input) || generator.PASS}`;
}

function tryExcept(block: Blockly.Block, generator: PythonGenerator): string {
  const variable = generator.getVariableName(block.getFieldValue('VAR') as string);
  // Python deletes the variable of `except` at its end, so it gets one that nobody misses.
  const caught = generator.nameDB_?.getName('caught', DEVELOPER_VARIABLE) ?? 'caught';
  const head = `except ${block.getFieldValue('ERROR') as string} as ${caught}:\n`;
  const kept = `${generator.INDENT}${variable} = ${caught}\n`;
  return (
    part('try', block, 'DO', generator) + head + kept + generator.statementToCode(block, 'EXCEPT')
  );
}

const tryBlock: Kind = {
  shape: {
    type: 'python_try',
    message0: '%{BKY_PYTHON_TRY}',
    args0: [{ type: 'input_dummy' }, body('DO')],
    message1: '%{BKY_PYTHON_EXCEPT}',
    args1: [...caught, { type: 'input_dummy' }, body('EXCEPT')],
    tooltip: '%{BKY_PYTHON_TRY_TOOLTIP}',
    ...FRAME,
  },
  code: tryExcept,
};

const tryFinally: Kind = {
  shape: {
    type: 'python_try_finally',
    message0: '%{BKY_PYTHON_TRY}',
    args0: [{ type: 'input_dummy' }, body('DO')],
    message1: '%{BKY_PYTHON_EXCEPT}',
    args1: [...caught, { type: 'input_dummy' }, body('EXCEPT')],
    message2: '%{BKY_PYTHON_TRY_ELSE}',
    args2: [{ type: 'input_dummy' }, body('ELSE')],
    message3: '%{BKY_PYTHON_FINALLY}',
    args3: [{ type: 'input_dummy' }, body('FINALLY')],
    tooltip: '%{BKY_PYTHON_TRY_FINALLY_TOOLTIP}',
    ...FRAME,
  },
  code: (block, generator) => {
    const optional = (head: string, input: string) =>
      block.getInputTargetBlock(input) ? part(head, block, input, generator) : '';
    return tryExcept(block, generator) + optional('else', 'ELSE') + optional('finally', 'FINALLY');
  },
};

const raise: Kind = {
  shape: {
    type: 'python_raise',
    message0: '%{BKY_PYTHON_RAISE}',
    args0: [
      { type: 'field_dropdown', name: 'ERROR', options: ERRORS },
      { type: 'input_value', name: 'MESSAGE' },
    ],
    inputsInline: true,
    tooltip: '%{BKY_PYTHON_RAISE_TOOLTIP}',
    ...FRAME,
  },
  code: (block, generator) => {
    const message = generator.valueToCode(block, 'MESSAGE', Order.NONE);
    return `raise ${block.getFieldValue('ERROR') as string}(${message})\n`;
  },
};

export const errors: Kind[] = [tryBlock, tryFinally, raise];
