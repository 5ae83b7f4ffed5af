/** The parts of the editor page as they are drawn; what they do stands in `editor.ts`. */
import { html, nothing, type TemplateResult } from 'lit';
import type { App } from '../app';
import type { Workspace } from '../api/types';
import { t } from '../i18n';
import type { Canvas } from '../canvas/canvas';
import type { Member } from '../live/room';
import { codeView } from '../run/codeView';
import { inWords } from '../trust/provenance';
import type { KernelSpec } from '../run/kernelSpecs';
import type { KernelState, Runner } from '../run/runner';
import type { TrustSession } from '../trust/trustSession';
import { brokenWords } from '../run/troublePanel';
import type { LiveClient, SaveState } from '../live/liveClient';
import { icon, logo, type IconName } from '../ui/icons';
import { popover } from '../ui/popover';
import type { ExportFormat } from './exporting';
import type { PeopleHere } from '../presence/people';
import type { Notice } from './notices';
import { telling } from '../workspaces/actions';
import '../presence/peopleList';

export const TABS = ['blocks', 'code', 'output'] as const;
export type Tab = (typeof TABS)[number];

export function tool(
  name: IconName,
  label: string,
  act: () => void,
  options: { disabled?: boolean; hint?: string; inWords?: boolean } = {},
) {
  return html`<button
    class="icon-button ${options.inWords ? 'in-words' : ''}"
    aria-label=${label}
    title=${options.hint ?? label}
    ?disabled=${options.disabled ?? false}
    @click=${act}
  >
    ${icon(name)}${options.inWords ? html`<span>${label}</span>` : nothing}
  </button>`;
}

export interface HeaderActions {
  rename: () => void;
  share: () => void;
  history: () => void;
  copy: () => void;
  trash: () => void;
  export: (format: ExportFormat) => void;
  downloadMine: () => void;
}

export function header(
  app: App,
  workspace: Workspace,
  live: LiveClient | undefined,
  people: PeopleHere | undefined,
  act: HeaderActions,
): TemplateResult {
  const { name, role } = workspace;
  return html`<header class="app-bar editor-bar">
    <a class="brand" href=${app.config.prefix} aria-label=${t('app.home')} title=${t('app.home')}
      >${logo()}</a
    >
    <div class="editor-title">
      <h1 title=${name}>${name}</h1>
      ${role === 'viewer' ? nothing : tool('pencil', t('rename.button'), act.rename)}
    </div>
    ${saveStatus(role, live, act)} ${peopleHere(people)}
    <div class="row editor-actions">
      <span class="wide-only row">
        ${tool('copy', t('copy.button'), act.copy, { inWords: true })}
        ${role === 'owner' ? tool('trash', t('trash.button'), act.trash, { inWords: true }) : nothing}
      </span>
      ${tool('history', t('editor.history'), act.history, { inWords: true })}
      ${exportMenu(act, true)}
      <span class="narrow-only">${moreMenu(role, act)}</span>
      <button class="button" aria-label=${t('editor.share')} @click=${act.share}>
        ${icon('share')}<span>${t('editor.share')}</span>
      </button>
    </div>
  </header>`;
}

export function peopleHere(people: PeopleHere | undefined): TemplateResult | typeof nothing {
  return people
    ? html`<room-people
        .room=${people.room}
        .following=${people}
        .whereabouts=${(member: Member) => people.whereabouts(member)}
      ></room-people>`
    : nothing;
}

export function exportMenu(act: HeaderActions, inWords = false): TemplateResult {
  const item = (format: ExportFormat, label: string) =>
    html`<button
      @click=${() => {
        act.export(format);
      }}
    >
      ${label}
    </button>`;
  return popover(
    'export-menu',
    icon('export'),
    t('editor.export'),
    html`${item('xml', t('editor.exportXml'))} ${item('json', t('editor.exportJson'))}
    ${item('code', t('editor.exportCode'))} ${item('ipynb', t('editor.exportNotebook'))}
    ${item('svg', t('editor.exportSvg'))} ${item('png', t('editor.exportPng'))}`,
    inWords,
  );
}

function moreMenu(role: Workspace['role'], act: HeaderActions): TemplateResult {
  return popover(
    'more-menu',
    icon('more'),
    t('common.moreActions'),
    html`<button @click=${act.copy}>${icon('copy')}${t('copy.button')}</button>
      ${role === 'owner' ? html`<button @click=${act.trash}>${icon('trash')}${t('trash.button')}</button>` : nothing}`,
  );
}

