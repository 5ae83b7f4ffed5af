/** Tells the window that opened this one, or the page around this frame, that somebody signed in again. */
import { html, render } from 'lit';
import type { App } from '../app';
import { t } from '../i18n';
import { logo } from '../ui/icons';

const CLOSE_AFTER = 200;

export function show({ config }: App, host: HTMLElement): void {
  const waiting =
    (window.opener as Window | null) ?? (window.parent === window ? null : window.parent);
  waiting?.postMessage(
    { type: 'jigsaw-signed-in', user: config.user?.name, xsrf: config.xsrf },
    location.origin,
  );
  // Not before it is heard: a window that is gone is nobody's.
  if (window.opener)
    setTimeout(() => {
      window.close();
    }, CLOSE_AFTER);
  render(
    html`<main class="message-page">
      ${logo()}
      <h1>${t('signedIn.title')}</h1>
      <p>${t('signedIn.text')}</p>
    </main>`,
    host,
  );
}
