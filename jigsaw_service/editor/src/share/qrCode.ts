/** QR code of a link, to be photographed from a projector. */
import { svg, html, type TemplateResult } from 'lit';
import qrcode from 'qrcode-generator';
import { t } from '../i18n';
import { openDialog } from '../ui/dialogs';

/** Empty squares around it, as the standard demands. */
const MARGIN = 4;

export function showQrCode(text: string): void {
  openDialog(t('links.qrTitle'), html`<div class="qr">${drawing(text)}</div>`).classList.add(
    'wide',
  );
}

function drawing(text: string): TemplateResult {
  const { count, path } = qrPath(text);
  const size = count + 2 * MARGIN;
  return html`<svg
    viewBox="0 0 ${size} ${size}"
    role="img"
    aria-label=${t('links.qr')}
    shape-rendering="crispEdges"
  >
    ${svg`<rect width=${size} height=${size} fill="#fff"/><path d=${path} fill="#000"/>`}
  </svg>`;
}

/** Number of squares in a row, and the path of the dark ones, moved by the margin. */
export function qrPath(text: string): { count: number; path: string } {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  let path = '';
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (code.isDark(row, column)) path += `M${column + MARGIN} ${row + MARGIN}h1v1h-1z`;
    }
  }
  return { count, path };
}
