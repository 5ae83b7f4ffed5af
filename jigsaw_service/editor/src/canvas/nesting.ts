/** Nesting: which blocks may be joined, by Blockly's rules and a limit on a program's depth. */
import * as Blockly from 'blockly/core';
import { maxNesting } from '../xml/limits';

let trusting = 0;

/** Joins all that `work` joins, as somebody else has already decided that it fits. */
export function asDecided<T>(work: () => T): T {
  trusting++;
  try {
    return work();
  } finally {
    trusting--;
  }
}

/** True while blocks are put up as a file or somebody else has them. */
export const isAsDecided = () => trusting > 0 || !Blockly.Events.isEnabled();

/**
 * Blocks of a file are joined as the file says, whether or not their types agree: older editors
 * had other types. Afterwards such a join is made to agree, or the next edit would undo it.
 */
export class NestingChecker extends Blockly.ConnectionChecker {
  override canConnectWithReason(
    a: Blockly.Connection | null,
    b: Blockly.Connection | null,
    isDragging: boolean,
    distance?: number,
  ): number {
    if (isAsDecided()) return this.doSafetyChecks(a, b);
    const reason = super.canConnectWithReason(a, b, isDragging, distance);
    if (reason !== Blockly.Connection.CAN_CONNECT || !a || !b) return reason;
    return nestsTooDeep(a, b) ? Blockly.Connection.REASON_CHECKS_FAILED : reason;
  }
}

function nestsTooDeep(a: Blockly.Connection, b: Blockly.Connection): boolean {
  const [upper, lower] = a.isSuperior() ? [a, b] : [b, a];
  return levelOf(upper.getSourceBlock()) + heightOf(lower.getSourceBlock()) > maxNesting();
}

function levelOf(block: Blockly.Block): number {
  let level = 0;
  for (let next: Blockly.Block | null = block; next; next = next.getParent()) level++;
  return level;
}

function heightOf(block: Blockly.Block): number {
  let height = 0;
  for (let row: Blockly.Block[] = [block]; row.length > 0; height++)
    row = row.flatMap((member) => member.getChildren(false));
  return height;
}

/** Lets joins that were decided elsewhere stand although their types disagree. */
export function relax(top: Blockly.Block): void {
  for (const block of top.getDescendants(false)) relaxJoint(block);
}

/** The same for the join of one block with what holds it. */
export function relaxJoint(block: Blockly.Block): void {
  const joint = block.outputConnection ?? block.previousConnection;
  const holder = joint?.targetConnection;
  if (joint && holder && !block.workspace.connectionChecker.doTypeChecks(joint, holder))
    joint.setCheck(null);
  relaxOperands(block);
  const parent = block.getParent();
  if (parent) relaxOperands(parent);
}

/** Comparing and choosing blocks throw out operands whose types differ from each other's. */
function relaxOperands(block: Blockly.Block): void {
  const names = { logic_compare: ['A', 'B'], logic_ternary: ['THEN', 'ELSE'] }[block.type];
  const outputs = (names ?? []).map((name) => block.getInputTargetBlock(name)?.outputConnection);
  const holder =
    block.type === 'logic_ternary' ? block.outputConnection?.targetConnection : outputs[0];
  const { connectionChecker } = block.workspace;
  for (const output of outputs)
    if (output && holder && output !== holder && !connectionChecker.doTypeChecks(output, holder))
      output.setCheck(null);
}
