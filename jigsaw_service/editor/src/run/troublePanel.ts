/** Trouble panel: the obstacle to running, in a sentence, with the button that mends it. */
import { html, type TemplateResult } from 'lit';
import { t } from '../i18n';
import { icon } from '../ui/icons';
import type { Fault } from './kernelSpecs';
import type { Trouble } from './trouble';

export interface Mending {
  run: () => void;
  restart: () => void;
  stop: () => void;
  signIn: () => void;
  /** The Hub's own page was opened: go on when the server is ready. */
  awaitServer: () => void;
}

export function troublePanel(trouble: Trouble, mending: Mending): TemplateResult {
  return html`<div class="trouble" role="alert">
    ${icon('warning')}
    <p>${sentence(trouble)}</p>
    ${button(trouble, mending)}
  </div>`;
}

function sentence(trouble: Trouble): string {
  switch (trouble.kind) {
    case 'no-kernel':
      return trouble.language.toLowerCase() === 'processing'
        ? t('trouble.no-processing')
        : t('trouble.no-kernel', { language: trouble.language });
    case 'other-language':
      return t('trouble.other-language', { language: trouble.language });
    case 'kernel-broken':
      return brokenWords(trouble.title, trouble.fault, trouble.detail);
    case 'start-failed':
      return t('trouble.start-failed', { detail: trouble.detail });
    case 'refused':
      return t('trouble.refused', { detail: trouble.detail });
    default:
      return t(`trouble.${trouble.kind}`);
  }
}

/** That a kernel doesn't start, and why. */
export function brokenWords(title: string, fault: Fault, reason: string): string {
  return `${t('kernel.brokenText', { title })} ${t(`kernel.${fault}`, { reason })}`;
}

function button(trouble: Trouble, mending: Mending): TemplateResult {
  const press = (label: string, act: () => void) =>
    html`<button class="button" @click=${act}>${label}</button>`;
  switch (trouble.kind) {
    case 'spawn-options':
      return html`<a
        class="button"
        href=${trouble.url}
        target="_blank"
        @click=${mending.awaitServer}
      >
        ${t('trouble.startServer')}
      </a>`;
    case 'server-stopped':
    case 'start-failed':
      return press(t('trouble.startServer'), mending.run);
    case 'kernel-died':
      return press(t('editor.restart'), mending.restart);
    case 'already-running':
      return press(t('editor.stop'), mending.stop);
    case 'signed-out':
      return press(t('signedOut.signIn'), mending.signIn);
    default:
      return press(t('common.tryAgain'), mending.run);
  }
}
