/** Stage: a canvas to look at old states of a workspace, comparisons with their marks, playback. */
import * as Blockly from 'blockly/core';
import type { Language } from '../languages';
import { difference } from '../document/difference';
import { byId, type Records, type Variable } from '../document/records';
import { writeXml } from '../document/xml';
import { Loader, readDocument } from './loader';
import { headlessWorkspace, PLUGINS } from './headless';
import { markBlock, patterns, type MarkKind } from './marks';
import { CanvasPatch } from './applyPatch';
import { reveal } from './reveal';
import { themeFor } from './theme';
import { runInSlices, nextFrame } from './scheduler';

/** Number of differing blocks beyond which all are put up anew, in turns. */
const FEW = 60;

/** Blocks that are put up without a look at the clock. */
const PIECE = 8;

/** Space round what is shown, or put beside. */
const MARGIN = 40;

export interface StageOptions {
  language: Language;
  rtl: boolean;
  dark: boolean;
  media: string;
}

export class Stage {
  readonly #options: StageOptions;

  readonly #workspace: Blockly.WorkspaceSvg;
  readonly #loader: Loader;
  #shown: Records | undefined;

  constructor(host: HTMLElement, options: StageOptions) {
    this.#options = options;

    this.#workspace = Blockly.inject(host, {
      rtl: options.rtl,
      media: options.media,
      theme: themeFor(options.dark),
      renderer: 'zelos',
      plugins: PLUGINS,
      readOnly: true,
      sounds: false,
      move: { scrollbars: true, drag: true, wheel: true },
      zoom: {
        controls: true,
        wheel: true,
        pinch: true,
        startScale: 0.8,
        minScale: 0.1,
        maxScale: 2,
      },
      grid: { spacing: 24, length: 1, colour: '#8886', snap: false },
    });
    this.#workspace.getParentSvg().append(patterns());
    this.#loader = new Loader(this.#workspace);
  }

  /** Puts up this state, in turns. */
  async show(records: Records, signal?: AbortSignal): Promise<void> {
    this.#shown = undefined;
    const document = readDocument(writeXml(records), this.#options.language.types);
    await nextFrame();
    signal?.throwIfAborted();
    this.#workspace.setResizesEnabled(false);
    try {
      await runInSlices(emptying(this.#workspace), signal);
      await runInSlices(this.#loader.fill(document, PIECE), signal);
      await Blockly.renderManagement.finishQueuedRenders();
      await nextFrame();
      this.#loader.spread();
    } finally {
      this.#workspace.setResizesEnabled(true);
    }
    this.#shown = records.copy();
    await nextFrame();
    this.#scrollToStart();
    await nextFrame();
    signal?.throwIfAborted();
  }

  /** Puts up this state; of the one before, what is the same stays. Answers with what has changed. */
  async alter(next: Records, signal?: AbortSignal): Promise<readonly string[]> {
    const shown = this.#shown;
    const patch = shown && difference(shown, next);
    const changed = Object.entries(patch?.blocks ?? {});
    if (!shown || changed.length > FEW) {
      await this.show(next, signal);
      return [];
    }
    this.#shown = next.copy();
    const vars = new Map<string, Variable | null>(Object.entries(patch?.vars ?? byId()));
    const changes = changed.map(([id, keys]) => ({ id, keys }));
    new CanvasPatch(this.#workspace, this.#shown, this.#options.language.types).run(changes, vars);
    await Blockly.renderManagement.finishQueuedRenders();
    return changed.map(([id]) => id);
  }

  /** Marks blocks, those in `leading` with a sign, and puts those in `beside` beside others, in turns. */
  async mark(
    marks: ReadonlyMap<string, MarkKind>,
    leading: ReadonlySet<string>,
    beside: ReadonlyMap<string, string>,
    signal?: AbortSignal,
  ): Promise<void> {
    this.#unfold(marks.keys());
    await Blockly.renderManagement.finishQueuedRenders();
    const workspace = this.#workspace;
    function* steps() {
      const depths = new Map<string, number>();
      for (const [id, holder] of beside) {
        const row = depths.get(holder) ?? 0;
        depths.set(holder, row + 1);
        putBeside(workspace, id, holder, row);
        yield;
      }
      for (const [id, kind] of marks) {
        markBlock(workspace, id, kind, leading.has(id));
        yield;
      }
    }
    await runInSlices(steps(), signal);
  }

  /** Unfolds the blocks that hold something marked, so that it can be seen. */
  #unfold(ids: Iterable<string>): void {
    for (const id of ids)
      for (let up = this.#workspace.getBlockById(id)?.getParent(); up; up = up.getParent())
        if (up.isCollapsed()) up.setCollapsed(false);
  }

  /** Brings a block or comment into view and points at it, and at nothing else. */
  pointAt(id: string | undefined): void {
    this.#workspace.getInjectionDiv().querySelector('.looked-at')?.classList.remove('looked-at');
    if (id === undefined) return;
    const found = this.#workspace.getBlockById(id) ?? this.#workspace.getCommentById(id);
    if (!found || !('getSvgRoot' in found)) return;
    found.getSvgRoot().classList.add('looked-at');
    reveal(this.#workspace, id, true);
  }

  /** Scrolls until a block can be seen. */
  reveal(id: string): void {
    reveal(this.#workspace, id);
  }

  /** A block in words, as it reads here; of a comment, what it says. */
  describe(id: string): string {
    const block = this.#workspace.getBlockById(id);
    if (block) return block.toString(60, '…');
    return this.#workspace.getCommentById(id)?.getText().slice(0, 60) ?? '';
  }

  zoomToFit(): void {
    this.#workspace.zoomToFit();
  }

  /** The top left corner of the program (top right, where writing runs from right to left). */
  #scrollToStart(): void {
    const { left, right, top } = this.#workspace.getBlocksBoundingBox();
    const { scale, RTL } = this.#workspace;
    const { viewWidth } = this.#workspace.getMetrics();
    const x = RTL ? viewWidth - right * scale - MARGIN : MARGIN - left * scale;
    this.#workspace.scroll(x, MARGIN - top * scale);
  }

  setDark(dark: boolean): void {
    this.#workspace.setTheme(themeFor(dark));
  }

  resize(): void {
    Blockly.svgResize(this.#workspace);
  }

  dispose(): void {
    this.#workspace.dispose();
  }
}

/** Takes away one stack a step. */
function* emptying(workspace: Blockly.WorkspaceSvg): Generator<undefined> {
  for (const top of workspace.getTopBlocks(false)) {
    Blockly.Events.disable();
    try {
      top.dispose(false);
    } finally {
      Blockly.Events.enable();
    }
    yield;
  }
}

/** Puts a block that has no place of its own to the right of the stack that held it. */
function putBeside(workspace: Blockly.WorkspaceSvg, id: string, holder: string, row: number): void {
  const block = workspace.getBlockById(id);
  const host = workspace.getBlockById(holder);
  if (!block || !host) return;
  const whole = host.getRootBlock().getBoundingRectangle();
  const { top } = host.getBoundingRectangleWithoutChildren();
  const x = workspace.RTL ? whole.left - MARGIN : whole.right + MARGIN;
  const at = block.getRelativeToSurfaceXY();
  block.moveBy(x - at.x, top + row * MARGIN - at.y);
}

/** The program that a state stands for, worked out in turns. */
export async function codeOf(
  records: Records,
  language: Language,
  signal?: AbortSignal,
): Promise<string> {
  const workspace = headlessWorkspace();
  try {
    const document = readDocument(writeXml(records), language.types);
    await nextFrame();
    await runInSlices(new Loader(workspace).fill(document, PIECE), signal);
    return language.generate(workspace);
  } finally {
    workspace.dispose();
  }
}