export function saveStatus(
  role: Workspace['role'],
  live: LiveClient | undefined,
  act: HeaderActions,
): TemplateResult {
  const state: SaveState = live?.state ?? 'saved';
  return html`<span class="save-status ${state}">
    <span role="status" class="save-text">${saveText(role, live)}</span>
    ${
      state !== 'saved' && state !== 'saving'
        ? html`<button class="link-button" @click=${act.downloadMine}>
            ${t('save.download')}
          </button>`
        : nothing
    }
  </span>`;
}

function saveText(role: Workspace['role'], live: LiveClient | undefined): string {
  switch (live?.state) {
    case 'saving':
      return t('save.saving');
    case 'offline':
      if (live.isSignedOut) return t('save.signedOut');
      return t(live.hasUnsavedWork ? 'save.offline' : 'save.away');
    case 'not-stored':
      return t('save.notStored');
    case 'conflict':
      return t('save.conflict');
    default:
      return t(role === 'viewer' ? 'save.viewing' : 'save.saved');
  }
}

export function canvasTools(canvas: Canvas | undefined): TemplateResult {
  const disabled = !canvas;
  const act = (what: (canvas: Canvas) => void) => () => {
    if (canvas) what(canvas);
  };
  return html`<div class="row canvas-tools">
    ${tool(
      'undo',
      t('editor.undo'),
      act((it) => {
        it.undo();
      }),
      { disabled: !canvas?.canUndo },
    )}
    ${tool(
      'redo',
      t('editor.redo'),
      act((it) => {
        it.redo();
      }),
      { disabled: !canvas?.canRedo },
    )}
    ${tool(
      'fit',
      t('editor.fit'),
      act((it) => {
        it.zoomToFit();
      }),
      { disabled },
    )}
    ${tool(
      'find',
      t('editor.find'),
      act((it) => void telling(() => it.search())),
      { disabled },
    )}
  </div>`;
}

export interface RunActions {
  run: () => void;
  stop: () => void;
  restart: () => void;
  choose: (kernelName: string) => void;
}

const KERNEL_TEXT = {
  none: 'kernel.none',
  'starting-server': 'kernel.startingServer',
  connecting: 'kernel.connecting',
  waiting: 'kernel.waiting',
  idle: 'kernel.idle',
  busy: 'kernel.busy',
  restarting: 'kernel.restarting',
  dead: 'kernel.dead',
  lost: 'kernel.lost',
} as const satisfies Record<KernelState, string>;

/** Of a notebook it isn't known how its kernel is before it was asked. */
function kernelText({ state, isOfNotebook }: Runner): string {
  return t(state === 'none' && isOfNotebook ? 'kernel.ofNotebook' : KERNEL_TEXT[state]);
}

/** Title of a kernel in the list, with what is known against it. */
function kernelTitle({ title, why_not, only_yours }: KernelSpec): string {
  if (why_not !== null) return t('kernel.broken', { title });
  return only_yours ? t('kernel.onlyYours', { title }) : title;
}

/** Note on the chosen kernel; the place is always there, so that a change is announced. */
export function kernelNote({ chosen, trouble }: Runner): TemplateResult {
  return html`<p
    class="kernel-note"
    id="kernel-note"
    role="status"
    .textContent=${trouble?.kind === 'kernel-broken' ? '' : kernelWords(chosen)}
  ></p>`;
}

function kernelWords(spec: KernelSpec | undefined): string {
  if (!spec) return '';
  const { title, why_not: reason, fault, only_yours: onlyYours } = spec;
  if (reason !== null) return brokenWords(title, fault ?? 'refused', reason);
  return onlyYours ? t('kernel.onlyYoursText', { title }) : '';
}

