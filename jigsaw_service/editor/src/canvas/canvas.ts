/** Canvas: the surface on which a program is built from blocks. */
import type { Mark } from '../languages/common/codeMarks';
import { PLACEHOLDER, silentTypes } from '../languages/common/unknownBlock';
import * as Blockly from 'blockly/core';
import type { Language } from '../languages';
import { countStacks, nameToolbox } from './ariaLabels';
import { Loader, readDocument, type Document } from './loader';
import { blocksIn } from '../xml/dom';
import type { End, EndMark } from './endMark';
import type { FindBar } from './find';
import { PLUGINS } from './headless';
import { InvalidWorkspace } from '../xml/invalidWorkspace';
import { limits } from '../xml/limits';
import { setTexts } from './texts/locales';
import type { PointedBlocks } from './pointed';
import { PresenceLayer } from './presenceLayer';
import { Program } from './program';
import { setUpBlockly } from './setUp';
import { silently, soundAtFirstGesture } from './sounds';
import { themeFor } from './theme';
import { nextFrame, painted, whenIdle } from './scheduler';
import { offerVariables } from './variables';

export { InvalidWorkspace } from '../xml/invalidWorkspace';

/** More blocks than this are shown bit by bit, so that the page never freezes for long. */
const BLOCKS_AT_ONCE = 200;

/** Milliseconds for which blocks are made before the page gets its turn. */
const TURN = 50;

const EMPTY = '<xml xmlns="https://developers.google.com/blockly/xml"></xml>';

export interface LoadReport {
  blocks: number;
  /** Types this language doesn't know; their blocks are shown as placeholders. */
  unknownTypes: readonly string[];
  /** Types of the blocks inside those, which don't run: one for each. */
  silentTypes: readonly string[];
}

export interface CanvasOptions {
  language: Language;
  readOnly: boolean;
  rtl: boolean;
  dark: boolean;
  /** Address of Blockly's icons and sounds; ends in a slash. */
  media: string;
  /** The language of all texts on the canvas, such as `de`. */
  locale?: string;
  /** Texts that replace those on blocks, by Blockly's and our own keys. */
  messages?: Record<string, string>;
}

/**
 * Fires `change` when what is saved may have changed, `history` when `canUndo` or `canRedo` may have
 * changed, `interrupted`, a CustomEvent of the text, when somebody deleted a block into which it was
 * being typed, and while loading `progress`, a CustomEvent of `{done, total}` blocks.
 */
export class Canvas extends EventTarget {
  readonly #workspace: Blockly.WorkspaceSvg;
  readonly #language: Language;

  readonly #loader: Loader;
  #find: Promise<FindBar> | undefined;
  #layer: PresenceLayer | undefined;
  #pointed: Promise<PointedBlocks> | undefined;
  #current: Program | undefined;
  /** XML that is being loaded. Until all of it stands, `xml` gives this and not the blocks. */
  #arriving: string | null = null;
  #lastLoad: Promise<unknown> = Promise.resolve();

  static async create(host: HTMLElement, options: CanvasOptions): Promise<Canvas> {
    setUpBlockly();
    await setTexts(options.locale ?? 'en', options.language, options.messages);
    const workspace = silently(() =>
      Blockly.inject(host, {
        toolbox: options.language.toolbox,
        rtl: options.rtl,
        media: options.media,
        sounds: false,
        theme: themeFor(options.dark),
        renderer: 'zelos',
        plugins: PLUGINS,
        maxBlocks: limits().blocks,
        trashcan: true,
        move: { scrollbars: true, drag: true, wheel: true },
        zoom: {
          controls: true,
          wheel: true,
          pinch: true,
          startScale: 0.8,
          minScale: 0.2,
          maxScale: 2,
        },
        grid: { spacing: 24, length: 1, colour: '#8886', snap: false },
      }),
    );
    soundAtFirstGesture(workspace, options.media);
    offerVariables(workspace);
    countStacks(workspace);
    nameToolbox(workspace);
    const canvas = new Canvas(workspace, options.language);
    // Set afterwards: Blockly would leave the toolbox out for good.
    if (options.readOnly) canvas.readOnly = true;
    return canvas;
  }

