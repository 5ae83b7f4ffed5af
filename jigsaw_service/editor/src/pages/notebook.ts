/** A notebook asks for a workspace that isn't there: it is made, once, and then opened. */
import { html, render } from 'lit';
import type { App } from '../app';
import { t } from '../i18n';
import { logo } from '../ui/icons';
import { problemText } from '../ui/problemText';

export async function show(app: App, host: HTMLElement): Promise<void> {
  const { wanted } = app.config;
  if (!wanted) return;
  tell(host, t('frame.making'));
  try {
    const made = { ...wanted, notebook_name: wanted.name };
    // A second request, from another frame, is answered with what the first made.
    await app.client.send('POST', 'api/workspaces', made);
    location.reload();
  } catch (error) {
    tell(host, problemText(error));
  }
}

function tell(host: HTMLElement, text: string): void {
  render(
    html`<main class="message-page small">
      ${logo()}
      <p role="status">${text}</p>
    </main>`,
    host,
  );
}
