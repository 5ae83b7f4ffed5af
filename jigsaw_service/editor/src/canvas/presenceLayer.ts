/** Presence layer over the blocks: frames round the blocks that others selected, their pointers. */
import * as Blockly from 'blockly/core';
import { svgElement } from './svg';

export interface Marker {
  connection: string;
  name: string;
  colour: number;
  selection: string | null;
  pointer: readonly [number, number] | null;
  isEditing: boolean;
}

/** Place of this person. */
export interface PresencePlace {
  selection: string | null;
  pointer: readonly [number, number] | null;
  field: string | null;
}

const POINTER = 'M0 0 0 17 4.500 13 7.500 20 10.500 18.700 7.500 12 13.500 12Z';
const MARGIN = 5;

/** Milliseconds for which a change by somebody else is shown. */
const GLOW = 1600;

export class PresenceLayer {
  readonly #workspace: Blockly.WorkspaceSvg;

  readonly #layer = svgElement('g', { class: 'presence-layer', 'aria-hidden': 'true' });
  readonly #shapes = new Map<string, { frame: SVGGElement; pointer: SVGGElement }>();
  #markers: readonly Marker[] = [];
  #queued = 0;

  constructor(workspace: Blockly.WorkspaceSvg) {
    this.#workspace = workspace;

    workspace.getBubbleCanvas().append(this.#layer);
    workspace.addChangeListener((event) => {
      if (!event.isUiEvent || event.type === (Blockly.Events.BLOCK_DRAG as string)) this.drawSoon();
    });
  }

  /** Shows these, and nobody else. */
  show(markers: readonly Marker[]): void {
    this.#markers = markers;
    this.drawSoon();
  }

  /** Shows for a moment that somebody has changed these blocks. */
  glow(ids: Iterable<string>, colour: number): void {
    for (const id of ids) {
      const box = this.#boxOf(id);
      if (!box) continue;
      const frame = svgElement('rect', {
        ...box,
        rx: '8',
        class: `presence-glow colour-${colour}`,
      });
      this.#layer.append(frame);
      setTimeout(() => {
        frame.remove();
      }, GLOW);
    }
  }

  /** Tells where this person's pointer is on the canvas, which block they have selected, and what they edit in it. */
  watch(tell: (part: Partial<PresencePlace>) => void): void {
    const host = this.#workspace.getInjectionDiv();
    host.addEventListener('pointermove', ({ clientX, clientY }) => {
      const { x, y } = Blockly.utils.svgMath.screenToWsCoordinates(
        this.#workspace,
        new Blockly.utils.Coordinate(clientX, clientY),
      );
      tell({ pointer: [Math.round(this.#workspace.RTL ? -x : x), Math.round(y)] });
    });
    host.addEventListener('pointerleave', () => {
      tell({ pointer: null });
    });
    this.#workspace.addChangeListener((event) => {
      if (event instanceof Blockly.Events.Selected)
        tell({ selection: event.newElementId ?? null, field: null });
      else if (event instanceof Blockly.Events.BlockFieldIntermediateChange)
        tell({ field: event.name ?? null });
      else if (event instanceof Blockly.Events.BlockChange) tell({ field: null });
    });
  }

  /** Calls back when this person moves the view or takes hold of something themselves. */
  onWandering(act: () => void): void {
    const host = this.#workspace.getInjectionDiv();
    for (const name of ['wheel', 'pointerdown', 'keydown'])
      host.addEventListener(name, act, { passive: true });
  }

  /** Brings a place into view: the block, else the point. */
  goTo({ selection, pointer }: Pick<PresencePlace, 'selection' | 'pointer'>): void {
    if (selection !== null && this.#workspace.getBlockById(selection)) {
      this.#workspace.centerOnBlock(selection);
    } else if (pointer) {
      const { scale } = this.#workspace;
      const { viewWidth, viewHeight } = this.#workspace.getMetrics();
      const [x, y] = pointer;
      const across = this.#workspace.RTL ? -x : x;
      this.#workspace.scroll(viewWidth / 2 - across * scale, viewHeight / 2 - y * scale);
    }
  }

  /** A block in words, as it reads on the canvas; empty when it isn't there. */
  describe(id: string): string {
    return this.#workspace.getBlockById(id)?.toString(40) ?? '';
  }

  drawSoon(): void {
    if (this.#markers.length === 0 && this.#shapes.size === 0) return;
    this.#queued ||= requestAnimationFrame(() => {
      this.#queued = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const present = new Set(this.#markers.map(({ connection }) => connection));
    for (const [connection, { frame, pointer }] of this.#shapes)
      if (!present.has(connection)) {
        frame.remove();
        pointer.remove();
        this.#shapes.delete(connection);
      }
    for (const marker of this.#markers) this.#place(marker);
  }

  #place(marker: Marker): void {
    const { frame, pointer } = this.#shapesOf(marker);
    const box = marker.selection === null ? undefined : this.#boxOf(marker.selection);
    frame.style.display = box ? '' : 'none';
    frame.classList.toggle('editing', marker.isEditing);
    if (box) {
      for (const [name, value] of Object.entries(box))
        frame.firstElementChild?.setAttribute(name, value);
      const label = frame.lastElementChild;
      label?.setAttribute('transform', `translate(${box.x} ${Number(box.y) - 4})`);
      // One name at a time is enough.
      label?.toggleAttribute('hidden', marker.pointer !== null);
    }
    pointer.style.display = marker.pointer ? '' : 'none';
    if (marker.pointer) {
      const [x, y] = marker.pointer;
      const across = this.#workspace.RTL ? -x : x;
      pointer.setAttribute('transform', `translate(${across} ${y})`);
    }
  }

  #shapesOf({ connection, name, colour }: Marker) {
    let shapes = this.#shapes.get(connection);
    if (!shapes) {
      const frame = svgElement('g', { class: `presence-frame colour-${colour}` });
      frame.append(svgElement('rect', { rx: '8' }), labelled(name));
      const pointer = svgElement('g', { class: `presence-pointer colour-${colour}` });
      const label = labelled(name);
      label.setAttribute('transform', 'translate(12 26)');
      pointer.append(svgElement('path', { d: POINTER }), label);
      this.#layer.append(frame, pointer);
      this.#shapes.set(connection, (shapes = { frame, pointer }));
    }
    return shapes;
  }

  #boxOf(id: string) {
    const block = this.#workspace.getBlockById(id);
    if (!block?.rendered) return undefined;
    const { left, top, right, bottom } = block.getBoundingRectangleWithoutChildren();
    return {
      x: String(left - MARGIN),
      y: String(top - MARGIN),
      width: String(right - left + 2 * MARGIN),
      height: String(bottom - top + 2 * MARGIN),
    };
  }
}

/** A name on a ground of its person's colour. */
function labelled(name: string): SVGGElement {
  const label = svgElement('g', { class: 'presence-name' });
  const text = svgElement('text', { x: '6', y: '-5' });
  text.textContent = name.length > 24 ? `${name.slice(0, 23)}…` : name;
  // Measured by eye: text has no box before it is drawn, and a name tag may be a little wide.
  const width = String(text.textContent.length * 7.2 + 12);
  label.append(svgElement('rect', { y: '-19', width, height: '19', rx: '5' }), text);
  return label;
}