  private constructor(workspace: Blockly.WorkspaceSvg, language: Language) {
    super();
    this.#workspace = workspace;
    this.#language = language;

    this.#loader = new Loader(workspace);
    this.#takeOverUndo();
    workspace.addChangeListener((event) => {
      this.#onBlocklyEvent(event);
    });
  }

  #onBlocklyEvent(event: Blockly.Events.Abstract): void {
    if (
      this.#arriving !== null ||
      event.isUiEvent ||
      event.type === (Blockly.Events.FINISHED_LOADING as string)
    )
      return;
    this.dispatchEvent(new Event('change'));
  }

  /** Blockly's own undo would take back what others did, too; its keys and menu come to ours. */
  #takeOverUndo(): void {
    const workspace = this.#workspace;
    workspace.MAX_UNDO = 0;
    workspace.undo = (redo = false) => {
      this.#takeBack(redo);
    };
    const stack = (holds: boolean) => (holds ? [new Blockly.Events.FinishedLoading()] : []);
    workspace.getUndoStack = () => stack(this.canUndo);
    workspace.getRedoStack = () => stack(this.canRedo);
  }

  /** Program on the canvas; undefined before the first load and during one. */
  get program(): Program | undefined {
    return this.#arriving === null ? this.#current : undefined;
  }

  get canUndo(): boolean {
    return this.program?.undo.canUndo ?? false;
  }

  get canRedo(): boolean {
    return this.program?.undo.canRedo ?? false;
  }

  /** Pixels that the blocks take from top to bottom. */
  get height(): number {
    const { top, bottom } = this.#workspace.getBlocksBoundingBox();
    return Math.ceil((bottom - top) * this.#workspace.scale);
  }

  get readOnly(): boolean {
    return this.#workspace.isReadOnly();
  }

  set readOnly(readOnly: boolean) {
    this.#workspace.setIsReadOnly(readOnly);
    this.#workspace.getToolbox()?.setVisible(!readOnly);
    this.resize();
  }

  /** Replaces the blocks and forgets the history. Throws InvalidWorkspace and leaves all as it was. */
  load(xml: string): Promise<LoadReport> {
    const loaded = this.#lastLoad.then(() => this.#loadNow(xml));
    this.#lastLoad = loaded.catch(() => undefined);
    return loaded;
  }

  /** Report on `xml`, without showing it. Throws InvalidWorkspace. */
  report(xml: string): LoadReport & { known: number } {
    const { root, blocks, unknownTypes } = readDocument(xml, this.#language.types);
    const strange = blocksIn(root).filter((block) => block.getAttribute('type') === PLACEHOLDER);
    const silent = silentTypes(root);
    return { blocks, unknownTypes, silentTypes: silent, known: blocks - strange.length };
  }

  async #loadNow(xml: string): Promise<LoadReport> {
    const document = readDocument(xml, this.#language.types);
    const before = this.xml();
    try {
      await this.#show(document, xml);
    } catch (error) {
      await this.#show(readDocument(before, this.#language.types), before);
      throw new InvalidWorkspace('These blocks do not fit together.', undefined, undefined, {
        cause: error,
      });
    }
    const { blocks, unknownTypes } = document;
    return { blocks, unknownTypes, silentTypes: silentTypes(document.root) };
  }

  async #show(document: Document, xml: string): Promise<void> {
    const { readOnly } = this;
    this.#current?.dispose();
    this.#current = undefined;
    this.#arriving = xml;
    this.#workspace.setIsReadOnly(true);
    this.#workspace.setResizesEnabled(false);
    try {
      await this.#fill(document);
      await Blockly.renderManagement.finishQueuedRenders();
      this.#loader.spread();
      this.#workspace.setResizesEnabled(true);
      this.#scrollToStart();
      // The rest can wait until the blocks are seen.
      await painted();
      this.#current = this.#begin(document);
      whenIdle(() => void this.#findBar().catch(() => undefined));
    } finally {
      this.#workspace.setResizesEnabled(true);
      this.#workspace.setIsReadOnly(readOnly);
      this.#arriving = null;
    }
    Blockly.Events.fire(new (Blockly.Events.get(Blockly.Events.FINISHED_LOADING))(this.#workspace));
    this.dispatchEvent(new Event('history'));
  }

  #begin(document: Document): Program {
    return new Program(document, {
      workspace: this.#workspace,
      knownTypes: this.#language.types,
      mayEdit: () => !this.readOnly,
      historyChanged: () => {
        this.dispatchEvent(new Event('history'));
      },
      interrupted: (text) => {
        this.dispatchEvent(new CustomEvent('interrupted', { detail: text }));
      },
    });
  }

  async #fill(document: Document): Promise<void> {
    let began = performance.now();
    for (const done of this.#loader.fill(document)) {
      if (document.blocks <= BLOCKS_AT_ONCE || performance.now() - began < TURN) continue;
      this.dispatchEvent(new CustomEvent('progress', { detail: { done, total: document.blocks } }));
      await nextFrame();
      began = performance.now();
    }
  }

  /** Shows the top left corner of the program (top right, where writing runs from right to left). */
  #scrollToStart(): void {
    const { left, right, top } = this.#workspace.getBlocksBoundingBox();
    const { scale } = this.#workspace;
    const margin = 32;
    const x = this.#workspace.RTL
      ? this.#workspace.getMetrics().viewWidth - right * scale - margin
      : margin - left * scale;
    this.#workspace.scroll(x, margin - top * scale);
  }

  /** The one serialisation of the blocks, placeholders written back as what they stand for. */
  xml(): string {
    return this.#arriving ?? this.#current?.xml() ?? EMPTY;
  }

  /** Layer that shows where others are, over the blocks. */
  get others(): PresenceLayer {
    return (this.#layer ??= new PresenceLayer(this.#workspace));
  }

  /** The program the blocks stand for, marked if `mark` is given. Never throws. */
  code(mark?: Mark): string {
    return this.#language.generate(this.#workspace, mark);
  }

  undo(): void {
    this.#takeBack(false);
  }

  redo(): void {
    this.#takeBack(true);
  }

  /** Blockly tells after the next frame what has been done: on a slow machine, the person may be faster. */
  #takeBack(again: boolean): void {
    void painted().then(() => {
      this.program?.takeBack(again);
    });
  }

  zoomToFit(): void {
    this.#workspace.zoomToFit();
  }

  /** Blocks that the person is on, or is shown. */
  pointed(): Promise<PointedBlocks> {
    return (this.#pointed ??= import('./pointed').then(
      ({ PointedBlocks }) => new PointedBlocks(this.#workspace),
    ));
  }

  /** Marks the block at which a run ended; undefined if it isn't there any more. */
  async markEnd(end: End, note: HTMLElement, gone: () => void): Promise<EndMark | undefined> {
    const { EndMark } = await import('./endMark');
    return EndMark.make(this.#workspace, end, note, gone);
  }

  /** Opens the bar that finds blocks by their text. */
  async search(): Promise<void> {
    (await this.#findBar()).open();
  }

  #findBar(): Promise<FindBar> {
    this.#find ??= import('./find').then(({ FindBar }) => new FindBar(this.#workspace));
    this.#find.catch(() => {
      this.#find = undefined;
    });
    return this.#find;
  }

  focus(): void {
    Blockly.getFocusManager().focusTree(this.#workspace);
  }

  /** To be called when the host has changed its size. */
  resize(): void {
    Blockly.svgResize(this.#workspace);
  }

  setDark(dark: boolean): void {
    this.#workspace.setTheme(themeFor(dark));
  }

  /** The blocks as a self-contained SVG document. */
  async picture(): Promise<string> {
    return (await import('./picture')).pictureOfWorkspace(this.#workspace);
  }

  dispose(): void {
    void this.#find?.then((bar) => {
      bar.dispose();
    });
    this.#current?.dispose();
    this.#workspace.dispose();
  }
}
