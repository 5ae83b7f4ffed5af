/** The field that shows a variable; it lists the others only where somebody opens it. */
import * as Blockly from 'blockly/core';

class VariableDropdown extends Blockly.FieldVariable {
  /**
   * Blockly asks for all variables, in order, each time one is chosen, only to find the one chosen; a field would
   * keep the list, and a large program would take an hour to open.
   */
  override getOptions(useCache?: boolean): Blockly.MenuOption[] {
    const id = this.getValue();
    return useCache && id !== null ? [[this.getText(), id]] : super.getOptions(useCache);
  }
}

export function installVariableField(): void {
  Blockly.fieldRegistry.unregister('field_variable');
  Blockly.fieldRegistry.register('field_variable', VariableDropdown);
}
