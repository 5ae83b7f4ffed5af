/** App bar: the top of a page: what it belongs to, and who is signed in. */
import { html, type TemplateResult } from 'lit';
import { t } from '../i18n';
import type { PageConfig } from '../api/pageConfig';
import { logo } from './icons';

export function appBar({ user, prefix }: PageConfig): TemplateResult {
  const name = user?.name ?? '';
  return html`<header class="app-bar">
    <a class="brand" href=${prefix}>${logo()}<span>${t('app.name')}</span></a>
    <span class="user" aria-label=${t('app.user', { name })} role="note">${name}</span>
  </header>`;
}
