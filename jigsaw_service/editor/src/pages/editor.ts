/** The editor: blocks, their code, and what it does when it runs. */
import { html, nothing, render, type TemplateResult } from 'lit';
import { editorUrl, type App } from '../app';
import * as workspaces from '../api/workspaces';
import type { LanguageInfo, Workspace } from '../api/types';
import type { Canvas } from '../canvas/canvas';
import { ago, t } from '../i18n';
import { loadLanguage } from '../languages';
import { Agreement, askToRun, othersIn } from '../run/agreement';
import { codeView } from '../run/codeView';
import { Runner } from '../run/runner';
import '../run/runPanel';
import type { LeftDraft } from '../save/drafts';
import type { Conflict } from '../save/workspaceSaver';
import { openShareDialog } from '../share/shareDialog';
import { onDarkChange } from '../ui/dark';
import { confirmed } from '../ui/dialogs';
import { PageElement } from '../ui/pageElement';
import { problemText } from '../ui/problemText';
import { icon } from '../ui/icons';
import { splitter } from '../ui/splitter';
import { toast } from '../ui/toast';
import {
  bannerView,
  canvasTools,
  header,
  runBar,
  tabList,
  tabName,
  type Banner,
  type ExportFormat,
  type HeaderActions,
  type Tab,
} from './editorView';
import { downloadPng, downloadText } from './exporting';
import { openHistory } from './historyDialog';
import { copyOf, open, type Opened, type Parts } from './openWorkspace';
import { makeCopy, moveToTrash, rename, telling } from './workspaceActions';

const NARROW = '(max-width: 700px)';

/** Milliseconds after a change until the code beside the blocks follows. */
const CODE_AFTER = 60;

/** Milliseconds that an empty page is shown rather than one without its blocks. */
const PATIENCE = 150;

