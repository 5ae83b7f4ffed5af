/** Outputs of a run, as they stand after each message of the kernel. No page, no network. */
import { Terminal } from './terminal';

export type MimeBundle = Record<string, unknown>;

export type Output =
  | { readonly id: number; kind: 'stream'; name: 'stdout' | 'stderr'; readonly text: string }
  | { id: number; kind: 'data'; data: MimeBundle; metadata: MimeBundle; displayId?: string }
  | { id: number; kind: 'error'; name: string; value: string; traceback: string }
  /** Question of the program with its answer, unless that was secret or there was none. */
  | { id: number; kind: 'question'; prompt: string; answer?: string };

/** Exit of a Python program by its own wish, and IPython's warning about that. */
const EXIT = 'SystemExit';
const EXIT_WARNING = /^.*UserWarning: To exit: use 'exit', 'quit', or Ctrl-D\.\n(?: +warn\(.*\n)?/m;

/** The error by which a kernel tells that a run was stopped, and how others put it. */
export const STOPPED = 'KeyboardInterrupt';
const INTERRUPTED = /Traceback[\s\S]*KeyboardInterrupt/;

/** The part of a Jupyter message that matters here. */
export interface OutputMessage {
  header: { msg_type: string };
  content: Record<string, unknown>;
}

/** Characters of text, and bytes of everything, that we keep of a run: what is beyond them is dropped. */
export const MAX_TEXT = 4 * 1024 * 1024;
export const MAX_BYTES = 48 * 1024 * 1024;

/** Text as it is printed, piece by piece. */
class Stream {
  readonly kind = 'stream';
  readonly #terminal = new Terminal();

  constructor(
    readonly id: number,
    readonly name: 'stdout' | 'stderr',
  ) {}

  /** As a terminal shows it. */
  get text(): string {
    return this.#terminal.text;
  }

  write(text: string): void {
    this.#terminal.write(text);
  }
}

/** Event: `change`. */
export class Outputs extends EventTarget {
  items: readonly Output[] = [];
  /** True if the run produced more than we keep. */
  truncated = false;
  /** True if what the run produced first is not known here. */
  isIncomplete = false;
  /** True if the run has shown anything, even if that was cleared again. */
  produced = false;
  /** The error that ended the run. */
  failure: { name: string; value: string } | undefined;

  #nextId = 1;
  #textSize = 0;
  #size = 0;
  #clearBeforeNext = false;

  /** Takes a message of the kernel's output channel; ignores those that show nothing. */
  take(message: OutputMessage): void {
    const { content } = message;
    switch (message.header.msg_type) {
      case 'stream':
        this.#stream(content['name'] === 'stderr' ? 'stderr' : 'stdout', textOf(content['text']));
        break;
      case 'display_data':
      case 'execute_result':
        this.#data(content);
        break;
      case 'update_display_data':
        this.#update(content);
        break;
      case 'error':
        this.#error(content);
        break;
      case 'clear_output':
        if (content['wait'] === true) this.#clearBeforeNext = true;
        else this.wipe();
        break;
      case 'execute_reply':
        this.#reply(content);
        break;
      default:
        return;
    }
    this.dispatchEvent(new Event('change'));
  }

  /** Before another run. */
  clear(): void {
    this.produced = this.isIncomplete = false;
    this.failure = undefined;
    this.wipe();
  }

  /** Takes away what is shown. */
  wipe(): void {
    this.items = [];
    this.truncated = this.#clearBeforeNext = false;
    this.#textSize = this.#size = 0;
    this.dispatchEvent(new Event('change'));
  }

  /** Takes a question of the program; `answer` is missing where it was secret, or none came. */
  asked(prompt: string, answer?: string): void {
    this.#clearIfDue();
    const question = { id: this.#nextId++, kind: 'question', prompt } as const;
    this.#append(answer === undefined ? question : { ...question, answer });
    this.dispatchEvent(new Event('change'));
  }

  /** The run was stopped. A kernel may tell in plain text where it was. */
  stopped(): void {
    this.items = this.items.map((item) =>
      item.kind === 'stream' && item.name === 'stderr' && INTERRUPTED.test(item.text)
        ? { id: item.id, kind: 'error', name: STOPPED, value: '', traceback: item.text.trim() }
        : item,
    );
    this.dispatchEvent(new Event('change'));
  }

  /** With the reply comes what `name?` tells, for a pager that we don't have. */
  #reply({ payload, status, ename, evalue }: Record<string, unknown>): void {
    if (status === 'error') this.failure ??= { name: textOf(ename), value: textOf(evalue) };
    if (!Array.isArray(payload)) return;
    for (const page of payload.map(bundleOf))
      if (page['source'] === 'page') this.#data({ data: page['data'] });
  }

  #stream(name: 'stdout' | 'stderr', text: string): void {
    this.#clearIfDue();
    if (name === 'stderr' && this.failure?.name === EXIT) text = text.replace(EXIT_WARNING, '');
    if (text === '' || !this.#fits(text.length, text.length)) return;
    this.produced = true;
    const last = this.items.at(-1);
    if (last?.kind !== 'stream' || last.name !== name) {
      this.#append(new Stream(this.#nextId++, name));
    }
    const stream = this.items.at(-1);
    if (stream instanceof Stream) stream.write(text);
  }

  #data(content: Record<string, unknown>): void {
    this.#clearIfDue();
    const data = bundleOf(content['data']);
    if (!this.#fits(0, JSON.stringify(data).length)) return;
    const displayId = bundleOf(content['transient'])['display_id'];
    this.#append({
      id: this.#nextId++,
      kind: 'data',
      data,
      metadata: bundleOf(content['metadata']),
      ...(typeof displayId === 'string' ? { displayId } : {}),
    });
  }

  #update(content: Record<string, unknown>): void {
    const displayId = bundleOf(content['transient'])['display_id'];
    this.items = this.items.map((item) =>
      item.kind === 'data' && item.displayId !== undefined && item.displayId === displayId
        ? { ...item, data: bundleOf(content['data']), metadata: bundleOf(content['metadata']) }
        : item,
    );
  }

  #error(content: Record<string, unknown>): void {
    this.#clearIfDue();
    const name = textOf(content['ename']);
    const value = textOf(content['evalue']);
    this.failure = { name, value };
    if (name === EXIT) {
      // As on a terminal: a text is said, a number is not.
      if (!/^(|None|-?\d+)$/.test(value)) this.#stream('stderr', `${value}\n`);
      return;
    }
    const lines = Array.isArray(content['traceback']) ? content['traceback'] : [];
    this.#append({
      id: this.#nextId++,
      kind: 'error',
      name,
      value,
      traceback: lines.map(textOf).join('\n'),
    });
  }

  #append(output: Output): void {
    this.produced = true;
    this.items = [...this.items, output];
  }

  #clearIfDue(): void {
    if (this.#clearBeforeNext) this.wipe();
  }

  #fits(text: number, bytes: number): boolean {
    if (this.#textSize + text > MAX_TEXT || this.#size + bytes > MAX_BYTES) this.truncated = true;
    if (this.truncated) return false;
    this.#textSize += text;
    this.#size += bytes;
    return true;
  }
}

