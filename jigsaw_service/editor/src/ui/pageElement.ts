/** The base of our elements: drawn into the page itself, so that one style sheet and one set of landmarks hold. */
import { LitElement } from 'lit';

export class PageElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
