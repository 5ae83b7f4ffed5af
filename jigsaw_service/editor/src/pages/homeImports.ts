/** Imports on the home page: dropping files, and the list of each file's result. */
import { html, type TemplateResult } from 'lit';
import { editorUrl, type App } from '../app';
import { t } from '../i18n';
import type { Workspace } from '../api/types';
import { downloadText } from '../ui/download';
import { icon } from '../ui/icons';
import type { FileResult } from './importing';

/** Tells when files hover over `area` and when they are let go. */
export function fileDrop(
  area: HTMLElement,
  on: { over(over: boolean): void; drop(files: File[]): void },
): void {
  const brings = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  area.addEventListener('dragover', (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    on.over(true);
  });
  area.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) on.over(false);
  });
  area.addEventListener('drop', (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    on.over(false);
    on.drop([...(event.dataTransfer?.files ?? [])]);
  });
}

export function importList(
  app: App,
  results: readonly FileResult[],
  dismiss: () => void,
): TemplateResult | string {
  if (results.length === 0) return '';
  return html`<section class="imports" aria-label=${t('import.title')}>
    <ul aria-live="polite">
      ${results.map(
        (result) =>
          html`<li class=${result.state}>
            <strong>${result.file.name}</strong> <span>${outcome(app, result)}</span>
          </li>`,
      )}
    </ul>
    <button class="icon-button" aria-label=${t('common.dismiss')} @click=${dismiss}>
      ${icon('close')}
    </button>
  </section>`;
}

function outcome(
  app: App,
  { state, sent, made, edited, wasRecoded, why }: FileResult,
): TemplateResult | string {
  if (state === 'waiting') return t('import.waiting');
  if (state === 'sending') return t('import.sending', { percent: Math.round(sent * 100) });
  if (state === 'failed') return t('import.failed', { why });
  return html`${t('import.done')} ${edited.size > 0 ? t('import.edited') : ''}
  ${wasRecoded ? t('import.recoded') : ''}
  ${made.map((workspace) => choices(app, workspace, edited.get(workspace.id)))}`;
}

/** The blocks; and the code, where that was edited since they were exported with it. */
function choices(app: App, workspace: Workspace, code: string | undefined): TemplateResult {
  const { id, name, language } = workspace;
  const open = html`<a href=${editorUrl(app, id)}>${t('import.open', { name })}</a>`;
  if (code === undefined) return open;
  const known = app.config.languages?.find((one) => one.name === language);
  const download = () => {
    downloadText(name, known?.file_extension ?? '.txt', code, 'text/plain');
  };
  return html`${open}
    <button class="link-button" @click=${download}>${t('import.keepCode', { name })}</button>`;
}
