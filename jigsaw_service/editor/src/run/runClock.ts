/** Run clock: for how long the program has run, second by second. */
import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../i18n';
import { PageElement } from '../ui/pageElement';
import { duration } from './outcome';
import type { Runner } from './runner';

/** Seconds that go by unsaid. */
const UNSAID = 2;

class RunClock extends PageElement {
  static override properties = { runner: { attribute: false } };
  declare runner: Runner;

  #ticking: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ticking = setInterval(() => {
      this.requestUpdate();
    }, 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { seconds = 0 } = this.runner;
    if (seconds < UNSAID) return nothing;
    // A timer is read out when it is come to, and not with each second.
    return html`<span role="timer"
      >${t('run.runningFor', { time: duration(Math.floor(seconds)) })}</span
    >`;
  }
}

customElements.define('run-clock', RunClock);
