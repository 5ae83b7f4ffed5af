/** Exports: files made in the page of what is on the canvas. */
import type { Canvas } from '../canvas/canvas';
import { download, downloadText, fileName } from '../ui/download';

/** Pixels of the picture for each unit of the canvas. */
const SCALE = 2;
const MAX_PIXELS = 8192;

export type ExportFormat = 'xml' | 'json' | 'code' | 'ipynb' | 'svg' | 'png';

/** A program as a file of its own. */
export interface SourceFile {
  extension: string;
  /** Beginning of a file of the language. */
  header: string;
  /** The block set, and what kernels that run it call it. */
  language: string;
  kernelLanguage: string;
}

/** Downloads what is on the canvas under the workspace's name; its XML needs nothing of this. */
export async function exportAs(
  format: Exclude<ExportFormat, 'xml'>,
  name: string,
  canvas: Canvas,
  source: () => Promise<SourceFile>,
  json: () => Promise<string | undefined>,
): Promise<void> {
  if (format === 'json') {
    const text = await json();
    if (text !== undefined) downloadText(name, '.json', text, 'application/json');
  } else if (format === 'png') await downloadPng(name, await canvas.picture());
  else if (format === 'svg') downloadText(name, '.svg', await canvas.picture(), 'image/svg+xml');
  else if (format === 'ipynb') {
    const notebook = notebookOf(name, canvas.xml(), canvas.code(), await source());
    downloadText(name, '.ipynb', notebook, 'application/x-ipynb+json');
  } else {
    const { extension, header } = await source();
    downloadText(name, extension, header + canvas.code(), 'text/plain');
  }
}

/** One cell of code; the metadata holds the blocks, as in the notebooks that the service makes. */
export function notebookOf(
  name: string,
  xml: string,
  code: string,
  { language, kernelLanguage }: Pick<SourceFile, 'language' | 'kernelLanguage'>,
): string {
  const cell = {
    cell_type: 'code',
    execution_count: null,
    id: 'blocks',
    metadata: {},
    outputs: [],
    source: code,
  };
  const metadata = {
    language_info: { name: kernelLanguage },
    jigsaw: { name, language, xml, code },
  };
  return JSON.stringify({ cells: [cell], metadata, nbformat: 4, nbformat_minor: 5 }, null, 1);
}

/** Turns a picture of blocks into a PNG, on white, as it is pasted into documents. */
async function downloadPng(name: string, svg: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(SCALE, MAX_PIXELS / Math.max(image.width, image.height, 1));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.ceil(image.width * scale));
    canvas.height = Math.max(1, Math.ceil(image.height * scale));
    const context = canvas.getContext('2d');
    if (!context) return;
    context.fillStyle = 'white';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, 'image/png');
    });
    if (png) download(fileName(name, '.png'), png);
  } finally {
    URL.revokeObjectURL(url);
  }
}
