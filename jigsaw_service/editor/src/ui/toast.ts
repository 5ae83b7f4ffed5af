/** Toasts: short news at the edge of the page, read out by screen readers, gone by themselves. */
import { html, render } from 'lit';
import { t } from '../i18n';
import { icon } from './icons';

const SECONDS = 8;

export interface ToastAction {
  label: string;
  do(): void;
}

/** Makes the place for news. It must be in the page before the first news, or screen readers miss it. */
export function prepareToasts(): HTMLElement {
  const found = document.getElementById('toasts');
  if (found) return found;
  const host = document.createElement('div');
  host.id = 'toasts';
  host.setAttribute('role', 'status');
  host.setAttribute('aria-live', 'polite');
  document.body.append(host);
  return host;
}

export function toast(text: string, action?: ToastAction): void {
  const item = document.createElement('div');
  item.className = 'toast';
  const close = () => {
    item.remove();
  };
  const act = () => {
    close();
    action?.do();
  };
  render(
    html`<span>${text}</span>
      ${action ? html`<button class="link-button" @click=${act}>${action.label}</button>` : ''}
      <button class="icon-button small" aria-label=${t('common.dismiss')} @click=${close}>
        ${icon('close')}
      </button>`,
    item,
  );
  prepareToasts().append(item);
  setTimeout(close, SECONDS * 1000);
}
