/** The surface on which a program is built from blocks. */
import * as Blockly from 'blockly/core';
import * as english from 'blockly/msg/en';
import type { Language } from '../languages';

/** The XML isn't a workspace that can be opened. Lines and columns count from 1. */
export class InvalidWorkspace extends Error {
  constructor(
    message: string,
    readonly line?: number,
    readonly column?: number,
  ) {
    super(message);
    this.name = 'InvalidWorkspace';
  }
}

export interface LoadReport {
  blocks: number;
  unknownTypes: readonly string[];
}

export interface CanvasOptions {
  language: Language;
  readOnly: boolean;
  rtl: boolean;
  dark: boolean;
  /** Where Blockly's icons and sounds are served; ends in a slash. */
  media: string;
  /** Texts that replace Blockly's own English ones. */
  messages?: Record<string, string>;
}

export class Canvas extends EventTarget {
  private constructor(
    private readonly workspace: Blockly.WorkspaceSvg,
    private readonly language: Language,
  ) {
    super();
    workspace.addChangeListener((event) => {
      if (event.isUiEvent || event.type === (Blockly.Events.FINISHED_LOADING as string)) return;
      this.dispatchEvent(new Event('change'));
      this.dispatchEvent(new Event('history'));
    });
  }

  static create(host: HTMLElement, options: CanvasOptions): Promise<Canvas> {
    Blockly.setLocale(english as unknown as Record<string, string>);
    if (options.messages) Object.assign(Blockly.Msg, options.messages);
    const workspace = Blockly.inject(host, {
      toolbox: options.language.toolbox,
      readOnly: options.readOnly,
      rtl: options.rtl,
      media: options.media,
      renderer: 'zelos',
      trashcan: true,
      zoom: { controls: true, wheel: true },
    });
    return Promise.resolve(new Canvas(workspace, options.language));
  }

  get canUndo(): boolean {
    return this.workspace.getUndoStack().length > 0;
  }

  get canRedo(): boolean {
    return this.workspace.getRedoStack().length > 0;
  }

  get readOnly(): boolean {
    return this.workspace.isReadOnly();
  }

  set readOnly(readOnly: boolean) {
    this.workspace.setIsReadOnly(readOnly);
  }

  load(xml: string): Promise<LoadReport> {
    const dom = Blockly.utils.xml.textToDom(xml);
    Blockly.Events.disable();
    try {
      this.workspace.clear();
      Blockly.Xml.domToWorkspace(dom, this.workspace);
    } finally {
      Blockly.Events.enable();
    }
    this.workspace.clearUndo();
    return Promise.resolve({ blocks: this.workspace.getAllBlocks(false).length, unknownTypes: [] });
  }

  xml(): string {
    return Blockly.Xml.domToText(Blockly.Xml.workspaceToDom(this.workspace));
  }

  code(): string {
    return this.language.generate(this.workspace);
  }

  undo(): void {
    this.workspace.undo(false);
  }

  redo(): void {
    this.workspace.undo(true);
  }

  zoomToFit(): void {
    this.workspace.zoomToFit();
  }

  search(): void {
    this.focus();
  }

  focus(): void {
    Blockly.getFocusManager().focusTree(this.workspace);
  }

  resize(): void {
    Blockly.svgResize(this.workspace);
  }

  setDark(dark: boolean): void {
    this.workspace.getInjectionDiv().classList.toggle('dark', dark);
  }

  dispose(): void {
    this.workspace.dispose();
  }

  picture(): Promise<string> {
    return Promise.resolve('<svg xmlns="http://www.w3.org/2000/svg"/>');
  }
}
