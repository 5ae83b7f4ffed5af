/** Run panel: a run's outputs, its questions, and what stands in its way. */
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { App } from '../app';
import { t } from '../i18n';
import type { Room } from '../live/room';
import { PageElement } from '../ui/pageElement';
import { renew } from '../ui/signedOut';
import type { Explanation } from './explanation';
import { inputForm } from './inputForm';
import { announcementOf, outcomeText, type Outcome } from './outcome';
import type { Presenting } from './presenting';
import type { Runner } from './runner';
import './shownOutputs';
import { troublePanel } from './troublePanel';
import './outputView';
import './runClock';

/** Pixels from the end within which we take somebody to be reading there. */
const NEAR_END = 40;

class RunPanel extends PageElement {
  static override properties = {
    app: { attribute: false },
    runner: { attribute: false },
    run: { attribute: false },
    room: { attribute: false },
    presenting: { attribute: false },
    announcement: { state: true },
  };
  declare app: App;
  declare runner: Runner;
  /** Runs what stands on the canvas. */
  declare run: () => void;
  /** Room with the other people, once it is known. */
  declare room: Room | undefined;
  /** Missing where outputs can't be shown to others. */
  declare presenting: Presenting | undefined;
  declare announcement: string;

  #atEnd = true;

  constructor() {
    super();
    this.announcement = '';
  }

  protected override willUpdate(changed: PropertyValues): void {
    for (const [name, events] of [
      ['room', ['people', 'shown']],
      ['presenting', ['change']],
    ] as const)
      if (changed.has(name))
        for (const event of events)
          this[name]?.addEventListener(event, () => {
            this.requestUpdate();
          });
    if (!changed.has('runner')) return;
    this.runner.addEventListener('change', () => {
      this.requestUpdate();
    });
    this.runner.outputs.addEventListener('change', () => {
      this.requestUpdate();
    });
    this.runner.addEventListener('finished', (event) => {
      this.#announce((event as CustomEvent<Outcome>).detail);
    });
    this.runner.addEventListener('explained', (event) => {
      const { words, block } = (event as CustomEvent<Explanation>).detail;
      if (block !== undefined)
        this.announcement = [this.announcement, words, t('mark.at', { block })]
          .filter(Boolean)
          .join(' ');
    });
  }

  protected override updated(): void {
    this.#followEnd();
    const field = this.querySelector<HTMLInputElement>('.input-request input');
    if (field && document.activeElement !== field && !field.dataset['seen']) {
      field.dataset['seen'] = 'yes';
      field.focus();
    }
  }

  protected override render(): TemplateResult {
    const { runner } = this;
    const isEmpty = runner.outputs.items.length === 0;
    return html`<div class="panel-head">
        <h2>${t('editor.output')}</h2>
        <div class="row">
          ${this.#presentButton()}
          <button
            class="button small"
            ?disabled=${isEmpty}
            @click=${() => {
              runner.outputs.wipe();
            }}
          >
            ${t('run.clear')}
          </button>
        </div>
      </div>
      <div class="output-scroll" tabindex="0" @scroll=${this.#scrolled}>
        ${
          this.room
            ? html`<shown-outputs
                .room=${this.room}
                .frameUrl=${this.app.client.url('output-frame')}
              ></shown-outputs>`
            : nothing
        }
        ${runner.trouble ? troublePanel(runner.trouble, this.#mending) : nothing}
        ${runner.state === 'starting-server' ? startProgress(runner.progress) : nothing}
        ${
          runner.outputs.isIncomplete
            ? html`<p class="outcome">${t('run.incomplete')}</p>`
            : nothing
        }
        <output-view
          .outputs=${runner.outputs}
          .explanation=${runner.explanation}
          .frameUrl=${this.app.client.url('output-frame')}
        ></output-view>
        ${runner.input ? inputForm(runner.input) : nothing} ${this.#outcome()}
      </div>
      <p class="visually-hidden" aria-live="polite">${this.announcement}</p>`;
  }

  /** Before the first run, what this place is for; after each, how it ended. */
  #outcome(): TemplateResult | typeof nothing {
    const { outcome, outputs, isRunning, isRunningElsewhere, trouble } = this.runner;
    const clock = html`<run-clock .runner=${this.runner}></run-clock>`;
    if (isRunningElsewhere) return html`<p class="outcome">${t('run.goesOn')} ${clock}</p>`;
    if (isRunning) return html`<p class="outcome">${clock}</p>`;
    if (outcome)
      return html`<p class="outcome ${outcome.kind}">${outcomeText(outcome, outputs.produced)}</p>`;
    if (trouble || outputs.items.length > 0) return nothing;
    return html`<p class="hint">${t('run.nothing')}</p>`;
  }

  #presentButton(): TemplateResult | typeof nothing {
    const { presenting } = this;
    if (!presenting || (!presenting.isOn && !this.room?.others.length)) return nothing;
    return html`${presenting.isTooLarge ? html`<span class="note">${t('present.tooLarge')}</span>` : nothing}
      <button
        class="button small"
        aria-pressed=${presenting.isOn ? 'true' : 'false'}
        @click=${() => {
          if (presenting.isOn) presenting.stop();
          else presenting.start();
        }}
      >
        ${t(presenting.isOn ? 'present.stop' : 'present.start')}
      </button>`;
  }

  /** Keeps the newest line of a long text in sight, unless somebody scrolled up to read. */
  #followEnd(): void {
    const area = this.querySelector('.output-scroll');
    const grows =
      this.runner.input !== undefined || this.runner.outputs.items.at(-1)?.kind === 'stream';
    if (!area || !grows || !this.#atEnd) return;
    requestAnimationFrame(() => area.scrollTo({ top: area.scrollHeight }));
  }

  readonly #scrolled = (event: Event): void => {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget as HTMLElement;
    this.#atEnd = scrollTop + clientHeight > scrollHeight - NEAR_END;
  };

  readonly #mending = {
    run: () => {
      this.run();
    },
    restart: () => void this.runner.restart(),
    stop: () => void this.runner.stop(),
    signIn: () => {
      renew(this.app.client);
    },
    awaitServer: () =>
      void this.runner.whenServerRuns(() => {
        this.run();
      }),
  };

  #announce(outcome: Outcome): void {
    this.announcement = announcementOf(outcome, this.runner.outputs.produced);
  }
}

customElements.define('run-panel', RunPanel);

function startProgress(progress: Runner['progress']): TemplateResult {
  return html`<div class="start-progress">
    <p>${t('run.serverStarting')}</p>
    <progress
      aria-label=${t('run.progress')}
      max="100"
      value=${progress?.percent ?? nothing}
    ></progress>
    <p class="quiet">${progress?.message ?? ''}</p>
  </div>`;
}
