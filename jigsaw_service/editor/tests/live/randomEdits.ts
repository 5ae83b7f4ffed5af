/** What somebody might do on a canvas, chosen by chance, through Blockly's own interface. */
import * as Blockly from 'blockly/core';

export type Chance = () => number;

/** A sequence of numbers in [0, 1) that a seed decides. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const TYPES = [
  'text_print',
  'text',
  'math_number',
  'math_arithmetic',
  'variables_get',
  'variables_set',
  'controls_if',
  'controls_repeat_ext',
  'lists_create_with',
  'text_join',
  'logic_compare',
  'procedures_defnoreturn',
  'procedures_callnoreturn',
  'logic_boolean',
];

type Edit = (it: Editing) => void;

/** One person's hands. */
export class Editing {
  constructor(
    readonly workspace: Blockly.Workspace,
    readonly chance: Chance,
  ) {}

  number(below: number): number {
    return Math.floor(this.chance() * below);
  }

  one<T>(all: readonly T[]): T | undefined {
    return all[this.number(all.length)];
  }

  blocks(): Blockly.Block[] {
    return this.workspace.getAllBlocks(true).filter((block) => !block.isShadow());
  }

  block(): Blockly.Block | undefined {
    return this.one(this.blocks());
  }

  variable() {
    return this.one(this.workspace.getVariableMap().getAllVariables());
  }

  act(): string {
    const total = EDITS.reduce((sum, [, weight]) => sum + weight, 0);
    let left = this.chance() * total;
    const [name, , edit] =
      EDITS.find(([, weight]) => (left -= weight) < 0) ?? (['create', 0, create] as const);
    Blockly.Events.setGroup(true);
    try {
      edit(this);
    } finally {
      Blockly.Events.setGroup(false);
    }
    return name;
  }
}

const create: Edit = (it) => {
  if (it.blocks().length > 60) return;
  const type = it.one(TYPES) ?? 'text';
  const { workspace } = it;
  if (type === 'procedures_callnoreturn') {
    const definition = it.one(workspace.getBlocksByType('procedures_defnoreturn'));
    if (!definition) return;
    const xml = Blockly.utils.xml.textToDom(
      '<block type="procedures_callnoreturn"><mutation/></block>',
    );
    const [name, names] = (
      definition as unknown as { getProcedureDef(): [string, string[]] }
    ).getProcedureDef();
    const mutation = xml.firstElementChild;
    mutation?.setAttribute('name', name);
    for (const parameter of names) {
      const arg = Blockly.utils.xml.createElement('arg');
      arg.setAttribute('name', parameter);
      mutation?.append(arg);
    }
    Blockly.Xml.domToBlock(xml, workspace).moveBy(it.number(900), it.number(900));
    return;
  }
  const shadow =
    type === 'controls_repeat_ext'
      ? '<value name="TIMES"><shadow type="math_number"><field name="NUM">10</field></shadow></value>'
      : '';
  const xml = Blockly.utils.xml.textToDom(`<block type="${type}">${shadow}</block>`);
  const block = Blockly.Xml.domToBlock(xml, workspace);
  if (type === 'procedures_defnoreturn')
    block.setFieldValue(Blockly.Procedures.findLegalName(`do${it.number(3)}`, block), 'NAME');
  block.moveBy(it.number(900), it.number(900));
};

const connect: Edit = (it) => {
  const child = it.block();
  const joint = child?.outputConnection ?? child?.previousConnection;
  if (!child || !joint) return;
  const holders = it
    .blocks()
    .flatMap((block) => [...block.inputList.map((input) => input.connection), block.nextConnection])
    .filter((holder): holder is Blockly.Connection => !!holder)
    .filter((holder) => !child.getDescendants(false).includes(holder.getSourceBlock()));
  for (let tries = 0; tries < 6; tries++) {
    const holder = it.one(holders);
    if (!holder) return;
    if (!it.workspace.connectionChecker.canConnect(joint, holder, false)) continue;
    if (child.getParent()) child.unplug(it.chance() < 0.5);
    if (!holder.getSourceBlock().disposed && !child.disposed) holder.connect(joint);
    return;
  }
};

const move: Edit = (it) => {
  const block = it.one(it.workspace.getTopBlocks(false));
  block?.moveBy(it.number(200) - 100, it.number(200) - 100);
};

const unplug: Edit = (it) => it.block()?.unplug(it.chance() < 0.5);

const remove: Edit = (it) => it.block()?.dispose(it.chance() < 0.6);

