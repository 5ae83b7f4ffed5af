/**
 * The mutator of blocks with as many inputs as wanted. Their number is the attribute `items` of the
 * mutation, as in Blockly's own lists; the small dialog of Blockly's lists edits it.
 */
import * as Blockly from 'blockly/core';

interface ItemsBlock extends Blockly.Block {
  itemCount_: number;
  updateShape_(): void;
}

interface ItemBlock extends Blockly.Block {
  valueConnections_?: (Blockly.Connection | null)[];
}

/** The inputs that make up one item, such as a key and its value. */
export interface ItemInput {
  /** Followed by the number of the item. */
  name: string;
  /** Text that is written before it. */
  label?: string;
}

/** Registers a mutator under `name`; `first` is the number of items of a new block. */
export function registerItems(name: string, inputs: readonly ItemInput[], first: number): void {
  if (Blockly.Extensions.isRegistered(name)) return;
  const addItem = (block: Blockly.Block, index: number) => {
    for (const { name, label } of inputs) {
      const input = block.appendValueInput(`${name}${index}`).setAlign(Blockly.inputs.Align.RIGHT);
      if (label) input.appendField(Blockly.utils.parsing.replaceMessageReferences(label));
    }
  };
  const has = (block: Blockly.Block, index: number) =>
    block.getInput(`${inputs[0]?.name ?? ''}${index}`) !== null;

  const mixin = {
    itemCount_: first,

    mutationToDom(this: ItemsBlock): Element {
      const mutation = Blockly.utils.xml.createElement('mutation');
      mutation.setAttribute('items', String(this.itemCount_));
      return mutation;
    },

    domToMutation(this: ItemsBlock, mutation: Element) {
      const count = Number.parseInt(mutation.getAttribute('items') ?? '', 10);
      this.itemCount_ = Number.isNaN(count) ? first : Math.max(0, count);
      this.updateShape_();
    },

    decompose(this: ItemsBlock, workspace: Blockly.WorkspaceSvg): Blockly.Block {
      const container = workspace.newBlock('lists_create_with_container');
      container.initSvg();
      let connection = container.getInput('STACK')?.connection;
      for (let i = 0; i < this.itemCount_; i++) {
        const item = workspace.newBlock('lists_create_with_item');
        item.initSvg();
        if (item.previousConnection) connection?.connect(item.previousConnection);
        connection = item.nextConnection;
      }
      return container;
    },

    compose(this: ItemsBlock, container: Blockly.Block) {
      const items = itemsIn(container);
      const kept = items.map((item) => item.valueConnections_);
      for (let i = 0; i < this.itemCount_; i++)
        for (const { name } of inputs) {
          const target = this.getInput(`${name}${i}`)?.connection?.targetConnection;
          if (target && !kept.some((targets) => targets?.includes(target))) target.disconnect();
        }
      this.itemCount_ = items.length;
      this.updateShape_();
      kept.forEach((targets, i) => {
        inputs.forEach(({ name }, part) => targets?.[part]?.reconnect(this, `${name}${i}`));
      });
    },

    saveConnections(this: ItemsBlock, container: Blockly.Block) {
      itemsIn(container).forEach((item, i) => {
        item.valueConnections_ = inputs.map(
          ({ name }) => this.getInput(`${name}${i}`)?.connection?.targetConnection ?? null,
        );
      });
    },

    updateShape_(this: ItemsBlock) {
      for (let i = 0; i < this.itemCount_; i++) if (!has(this, i)) addItem(this, i);
      for (let i = this.itemCount_; has(this, i); i++)
        for (const { name } of inputs) this.removeInput(`${name}${i}`);
    },
  };
  const start = function (this: Blockly.Block) {
    (this as ItemsBlock).updateShape_();
  };
  Blockly.Extensions.registerMutator(name, mixin, start, ['lists_create_with_item']);
}

function itemsIn(container: Blockly.Block): ItemBlock[] {
  const items: ItemBlock[] = [];
  for (let item = container.getInputTargetBlock('STACK'); item; item = item.getNextBlock())
    if (!item.isInsertionMarker()) items.push(item);
  return items;
}

/** Number of items of a block with such a mutator. */
export function itemCount(block: Blockly.Block): number {
  return (block as ItemsBlock).itemCount_;
}
