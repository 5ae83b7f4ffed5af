/** Two programs compared, as lines with signs before them. */
import { html, type TemplateResult } from 'lit';
import { t } from '../i18n';
import { visible } from '../run/codeView';
import type { Line } from './codeDiff';

export interface CodeDifference {
  isSame: boolean;
  /** Undefined where the two have too little in common. */
  hunks: readonly (readonly Line[])[] | undefined;
}

const SIGN = { same: ' ', added: '+', removed: '−' } as const;

export function codeDifferences(found: CodeDifference | undefined): TemplateResult {
  if (!found) return html`<p class="hint" role="status">${t('history.comparing')}</p>`;
  if (found.isSame) return html`<p class="hint">${t('history.sameCode')}</p>`;
  if (!found.hunks) return html`<p class="hint">${t('history.otherCode')}</p>`;
  return html`<div
    class="code-diff"
    role="group"
    tabindex="0"
    dir="ltr"
    aria-label=${t('history.codeDifference')}
  >
    ${found.hunks.map(
      (lines) =>
        html`<table>
          <tbody>
            ${lines.map(lineView)}
          </tbody>
        </table>`,
    )}
  </div>`;
}

function lineView({ kind, before, after, text }: Line): TemplateResult {
  const said =
    kind === 'same' ? '' : t(kind === 'added' ? 'history.lineAdded' : 'history.lineRemoved');
  return html`<tr class="line-${kind}">
    <td class="line-number">${before ?? ''}</td>
    <td class="line-number">${after ?? ''}</td>
    <td class="line-sign">
      <span aria-hidden="true">${SIGN[kind]}</span><span class="visually-hidden">${said}</span>
    </td>
    <td><code>${visible(text)}</code></td>
  </tr>`;
}
