/** Comments, imports, expressions written by hand, and calls of anything by its name. */
import type * as Blockly from 'blockly/core';
import type { BlockKind, Code } from '../../language';
import { itemCount, registerItems } from '../../common/items';
import { isDottedName, lastName } from '../nameField';
import { expression } from '../expression';
import { oneLine, Order, type PythonGenerator } from '../generator';

type Kind = BlockKind<PythonGenerator>;

const STATEMENT = { previousStatement: null, nextStatement: null, style: 'code_blocks' };
const VALUE = { output: null, style: 'code_blocks' };

const nameField = (name: string, text: string) => ({ type: 'field_name', name, text });

export function registerCodeMutators(): void {
  registerItems('python_arguments', [{ name: 'ARG' }], 1);
}

const field = (block: Blockly.Block, name: string) => block.getFieldValue(name) as string;

const comment: Kind = {
  shape: {
    type: 'python_comment',
    message0: '%{BKY_PYTHON_COMMENT}',
    args0: [{ type: 'field_input', name: 'TEXT', text: '' }],
    tooltip: '%{BKY_PYTHON_COMMENT_TOOLTIP}',
    ...STATEMENT,
  },
  code: (block, generator) => generator.comment(field(block, 'TEXT')),
};

/** The module is a variable, as MetaKernel's Jigsaw had it. */
const importStatement: Kind = {
  shape: {
    type: 'import_statement',
    message0: '%{BKY_PYTHON_IMPORT}',
    args0: [{ type: 'field_variable', name: 'module', variable: 'math' }],
    tooltip: '%{BKY_PYTHON_IMPORT_TOOLTIP}',
    ...STATEMENT,
  },
  code: (block, generator) => {
    const module = block.getField('module')?.getText() ?? '';
    return isDottedName(module)
      ? `${generator.asWritten(`import ${module}`)}\n`
      : generator.comment(`import ${module}: no such name`);
  },
};

const importAs: Kind = {
  shape: {
    type: 'python_import_as',
    message0: '%{BKY_PYTHON_IMPORT_AS}',
    args0: [nameField('MODULE', 'numpy'), nameField('ALIAS', 'np')],
    tooltip: '%{BKY_PYTHON_IMPORT_AS_TOOLTIP}',
    ...STATEMENT,
  },
  code: (block, generator) => {
    const written = `import ${field(block, 'MODULE')} as ${lastName(field(block, 'ALIAS'))}`;
    return `${generator.asWritten(written)}\n`;
  },
};

const fromImport: Kind = {
  shape: {
    type: 'python_from_import',
    message0: '%{BKY_PYTHON_FROM_IMPORT}',
    args0: [nameField('MODULE', 'random'), nameField('NAME', 'choice')],
    tooltip: '%{BKY_PYTHON_FROM_IMPORT_TOOLTIP}',
    ...STATEMENT,
  },
  code: (block, generator) => {
    const written = `from ${field(block, 'MODULE')} import ${lastName(field(block, 'NAME'))}`;
    return `${generator.asWritten(written)}\n`;
  },
};

const isStarImport = (line: string) => /^from\s+[\p{XIDC}.]+\s+import\s*\*$/u.test(line);

/** An import that a program begins with comes before its functions, or else it would take their names from them. */
function isBeforeFunctions(block: Blockly.Block): boolean {
  const { workspace } = block;
  const hasFunctions = ['procedures_defnoreturn', 'procedures_defreturn'].some(
    (type) => workspace.getBlocksByType(type, false).length > 0,
  );
  if (!hasFunctions || block.getSurroundParent()) return false;
  for (let above = block.getPreviousBlock(); above; above = above.getPreviousBlock())
    if (!/import|comment/.test(above.type + textOf(above))) return false;
  return true;
}