export function runBar(runner: Runner, act: RunActions): TemplateResult {
  const { state, isRunning, isRunningElsewhere, hasKernel, kernels, chosen } = runner;
  const known = kernels.some(({ why_not, only_yours }) => why_not !== null || only_yours);
  return html`<div class="run-bar">
    <span class="kernel-status ${state}">
      <i aria-hidden="true"></i><span role="status">${kernelText(runner)}</span>
    </span>
    ${
      kernels.length > 1 || known
        ? html`<select
            class="input small"
            aria-label=${t('kernel.choose')}
            aria-describedby="kernel-note"
            ?disabled=${isRunning}
            @change=${(event: Event) => {
              act.choose((event.target as HTMLSelectElement).value);
            }}
          >
            ${kernels.map((spec) => html`<option value=${spec.name} ?selected=${spec === chosen}>${kernelTitle(spec)}</option>`)}
          </select>`
        : nothing
    }
    ${tool('restart', t('editor.restart'), act.restart, { disabled: !hasKernel || state === 'restarting' })}
    ${tool('stop', t('editor.stop'), act.stop, { disabled: !isRunning })}
    <button
      class="button run"
      title=${t(isRunningElsewhere ? 'trouble.already-running' : 'editor.runHint')}
      ?disabled=${isRunning}
      @click=${act.run}
    >
      ${isRunning ? html`<i class="spinner" aria-hidden="true"></i>` : icon('run')}${t('editor.run')}
    </button>
  </div>`;
}

/** Says, beside Run, what runs without asking; the place is always there, so that a change is announced. */
export function sittingNote(trustSession: TrustSession): TemplateResult {
  const { agreed } = trustSession;
  return html`<p class="sitting-note" role="status">
    ${
      agreed
        ? html`<span>${t('sitting.on', { who: inWords(agreed) })}</span>
            <button
              class="link-button"
              @click=${() => {
                trustSession.end();
              }}
            >
              ${t('sitting.end')}
            </button>`
        : nothing
    }
  </p>`;
}

const TAB_TEXT = {
  blocks: 'editor.blocks',
  code: 'editor.code',
  output: 'editor.output',
} as const satisfies Record<Tab, string>;

export function tabName(tab: Tab): string {
  return t(TAB_TEXT[tab]);
}

/** The tabs of a narrow window; arrow keys move between them, as everywhere. */
export function tabList(current: Tab, news: boolean, choose: (tab: Tab) => void): TemplateResult {
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const towards = document.dir === 'rtl' ? -by : by;
    const next = TABS[(TABS.indexOf(current) + towards + TABS.length) % TABS.length] ?? current;
    choose(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${t('editor.parts')} @keydown=${move}>
    ${TABS.map(
      (tab) =>
        html`<button
          id="tab-${tab}"
          role="tab"
          aria-selected=${tab === current}
          aria-controls="panel-${tab}"
          tabindex=${tab === current ? 0 : -1}
          class=${tab === 'output' && news ? 'news' : ''}
          @click=${() => {
            choose(tab);
          }}
        >
          ${tabName(tab)}
        </button>`,
    )}
  </div>`;
}

export function codePanel(
  code: string,
  language: string,
  copy: () => void,
  insert?: { label: string; do: () => void },
): TemplateResult {
  return html`<div class="panel-head">
      <h2>${t('editor.code')}</h2>
      ${
        insert
          ? html`<div class="row">
              <button class="button small" ?disabled=${!code} @click=${insert.do}>
                ${insert.label}
              </button>
              ${tool('copy', t('editor.copyCode'), copy, { disabled: !code })}
            </div>`
          : html`<button class="button small" ?disabled=${!code} @click=${copy}>
              ${icon('copy')}${t('editor.copyCode')}
            </button>`
      }
    </div>
    ${
      code
        ? codeView(code, language, t('editor.code'))
        : html`<p class="hint">${t('editor.noCode')}</p>`
    }`;
}

export function noticeView({ text, look, actions }: Notice): TemplateResult {
  return html`<div class="banner ${look ?? ''}" role=${look ? 'alert' : 'note'}>
    <p>${text}</p>
    <div class="row">
      ${actions.map(({ label, href, do: act }) =>
        href
          ? html`<a class="button small" href=${href}>${label}</a>`
          : html`<button class="button small" @click=${act}>${label}</button>`,
      )}
    </div>
  </div>`;
}

/** Says over the blocks whose view is shown. */
export function followingNote(people: PeopleHere | undefined): TemplateResult | typeof nothing {
  const name = people?.user;
  if (!people || name === undefined) return nothing;
  return html`<p class="following-note" role="status">
    ${t('people.following', { name })}
    <button
      class="link-button"
      @click=${() => {
        people.follow(undefined);
      }}
    >
      ${t('people.stopFollowing')}
    </button>
  </p>`;
}
