/**
 * Generator of Python, safe and correct with any text on the blocks.
 *
 *     P1  No text on a block, and no id, ends the string or comment it stands in.
 *     P2  Names keep their letters, in any script; distinct names stay distinct.
 *     P3  No variable is set but by a block; one that a block may change before any has set it begins with what the
 *         kernel has by that name, a notebook's variable say, or else with 0.
 *     P4  A block that has no Python becomes a comment, or an error where it is reached.
 *     P5  A body without statements passes.
 *     P6  What the code of a block calls is what the block means, whatever else the program gives that name to.
 */
import * as Blockly from 'blockly/core';
import { Order, PythonGenerator as BlocklyPython, pythonGenerator } from 'blockly/python';
import { withoutMarks, type Mark } from '../common/codeMarks';
import { DistinctNames } from '../common/names';
import { firstValues } from './assigned';
import { unknownWords } from '../common/unknownBlock';
import { indented, write } from '../common/writing';
import { RESERVED } from './reserved';
import { Shadows, shadowedNames } from './shadows';
import { boundByHand, importedNames, modulesNamed, namesSet } from './uses';

/** Line ends: all that Python, a terminal or an editor takes for one. */
const LINE_ENDS = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

/** Characters that would not arrive as they are, or that make code look other than it is. */

