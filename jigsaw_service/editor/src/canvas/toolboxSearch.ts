/** A toolbox category with a search field, showing the blocks whose words match. */
import * as Blockly from 'blockly/core';

type BlockInfo = Blockly.utils.toolbox.BlockInfo;
type ItemInfo = Blockly.utils.toolbox.ToolboxItemInfo;

export const SEARCH_KIND = 'search';

class ToolboxSearch extends Blockly.ToolboxCategory {
  #field?: HTMLInputElement;
  #words?: Map<BlockInfo, string>;

  protected override createDom_(): HTMLDivElement {
    const dom = super.createDom_();
    const field = document.createElement('input');
    // Blockly looks for what was clicked, and for what to focus, by this id: the field, not its row.
    dom.removeAttribute('id');
    field.id = this.getId();
    field.type = 'search';
    field.className = 'blocklyToolboxSearch';
    field.placeholder = Blockly.Msg['JIGSAW_TOOLBOX_SEARCH'] ?? '';
    field.setAttribute('aria-label', field.placeholder);
    field.addEventListener('input', () => {
      this.#showMatches();
    });
    field.addEventListener('keydown', (event) => {
      this.#leaveBy(event);
    });
    this.rowContents_?.replaceChildren(field);
    this.#field = field;
    return dom;
  }

  override getId(): string {
    return 'toolbox-search';
  }

  override getFocusableElement(): HTMLElement | SVGElement {
    return this.#field ?? super.getFocusableElement();
  }

  override onNodeFocus(): void {
    super.onNodeFocus();
    void Blockly.renderManagement.finishQueuedRenders().then(() => {
      this.#showMatches();
    });
  }

  #leaveBy(event: KeyboardEvent): void {
    const field = event.currentTarget as HTMLInputElement;
    const navigator = this.parentToolbox_.getNavigator();
    const target =
      event.key === 'ArrowDown'
        ? navigator.getNextNode()
        : event.key === 'ArrowUp'
          ? navigator.getPreviousNode()
          : null;
    if (target) Blockly.getFocusManager().focusNode(target);
    if (event.key !== 'Escape' || !field.value) return;
    field.value = '';
    event.stopPropagation();
    this.#showMatches();
  }

  #showMatches(): void {
    const query = this.#field?.value.trim().toLowerCase() ?? '';
    const found = query ? this.#matching(query) : [];
    const hint =
      Blockly.Msg[query ? 'JIGSAW_TOOLBOX_SEARCH_NONE' : 'JIGSAW_TOOLBOX_SEARCH_HINT'] ?? '';
    this.flyoutItems_ = found.length > 0 ? found : [{ kind: 'label', text: hint }];
    if (query) {
      const count = Blockly.Msg['JIGSAW_TOOLBOX_SEARCH_COUNT'] ?? '';
      Blockly.utils.aria.announceDynamicAriaState(
        found.length > 0 ? count.replace('%1', String(found.length)) : hint,
      );
    }
    this.parentToolbox_.refreshSelection();
  }

  #matching(query: string): BlockInfo[] {
    this.#words ??= wordsOfBlocks(blocksOf(this.workspace_.options.languageTree?.contents ?? []));
    return [...this.#words].filter(([, words]) => words.includes(query)).map(([info]) => info);
  }
}

function blocksOf(items: readonly ItemInfo[]): BlockInfo[] {
  return items.flatMap((item) => {
    if ('contents' in item) return blocksOf(item.contents);
    return 'type' in item && item.kind.toLowerCase() === 'block' ? [item] : [];
  });
}

/** Words on each block, its options and its tooltip included. */
function wordsOfBlocks(infos: readonly BlockInfo[]): Map<BlockInfo, string> {
  const scratch = new Blockly.Workspace();
  Blockly.Events.disable();
  try {
    return new Map(infos.map((info) => [info, wordsOf(scratch.newBlock(info.type ?? ''))]));
  } finally {
    scratch.dispose();
    Blockly.Events.enable();
  }
}

function wordsOf(block: Blockly.Block): string {
  const words = [block.type.replaceAll('_', ' ')];
  for (const input of block.inputList)
    for (const field of input.fieldRow) {
      words.push(field.getText());
      // A variable's list cannot be asked for before the block stands somewhere.
      if (field instanceof Blockly.FieldDropdown && !(field instanceof Blockly.FieldVariable))
        for (const [label] of field.getOptions(true))
          if (typeof label === 'string') words.push(label);
    }
  return words.join(' ').toLowerCase();
}

export function installToolboxSearch(): void {
  Blockly.registry.register(Blockly.registry.Type.TOOLBOX_ITEM, SEARCH_KIND, ToolboxSearch, true);
}
