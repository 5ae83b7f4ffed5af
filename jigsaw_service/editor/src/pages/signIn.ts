/**
 * Sign-in page in a frame, instead of the Hub's own, which nothing may frame.
 *
 * A person whom the Hub still knows is signed in again unasked, in a frame inside this one; all
 * others by one click.
 */
import { html, render } from 'lit';
import type { App } from '../app';
import { t } from '../i18n';
import { logo } from '../ui/icons';
import { isRenewed, renew } from '../ui/signedOut';

export function show({ client, config }: App, host: HTMLElement): void {
  addEventListener('message', (event: MessageEvent<null>) => {
    if (isRenewed(event, host.querySelector('iframe')?.contentWindow)) location.reload();
  });
  render(
    html`<main class="message-page small">
      ${logo()}
      <p>${t('frame.signIn')}</p>
      <button
        class="button primary"
        @click=${() => {
          renew(client);
        }}
      >
        ${t('signedOut.signIn')}
      </button>
      <iframe hidden src="${config.prefix}signed-in" title=${t('signedIn.title')}></iframe>
    </main>`,
    host,
  );
}
