/** The category of variables, where `df` and `DF` are two, as in the languages the blocks become. */
import * as Blockly from 'blockly/core';

/** Fills the category as Blockly does, with a button that asks our way. */
export function offerVariables(workspace: Blockly.WorkspaceSvg): void {
  workspace.registerToolboxCategoryCallback('VARIABLE', () => {
    const contents = Blockly.Variables.flyoutCategory(workspace);
    // Blockly sets its own each time, and that refuses names which differ by case alone.
    workspace.registerButtonCallback('CREATE_VARIABLE', () => askForVariable(workspace));
    return contents;
  });
}

/** Asks for a name until it is a new one or none. */
export function askForVariable(workspace: Blockly.Workspace, offered = ''): void {
  const { NEW_VARIABLE_TITLE = '', VARIABLE_ALREADY_EXISTS = '' } = Blockly.Msg;
  Blockly.Variables.promptName(NEW_VARIABLE_TITLE, offered, (name) => {
    if (!name) return;
    const variables = workspace.getVariableMap();
    if (variables.getVariable(name))
      Blockly.dialog.alert(VARIABLE_ALREADY_EXISTS.replace('%1', name), () =>
        askForVariable(workspace, name),
      );
    else focusWhenShown(variables.createVariable(name).getId(), workspace);
  });
}

/** Leads who works by keyboard on to the block that sets the new variable. */
function focusWhenShown(id: string, workspace: Blockly.Workspace): void {
  const byKeyboard = Blockly.keyboardNavigationController.getIsActive();
  if (!byKeyboard || !(workspace instanceof Blockly.WorkspaceSvg)) return;
  const flyout = workspace.getFlyout()?.getWorkspace();
  const onShown = (event: Blockly.Events.Abstract) => {
    if (!(event instanceof Blockly.Events.BlockCreate) || !event.blockId) return;
    const block = flyout?.getBlockById(event.blockId);
    if (block?.type !== 'variables_set' || block.getFieldValue('VAR') !== id) return;
    flyout?.removeChangeListener(onShown);
    Blockly.getFocusManager().focusNode(block);
  };
  flyout?.addChangeListener(onShown);
}
