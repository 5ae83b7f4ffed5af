/** ARIA labels of a canvas that nobody has entered: the number of stacks; no nameless figures. */
import * as Blockly from 'blockly/core';

/**
 * Blockly draws a figure for every place where a block may go, and names it when it is reached:
 * until then it is no figure. Once for the page.
 */
export function nameFigures(): void {
  const connections = Blockly.RenderedConnection.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the connection below
  const { setAriaRole } = connections;
  connections.setAriaRole = function (path) {
    if (this.isHighlighted()) setAriaRole.call(this, path);
  };
}

/** Keeps the number of stacks current; Blockly counts them only when the canvas is entered. */
export function countStacks(workspace: Blockly.WorkspaceSvg): void {
  let counting = false;
  workspace.addChangeListener(({ isUiEvent }) => {
    if (counting || isUiEvent) return;
    counting = true;
    setTimeout(() => {
      counting = false;
      workspace.onTreeFocus(workspace, null);
    });
  });
}

/** Gives the list of categories a name; Blockly leaves it without one. */
export function nameToolbox(workspace: Blockly.WorkspaceSvg): void {
  const list = workspace.getInjectionDiv().querySelector('.blocklyToolbox [role="tree"]');
  list?.setAttribute('aria-label', Blockly.Msg['JIGSAW_TOOLBOX'] ?? '');
}
