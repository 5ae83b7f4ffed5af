/** Shown outputs: what others in the room show of their runs. */
import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../i18n';
import type { Room } from '../live/room';
import { PageElement } from '../ui/pageElement';
import './outputView';
import type { Outputs } from './outputs';
import { outputsFrom } from './presenting';

class ShownOutputs extends PageElement {
  static override properties = { room: { attribute: false }, frameUrl: { attribute: false } };
  declare room: Room;
  declare frameUrl: string;

  readonly #read = new WeakMap<readonly unknown[], Outputs>();

  override connectedCallback(): void {
    super.connectedCallback();
    for (const name of ['shown', 'people'])
      this.room.addEventListener(name, () => {
        this.requestUpdate();
      });
  }

  protected override render(): TemplateResult {
    return html`${[...this.room.shown].map(([connection, outputs]) => {
      const member = this.room.memberOf(connection);
      if (!member) return nothing;
      const title = t('present.by', { name: member.user });
      return html`<section class="shown-outputs colour-${member.colour}" aria-label=${title}>
        <h3>${title}</h3>
        <output-view .outputs=${this.#outputs(outputs)} .frameUrl=${this.frameUrl}></output-view>
      </section>`;
    })}`;
  }

  #outputs(shown: readonly unknown[]): Outputs {
    let outputs = this.#read.get(shown);
    if (!outputs) this.#read.set(shown, (outputs = outputsFrom(shown)));
    return outputs;
  }
}

customElements.define('shown-outputs', ShownOutputs);
