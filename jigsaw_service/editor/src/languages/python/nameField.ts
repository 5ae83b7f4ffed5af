/** A text field for names that go into the program as they are. */
import * as Blockly from 'blockly/core';
import { KEYWORD_SET } from './reserved';

const IDENTIFIER = /^[\p{XIDS}_]\p{XIDC}*$/u;

export const isIdentifier = (text: string) => IDENTIFIER.test(text);

/** Python takes names for the same that are alike in NFKC, such as `ﬁ` and `fi`. */
export const asPythonReadsIt = (name: string) => name.normalize('NFKC');

/** Such as `os.path`. */
export const isDottedName = (text: string) =>
  text.split('.').every((name) => isIdentifier(name) && !KEYWORD_SET.has(asPythonReadsIt(name)));

/** Last part of a dotted name: it counts where Python has room for a plain name only. */
export const lastName = (name: string) => name.split('.').at(-1) ?? name;

class NameField extends Blockly.FieldTextInput {
  protected override doClassValidation_(text?: unknown): string | null {
    const name = typeof text === 'string' ? text.trim() : '';
    return isDottedName(name) ? name : null;
  }

  static override fromJson(options: Blockly.FieldTextInputFromJsonConfig): NameField {
    return new NameField(options.text ?? 'name', undefined, options);
  }
}

/** Makes fields of the type `field_name`: anything but a name, dotted or not, is refused. */
export function registerNameField(): void {
  Blockly.fieldRegistry.register('field_name', NameField);
}
