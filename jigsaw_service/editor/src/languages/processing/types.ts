/** Infers the types of variables, which Processing wants to know and blocks don't say. */
import type * as Blockly from 'blockly/core';

export type Type = 'float' | 'String' | 'boolean' | 'color' | 'FloatList' | 'StringList';

const INITIAL: Record<Type, string> = {
  float: '0',
  String: '""',
  boolean: 'false',
  color: '0',
  FloatList: 'new FloatList()',
  StringList: 'new StringList()',
};

const TEXTS =
  /^(text|text_join|text_charAt|text_getSubstring|text_changeCase|text_trim|text_replace|text_reverse)$/;
const TRUTHS =
  /^(logic_(compare|operation|negate|boolean)|math_number_property|text_isEmpty|lists_isEmpty)$/;
const COLOURS = /^(colour_.*|processing_get|processing_get_pixels)$/;
const SAME_LIST = /^lists_(getSublist|sort|reverse)$/;

/** As often as types are passed on, from list to item to parameter to variable. */
const ROUNDS = 6;

export class Types {
  readonly #variables = new Map<string, Type>();
  readonly #parameters = new Set<string>();

  static of(workspace: Blockly.Workspace): Types {
    const types = new Types();
    const blocks = workspace.getAllBlocks(false).filter((block) => block.isEnabled());
    for (let round = 0; round < ROUNDS; round++)
      for (const block of blocks) types.#learnFrom(block);
    types.#learnFromUses(blocks);
    for (const block of blocks)
      for (const model of block.getVarModels())
        types.#variables.set(model.getId(), types.ofVariable(model.getId()));
    return types;
  }

  ofVariable(id: string): Type {
    return this.#variables.get(id) ?? 'float';
  }

  /** The type of the value a block gives. */
  of(block: Blockly.Block | null): Type {
    if (!block) return 'float';
    const { type } = block;
    if (TEXTS.test(type)) return 'String';
    if (TRUTHS.test(type)) return 'boolean';
    if (COLOURS.test(type)) return 'color';
    if (type === 'variables_get') return this.ofVariable(block.getFieldValue('VAR') as string);
    if (type === 'text_prompt_ext')
      return block.getFieldValue('TYPE') === 'NUMBER' ? 'float' : 'String';
    if (type === 'logic_ternary') return this.of(block.getInputTargetBlock('THEN'));
    if (type === 'procedures_callreturn') return this.ofFunction(block);
    return this.#ofList(block);
  }

  #ofList(block: Blockly.Block): Type {
    const input = (name: string) => this.of(block.getInputTargetBlock(name));
    if (block.type === 'lists_create_with') return listOf(input('ADD0'));
    if (block.type === 'lists_create_empty') return 'FloatList';
    if (block.type === 'lists_repeat') return listOf(input('ITEM'));
    if (SAME_LIST.test(block.type))
      return input('LIST') === 'StringList' ? 'StringList' : 'FloatList';
    if (block.type === 'lists_split')
      return block.getFieldValue('MODE') === 'JOIN' ? 'String' : 'StringList';
    if (block.type === 'lists_getIndex') return itemOf(input('VALUE'));
    return 'float';
  }

  /** Type that a function returns, `void` aside. */
  ofFunction(call: Blockly.Block): Type {
    const name = (call.getFieldValue('NAME') as string).toLowerCase();
    const definition = call.workspace
      .getBlocksByType('procedures_defreturn', false)
      .find((block) => (block.getFieldValue('NAME') as string).toLowerCase() === name);
    return this.of(definition?.getInputTargetBlock('RETURN') ?? null);
  }

  #learnFrom(block: Blockly.Block): void {
    const variable = block.getFieldValue('VAR') as string | null;
    if (/^procedures_call/.test(block.type)) this.#learnParameters(block);
    if (/^procedures_def/.test(block.type))
      for (const model of block.getVarModels()) this.#parameters.add(model.getId());
    if (!variable) return;
    if (block.type === 'variables_set')
      this.#learn(variable, this.of(block.getInputTargetBlock('VALUE')));
    if (block.type === 'text_append') this.#learn(variable, 'String');
    if (block.type === 'controls_forEach')
      this.#learn(variable, itemOf(this.of(block.getInputTargetBlock('LIST'))));
  }

  /** A variable that no block sets is what the inputs take that it stands in. */
  #learnFromUses(blocks: readonly Blockly.Block[]): void {
    const set = new Set(
      blocks
        .filter((block) => block.type !== 'variables_get')
        .flatMap((block) => block.getVarModels().map((model) => model.getId())),
    );
    for (const block of blocks)
      for (const input of block.inputList) {
        const id = input.connection?.targetBlock()?.getFieldValue('VAR') as string | undefined;
        const checks = input.connection?.getCheck();
        if (id && checks && !set.has(id)) this.#learn(id, takenBy(block, checks));
      }
  }

  #learnParameters(call: Blockly.Block): void {
    call.getVarModels().forEach((model, i) => {
      const argument = call.getInputTargetBlock(`ARG${i}`);
      if (argument) this.#learn(model.getId(), this.of(argument));
    });
  }

  /** Anything says more than `float`, which is also what nothing is known of. */
  #learn(id: string, type: Type): void {
    if (type !== 'float') this.#variables.set(id, type);
  }

  declarations(names: { getVariableName(id: string): string }): string {
    return [...this.#variables]
      .filter(([id]) => !this.#parameters.has(id))
      .map(([id, type]) => `${type} ${names.getVariableName(id)} = ${INITIAL[type]};\n`)
      .join('');
  }
}

function takenBy(block: Blockly.Block, checks: readonly string[]): Type {
  if (checks.includes('Array') && !block.type.startsWith('text_')) return 'FloatList';
  if (checks.includes('String')) return 'String';
  if (checks.includes('Boolean')) return 'boolean';
  return checks.includes('Colour') ? 'color' : 'float';
}

const listOf = (item: Type): Type => (item === 'String' ? 'StringList' : 'FloatList');
const itemOf = (list: Type): Type => (list === 'StringList' ? 'String' : 'float');
