/** Keys of the editor page that work with the focus anywhere. */

/** Shift+Enter runs as in a notebook, and so does Ctrl+Enter, which Blockly would take for its menu. */
export function listenForKeys(act: { run(): void; save(): void }): void {
  const pressed = (event: KeyboardEvent) => {
    const command = event.ctrlKey || event.metaKey;
    const isRun = event.key === 'Enter' && (event.shiftKey || command) && !event.altKey;
    const isSave = event.key.toLowerCase() === 's' && command && !event.shiftKey && !event.altKey;
    if ((!isRun && !isSave) || document.querySelector('dialog[open]')) return;
    if (isRun && isTextField(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isRun) act.run();
    else act.save();
  };
  addEventListener('keydown', pressed, { capture: true });
}

function isTextField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select'))
  );
}
