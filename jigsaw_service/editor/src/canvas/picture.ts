/** Pictures of blocks: SVG documents that need nothing from outside. */
import * as Blockly from 'blockly/core';
import type { Language } from '../languages';
import { Contents, readDocument } from './contents';
import { PLUGINS } from './headless';
import { setTexts } from './locales';
import { setUpBlockly } from './setUp';
import { themeFor } from './theme';

const SVG = 'http://www.w3.org/2000/svg';
const MARGIN = 12;

/** What Blockly's style sheet says and a picture must say itself. */
const COPIED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
  'display',
];

/** Draws the blocks of a workspace, off screen, as a self-contained SVG document. */
export async function pictureOf(
  xml: string,
  language: Language,
  options: { dark: boolean; media: string },
): Promise<string> {
  setUpBlockly();
  await setTexts('en', language.messages);
  const host = document.createElement('div');
  host.style.cssText =
    'position: absolute; inset-inline-start: -10000px; inline-size: 800px; block-size: 600px';
  host.inert = true;
  document.body.append(host);
  const workspace = Blockly.inject(host, {
    media: options.media,
    theme: themeFor(options.dark),
    renderer: 'zelos',
    plugins: PLUGINS,
    readOnly: true,
    sounds: false,
  });
  try {
    const contents = new Contents(workspace);
    contents.fillAtOnce(readDocument(xml, language.types));
    await Blockly.renderManagement.finishQueuedRenders();
    contents.spread();
    return await pictureOfWorkspace(workspace);
  } finally {
    workspace.dispose();
    host.remove();
  }
}

/** The blocks that a workspace shows, all of them and nothing else. */
export async function pictureOfWorkspace(workspace: Blockly.WorkspaceSvg): Promise<string> {
  await Blockly.renderManagement.finishQueuedRenders();
  const { left, top, right, bottom } = workspace.getBlocksBoundingBox();
  const drawn = workspace.getCanvas();
  const copy = drawn.cloneNode(true) as SVGElement;
  copy.removeAttribute('transform');
  inlineStyles(drawn, copy);
  const svg = document.createElementNS(SVG, 'svg');
  const width = Math.ceil(right - left) + 2 * MARGIN;
  const height = Math.ceil(bottom - top) + 2 * MARGIN;
  svg.setAttribute(
    'viewBox',
    `${Math.floor(left) - MARGIN} ${Math.floor(top) - MARGIN} ${width} ${height}`,
  );
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(height));
  svg.append(copy);
  return new XMLSerializer().serializeToString(svg);
}

/** Attributes that mean something to the editor only, or that reach outside the picture. */
const DROPPED = /^(id|class|tabindex|role|aria-.*|data-.*|filter|href|xlink:href|on.*|focusable)$/;

function inlineStyles(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  if (
    style.display === 'none' ||
    from.localName === 'foreignObject' ||
    from.localName === 'image'
  ) {
    to.remove();
    return;
  }
  const copies = [...to.children];
  for (const { name } of [...to.attributes]) if (DROPPED.test(name)) to.removeAttribute(name);
  to.removeAttribute('style');
  for (const name of COPIED) {
    const value = style.getPropertyValue(name);
    if (value && !value.includes('url(')) to.setAttribute(name, value);
  }
  [...from.children].forEach((child, index) => {
    const copy = copies[index];
    if (copy) inlineStyles(child, copy);
  });
}
