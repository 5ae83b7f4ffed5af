/** Banner for an ended sign-in, and the pop-up that renews it without losing the page. */
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
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.title = t('signedIn.title');
  addEventListener('message', (event: MessageEvent<Partial<SignedIn> | null>) => {
    const { data } = event;
    if (!isRenewed(event, frame.contentWindow) || !data?.xsrf) return;
    frame.remove();
    // Work of one person must never be sent under another's name.
    if (data.user === user) client.renew(data.xsrf);
    else location.reload();
  });
  new BroadcastChannel(RENEWED).addEventListener('message', () => {
    if (!client.isSignedOut) return;
    frame.src = client.url('signed-in');
    document.body.append(frame);
  });
}

/**
 * The channel on which `signed-in` says that it was reached. The browser gives a page and the sign-in that it
 * opened no handle on each other, and anybody of our origin may say this: so the page asks for itself, in a frame.
 */
export const RENEWED = 'jigsaw-signed-in';

let beside: Window | null = null;

/** Opens the sign-in beside the page; where the browser forbids it, goes there with the page. */
export function renew(client: Client): void {
  beside = open(client.url('signed-in'), 'jigsaw-sign-in', 'popup,width=520,height=680');
  if (!beside) location.reload();
}

/**
 * True if the sign-in that this page opened, in a window or in `frame`, says that it is done. With
 * path routing other people's pages share our origin, so that the origin alone says little.
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
