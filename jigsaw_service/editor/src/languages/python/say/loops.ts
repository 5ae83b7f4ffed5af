/** Repeating and counting. */
import * as Blockly from 'blockly/core';
import { Order, type PythonGenerator } from '../generator';
import type { Say } from '../standard';
import { asCount, wholeNumber } from './numbers';

const body = (block: Blockly.Block, generator: PythonGenerator) =>
  generator.statementToCode(block, 'DO') || generator.PASS;

function repeat(block: Blockly.Block, generator: PythonGenerator): string {
  const times = block.getField('TIMES')
    ? String(block.getFieldValue('TIMES'))
    : generator.valueToCode(block, 'TIMES', Order.NONE) || '0';
  if (/^(Infinity|float\('inf'\))$/.test(times)) return `while True:\n${body(block, generator)}`;
  const name = generator.nameDB_?.getDistinctName('count', 'VARIABLE') ?? 'count';
  return `for ${name} in range(${asCount(times)}):\n${body(block, generator)}`;
}

/** Code for the numbers from one to another, both included; up or down. */
function counted(from: string, to: string, by: string, generator: PythonGenerator): string {
  const [start, stop, step] = [from, to, by].map(wholeNumber);
  if (start === undefined || stop === undefined || !step)
    return `${countBy(generator)}(${from}, ${to}, ${by})`;
  const size = step < 0n ? -step : step;
  if (start > stop) return `range(${start}, ${stop - 1n}, -${size})`;
  const first = start === 0n && size === 1n ? '' : `${start}, `;
  return `range(${first}${stop + 1n}${size === 1n ? '' : `, ${size}`})`;
}

/** In decimals, as they are written: three steps of 0.1 are 0.3. */
function countBy(generator: PythonGenerator): string {
  generator.provideImport('from decimal import Decimal');
  return generator.provideFunction_(
    'count_by',
    `
def ${generator.FUNCTION_NAME_PLACEHOLDER_}(start, stop, step):
  # In decimals, as they are written: three steps of 0.1 are 0.3.
  number, last, size = (Decimal(str(value)) for value in (start, stop, abs(step)))
  if not size:
    raise ValueError('Nothing can be counted in steps of 0.')
  if start > stop:
    size = -size
  whole = isinstance(start, int) and isinstance(step, int)
  while number <= last if size > 0 else number >= last:
    yield int(number) if whole else float(number)
    number += size
`,
  );
}

const GROWING_METHODS = /^(append|extend|insert)$/;

/** True if a list may grow in a body, or in a function that is called there. */
function grows(block: Blockly.Block, seen = new Set<Blockly.Block>()): boolean {
  return block.getDescendants(false).some((inner) => {
    if (inner.type === 'lists_setIndex') return inner.getFieldValue('MODE') === 'INSERT';
    if (/^python_method/.test(inner.type))
      return GROWING_METHODS.test(inner.getFieldValue('NAME') as string);
    if (!/^procedures_call/.test(inner.type)) return false;
    const name = inner.getFieldValue('NAME') as string;
    const definition = Blockly.Procedures.getDefinition(name, block.workspace);
    if (!definition || seen.has(definition)) return false;
    return grows(definition, seen.add(definition));
  });
}

/** Lists that nothing else holds. */
const FRESH = /^(lists_(create|repeat|reverse|sort|split|getSublist)|dict_parts|text)/;

/** Each item that the list has at the beginning: gone through itself, a list that grows would never end. */
function forEach(block: Blockly.Block, generator: PythonGenerator): string {
  const name = generator.getVariableName(block.getFieldValue('VAR') as string);
  const list = generator.valueToCode(block, 'LIST', Order.NONE) || '[]';
  const inside = block.getInputTargetBlock('DO');
  const mayGrow =
    inside &&
    !FRESH.test(block.getInputTargetBlock('LIST')?.type ?? 'lists_create') &&
    grows(inside);
  return `for ${name} in ${mayGrow ? `list(${list})` : list}:\n${body(block, generator)}`;
}

export const loops: Record<string, Say> = {
  controls_repeat: repeat,
  controls_repeat_ext: repeat,
  controls_forEach: forEach,

  controls_for: (block, generator) => {
    const name = generator.getVariableName(block.getFieldValue('VAR') as string);
    const [from, to, by] = [
      ['FROM', '0'],
      ['TO', '0'],
      ['BY', '1'],
    ].map(
      ([input = '', otherwise = '']) =>
        generator.valueToCode(block, input, Order.NONE) || otherwise,
    ) as [string, string, string];
    return `for ${name} in ${counted(from, to, by, generator)}:\n${body(block, generator)}`;
  },
};
