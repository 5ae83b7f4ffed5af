/**
 * Hears all events of a workspace. When a listener is removed while Blockly tells its listeners, it
 * passes over the next one; blocks listen, too, and are deleted meanwhile. A listener that was
 * there before the blocks misses nothing.
 */
import type * as Blockly from 'blockly/core';

type Listener = (event: Blockly.Events.Abstract) => void;

const listeners = new WeakMap<Blockly.Workspace, Set<Listener>>();

/** To be called while the workspace is still empty. */
export function beginHearing(workspace: Blockly.Workspace): void {
  if (listeners.has(workspace)) return;
  const all = new Set<Listener>();
  listeners.set(workspace, all);
  workspace.addChangeListener((event) => {
    for (const listener of all) listener(event);
  });
}

/** Answers with what ends it. */
export function hear(workspace: Blockly.Workspace, listener: Listener): () => void {
  beginHearing(workspace);
  const all = listeners.get(workspace);
  all?.add(listener);
  return () => all?.delete(listener);
}