const textOf = (block: Blockly.Block) =>
  (block.getFieldValue('expression') as string | null)?.replace(/^(?!from\b|import\b|#).*/, '') ??
  '';

const expressionStatement: Kind = {
  shape: {
    type: 'expression_statement',
    message0: '%1',
    args0: [{ type: 'field_input', name: 'expression', text: 'print("Hello")' }],
    tooltip: '%{BKY_PYTHON_EXPRESSION_TOOLTIP}',
    ...STATEMENT,
  },
  code: (block, generator) => {
    const line = oneLine(field(block, 'expression'));
    if (isStarImport(line) && isBeforeFunctions(block)) {
      generator.provideImport(line);
      return '';
    }
    return line && `${generator.asWritten(line)}\n`;
  },
};

const expressionValue: Kind = {
  shape: {
    type: 'expression_value',
    message0: '%1',
    args0: [{ type: 'field_input', name: 'expression', text: '2 ** 10' }],
    tooltip: '%{BKY_PYTHON_EXPRESSION_TOOLTIP}',
    ...VALUE,
  },
  code: (block, generator) => {
    const [code, order] = expression(oneLine(field(block, 'expression')));
    return [generator.asWritten(code), order];
  },
};

function argumentsOf(block: Blockly.Block, generator: PythonGenerator): string {
  const count = itemCount(block);
  return Array.from(
    { length: count },
    (_, i) => generator.valueToCode(block, `ARG${i}`, Order.NONE) || 'None',
  ).join(', ');
}

/** The same block twice: as a statement, and as a value. */
function both(
  type: string,
  shape: object,
  code: (...from: Parameters<Kind['code']>) => [string, number],
): Kind[] {
  return [
    {
      shape: { type, ...shape, ...STATEMENT },
      code: (block, generator): Code => `${code(block, generator)[0]}\n`,
    },
    { shape: { type: `${type}_value`, ...shape, ...VALUE }, code },
  ];
}

const call = both(
  'python_call',
  {
    message0: '%{BKY_PYTHON_CALL}',
    args0: [nameField('NAME', 'print')],
    tooltip: '%{BKY_PYTHON_CALL_TOOLTIP}',
    inputsInline: true,
    mutator: 'python_arguments',
  },
  (block, generator) => [
    `${generator.asWritten(field(block, 'NAME'))}(${argumentsOf(block, generator)})`,
    Order.FUNCTION_CALL,
  ],
);

const method = both(
  'python_method',
  {
    message0: '%{BKY_PYTHON_METHOD}',
    args0: [{ type: 'input_value', name: 'OBJECT' }, nameField('NAME', 'append')],
    tooltip: '%{BKY_PYTHON_METHOD_TOOLTIP}',
    inputsInline: true,
    mutator: 'python_arguments',
  },
  (block, generator) => [
    `${objectOf(block, generator)}.${field(block, 'NAME')}(${argumentsOf(block, generator)})`,
    Order.FUNCTION_CALL,
  ],
);

const attribute: Kind = {
  shape: {
    type: 'python_attribute',
    message0: '%{BKY_PYTHON_ATTRIBUTE}',
    args0: [{ type: 'input_value', name: 'OBJECT' }, nameField('NAME', 'real')],
    tooltip: '%{BKY_PYTHON_ATTRIBUTE_TOOLTIP}',
    inputsInline: true,
    ...VALUE,
  },
  code: (block, generator) => [
    `${objectOf(block, generator)}.${field(block, 'NAME')}`,
    Order.MEMBER,
  ],
};

/** A bare number takes no dot: `3.real` is not Python. */
export function objectOf(
  block: Blockly.Block,
  generator: PythonGenerator,
  input = 'OBJECT',
  otherwise = 'None',
): string {
  const code = generator.valueToCode(block, input, Order.MEMBER) || otherwise;
  return /^[\d.]/.test(code) ? `(${code})` : code;
}

export const code: Kind[] = [
  comment,
  importStatement,
  importAs,
  fromImport,
  expressionStatement,
  expressionValue,
  ...call,
  ...method,
  attribute,
];
