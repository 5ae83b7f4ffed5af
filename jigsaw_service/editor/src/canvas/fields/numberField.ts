/**
 * The field for numbers: what is typed is what is meant, or is refused in words.
 *
 * Blockly reads `3,14` as 314, `1O` as 10, nothing as 0, and moves what is out of range into it; all without a word.
 * Whole numbers beyond 2^53 are kept to the last digit.
 */
import * as Blockly from 'blockly/core';
import { decimalMark, typedNumber } from './typedNumber';

const REFUSED = 'refused';

class NumberField extends Blockly.FieldNumber {
  /** Text that was last typed, if it was refused. */
  #refused: string | undefined;

  protected override doClassValidation_(value?: unknown): number | null {
    const text = String(value).trim();
    if (text === '' || !Number.isFinite(Number(text.replace(/^([+-]?)infinity$/i, '$10'))))
      return null;
    const number = super.doClassValidation_(text);
    if (number === null || number !== Number(text)) return number;
    // Its own digits are more than a number of JavaScript holds.
    const isLarge = /^[+-]?\d+$/.test(text) && !Number.isSafeInteger(number);
    return isLarge ? (BigInt(text.replace('+', '')).toString() as unknown as number) : number;
  }

  protected override getEditorText_(value: unknown): string {
    return super.getEditorText_(value).replace('.', decimalMark(document.documentElement.lang));
  }

  protected override getValueFromEditorText_(text: string): string {
    const typed = typedNumber(text, document.documentElement.lang);
    const fits = typed !== undefined && Number(this.doClassValidation_(typed)) === Number(typed);
    this.#refused = fits ? undefined : text;
    return fits ? typed : REFUSED;
  }

  override onFinishEditing_(value: unknown): void {
    super.onFinishEditing_(value);
    const refused = this.#refused;
    this.#refused = undefined;
    if (refused !== undefined) this.#sayRefused(refused);
  }

  #sayRefused(text: string): void {
    const { workspace } = this.getSourceBlock() ?? {};
    if (!(workspace instanceof Blockly.WorkspaceSvg)) return;
    const message = (Blockly.Msg['JIGSAW_NUMBER_REFUSED'] ?? '')
      .replace('%1', () => text)
      .replace('%2', () => this.getText());
    Blockly.Toast.show(workspace.getRootWorkspace() ?? workspace, {
      message,
      id: 'number-refused',
      assertiveness: Blockly.utils.aria.LiveRegionAssertiveness.ASSERTIVE,
    });
  }

  static override fromJson(options: Blockly.FieldNumberFromJsonConfig): NumberField {
    return new NumberField(options.value, undefined, undefined, undefined, undefined, options);
  }
}

export function installNumberField(): void {
  Blockly.fieldRegistry.unregister('field_number');
  Blockly.fieldRegistry.register('field_number', NumberField);
}
