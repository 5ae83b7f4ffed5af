/** Presenting: the output of a run, shown to everybody in the room. */
import { Outputs, type Output } from './outputs';

/** Bytes that the service passes on. */
const MAX_BYTES = 500_000;

/** Milliseconds between two states that are shown, while output is still coming. */
const PAUSE = 500;

/** My outputs, as the others are shown them: from `start` on, whenever they change. Event: `change`. */
export class Presenting extends EventTarget {
  readonly #outputs: Outputs;
  readonly #show: (outputs: readonly unknown[] | null) => void;

  isOn = false;
  isTooLarge = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(outputs: Outputs, show: (outputs: readonly unknown[] | null) => void) {
    super();
    this.#outputs = outputs;
    this.#show = show;

    outputs.addEventListener('change', () => {
      if (this.isOn) this.#showSoon();
    });
  }

  start(): void {
    this.isOn = true;
    this.#showSoon();
  }

  stop(): void {
    this.isOn = this.isTooLarge = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#show(null);
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }

  #showSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const outputs = this.#outputs.items.map(inNotebookForm);
      this.isTooLarge = new Blob([JSON.stringify(outputs)]).size > MAX_BYTES;
      if (!this.isTooLarge) this.#show(outputs);
      this.#changed();
    }, PAUSE);
    this.#changed();
  }
}

/** An output in the form of nbformat 4, which is also how its message looks. */
export function inNotebookForm(output: Output): Record<string, unknown> {
  switch (output.kind) {
    case 'stream':
      return { output_type: 'stream', name: output.name, text: output.text };
    case 'data':
      return { output_type: 'display_data', data: output.data, metadata: output.metadata };
    case 'question':
      // Never what was answered.
      return { output_type: 'stream', name: 'stdout', text: `${output.prompt}\n` };
    case 'error':
      return {
        output_type: 'error',
        ename: output.name,
        evalue: output.value,
        traceback: output.traceback.split('\n'),
      };
  }
}

/** Outputs that somebody shows, as outputs of our own; what isn't one is left out. */
export function outputsFrom(shown: readonly unknown[]): Outputs {
  const outputs = new Outputs();
  for (const item of shown) {
    if (typeof item !== 'object' || item === null) continue;
    const content = item as Record<string, unknown>;
    const type = content['output_type'];
    if (
      type !== 'stream' &&
      type !== 'display_data' &&
      type !== 'execute_result' &&
      type !== 'error'
    )
      continue;
    outputs.take({ header: { msg_type: type }, content });
  }
  return outputs;
}