function bundleOf(value: unknown): MimeBundle {
  return typeof value === 'object' && value !== null ? (value as MimeBundle) : {};
}

/** Text as Jupyter sends it: a string, or one string for each line. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join('');
  return typeof value === 'string' ? value : '';
}

/** Types with markup of their own, richest first. They could bring script or style along. */
const MARKUP = ['text/html', 'text/markdown', 'image/svg+xml', 'text/latex'] as const;

/** Types that are script. */
const SCRIPTS = ['application/javascript'] as const;

/** Types that are shown in a frame of their own only. */
export const FRAMED = [...MARKUP, ...SCRIPTS] as const;

const IMAGES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;

export type Shown =
  { as: 'frame' | 'image' | 'text'; mime: string; value: string } | { as: 'json'; value: unknown };

/** Chooses how to show a bundle: the richest form that we can. */
export function richest(data: MimeBundle): Shown {
  const find = (types: readonly string[]) => types.find((type) => type in data);
  const framed = (mime: string): Shown => ({ as: 'frame', mime, value: textOf(data[mime]) });
  const markup = find(MARKUP);
  if (markup) return framed(markup);
  const image = find(IMAGES);
  if (image) return { as: 'image', mime: image, value: textOf(data[image]).replace(/\s/g, '') };
  const script = find(SCRIPTS);
  if (script) return framed(script);
  if ('application/json' in data) return { as: 'json', value: data['application/json'] };
  return { as: 'text', mime: 'text/plain', value: textOf(data['text/plain']) };
}
