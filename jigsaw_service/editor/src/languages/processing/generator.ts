/**
 * Turns blocks into a Processing sketch.
 *
 *     J1  No text on a block ends the string or comment it stands in.
 *     J2  Variables are declared first, with a type inferred from how they are used.
 *     J3  A sketch with functions has nothing outside them: loose blocks go into `setup`.
 *     J4  A block that has no Processing becomes a comment.
 */
import * as Blockly from 'blockly/core';
import { withoutMarks, type Mark } from '../common/codeMarks';
import { DistinctNames } from '../common/names';
import { unknownWords } from '../common/unknownBlock';
import { indented, write } from '../common/writing';
import { RESERVED } from './reserved';
import { Types, type Type } from './types';

/** Order of operators: the strength with which each binds, strongest first. */
export enum Order {
  ATOMIC = 0,
  CALL = 1,
  UNARY = 2,
  MULTIPLY = 3,
  ADD = 4,
  COMPARE = 6,
  EQUAL = 7,
  AND = 8,
  OR = 9,
  CHOOSE = 10,
  NONE = 99,
}

export class ProcessingGenerator extends Blockly.CodeGenerator {
  override INDENT = '  ';
  types = new Types();
  #functions: string[] = [];
  #setUp: string | null = null;
  #mark: Mark | undefined;

  constructor() {
    super('Processing');
  }

  override init(workspace: Blockly.Workspace): void {
    super.init(workspace);
    this.nameDB_ ??= new DistinctNames(RESERVED);
    this.nameDB_.reset();
    this.nameDB_.setVariableMap(workspace.getVariableMap());
    this.nameDB_.populateVariables(workspace);
    this.nameDB_.populateProcedures(workspace);
    this.types = Types.of(workspace);
    this.#functions = [];
    this.#setUp = null;
  }

  /** The code of an input, or `otherwise` where nothing is attached. */
  value(block: Blockly.Block, name: string, order: Order = Order.NONE, otherwise = '0'): string {
    return this.valueToCode(block, name, order) || otherwise;
  }

  /** Declares a function of the program; `setup` waits until the loose blocks are known. */
  declare(block: Blockly.Block, name: string, head: string, body: string): void {
    if (name === 'setup') this.#setUp = this.#marked(block, body);
    else this.#functions.push(this.#marked(block, `${head} {\n${body}}\n`));
  }

  #marked(block: Blockly.Block, code: string): string {
    return this.#mark?.(block, code) ?? code;
  }

  override finish(code: string): string {
    const helpers = Object.values(this.definitions_);
    const loose = code.trim() ? code.replace(/\n{2,}/g, '\n') : '';
    const isStatic = this.#setUp === null && this.#functions.length + helpers.length === 0;
    const sections = [this.types.declarations(this)];
    if (isStatic) sections.push(loose);
    else {
      const body = this.prefixLines(loose, loose && this.INDENT) + (this.#setUp ?? '');
      if (this.#setUp !== null || loose) sections.push(`void setup() {\n${body}}\n`);
      sections.push(...this.#functions, ...helpers.map((helper) => `${helper}\n`));
    }
    super.finish(code);
    return sections.filter((section) => section.trim()).join('\n');
  }

  override blockToCode(block: Blockly.Block | null, thisOnly?: boolean): string | [string, number] {
    if (!block?.isEnabled() || block.isInsertionMarker() || block.type in this.forBlock)
      return super.blockToCode(block, thisOnly);
    const type = unknownWords(block);
    if (block.outputConnection)
      return [
        this.#marked(block, `/* unknown block: ${plain(type).replaceAll('*/', '* /')} */ 0`),
        Order.NONE,
      ];
    return this.scrub_(block, this.comment(`Unknown block: ${type}`), thisOnly);
  }

  override workspaceToCode(workspace: Blockly.Workspace): string {
    return write(this, workspace);
  }

  /** The program with the code of each block marked. */
  workspaceToMarkedCode(workspace: Blockly.Workspace, mark: Mark | undefined): string {
    this.#mark = mark;
    return this.workspaceToCode(workspace);
  }

  override prefixLines(text: string, prefix: string): string {
    return indented(text, prefix);
  }

  /** A value is no statement in Java; what a call within it does is done. */
  override scrubNakedValue(line: string): string {
    return line.includes('(')
      ? `String.valueOf((Object) (${line}));\n`
      : this.comment(withoutMarks(line));
  }

  override scrub_(block: Blockly.Block, code: string, thisOnly = false): string {
    const isWhole = !block.outputConnection?.isConnected();
    const own = isWhole ? [block.getCommentText() ?? '', ...this.#commentsOnValues(block)] : [];
    const comment = own
      .filter((text) => text.trim())
      .map((text) => this.comment(text))
      .join('');
    const next = thisOnly ? '' : this.blockToCode(block.getNextBlock());
    return comment + this.#marked(block, code) + (typeof next === 'string' ? next : '');
  }

  #commentsOnValues(block: Blockly.Block): string[] {
    const values = block.inputList.filter(
      (input) => input.type === Blockly.inputs.inputTypes.VALUE,
    );
    return values.map((input) => {
      const child = input.connection?.targetBlock();
      return child ? this.allNestedComments(child) : '';
    });
  }

  /** J1: Java reads `\u000a` as the end of a line even inside a comment. */
  comment(text: string): string {
    const lines = text.trimEnd().split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
    return lines.map((line) => `// ${plain(line)}`.trimEnd() + '\n').join('');
  }

  /** J1 */
  quote_(text: string): string {
    return `"${text.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t').replace(UNPRINTABLE, escapeCharacter)}"`;
  }

  override injectId(message: string, block: Blockly.Block): string {
    return message.replaceAll('%1', () => this.quote_(block.id));
  }

  typeOf(block: Blockly.Block | null): Type {
    return this.types.of(block);
  }
}

const UNPRINTABLE = /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/g;

function plain(line: string): string {
  return line
    .replace(/[\ud800-\udbff][\udc00-\udfff]|[^]/g, (character) =>
      character.length === 1 && character.search(UNPRINTABLE) === 0 ? '\uFFFD' : character,
    )
    .replaceAll('\\u', '\\ u');
}

/** Octal, as Java would take `\u000a` for a line break even inside a string. */
function escapeCharacter(character: string, offset: number, text: string): string {
  const code = character.charCodeAt(0);
  if (code < 256) return `\\${code.toString(8).padStart(3, '0')}`;
  const isPair =
    /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(offset)) ||
    /[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(0, offset + 1));
  return isPair ? character : `\\u${code.toString(16).padStart(4, '0')}`;
}
