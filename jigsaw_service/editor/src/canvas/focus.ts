/** Focus of the canvas that outlives the block that had it. */
import * as Blockly from 'blockly/core';

/**
 * Keeps the focus on the canvas when the block that has it is deleted. Blockly takes it to a neighbour later on;
 * until then keys would reach nobody, such as the paste right after a cut. Once for the page.
 */
export function keepFocus(): void {
  const { prototype } = Blockly.BlockSvg;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the block below
  const { dispose } = prototype;
  prototype.dispose = function (heal, animate) {
    const hadFocus = this.getSvgRoot().contains(document.activeElement);
    dispose.call(this, heal, animate);
    if (hadFocus && this.workspace.rendered)
      this.workspace.getFocusableElement().focus({ preventScroll: true });
  };
}
