/** Stage view over the blocks of the page: an old state, a comparison, or playback. */
import { html, nothing, type TemplateResult } from 'lit';
import { codeOf, Stage } from '../canvas/stage';
import { nextFrame } from '../canvas/scheduler';
import { isRightToLeft, t } from '../i18n';
import { loadLanguage } from '../languages';
import { isDark, onDarkChange } from '../ui/dark';
import { icon } from '../ui/icons';
import { PageElement } from '../ui/pageElement';
import { diffCode } from './codeDiff';
import { codeDifferences, type CodeDifference } from './codeView';
import type { HistoryModel, View } from './model';
import { playbackControls } from './playbackView';
import type { Player } from './player';
import { review } from './review';
import type { Which } from './states';

class HistoryStage extends PageElement {
  static override properties = {
    model: { attribute: false },
    busy: { state: true },
    code: { state: true },
  };
  declare model: HistoryModel;
  declare busy: boolean;
  /** Of the comparison that is shown, once it has been asked for. */
  declare code: CodeDifference | undefined;

  #stage: Promise<Stage> | undefined;
  #leaveDark: (() => void) | undefined;
  #resize: ResizeObserver | undefined;
  /** State on the stage, or on its way there. */
  #on: string | undefined;
  #coded: string | undefined;
  #pointed: string | undefined;
  #work = new AbortController();

  constructor() {
    super();
    this.busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.model.addEventListener('change', this.#changed);
    this.addEventListener('keydown', this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.model.removeEventListener('change', this.#changed);
    this.#work.abort();
    this.#leaveDark?.();
    this.#resize?.disconnect();
    void this.#stage?.then((stage) => {
      stage.dispose();
    });
  }

  readonly #changed = () => {
    this.requestUpdate();
  };

  readonly #pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    this.model.show(undefined);
  };

  protected override render(): TemplateResult {
    const { view } = this.model;
    const isCode = view?.kind === 'compare' && view.as === 'code';
    return html`<header class="stage-head">
        <strong>${view ? titleOf(view) : ''}</strong>
        ${this.busy ? html`<span class="quiet" role="status">${t('common.loading')}</span>` : nothing}
        <button
          class="icon-button small"
          aria-label=${t('history.back')}
          title=${t('history.back')}
          @click=${() => {
            this.model.show(undefined);
          }}
        >
          ${icon('close')}
        </button>
      </header>
      <div
        class="stage-host ${view?.kind === 'compare' ? 'comparing' : ''} ${
          isCode || this.model.trouble ? 'aside' : ''
        }"
      ></div>
      ${isCode ? codeDifferences(this.code) : nothing}
      ${view?.kind === 'play' ? playbackControls(view.player) : nothing}`;
  }

  protected override updated(): void {
    const { view } = this.model;
    if (!view) return;
    const wanted = keyOf(view);
    if (view.kind === 'play') this.#play(view.player);
    else if (wanted !== this.#on) this.#put(wanted, (signal) => this.#show(view, signal));
    else if (view.kind === 'compare') {
      if (view.as === 'code') this.#compareCode(view.before, view.after);
      this.#point();
    }
  }

  /** Does `work`, and nothing that was begun before. */
  #put(key: string, work: (signal: AbortSignal) => Promise<void>): void {
    this.#on = key;
    this.#work.abort();
    const { signal } = (this.#work = new AbortController());
    this.busy = true;
    this.#pointed = undefined;
    void work(signal)
      .catch((error: unknown) => {
        if (!signal.aborted) this.model.fail(error);
      })
      .finally(() => {
        if (!signal.aborted) this.busy = false;
      });
  }

  async #show(view: View, signal: AbortSignal): Promise<void> {
    const stage = await this.#ready();
    const { states } = this.model;
    if (view.kind === 'revision') {
      await stage.show(await states.of(view.number), signal);
    } else if (view.kind === 'compare') {
      const both = [states.of(view.before), states.of(view.after)] as const;
      const [before, after] = await Promise.all(both);
      signal.throwIfAborted();
      await nextFrame();
      const found = review(before, after);
      await nextFrame();
      await stage.show(found.records, signal);
      const leading = new Set(found.entries.map(({ id }) => id));
      await stage.mark(found.marks, leading, found.beside, signal);
      this.model.found = { review: found, describe: (id) => stage.describe(id) };
      const [first] = found.entries;
      if (first) stage.reveal(first.id);
      await nextFrame();
      signal.throwIfAborted();
      this.model.changed();
    }
  }

  #play(player: Player): void {
    const key = `play ${player.index}`;
    if (key === this.#on) return;
    const isFirst = !this.#on?.startsWith('play');
    this.#put(key, async (signal) => {
      const shown = this.#playMoment(player, signal, isFirst);
      player.drawing(shown);
      await shown;
    });
  }

  async #playMoment(player: Player, signal: AbortSignal, isFirst: boolean): Promise<void> {
    const stage = await this.#ready();
    const records = await player.timeline.stateAt(player.index);
    signal.throwIfAborted();
    if (isFirst) await stage.show(records, signal);
    else {
      const [changed] = await stage.alter(records, signal);
      const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
      if (changed !== undefined && !isStill) stage.reveal(changed);
    }
  }

  #compareCode(before: Which, after: Which): void {
    const key = `${before} ${after}`;
    if (this.#coded === key) return;
    this.#coded = key;
    this.code = undefined;
    void this.#findCode(before, after)
      .then((code) => {
        if (this.#coded === key) this.code = code;
      })
      .catch((error: unknown) => {
        this.model.fail(error);
      });
  }

  async #findCode(before: Which, after: Which): Promise<CodeDifference> {
    const { states, workspace } = this.model;
    const language = await loadLanguage(workspace.language);
    const was = await codeOf(await states.of(before), language);
    const is = await codeOf(await states.of(after), language);
    return { isSame: was === is, hunks: await diffCode(was, is) };
  }

  #point(): void {
    const { pointed } = this.model;
    if (pointed === this.#pointed) return;
    this.#pointed = pointed;
    void this.#stage?.then((stage) => {
      stage.pointAt(pointed);
    });
  }

  #ready(): Promise<Stage> {
    return (this.#stage ??= this.#create());
  }

  async #create(): Promise<Stage> {
    const { app, workspace } = this.model;
    const language = await loadLanguage(workspace.language);
    const host = this.querySelector<HTMLElement>('.stage-host');
    if (!host) throw new Error('There is no place for the blocks.');
    const stage = new Stage(host, {
      language,
      rtl: isRightToLeft(),
      dark: isDark(),
      media: `${app.config.static}media/`,
    });
    this.#leaveDark = onDarkChange((dark) => {
      stage.setDark(dark);
    });
    this.#resize = new ResizeObserver(() => {
      stage.resize();
    });
    this.#resize.observe(host);
    return stage;
  }
}

function keyOf(view: View): string {
  if (view.kind === 'revision') return `revision ${view.number}`;
  return view.kind === 'compare' ? `compare ${view.before} ${view.after}` : 'play';
}

function titleOf(view: View): string {
  const name = (which: Which) =>
    which === 'now' ? t('history.now') : t('history.revision', { number: which });
  if (view.kind === 'revision') return t('history.oldState', { number: view.number });
  if (view.kind === 'play') return t('history.playing');
  return t('history.comparison', { before: name(view.before), after: name(view.after) });
}

customElements.define('history-stage', HistoryStage);
