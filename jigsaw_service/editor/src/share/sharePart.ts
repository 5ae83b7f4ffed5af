/** Share part: base of the share dialog's parts; acts, shows the result, tells what went wrong. */
import { html, type TemplateResult } from 'lit';
import type { App } from '../app';
import type { Workspace } from '../api/types';
import { PageElement } from '../ui/pageElement';
import { problemText } from '../ui/problemText';

export abstract class SharePart extends PageElement {
  static override properties = {
    app: { attribute: false },
    workspace: { attribute: false },
    trouble: { state: true },
    news: { state: true },
  };
  declare app: App;
  declare workspace: Workspace;
  declare trouble: string;
  declare news: string;

  constructor() {
    super();
    this.trouble = this.news = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.attempt(() => Promise.resolve());
  }

  /** Asks the service for what is shown. */
  protected abstract load(): Promise<void>;

  /** Does `work` and shows what stands afterwards. */
  protected async attempt(work: () => Promise<unknown>): Promise<boolean> {
    this.trouble = this.news = '';
    try {
      await work();
      await this.load();
      return true;
    } catch (error) {
      this.trouble = problemText(error);
      return false;
    }
  }

  protected messages(): TemplateResult {
    return html`<p class="form-trouble" role="alert">${this.trouble}</p>
      <p class="quiet share-news" role="status">${this.news}</p>`;
  }

  protected copyText(text: string, done: string, failed: string): void {
    void navigator.clipboard.writeText(text).then(
      () => {
        this.news = done;
      },
      () => {
        this.trouble = failed;
      },
    );
  }
}
