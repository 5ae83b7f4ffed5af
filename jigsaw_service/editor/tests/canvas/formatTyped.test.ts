// @vitest-environment jsdom
import type * as Blockly from 'blockly/core';
import { beforeAll, expect, test } from 'vitest';
import type { Language } from '../../src/languages';
import { documentOf, open, prepare } from './open';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

const FORMAT = documentOf(
  '<block type="python_format" id="f"><mutation items="2"/><field name="TEXT">{} and {}</field><value name="ADD0"><block type="math_number" id="a"><field name="NUM">1</field></block></value><value name="ADD1"><block type="math_number" id="b"><field name="NUM">2</field></block></value></block>',
);

/** Types into the text as a person does, letter by letter. */
function typing(block: Blockly.Block) {
  const field = block.getField('TEXT') as Blockly.Field & {
    isBeingEdited_: boolean;
    onFinishEditing_(text: string): void;
  };
  field.isBeingEdited_ = true;
  return {
    type: (text: string) => {
      field.setValue(text);
    },
    leave: () => {
      field.isBeingEdited_ = false;
      field.onFinishEditing_(field.getText());
    },
  };
}

test('retyping the text of a format throws out no value while it is typed', () => {
  const { block } = open(FORMAT, language);
  const { type, leave } = typing(block('f'));
  for (const text of ['{} and {', '{} and ', '', '{', '{}', '{} or ', '{} or {}']) {
    type(text);
    expect([block('a'), block('b')].map((one) => one.getParent()?.id)).toEqual(['f', 'f']);
  }
  leave();
  expect(block('b').getParent()?.id).toBe('f');
});

test('what has no gap any more when the text is left goes to the canvas', () => {
  const { block } = open(FORMAT, language);
  const { type, leave } = typing(block('f'));
  type('only {}');
  leave();
  expect(block('a').getParent()?.id).toBe('f');
  expect(block('b').getParent()).toBeNull();
});
