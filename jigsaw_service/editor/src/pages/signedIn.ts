/** Signed-in page: tells its opener, or the page around its frame, of a new sign-in. */
import { html, render } from 'lit';
import type { App } from '../app';
import { t } from '../i18n';
import { logo } from '../ui/icons';
import { RENEWED } from '../ui/signedOut';

const CLOSE_AFTER = 200;

export function show({ config }: App, host: HTMLElement): void {
  const waiting =
    (window.opener as Window | null) ?? (window.parent === window ? null : window.parent);
  if (window.parent === window) new BroadcastChannel(RENEWED).postMessage(null);
  waiting?.postMessage(
    { type: 'jigsaw-signed-in', user: config.user?.name, xsrf: config.xsrf },
    location.origin,
  );
  // Not before it is heard. A browser closes only what a script has opened.
  if (window.parent === window)
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
