/** Problem page: not found, not allowed, not ready, or broken. */
import { html, render } from 'lit';
import type { App } from '../app';
import { t } from '../i18n';
import type { PageProblem } from '../api/pageConfig';
import { logo } from '../ui/icons';

/** Seconds after which a service that was not ready is asked again. */
const RETRY_SECONDS = 5;

export function show({ config }: App, host: HTMLElement): void {
  const problem = config.problem ?? { slug: 'not-found', status: 404, title: '', detail: '' };
  const { title, text } = words(problem);
  document.title = `${title} – ${t('app.name')}`;
  render(
    html`<main class="message-page">
      ${logo()}
      <h1>${title}</h1>
      <p>${text}</p>
      <p class="row">
        ${
          problem.status >= 500
            ? html`<button
                class="button primary"
                @click=${() => {
                  location.reload();
                }}
              >
                ${t('common.tryAgain')}
              </button>`
            : html`<a class="button primary" href=${config.prefix}>${t('problem.home')}</a>`
        }
      </p>
    </main>`,
    host,
  );
  if (problem.slug === 'not-ready' || problem.slug === 'storage-failed')
    setTimeout(() => {
      location.reload();
    }, RETRY_SECONDS * 1000);
}

function words({ slug, status, title, detail }: PageProblem): { title: string; text: string } {
  if (status === 404)
    return { title: t('problem.notFound.title'), text: t('problem.notFound.text') };
  if (slug === 'not-ready')
    return { title: t('problem.notReady.title'), text: t('problem.notReady.text') };
  if (slug === 'storage-failed')
    return { title: t('problem.storageFailed.title'), text: t('problem.storageFailed.text') };
  if (status === 403) return { title: t('problem.notAllowed.title'), text: detail };
  if (status >= 500) return { title: t('problem.server.title'), text: t('problem.server.text') };
  return { title: title || t('problem.server.title'), text: detail };
}
