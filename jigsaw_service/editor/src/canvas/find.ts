/** The bar that finds blocks on the canvas by what is written on them. */
import { WorkspaceSearch } from '@blockly/plugin-workspace-search';
import * as Blockly from 'blockly/core';

export class FindBar extends WorkspaceSearch {
  constructor(workspace: Blockly.WorkspaceSvg) {
    super(workspace);
    this.setSearchPlaceholder(text('JIGSAW_FIND'));
    this.init();
  }

  protected override createTextInput(): HTMLInputElement {
    return labelled(super.createTextInput(), 'JIGSAW_FIND');
  }

  protected override createNextBtn(): HTMLButtonElement {
    return labelled(super.createNextBtn(), 'JIGSAW_FIND_NEXT');
  }

  protected override createPreviousBtn(): HTMLButtonElement {
    return labelled(super.createPreviousBtn(), 'JIGSAW_FIND_PREVIOUS');
  }

  protected override createCloseBtn(): HTMLButtonElement {
    return labelled(super.createCloseBtn(), 'JIGSAW_FIND_CLOSE');
  }
}

const text = (key: string) => Blockly.Msg[key] ?? '';

function labelled<T extends HTMLElement>(element: T, key: string): T {
  element.setAttribute('aria-label', text(key));
  return element;
}
