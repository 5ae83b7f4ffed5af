/** Blockly's sounds. Before the first gesture no page may make any, and getting ready takes long. */
import * as Blockly from 'blockly/core';

const SOUNDS = ['click', 'disconnect', 'delete', 'drop'];

/** Does `work`, in which Blockly makes workspaces, without readying any of them for sounds. */
export function silently<Result>(work: () => Result): Result {
  const { AudioContext } = globalThis;
  Object.assign(globalThis, { AudioContext: undefined });
  try {
    return work();
  } finally {
    Object.assign(globalThis, { AudioContext });
  }
}

/** Readies `workspace` and its flyouts, whose sounds come from it, at the first gesture. */
export function soundAtFirstGesture(workspace: Blockly.WorkspaceSvg, media: string): void {
  const gestures = new AbortController();
  const begin = () => {
    gestures.abort();
    const context = new AudioContext();
    for (const one of Blockly.Workspace.getAll())
      if (one instanceof Blockly.WorkspaceSvg && (one.targetWorkspace ?? one) === workspace)
        Object.assign(one.getAudioManager(), { context });
    const audio = workspace.getAudioManager();
    // Those that don't come, for want of a network, are only not heard.
    for (const name of SOUNDS) audio.load([`${media}${name}.mp3`], name).catch(() => undefined);
  };
  for (const gesture of ['pointerdown', 'keydown'])
    addEventListener(gesture, begin, { capture: true, signal: gestures.signal });
}
