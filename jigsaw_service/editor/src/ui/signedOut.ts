/** The banner that stands when the sign-in has ended, and the pop-up that renews it without losing the page. */
import { html, render } from 'lit';
import type { Client } from '../api/client';
import { t } from '../i18n';

/** The message that the `signed-in` page sends to the window that opened it. */
interface SignedIn {
  type: 'jigsaw-signed-in';
  user: string;
  xsrf: string;
}

/** Shows the banner whenever `client` finds the sign-in ended. */
export function watchSignIn(client: Client, user: string): void {
  let banner: HTMLElement | undefined;
  client.addEventListener('signed-out', () => {
    banner ??= showBanner(() => {
      renew(client);
    });
  });
  client.addEventListener('signed-in', () => {
    banner?.remove();
    banner = undefined;
  });
  addEventListener('message', (event: MessageEvent<Partial<SignedIn> | null>) => {
    const { data } = event;
    if (!isRenewed(event) || !data?.xsrf) return;
    // Work of one person must never be sent under another's name.
    if (data.user === user) client.renew(data.xsrf);
    else location.reload();
  });
}

let beside: Window | null = null;

/** Opens the sign-in beside the page; where the browser forbids it, goes there with the page. */
export function renew(client: Client): void {
  beside = open(client.url('signed-in'), 'jigsaw-sign-in', 'popup,width=520,height=680');
  if (!beside) location.reload();
}

/**
 * Whether the sign-in that this page opened, in a window or in `frame`, says that it is done. With path
 * routing other people's pages share our origin, so that the origin alone says little.
 */
export function isRenewed(
  { origin, source, data }: MessageEvent<Partial<SignedIn> | null>,
  frame: Window | null = null,
): boolean {
  const isExpected = source !== null && (source === beside || source === frame);
  return isExpected && origin === location.origin && data?.type === 'jigsaw-signed-in';
}

function showBanner(onClick: () => void): HTMLElement {
  const banner = document.createElement('div');
  banner.className = 'banner warning signed-out';
  banner.setAttribute('role', 'alert');
  render(
    html`<p><strong>${t('signedOut.title')}</strong> ${t('signedOut.text')}</p>
      <button class="button primary" @click=${onClick}>${t('signedOut.signIn')}</button>`,
    banner,
  );
  document.body.prepend(banner);
  return banner;
}