const UNPRINTABLE =
  /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export class PythonGenerator extends BlocklyPython {
  override INDENT = '    ';
  #shadows = new Shadows([], String);
  #mark: Mark | undefined;

  constructor() {
    super('Python');
    Object.assign(this.forBlock, pythonGenerator.forBlock);
  }

  override init(workspace: Blockly.Workspace): void {
    this.nameDB_ ??= new DistinctNames(RESERVED);
    super.init(workspace);
    // P3: Blockly would begin with `x = None` for every variable.
    delete this.definitions_['variables'];
    this.#pinModules(workspace);
    const first = firstValues(workspace).map(([id, value]) => {
      const name = this.nameDB_?.getName(id, Blockly.Names.NameType.VARIABLE) ?? '';
      return `${this.getVariableName(id)} = globals().get('${name}', ${value})`;
    });
    if (first.length > 0) this.definitions_['variables'] = first.join('\n');
  }

  /**
   * Expressions written by hand call what is imported by its own name, so it must have that, and nothing else of the
   * program; a variable of that name which no block sets is what was imported.
   */
  #pinModules(workspace: Blockly.Workspace): void {
    const names = this.nameDB_ as DistinctNames;
    names.reset();
    names.setVariableMap(workspace.getVariableMap());
    for (const module of modulesNamed(workspace)) names.pin(module);
    const set = namesSet(workspace);
    const byHand = boundByHand(workspace);
    for (const { name } of [...importedNames(workspace), ...byHand.imports])
      if (set.has(name)) names.reserve(name);
      else names.pin(name);
    names.populateVariables(workspace);
    names.populateProcedures(workspace);
    // Helpers and counters come later, and keep clear of names that are given a value by hand.
    for (const name of byHand.names) names.reserve(name);
    this.#shadows = new Shadows(shadowedNames(workspace), (name) => names.getDistinctName(name));
  }

  /** P6: true if code of blocks must not stand in a text, where names aren't replaced. */
  get hasShadows(): boolean {
    return this.#shadows.size > 0;
  }

  /** Code that people wrote, which stays as it is. */
  asWritten(code: string): string {
    return this.#shadows.keep(code);
  }

  override getVariableName(id: string): string {
    const name = super.getVariableName(id);
    return this.#shadows.has(name) ? this.asWritten(name) : name;
  }

  /** P6 */
  override finish(code: string): string {
    if (!this.hasShadows) return super.finish(code);
    const program = this.#shadows.replace(code);
    this.definitions_ = this.#shadows.definitions(this.definitions_);
    return this.#shadows.restore(super.finish(program));
  }

  /** Adds an import, once, at the top of the program; filed as Blockly's own blocks file theirs. */
  provideImport(statement: string): void {
    this.definitions_[statement.replaceAll(' ', '_')] = statement;
  }

  /** Puts the definition of a function before the program. */
  provideDefinition(name: string, code: string): void {
    // The sign keeps it apart from the helpers that `provideFunction_` files under their names.
    this.definitions_[`%${name}`] = code;
  }

  override blockToCode(block: Blockly.Block | null, thisOnly?: boolean): string | [string, number] {
    if (!block?.isEnabled() || block.isInsertionMarker() || block.type in this.forBlock)
      return super.blockToCode(block, thisOnly);
    const type = unknownWords(block);
    if (block.outputConnection)
      return [this.scrub_(block, this.#unknownValue(type), thisOnly), Order.FUNCTION_CALL];
    return this.scrub_(block, this.comment(`Unknown block: ${type}`), thisOnly);
  }

  #unknownValue(type: string): string {
    const name = this.provideFunction_(
      'unknown_block',
      `
def ${this.FUNCTION_NAME_PLACEHOLDER_}(name):
  raise NotImplementedError('Unknown block: ' + name)
`,
    );
    return `${name}(${this.quote_(type)})`;
  }

  override workspaceToCode(workspace: Blockly.Workspace): string {
    return write(this, workspace);
  }

  /** The program with the code of each block marked. */
  workspaceToMarkedCode(workspace: Blockly.Workspace, mark: Mark | undefined): string {
    this.#mark = mark;
    return this.workspaceToCode(workspace);
  }

  override scrub_(block: Blockly.Block, code: string, thisOnly?: boolean): string {
    return super.scrub_(block, this.#mark?.(block, code) ?? code, thisOnly);
  }

  /** P5 */
  override statementToCode(block: Blockly.Block, name: string): string {
    const code = super.statementToCode(block, name);
    return code && isOnlyComments(code) ? code + this.PASS : code;
  }

  /** Lines of a comment. */
  comment(text: string): string {
    return this.prefixLines(`${text}\n`, '# ');
  }

  /** P1: a carriage return, say, ends a comment for Python but not for Blockly. */
  override prefixLines(text: string, prefix: string): string {
    if (!prefix.startsWith('#')) return indented(text, prefix);
    const lines = text.replace(/\n$/, '').split(LINE_ENDS);
    return lines
      .map((line) => `${prefix}${line.replace(UNPRINTABLE, '\uFFFD')}`.trimEnd() + '\n')
      .join('');
  }

  /** P1: Blockly drops a line break in a text, and lets control characters through. */
  override quote_(text: string): string {
    const quote = this.quoteFor(text);
    return quote + this.escaped(text, quote) + quote;
  }

  /** The quotes that let most of a text stand as it is. */
  quoteFor(text: string): string {
    return text.includes("'") && !text.includes('"') ? '"' : "'";
  }

  /** Escaped text, to stand between such quotes. */
  escaped(text: string, quote: string): string {
    return text
      .replaceAll('\\', '\\\\')
      .replaceAll(quote, `\\${quote}`)
      .replace(UNPRINTABLE, escapeCharacter);
  }

  override multiline_quote_(text: string): string {
    return this.quote_(text);
  }

  /** P1: an id comes from a file, too. */
  override injectId(message: string, block: Blockly.Block): string {
    return message.replaceAll('%1', () => this.quote_(block.id));
  }
}

const isOnlyComments = (code: string) =>
  withoutMarks(code)
    .split('\n')
    .every((line) => !line.trim() || line.trimStart().startsWith('#'));

function escapeCharacter(character: string): string {
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  if (short) return short;
  const code = character.charCodeAt(0);
  return code < 256
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Text written by hand that becomes code: one line of it, with any content. */
export function oneLine(text: string): string {
  return text.replace(LINE_ENDS, ' ').replace(UNPRINTABLE, ' ').trim();
}

export { Order };
