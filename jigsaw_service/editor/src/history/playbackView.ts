/** Playback view: who did what when, while the history is played. */
import { html, nothing, type TemplateResult } from 'lit';
import { dateTime, listOf, t } from '../i18n';
import { icon } from '../ui/icons';
import { SPEEDS, type Player } from './player';

/** View of the moment, beside the canvas. */
export function playbackView(player: Player): TemplateResult {
  const { moment } = player;
  return html`<div class="history-body">
    <p class="hint">${t('history.playingText')}</p>
    ${
      moment
        ? html`<div class="moment">
            <strong>${listOf(moment.people)}</strong>
            <time datetime=${moment.when}>${dateTime(moment.when)}</time>
            ${
              moment.revision
                ? html`<span class="badge"
                    >${moment.revision.label ?? t('history.revision', { number: moment.revision.number })}</span
                  >`
                : nothing
            }
          </div>`
        : nothing
    }
  </div>`;
}

/** The controls below the canvas. */
export function playbackControls(player: Player): TemplateResult {
  const { index, last, moment, isPlaying, speed } = player;
  const said = t('history.momentText', {
    index: index + 1,
    total: last + 1,
    who: listOf(moment?.people ?? []),
    when: moment ? dateTime(moment.when) : '',
  });
  const step = (by: 1 | -1, label: string) =>
    html`<button
      class="icon-button ${by < 0 ? 'leftwards' : 'rightwards'}"
      aria-label=${label}
      title=${label}
      ?disabled=${by < 0 ? index === 0 : index === last}
      @click=${() => {
        player.pause();
        player.seek(index + by);
      }}
    >
      ${icon('arrowDown')}
    </button>`;
  const toggle = t(isPlaying ? 'history.pauseButton' : 'history.playButton');
  return html`<div class="playback" role="group" aria-label=${t('history.playing')}>
    <button
      class="button primary"
      ?disabled=${last === 0}
      @click=${() => {
        if (isPlaying) player.pause();
        else player.play();
      }}
    >
      ${icon(isPlaying ? 'stop' : 'run')}${toggle}
    </button>
    ${step(-1, t('history.stepBack'))}
    <input
      type="range"
      min="0"
      max=${last}
      .value=${String(index)}
      aria-label=${t('history.moment')}
      aria-valuetext=${said}
      @input=${(event: Event) => {
        player.pause();
        player.seek(Number((event.target as HTMLInputElement).value));
      }}
    />
    ${step(1, t('history.stepOn'))}
    <select
      class="input small"
      aria-label=${t('history.speed')}
      @change=${(event: Event) => {
        player.speed = Number((event.target as HTMLSelectElement).value);
      }}
    >
      ${SPEEDS.map((one) => html`<option value=${one} ?selected=${one === speed}>${one}×</option>`)}
    </select>
    <span class="quiet said" aria-hidden="true">${said}</span>
  </div>`;
}
