/** Card of one workspace on the home page. */
import { html, type TemplateResult } from 'lit';
import { editorUrl, type App } from '../app';
import type { Workspace } from '../api/types';
import { ago, dateTime, t } from '../i18n';
import { icon, type IconName } from '../ui/icons';
import './cardPicture';

export interface CardActions {
  rename: (workspace: Workspace) => void;
  copy: (workspace: Workspace) => void;
  trash: (workspace: Workspace) => void;
  restore: (workspace: Workspace) => void;
  deleteForGood: (workspace: Workspace) => void;
}

export function workspaceCard(
  app: App,
  workspace: Workspace,
  languageTitle: string,
  actions: CardActions,
): TemplateResult {
  const { id, name, language, owner, role, trashed, modified, contains } = workspace;
  const when = trashed
    ? t('home.trashedWhen', { when: ago(trashed) })
    : t('home.modified', { when: ago(modified) });
  const picture = html`<card-picture .app=${app} .workspace=${workspace}></card-picture>`;
  const title = html`<span id="name-${id}">${name}</span>`;
  return html`<article class="card" aria-labelledby="name-${id}">
    <div class="card-picture">${picture}</div>
    <div class="card-text">
      <h2>${trashed ? title : html`<a href=${editorUrl(app, id)}>${title}</a>`}</h2>
      <p class="card-facts">
        <span class="badge ${language.toLowerCase()}">${languageTitle}</span>
        ${role === 'owner' ? '' : html`<span>${t('home.byOwner', { owner })}</span>`}
        ${contains?.length ? html`<span>${t('home.contains', { words: contains.join(', ') })}</span>` : ''}
        <time datetime=${trashed ?? modified} title=${dateTime(trashed ?? modified)}>${when}</time>
      </p>
    </div>
    <div class="card-actions">
      ${trashed ? trashedButtons(workspace, actions) : liveButtons(workspace, actions)}
    </div>
  </article>`;
}

function liveButtons(workspace: Workspace, actions: CardActions): TemplateResult {
  const { role } = workspace;
  return html`${role === 'viewer' ? '' : iconButton('pencil', t('rename.button'), workspace, actions.rename)}
  ${iconButton('copy', t('copy.button'), workspace, actions.copy)}
  ${role === 'owner' ? iconButton('trash', t('trash.button'), workspace, actions.trash) : ''}`;
}

function trashedButtons(workspace: Workspace, actions: CardActions): TemplateResult {
  const button = (label: string, act: (workspace: Workspace) => void, look: string) =>
    html`<button
      class="button small ${look}"
      aria-describedby="name-${workspace.id}"
      @click=${() => {
        act(workspace);
      }}
    >
      ${label}
    </button>`;
  return html`${button(t('home.restore'), actions.restore, '')}
  ${button(t('home.delete'), actions.deleteForGood, 'danger-text')}`;
}

function iconButton(
  name: IconName,
  label: string,
  workspace: Workspace,
  act: (workspace: Workspace) => void,
): TemplateResult {
  return html`<button
    class="icon-button"
    aria-label=${label}
    title=${label}
    aria-describedby="name-${workspace.id}"
    @click=${() => {
      act(workspace);
    }}
  >
    ${icon(name)}
  </button>`;
}