const after = (milliseconds: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

export async function show(app: App, host: HTMLElement): Promise<void> {
  const { head, config } = app;
  const { workspace } = config;
  if (!workspace || !head) return;
  const parts: Parts = { language: loadLanguage(workspace.language), head };
  // When they are quick, page and blocks are drawn in one go. A failure is told where the blocks belong.
  await Promise.race([Promise.allSettled([parts.language, head]), after(PATIENCE)]);
  render(
    html`<jigsaw-editor .app=${app} .workspace=${workspace} .parts=${parts}></jigsaw-editor>`,
    host,
  );
}

class Editor extends PageElement {
  static override properties = {
    app: { attribute: false },
    workspace: { attribute: false },
    parts: { attribute: false },
    code: { state: true },
    banners: { state: true },
    loading: { state: true },
    tab: { state: true },
    narrow: { state: true },
    columns: { state: true },
    rows: { state: true },
    news: { state: true },
  };
  declare app: App;
  declare workspace: Workspace;
  declare parts: Parts;
  declare code: string;
  declare banners: readonly Banner[];
  /** What is being waited for; empty once the blocks are there. */
  declare loading: string;
  declare tab: Tab;
  declare narrow: boolean;
  /** Percent of the width that the blocks take, and of the height that the code takes. */
  declare columns: number;
  declare rows: number;
  /** Whether there is output that has not been looked at. */
  declare news: boolean;

  #opened: Opened | undefined;
  #canvas: Canvas | undefined;
  #runner: Runner | undefined;
  #agreement: Agreement | undefined;
  #others: Promise<string[]> | undefined;
  #language: Promise<LanguageInfo | undefined> | undefined;
  #codeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.code = '';
    this.banners = [];
    this.loading = t('editor.loading');
    this.tab = 'blocks';
    this.narrow = matchMedia(NARROW).matches;
    matchMedia(NARROW).addEventListener('change', ({ matches }) => {
      this.narrow = matches;
    });
    this.columns = 62;
    this.rows = 48;
    this.news = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = t('editor.document', { name: this.workspace.name });
    const { id, name, kernel_name: kernelName } = this.workspace;
    const kernelLanguage = async () =>
      (await this.#languageInfo())?.kernel_language ?? this.workspace.language;
    this.#runner = new Runner(this.app.client, {
      workspaceId: id,
      name,
      kernelName,
      kernelLanguage,
    });
    this.#agreement = new Agreement({
      hub: this.app.config.hub,
      user: this.#me,
      workspace: id,
      others: () => this.#findOthers(),
      ask: (code, others) => askToRun(code, this.workspace.language.toLowerCase(), others),
    });
    this.#runner.addEventListener('change', () => {
      this.requestUpdate();
    });
    this.#runner.outputs.addEventListener('change', () => {
      this.news = this.tab !== 'output';
    });
    addEventListener('keydown', this.#pressed, { capture: true });
  }

  protected override firstUpdated(): void {
    void this.#open();
  }

  protected override render(): TemplateResult {
    const { narrow, columns, rows } = this;
    return html`${header(this.app, this.workspace, this.#opened?.saver, this.#headerActions)}
      <main>
        ${this.banners.map(bannerView)}
        ${
          narrow
            ? tabList(this.tab, this.news, (tab) => {
                this.#showTab(tab);
              })
            : nothing
        }
        ${this.#toolbar()}
        <div
          class="editor ${narrow ? 'narrow' : ''}"
          style="--blocks: ${columns}fr; --side: ${100 - columns}fr"
        >
          ${this.#blocksPanel()}
          ${
            narrow
              ? nothing
              : splitter({
                  label: t('editor.splitColumns'),
                  orientation: 'vertical',
                  value: columns,
                  change: (value) => {
                    this.columns = value;
                  },
                })
          }
          <div class="side" style="--code: ${rows}fr; --output: ${100 - rows}fr">
            ${this.#codePanel()}
            ${
              narrow
                ? nothing
                : splitter({
                    label: t('editor.splitRows'),
                    orientation: 'horizontal',
                    value: rows,
                    change: (value) => {
                      this.rows = value;
                    },
                  })
            }
            ${this.#panel('output', html`<run-panel .app=${this.app} .runner=${this.#runner} .run=${() => void this.#run()}></run-panel>`)}
          </div>
        </div>
      </main>`;
  }

  #panel(tab: Tab, content: TemplateResult): TemplateResult {
    return html`<div
      id="panel-${tab}"
      class="panel panel-${tab}"
      role=${this.narrow ? 'tabpanel' : nothing}
      aria-labelledby=${this.narrow ? `tab-${tab}` : nothing}
      ?hidden=${this.narrow && this.tab !== tab}
    >
      <section aria-label=${tabName(tab)}>${content}</section>
    </div>`;
  }

  #toolbar(): TemplateResult {
    const runner = this.#runner;
    return html`<div class="toolbar">
      ${canvasTools(this.#canvas)}
      ${
        runner
          ? runBar(runner, this.workspace.kernel_name, {
              run: () => void this.#run(),
              interrupt: () => void runner.interrupt(),
              restart: () => void runner.restart(),
              choose: (name) => void this.#chooseKernel(name),
            })
          : nothing
      }
    </div>`;
  }

  #blocksPanel(): TemplateResult {
    return this.#panel(
      'blocks',
      html`<div class="canvas-host"></div>
        ${this.loading ? html`<p class="canvas-loading" role="status">${this.loading}</p>` : nothing}`,
    );
  }

  #codePanel(): TemplateResult {
    return this.#panel(
      'code',
      html`<div class="panel-head">
          <h2>${t('editor.code')}</h2>
          <button
            class="button small"
            ?disabled=${!this.code}
            @click=${() => void this.#copyCode()}
          >
            ${icon('copy')}${t('editor.copyCode')}
          </button>
        </div>
        ${
          this.code
            ? codeView(this.code, this.workspace.language.toLowerCase(), t('editor.code'))
            : html`<p class="hint">${t('editor.noCode')}</p>`
        }`,
    );
  }

  readonly #headerActions: HeaderActions = {
    rename: () =>
      void rename(this.app.client, this.workspace).then((renamed) => {
        if (!renamed) return;
        this.workspace = renamed;
        document.title = t('editor.document', { name: renamed.name });
      }),
    share: () => {
      openShareDialog(this.app, this.workspace);
    },
    history: () => {
      openHistory(this.app, this.workspace, (number) => void this.#revisionRestored(number));
    },
    copy: () => void this.#copy(),
    trash: () => void this.#trash(),
    export: (format) => void this.#export(format),
    downloadMine: () => void this.#export('xml'),
  };

  async #open(): Promise<void> {
    const host = this.querySelector<HTMLElement>('.canvas-host');
    if (!host) return;
    try {
      const opened = await open(this.app, this.workspace, this.parts, host, {
        canvas: (canvas) => {
          this.#adopt(canvas, host);
        },
      });
      this.#opened = opened;
      this.#watchSaving(opened);
      this.#greet(opened);
      void this.#findOthers();
    } catch (error) {
      this.#say({
        text: t('editor.cannotOpen', { why: problemText(error) }),
        look: 'warning',
        actions: [],
      });
    }
    this.loading = '';
    this.code = this.#canvas?.code() ?? '';
  }

  #adopt(canvas: Canvas, host: HTMLElement): void {
    this.#canvas = canvas;
    canvas.addEventListener('progress', (event) => {
      const { done, total } = (event as CustomEvent<{ done: number; total: number }>).detail;
      this.loading = t('editor.loadingBlocks', { done, total });
    });
    canvas.addEventListener('change', () => {
      this.#opened?.saver.changed();
      this.#codeTimer ??= setTimeout(() => {
        this.#codeTimer = undefined;
        this.code = canvas.code();
      }, CODE_AFTER);
    });
    canvas.addEventListener('history', () => {
      this.requestUpdate();
    });
    onDarkChange((dark) => {
      canvas.setDark(dark);
    });
    new ResizeObserver(() => {
      canvas.resize();
    }).observe(host);
  }

  #watchSaving({ saver }: Opened): void {
    saver.addEventListener('state', () => {
      this.requestUpdate();
    });
    saver.addEventListener(
      'conflict',
      (event) => void this.#conflict((event as CustomEvent<Conflict>).detail),
    );
    addEventListener('online', () => void saver.saveNow());
    this.app.client.addEventListener('signed-in', () => void saver.saveNow());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') saver.leave();
    });
    addEventListener('pagehide', () => {
      saver.leave();
    });
    addEventListener('beforeunload', (event) => {
      if (saver.hasUnsavedWork) event.preventDefault();
    });
  }

  /** What there is to say about the workspace that was opened. */
  #greet({ report, left }: Opened): void {
    const { revision } = this.app.config;
    const { role } = this.workspace;
    if (revision !== undefined) {
      const restore = {
        label: t('editor.restoreRevision'),
        do: () => void this.#restoreShown(revision),
      };
      const back = { label: t('editor.backToNow'), href: editorUrl(this.app, this.workspace.id) };
      this.#say({
        text: t('editor.oldRevision', { number: revision }),
        actions: role === 'viewer' ? [back] : [restore, back],
      });
    } else if (this.workspace.trashed) {
      const restore = { label: t('home.restore'), do: () => void this.#takeOutOfTrash() };
      this.#say({ text: t('editor.inTrash'), look: 'warning', actions: [restore] });
    } else if (role === 'viewer') {
      this.#say({
        text: t('editor.viewing'),
        actions: [{ label: t('copy.button'), do: () => void this.#copy() }],
      });
    }
    if (report.unknownTypes.length > 0) {
      const types = report.unknownTypes.slice(0, 8).join(', ');
      this.#say({
        text: t('editor.unknownBlocks', { count: report.unknownTypes.length, types }),
        actions: [],
      });
    }
    for (const draft of left) this.#offer(draft);
  }

  #offer(draft: LeftDraft): void {
    const banner: Banner = {
      text: t('save.draftText', { when: ago(draft.kept) }),
      look: 'warning',
      actions: [
        ...(this.workspace.role === 'viewer'
          ? []
          : [{ label: t('save.draftRestore'), do: () => void this.#restoreDraft(draft, banner) }]),
        {
          label: t('save.draftDownload'),
          do: () => {
            downloadText(this.workspace.name, '.xml', draft.xml, 'application/xml');
          },
        },
        {
          label: t('save.draftDiscard'),
          do: () => {
            this.#forget(draft, banner);
          },
        },
      ],
    };
    this.#say(banner);
  }

  /** On the head it was made on, a draft goes on there; otherwise it becomes a workspace of its own. */
  async #restoreDraft(draft: LeftDraft, banner: Banner): Promise<void> {
    const opened = this.#opened;
    if (!opened) return;
    if (draft.etag === opened.saver.etag && !opened.saver.hasUnsavedWork) {
      await opened.canvas.load(draft.xml);
      this.code = opened.canvas.code();
      opened.saver.changed();
    } else {
      const copy = await telling(() => copyOf(this.app.client, this.workspace, draft.xml));
      if (!copy) return;
      const openMine = { label: t('save.openMine'), href: editorUrl(this.app, copy.id) };
      this.#say({ text: t('home.copied', { name: copy.name }), actions: [openMine] });
    }
    this.#forget(draft, banner);
  }

  #forget(draft: LeftDraft, banner: Banner): void {
    void this.#opened?.drafts.forget(draft.key);
    this.#unsay(banner);
  }

  async #conflict({ copy, changedBy }: Conflict): Promise<void> {
    const text = t('save.conflictText', { who: changedBy || t('save.someone') });
    const openMine = { label: t('save.openMine'), href: editorUrl(this.app, copy.id) };
    const banner: Banner = {
      text,
      look: 'warning',
      actions: [
        openMine,
        {
          label: t('common.dismiss'),
          do: () => {
            this.#unsay(banner);
          },
        },
      ],
    };
    this.#say(banner);
    await this.#loadHead();
  }

  async #loadHead(): Promise<void> {
    await telling(async () => {
      this.#others = undefined;
      const head = await workspaces.readXml(this.app.client, this.workspace.id);
      await this.#canvas?.load(head.xml);
      this.#opened?.saver.reset(head.etag);
      this.code = this.#canvas?.code() ?? '';
    });
  }

  async #revisionRestored(number: number): Promise<void> {
    await this.#loadHead();
    toast(t('history.restored', { number }));
  }

  async #restoreShown(number: number): Promise<void> {
    const made = await telling(() =>
      workspaces.restoreRevision(this.app.client, this.workspace.id, number),
    );
    if (made) location.href = editorUrl(this.app, this.workspace.id);
  }

  /** Shift+Enter runs as in a notebook, and so does Ctrl+Enter, which Blockly would take for its menu. */
  readonly #pressed = (event: KeyboardEvent): void => {
    const command = event.ctrlKey || event.metaKey;
    const isRun = event.key === 'Enter' && (event.shiftKey || command) && !event.altKey;
    const isSave = event.key.toLowerCase() === 's' && command && !event.shiftKey && !event.altKey;
    if ((!isRun && !isSave) || document.querySelector('dialog[open]')) return;
    if (isRun && isTextField(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isRun) void this.#run();
    else void this.#opened?.saver.saveNow();
  };

  async #run(): Promise<void> {
    const code = this.#canvas?.code() ?? '';
    if (code.trim() === '') {
      toast(t('run.noCode'));
      return;
    }
    if (!(await this.#agreement?.covers(code))) return;
    if (this.narrow) this.#showTab('output');
    await this.#runner?.run(code);
  }

  get #me(): string {
    return this.app.config.user?.name ?? '';
  }

  /** Asked once for the blocks that are shown: whose they are changes only by loading others. */
  #findOthers(): Promise<string[]> {
    const found = (this.#others ??= othersIn(this.app.client, this.workspace.id, this.#me));
    found.catch(() => (this.#others = undefined));
    return found;
  }

  async #chooseKernel(name: string): Promise<void> {
    this.#runner?.choose(name);
    if (this.workspace.role === 'viewer') return;
    const changed = await telling(() =>
      workspaces.change(this.app.client, this.workspace.id, { kernel_name: name }),
    );
    if (changed) this.workspace = changed;
  }

  #showTab(tab: Tab): void {
    this.tab = tab;
    if (tab === 'output') this.news = false;
  }

  async #copyCode(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.code);
      toast(t('editor.codeCopied'));
    } catch {
      toast(t('editor.copyFailed'));
    }
  }

  async #copy(): Promise<void> {
    await this.#opened?.saver.saveNow();
    const copy = await makeCopy(this.app.client, this.workspace);
    if (copy) location.href = editorUrl(this.app, copy.id);
  }

  async #trash(): Promise<void> {
    const { name } = this.workspace;
    if (!(await confirmed(t('trash.title', { name }), t('trash.text'), t('trash.button')))) return;
    await this.#opened?.saver.saveNow();
    if (await moveToTrash(this.app.client, this.workspace)) location.href = this.app.config.prefix;
  }

  async #takeOutOfTrash(): Promise<void> {
    const restored = await telling(async () => {
      await workspaces.restore(this.app.client, this.workspace.id);
      return true;
    });
    if (restored) location.reload();
  }

  async #export(format: ExportFormat): Promise<void> {
    const canvas = this.#canvas;
    if (!canvas) return;
    const { name } = this.workspace;
    if (format === 'xml') downloadText(name, '.xml', canvas.xml(), 'application/xml');
    else if (format === 'png') await downloadPng(name, await canvas.picture());
    else if (format === 'svg') downloadText(name, '.svg', await canvas.picture(), 'image/svg+xml');
    else
      downloadText(
        name,
        (await this.#languageInfo())?.file_extension ?? '.txt',
        (await this.parts.language).fileHeader + canvas.code(),
        'text/plain',
      );
  }

  #languageInfo(): Promise<LanguageInfo | undefined> {
    return (this.#language ??= telling(() => workspaces.languages(this.app.client)).then((answer) =>
      answer?.items.find(({ name }) => name === this.workspace.language),
    ));
  }

  #say(banner: Banner): void {
    this.banners = [...this.banners, banner];
  }

  #unsay(banner: Banner): void {
    this.banners = this.banners.filter((other) => other !== banner);
  }
}

function isTextField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select'))
  );
}

customElements.define('jigsaw-editor', Editor);
