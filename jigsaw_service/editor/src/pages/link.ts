/**
 * Share link page: says whose, what and which role; only the button accepts.
 *
 * The code stands in the fragment, which no server sees. While somebody signs in, this tab keeps it.
 */
import { html, render, type TemplateResult } from 'lit';
import { editorUrl, type App } from '../app';
import { ApiProblem } from '../api/problem';
import { acceptLink, previewLink, type LinkPreview } from '../api/sharing';
import { t } from '../i18n';
import { logo } from '../ui/icons';
import { PageElement } from '../ui/pageElement';
import { problemText } from '../ui/problemText';

const KEPT = 'jigsaw-link';

export function show(app: App, host: HTMLElement): void {
  document.title = `${t('link.title')} – ${t('app.name')}`;
  const code = codeOf(app);
  render(html`<link-page .app=${app} .code=${code}></link-page>`, host);
  addEventListener('hashchange', () => {
    location.reload();
  });
}

/** The code in the address, or the one that this tab kept through the sign-in. */
function codeOf({ config }: App): string {
  const here = location.hash.slice(1);
  const code = here || (sessionStorage.getItem(KEPT) ?? '');
  if (config.user) sessionStorage.removeItem(KEPT);
  if (!here && code) history.replaceState(null, '', `${config.prefix}s#${code}`);
  return code;
}

class LinkPage extends PageElement {
  static override properties = {
    app: { attribute: false },
    code: { attribute: false },
    preview: { state: true },
    trouble: { state: true },
    busy: { state: true },
  };
  declare app: App;
  declare code: string;
  declare preview: LinkPreview | undefined;
  declare trouble: unknown;
  declare busy: boolean;

  constructor() {
    super();
    this.busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.app.config.user && this.code) void this.#look();
    this.app.client.addEventListener('signed-in', () => void this.#look());
  }

  protected override render(): TemplateResult {
    return html`<main class="message-page">${logo()} ${this.#content()}</main>`;
  }

  #content(): TemplateResult {
    if (!this.code) return this.#nothing(t('link.incomplete'));
    if (!this.app.config.user) return this.#signIn();
    if (this.preview) return this.#offer(this.preview);
    if (this.trouble) return this.#nothing(problemText(this.trouble));
    return html`<p role="status">${t('common.loading')}</p>`;
  }

  #nothing(text: string): TemplateResult {
    const gone = this.trouble instanceof ApiProblem && this.trouble.status === 410;
    return html`<h1>${gone ? t('link.gone') : t('link.title')}</h1>
      <p role="alert">${text}</p>
      <p><a class="button" href=${this.app.config.prefix}>${t('problem.home')}</a></p>`;
  }

  #signIn(): TemplateResult {
    return html`<h1>${t('link.title')}</h1>
      <p>${t('link.signInText')}</p>
      <p>
        <button
          class="button primary"
          @click=${() => {
            sessionStorage.setItem(KEPT, this.code);
            location.assign(`${this.app.config.prefix}s?sign-in=1`);
          }}
        >
          ${t('link.signIn')}
        </button>
      </p>`;
  }

  #offer({ kind, owner, name, accepted }: LinkPreview): TemplateResult {
    return html`<h1>${t(`link.${kind}`, { owner, name })}</h1>
      <p>${t(`link.${kind}Means`)}</p>
      ${accepted ? html`<p class="quiet">${t('link.accepted')}</p>` : ''}
      <form @submit=${(event: SubmitEvent) => void this.#accept(event)}>
        ${
          kind === 'copy'
            ? html`<p>${t('link.copySeen', { owner })}</p>
                <label class="check">
                  <input type="checkbox" name="allow" />
                  <span>${t('origin.allow', { name: owner })}</span>
                </label>
                <p class="quiet">${t('origin.collect', { name: owner })}</p>`
            : ''
        }
        <p class="form-trouble" role="alert">${this.trouble ? problemText(this.trouble) : ''}</p>
        <p><button class="button primary" ?disabled=${this.busy}>${t('link.accept')}</button></p>
      </form>`;
  }

  async #look(): Promise<void> {
    try {
      this.trouble = undefined;
      this.preview = await previewLink(this.app.client, this.code);
    } catch (error) {
      this.trouble = error;
    }
  }

  async #accept(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const allow = new FormData(event.target as HTMLFormElement).has('allow');
    this.busy = true;
    try {
      const { workspace_id: id } = await acceptLink(this.app.client, this.code, allow);
      location.replace(editorUrl(this.app, id));
    } catch (error) {
      this.trouble = error;
      if (error instanceof ApiProblem && error.status === 410) this.preview = undefined;
      this.busy = false;
    }
  }
}

customElements.define('link-page', LinkPage);
