/** Framed editor: what it tells the notebook around it, and does when that asks. */
import type { App } from '../app';
import type { Workspace } from '../api/types';
import type { Canvas } from '../canvas/canvas';
import { Notebook, type FromNotebook } from '../frames/notebook';
import type { LiveClient } from '../live/liveClient';
import type { Outcome } from '../run/outcome';
import type { Runner } from '../run/runner';
import { setDark } from '../ui/dark';
import { show as showEditor } from './editor';
import { frameHeader } from './framedView';
import { Offers } from './offers';
import type { Notices } from './notices';

/** Pixels: what a frame asks for at least and at most, and what is left free below the blocks. */
const LOWEST = 360;
const HIGHEST = 900;
const MARGIN = 96;

/** Milliseconds after a change until the frame's height follows. */
const HEIGHT_AFTER = 250;

/** Status of a run's end for the notebook; all that did not end by itself is `aborted`. */
const EXECUTED: Partial<Record<Outcome['kind'], 'ok' | 'error'>> = {
  finished: 'ok',
  failed: 'error',
};

/** Frame parts: what an editor has in a notebook alone. */
export interface FrameParts {
  header: typeof frameHeader;
  side(app: App, workspace: Workspace, notices: Notices): NotebookSide;
}

const parts: FrameParts = {
  header: frameHeader,
  side: (app, workspace, notices) => new NotebookSide(app, workspace, notices),
};

export function show(app: App, host: HTMLElement): void {
  showEditor(app, host, parts);
}

export class NotebookSide {
  readonly #notebook: Notebook | undefined;
  readonly #offers: Offers;
  #canvas: Canvas | undefined;
  #revision: number;
  #height = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App, workspace: Workspace, notices: Notices) {
    const { frame } = app.config;
    this.#revision = workspace.revision;
    this.#offers = new Offers(app, workspace, notices);
    // Opened by itself, there is nobody to talk to.
    if (!frame || window.parent === window) return;
    this.#notebook = new Notebook(window.parent, frame.origins);
    this.#notebook.addEventListener('message', (event) => {
      this.#hear((event as CustomEvent<FromNotebook>).detail);
    });
  }

  get isThere(): boolean {
    return this.#notebook !== undefined;
  }

  /** The blocks stand on the canvas: from now on the notebook may ask. */
  ready(canvas: Canvas): void {
    this.#canvas = canvas;
    this.#notebook?.post({ action: 'ready', protocol: 1 });
    canvas.addEventListener('change', () => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#tellHeight();
      }, HEIGHT_AFTER);
    });
    this.#tellHeight();
  }

  watchLive(live: LiveClient): void {
    let was = live.state;
    live.addEventListener('revision', (event) => {
      this.#revision = (event as CustomEvent<{ number: number }>).detail.number;
    });
    live.addEventListener('state', () => {
      if (live.state === 'saved' && was !== 'saved')
        this.#notebook?.post({ action: 'saved', revision: this.#revision });
      was = live.state;
    });
  }

  watchRunner(runner: Runner): void {
    let told: unknown;
    runner.addEventListener('finished', (event) => {
      const { kind } = (event as CustomEvent<Outcome>).detail;
      const status = EXECUTED[kind] ?? 'aborted';
      this.#notebook?.post({ action: 'executed', status });
    });
    runner.addEventListener('change', () => {
      const { trouble } = runner;
      if (trouble && trouble !== told)
        this.#notebook?.post({ action: 'error', slug: trouble.kind });
      told = trouble;
    });
  }

  insert(code: string): void {
    this.#notebook?.post({ action: 'insert', code });
  }

  #hear(message: FromNotebook): void {
    const canvas = this.#canvas;
    if (message.action === 'theme') setDark(message.dark);
    else if (!canvas) this.#notebook?.post({ action: 'error', slug: 'not-ready' });
    else if (message.action === 'get') {
      const { id } = message;
      this.#notebook?.post({ action: 'xml', id, xml: canvas.xml(), revision: this.#revision });
    } else {
      const refused = this.#offers.offer(message.xml, canvas);
      if (refused) this.#notebook?.post({ action: 'error', slug: refused });
    }
  }

  #tellHeight(): void {
    const host = document.querySelector('.canvas-host');
    if (!this.#canvas || !host) return;
    const around = innerHeight - host.clientHeight;
    const wanted = around + this.#canvas.height + MARGIN;
    const height = Math.round(Math.min(HIGHEST, Math.max(LOWEST, wanted)));
    if (height === this.#height) return;
    this.#height = height;
    this.#notebook?.post({ action: 'size', height });
  }
}
