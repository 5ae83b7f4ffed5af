/** Find bar: finds blocks on the canvas by what is written on them. */
import { WorkspaceSearch } from '@blockly/plugin-workspace-search';
import * as Blockly from 'blockly/core';

export class FindBar extends WorkspaceSearch {
  readonly #listening = new AbortController();

  constructor(workspace: Blockly.WorkspaceSvg) {
    super(workspace);
    this.setSearchPlaceholder(text('JIGSAW_FIND'));
    this.init();
  }

  override dispose(): void {
    this.#listening.abort();
    super.dispose();
  }

  protected override createDom(): void {
    super.createDom();
    const options = { signal: this.#listening.signal };
    Blockly.WidgetDiv.getDiv()?.addEventListener('keydown', openInstead(this), options);
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

/** A text that is being typed lies over the canvas, which therefore doesn't hear of its keys. */
const openInstead = (bar: FindBar) => (event: KeyboardEvent) => {
  if (!(event.ctrlKey || event.metaKey) || event.key !== 'f') return;
  event.preventDefault();
  Blockly.WidgetDiv.hide();
  bar.open();
};

const text = (key: string) => Blockly.Msg[key] ?? '';

function labelled<T extends HTMLElement>(element: T, key: string): T {
  element.setAttribute('aria-label', text(key));
  return element;
}
