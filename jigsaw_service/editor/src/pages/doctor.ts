/** Doctor page for Hub admins: what is wrong with the set-up, and the lines that mend it. */
import { html, nothing, render, type TemplateResult } from 'lit';
import { examine, type Diagnosis, type Finding, type Mend } from '../api/doctor';
import type { App } from '../app';
import { t } from '../i18n';
import { appBar } from '../ui/appBar';
import { icon } from '../ui/icons';
import { PageElement } from '../ui/pageElement';
import { problemText } from '../ui/problemText';
import { toast } from '../ui/toast';

export function show(app: App, host: HTMLElement): void {
  document.title = `${t('doctor.title')} – ${t('app.name')}`;
  render(html`<jigsaw-doctor .app=${app}></jigsaw-doctor>`, host);
}

class Doctor extends PageElement {
  static override properties = {
    app: { attribute: false },
    diagnosis: { state: true },
    trouble: { state: true },
    isLooking: { state: true },
  };
  declare app: App;
  declare diagnosis: Diagnosis | undefined;
  declare trouble: string;
  declare isLooking: boolean;

  constructor() {
    super();
    this.trouble = '';
    this.isLooking = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look();
  }

  async #look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    this.trouble = '';
    this.diagnosis = undefined;
    try {
      this.diagnosis = await examine(this.app.client);
    } catch (error) {
      this.trouble = problemText(error);
    } finally {
      this.isLooking = false;
    }
  }

  protected override render(): TemplateResult {
    return html`${appBar(this.app.config)}
      <main class="doctor">
        <div class="doctor-head">
          <h1>${t('doctor.title')}</h1>
          <button
            class="button"
            aria-disabled=${this.isLooking ? 'true' : 'false'}
            @click=${() => void this.#look()}
          >
            ${this.isLooking ? html`<i class="spinner" aria-hidden="true"></i>` : icon('restart')}
            ${t('doctor.again')}
          </button>
        </div>
        <p class="quiet">${t('doctor.text')}</p>
        <p class="doctor-news" role="status">${this.#news()}</p>
        ${this.trouble ? html`<p class="form-trouble" role="alert">${this.trouble}</p>` : nothing}
        ${this.diagnosis ? this.#diagnosis(this.diagnosis) : nothing}
      </main>`;
  }

  #news(): TemplateResult | string {
    if (this.isLooking) return t('doctor.looking');
    if (!this.diagnosis) return '';
    const count = this.diagnosis.findings.length;
    if (count) return html`${icon('warning')}<b>${t('doctor.found', { count })}</b>`;
    return html`${icon('check')}<span
        ><b>${t('doctor.nothing')}.</b> ${t('doctor.nothingText')}</span
      >`;
  }

  #diagnosis({ findings, not_looked_at: unseen }: Diagnosis): TemplateResult {
    return html`<ul class="findings">
        ${findings.map((finding) => html`<li>${this.#finding(finding)}</li>`)}
      </ul>
      ${
        unseen.length
          ? html`<section class="unseen">
              <h2>${t('doctor.unseen')}</h2>
              <p class="quiet">${t('doctor.unseenText')}</p>
              <ul dir="auto">
                ${unseen.map((one) => html`<li lang="en">${one}</li>`)}
              </ul>
            </section>`
          : nothing
      }`;
  }

  /** A finding, in English in every language of the page: it is about English files. */
  #finding({ name, says, where, mend }: Finding): TemplateResult {
    return html`<article class="finding">
      <h2 lang="en" dir="ltr">${says}</h2>
      <p class="finding-name"><code dir="ltr">${name}</code></p>
      <h3>${t('doctor.where')}</h3>
      <p class="quiet" lang="en" dir="ltr">${where}</p>
      ${
        mend.length
          ? html`<h3>${t('doctor.mend')}</h3>
              <ul class="mends">
                ${mend.map((one) => html`<li>${this.#mend(one)}</li>`)}
              </ul>`
          : nothing
      }
    </article>`;
  }

  #mend({ place, line }: Mend): TemplateResult {
    return html`<div class="mend-head">
        <span>${t('doctor.in', { place })}</span>
        <button
          class="button small"
          aria-label=${t('doctor.copyLabel', { place })}
          @click=${() => {
            copy(line);
          }}
        >
          ${icon('copy')}${t('doctor.copy')}
        </button>
      </div>
      <pre tabindex="0" dir="ltr"><code>${line}</code></pre>`;
  }
}

customElements.define('jigsaw-doctor', Doctor);

function copy(line: string): void {
  void navigator.clipboard.writeText(line).then(
    () => {
      toast(t('doctor.copied'));
    },
    () => {
      toast(t('doctor.copyFailed'));
    },
  );
}
