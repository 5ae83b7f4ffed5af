/** Bar above the blocks in a notebook: what the notebook itself doesn't say. No sharing here. */
import { html, nothing, type TemplateResult } from 'lit';
import { editorUrl, type App } from '../app';
import type { Workspace } from '../api/types';
import { t } from '../i18n';
import type { LiveClient } from '../live/liveClient';
import { icon } from '../ui/icons';
import type { PeopleHere } from '../presence/people';
import { exportMenu, peopleHere, saveStatus, tool, type HeaderActions } from './editorView';

export function frameHeader(
  app: App,
  workspace: Workspace,
  live: LiveClient | undefined,
  people: PeopleHere | undefined,
  act: HeaderActions,
): TemplateResult {
  const { id, name, role } = workspace;
  return html`<header class="frame-bar">
    <div class="editor-title">
      <h1 title=${name}>${name}</h1>
      ${role === 'viewer' ? nothing : tool('pencil', t('rename.button'), act.rename)}
    </div>
    ${saveStatus(role, live, act)} ${peopleHere(people)}
    <div class="row editor-actions">
      ${exportMenu(act)}
      <a
        class="icon-button"
        href=${editorUrl(app, id)}
        target="_blank"
        rel="noopener"
        aria-label=${t('frame.open')}
        title=${t('frame.open')}
        >${icon('open')}</a
      >
    </div>
  </header>`;
}
