/** Pictures of blocks: SVG documents that need nothing from outside. */
import * as Blockly from 'blockly/core';
import type { Language } from '../languages';
import { Loader, readDocument } from './loader';
import { PLUGINS } from './headless';
import { setTexts } from './texts/locales';
import { setUpBlockly } from './setUp';
import { themeFor } from './theme';

const SVG = 'http://www.w3.org/2000/svg';
const MARGIN = 12;

/** Styles that Blockly's style sheet gives and a picture must state itself, with their defaults. */
const SHAPE = {
  fill: '',
  'fill-opacity': '1',
  stroke: 'none',
  'stroke-width': '1px',
  opacity: '1',
};
const TEXT = {
  ...SHAPE,
  'font-family': '',
  'font-size': '',
  'font-weight': '400',
  'text-anchor': 'start',
  'dominant-baseline': 'auto',
};

export interface PictureOptions {
  dark: boolean;
  media: string;
  rtl?: boolean;
  locale?: string;
  messages?: Record<string, string>;
}

/** Draws the blocks of a workspace, off screen, as a self-contained SVG document. */
export async function pictureOf(
  xml: string,
  language: Language,
  options: PictureOptions,
): Promise<string> {
  setUpBlockly();
  await setTexts(options.locale ?? 'en', language, options.messages);
  const host = document.createElement('div');
  host.style.cssText =
    'position: absolute; inset-inline-start: -10000px; inline-size: 800px; block-size: 600px';
  host.inert = true;
  document.body.append(host);
  const workspace = Blockly.inject(host, {
    media: options.media,
    rtl: options.rtl ?? false,
    theme: themeFor(options.dark),
    renderer: 'zelos',
    plugins: PLUGINS,
    readOnly: true,
    sounds: false,
  });
  try {
    const loader = new Loader(workspace);
    loader.fillAtOnce(readDocument(xml, language.types));
    await Blockly.renderManagement.finishQueuedRenders();
    loader.spread();
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
const DROPPED =
  /^(id|class|style|tabindex|role|aria-.*|data-.*|filter|href|xlink:href|on.*|focusable)$/;

function inlineStyles(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  const picture = from.getAttribute('href') ?? from.getAttribute('xlink:href') ?? '';
  const isImage = from.localName === 'image';
  const isForeign = from.localName === 'foreignObject' || (isImage && !picture.startsWith('data:'));
  if (style.display === 'none' || style.visibility === 'hidden' || isForeign) {
    to.remove();
    return;
  }
  const copies = [...to.children];
  for (const { name } of [...to.attributes]) if (DROPPED.test(name)) to.removeAttribute(name);
  if (isImage) to.setAttribute('href', picture);
  writeStyles(style, to);
  [...from.children].forEach((child, index) => {
    const copy = copies[index];
    if (copy) inlineStyles(child, copy);
  });
}

/** Groups hand down what the shapes within them state themselves. */
function writeStyles(style: CSSStyleDeclaration, to: Element): void {
  const isText = /^(text|tspan)$/.test(to.localName);
  const styles = to.localName === 'g' ? { opacity: '1' } : isText ? TEXT : SHAPE;
  for (const [name, usual] of Object.entries(styles)) {
    const value = style.getPropertyValue(name);
    if (value === usual || value.includes('url(')) to.removeAttribute(name);
    else to.setAttribute(name, value);
  }
}
