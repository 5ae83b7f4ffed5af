/** Text with values in it. */
import * as Blockly from 'blockly/core';
import type { BlockKind } from '../../language';
import { Order, type PythonGenerator } from '../generator';

/** A gap for a value, with a format such as `:.2f` if wanted. */
const GAP = /\{(:[^{}'"\\\n!]*)?\}/g;

interface FormatBlock extends Blockly.Block {
  gaps: number;
  setGaps(count: number): void;
}

/** Edited field of text: what it knows and says of being typed into. */
type EditedField = Blockly.Field<string> & {
  isBeingEdited_: boolean;
  onFinishEditing_(text: string): void;
};

const mixin = {
  gaps: 0,

  mutationToDom(this: FormatBlock): Element {
    const mutation = Blockly.utils.xml.createElement('mutation');
    mutation.setAttribute('items', String(this.gaps));
    return mutation;
  },

  domToMutation(this: FormatBlock, mutation: Element) {
    this.setGaps(Math.max(0, Number.parseInt(mutation.getAttribute('items') ?? '0', 10) || 0));
  },

  setGaps(this: FormatBlock, count: number) {
    while (this.gaps < count) this.appendValueInput(`ADD${this.gaps++}`);
    while (this.gaps > count) this.removeInput(`ADD${--this.gaps}`);
  },
};

/** Gives the block as many inputs as its text has gaps. */
export function registerTextMutators(): void {
  if (Blockly.Extensions.isRegistered('python_format_gaps')) return;
  Blockly.Extensions.registerMutator('python_format_gaps', mixin, function (this: Blockly.Block) {
    const block = this as FormatBlock;
    const field = block.getField('TEXT') as EditedField | null;
    const gapsIn = (text: string) => text.match(GAP)?.length ?? 0;
    // A gap that is being retyped comes back: its value waits for that until the text is left.
    const follow = (text: string) => {
      const count = gapsIn(text);
      block.setGaps(field?.isBeingEdited_ ? Math.max(block.gaps, count) : count);
      return text;
    };
    field?.setValidator(follow);
    if (field)
      field.onFinishEditing_ = (text) => {
        block.setGaps(gapsIn(text));
      };
    follow(block.getFieldValue('TEXT') as string);
  });
}

export const text: BlockKind<PythonGenerator>[] = [
  {
    shape: {
      type: 'python_format',
      message0: '%{BKY_PYTHON_FORMAT}',
      args0: [{ type: 'field_input', name: 'TEXT', text: 'Hello {}!' }],
      output: 'String',
      style: 'text_blocks',
      inputsInline: true,
      tooltip: '%{BKY_PYTHON_FORMAT_TOOLTIP}',
      mutator: 'python_format_gaps',
    },
    code: (block, generator) => {
      const text = block.getFieldValue('TEXT') as string;
      const values = Array.from(
        { length: (block as FormatBlock).gaps },
        (_, i) => generator.valueToCode(block, `ADD${i}`, Order.NONE) || "''",
      );
      return values.every(fitsInFString) && !generator.hasShadows
        ? [`f${template(text, values, generator)}`, Order.ATOMIC]
        : [`${template(text, [], generator)}.format(${values.join(', ')})`, Order.FUNCTION_CALL];
    },
  },
];

/** Before Python 3.12, quotes and backslashes could not stand inside the braces. */
const fitsInFString = (code: string) => !/['"\\{}#:!=\n]|lambda/.test(code);

/** The text as a literal; the gaps hold the values, or nothing for `format`. */
function template(text: string, values: readonly string[], generator: PythonGenerator): string {
  const quote = generator.quoteFor(text);
  const written = (piece: string) => generator.escaped(piece, quote);
  const gaps = [...text.matchAll(GAP)];
  const pieces = text.split(/\{(?::[^{}'"\\\n!]*)?\}/);
  const parts = pieces.map((piece, i) => {
    const gap = gaps[i - 1];
    const before = gap ? `{${values[i - 1] ?? ''}${written(gap[1] ?? '')}}` : '';
    return before + written(piece.replace(/[{}]/g, '$&$&'));
  });
  return quote + parts.join('') + quote;
}