const field: Edit = (it) => {
  const fields = it
    .blocks()
    .flatMap((block) => [...block.getFields()])
    .filter((one) => one.isSerializable());
  const chosen = it.one(fields);
  if (!chosen) return;
  if (chosen instanceof Blockly.FieldVariable) {
    const variable = it.variable();
    if (variable) chosen.setValue(variable.getId());
  } else if (chosen instanceof Blockly.FieldDropdown) {
    const option = it.one(chosen.getOptions(false));
    if (Array.isArray(option)) chosen.setValue(option[1]);
  } else if (chosen.name === 'NAME') chosen.setValue(`do${it.number(4)}`);
  else chosen.setValue(String(it.number(100)));
};

const mutate: Edit = (it) => {
  const block = it.one(
    it
      .blocks()
      .filter(({ type }) => /^(lists_create_with|text_join|controls_if|procedures_def)/.test(type)),
  );
  if (!block?.domToMutation || !block.mutationToDom) return;
  const before = mutationOf(block);
  const mutation = Blockly.utils.xml.createElement('mutation');
  if (block.type === 'controls_if') {
    mutation.setAttribute('elseif', String(it.number(3)));
    if (it.chance() < 0.5) mutation.setAttribute('else', '1');
  } else if (block.type.startsWith('procedures')) {
    for (let i = it.number(3); i > 0; i--) {
      const arg = Blockly.utils.xml.createElement('arg');
      const variable = it.variable();
      arg.setAttribute('name', variable?.getName() ?? `p${i}`);
      if (variable) arg.setAttribute('varid', variable.getId());
      if (
        ![...mutation.children].some(
          (other) => other.getAttribute('name') === arg.getAttribute('name'),
        )
      )
        mutation.append(arg);
    }
  } else mutation.setAttribute('items', String(it.number(5)));
  const children = block.getChildren(false);
  block.domToMutation(mutation);
  for (const child of children)
    if (!child.disposed && child.getParent() !== block && child.getParent() === null)
      child.moveBy(5, 5);
  if (block.type.startsWith('procedures')) Blockly.Procedures.mutateCallers(block);
  const after = mutationOf(block);
  if (before !== after)
    Blockly.Events.fire(new Blockly.Events.BlockChange(block, 'mutation', null, before, after));
};

const makeVariable: Edit = (it) => {
  const map = it.workspace.getVariableMap();
  const name = `v${it.number(5)}`;
  if (!map.getVariable(name)) map.createVariable(name);
};

const renameVariable: Edit = (it) => {
  const map = it.workspace.getVariableMap();
  const variable = it.variable();
  const name = `v${it.number(7)}`;
  if (variable && !map.getVariable(name)) map.renameVariable(variable, name);
};

const removeVariable: Edit = (it) => {
  const variable = it.variable();
  if (variable) it.workspace.getVariableMap().deleteVariable(variable);
};

const comment: Edit = (it) =>
  it.block()?.setCommentText(it.chance() < 0.3 ? null : `note ${it.number(20)}`);

const collapse: Edit = (it) => it.block()?.setCollapsed(it.chance() < 0.5);

const disable: Edit = (it) =>
  it.block()?.setDisabledReason(it.chance() < 0.5, Blockly.constants.MANUALLY_DISABLED);

const inline: Edit = (it) => it.block()?.setInputsInline(it.chance() < 0.5);

const workspaceComment: Edit = (it) => {
  const comments = it.workspace.getTopComments();
  const chosen = it.one(comments);
  const dice = it.chance();
  if (!chosen || (dice < 0.4 && comments.length < 4)) {
    const made = new Blockly.comments.WorkspaceComment(it.workspace);
    made.setText(`hello ${it.number(9)}`);
    made.moveTo(new Blockly.utils.Coordinate(it.number(500), it.number(500)));
  } else if (dice < 0.6) chosen.setText(`changed ${it.number(9)}`);
  else if (dice < 0.8) chosen.moveTo(new Blockly.utils.Coordinate(it.number(500), it.number(500)));
  else if (dice < 0.9) chosen.setCollapsed(!chosen.isCollapsed());
  else chosen.dispose();
};

const EDITS: [string, number, Edit][] = [
  ['create', 14, create],
  ['connect', 24, connect],
  ['move', 6, move],
  ['unplug', 6, unplug],
  ['remove', 7, remove],
  ['field', 14, field],
  ['mutate', 8, mutate],
  ['make variable', 3, makeVariable],
  ['rename variable', 3, renameVariable],
  ['remove variable', 1.5, removeVariable],
  ['comment', 3, comment],
  ['collapse', 2, collapse],
  ['disable', 2, disable],
  ['inline', 2, inline],
  ['workspace comment', 3, workspaceComment],
];

/** Blockly's own blocks have no mutation rather than an empty one. */
function mutationOf(block: Blockly.Block): string {
  const mutation = block.mutationToDom?.() as Element | null | undefined;
  return mutation ? Blockly.Xml.domToText(mutation) : '';
}
