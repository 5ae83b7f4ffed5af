/** The editor: blocks, their code, and what it does when it runs. */
import { html, nothing, render, type TemplateResult } from 'lit';
import type { App } from '../app';
import * as workspaces from '../api/workspaces';
import type { LanguageInfo, Workspace } from '../api/types';
import type { Canvas } from '../canvas/canvas';
import { t } from '../i18n';
import type { Dropped } from '../live/offlineSession';
import { resendUnsent } from '../live/resendUnsent';
import type { LiveClient, News, SetAside } from '../live/liveClient';
import type { RunNews } from '../live/messages';
import { watchLifecycle } from '../live/lifecycleEvents';
import { webSocketOf } from '../live/socket';
import { leftOf } from '../live/unsent';
import { Presenting } from '../run/presenting';
import { onDarkChange } from '../ui/dark';
import { PageElement } from '../ui/pageElement';
import { problemText } from '../ui/problemText';
import { toast } from '../ui/toast';
import { listenForKeys } from './editorKeys';
import { arranged, NARROW, type Layout, type Panels } from './editorLayout';
import {
  canvasTools,
  codePanel,
  followingNote,
  header,
  noticeView,
  kernelNote,
  runBar,
  sittingNote,
  tabList,
  type HeaderActions,
  type Tab,
} from './editorView';
import { followPeople, type PeopleHere } from '../presence/people';
import { HistorySide } from './historySide';
import { Notices } from './notices';
import { connect, open, partsOf, type Connected, type Opened, type Parts } from './openWorkspace';
import type { Marks } from '../marks';
import type { FrameParts, NotebookSide } from './framed';
import { RunIndicator } from './runIndicator';
import { Running } from './running';
import { WorkspaceActions } from './workspaceActions';
import { rename, telling } from '../workspaces/actions';

/** Milliseconds after a change until the code beside the blocks follows. */
const CODE_AFTER = 60;

/** Run panel, which comes after the blocks: there is nothing to show before. */
const bringRunPanel = () => import('../run/runPanel');

/** Shows the editor; in a notebook, with the parts that it has there. */
export function show(app: App, host: HTMLElement, frame?: FrameParts): void {
  const { head, config } = app;
  const { workspace } = config;
  if (!workspace || !head) return;
  const parts = partsOf(workspace, head);
  render(
    html`<jigsaw-editor
      .app=${app}
      .workspace=${workspace}
      .parts=${parts}
      .frame=${frame}
    ></jigsaw-editor>`,
    host,
  );
}

class Editor extends PageElement {
  static override properties = {
    app: { attribute: false },
    workspace: { attribute: false },
    parts: { attribute: false },
    frame: { attribute: false },
    code: { state: true },
    loading: { state: true },
    layout: { state: true },
    news: { state: true },
  };
  declare app: App;
  declare workspace: Workspace;
  declare parts: Parts;
  declare frame: FrameParts | undefined;
  declare code: string;
  /** Text on what is being waited for; empty once the blocks are there. */
  declare loading: string;
  declare layout: Layout;
  /** True if there is output that has not been looked at. */
  declare news: boolean;

  readonly #notices = new Notices(this);
  readonly #history = new HistorySide(this);
  readonly #actions = new WorkspaceActions(this);

  /** Of what the workspace is now, as far as this page has heard. */
  get clock(): number {
    return this.#live?.clock ?? this.workspace.clock;
  }

  get canvas(): Canvas | undefined {
    return this.#canvas;
  }

  #notebook: NotebookSide | undefined;
  #opened: Opened | undefined;
  #canvas: Canvas | undefined;
  #running: Running | undefined;
  #runIndicator: RunIndicator | undefined;
  #people: PeopleHere | undefined;
  #presenting: Presenting | undefined;
  #language: Promise<LanguageInfo | undefined> | undefined;
  #codeTimer: ReturnType<typeof setTimeout> | undefined;
  #marks: Marks | undefined;
  #bringing: Promise<Marks | undefined> | undefined;

  constructor() {
    super();
    this.code = '';
    this.loading = t('editor.loading');
    const narrow = matchMedia(NARROW);
    this.layout = { narrow: narrow.matches, tab: 'blocks', columns: 62, rows: 48 };
    narrow.addEventListener('change', ({ matches }) => {
      this.#arrange({ narrow: matches });
    });
    this.news = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const kernelLanguage = async () =>
      (await this.languageInfo())?.kernel_language ?? this.workspace.language;
    this.#running = new Running(this.app, this.workspace, kernelLanguage);
    const { runner, trustSession } = this.#running;
    this.#runIndicator = new RunIndicator(
      runner,
      () => !this.layout.narrow || this.layout.tab === 'output',
    );
    this.#runIndicator.title = t('editor.document', { name: this.workspace.name });
    this.#notebook = this.frame?.side(this.app, this.workspace, this.#notices);
    this.#notebook?.watchRunner(runner);
    trustSession.addEventListener('change', () => {
      this.requestUpdate();
    });
    runner.addEventListener('change', () => {
      this.requestUpdate();
    });
    runner.outputs.addEventListener('change', () => {
      this.news = this.layout.tab !== 'output';
    });
    listenForKeys({
      run: () => void this.#run(),
      save: () => {
        this.#saveNow();
      },
    });
  }

  protected override firstUpdated(): void {
    void this.#open();
  }

  protected override updated(): void {
    this.#marks?.updated();
  }

  protected override render(): TemplateResult {
    const { narrow, tab } = this.layout;
    const tabs = () =>
      tabList(tab, this.news, (chosen) => {
        this.#showTab(chosen);
      });
    const bar = this.frame?.header ?? header;
    return html`${bar(this.app, this.workspace, this.#live, this.#people, this.#headerActions)}
      <main>
        ${this.#notices.all.map(noticeView)} ${narrow ? tabs() : nothing} ${this.#toolbar()}
        ${arranged(
          this.layout,
          this.#panels(),
          (part) => {
            this.#arrange(part);
          },
          this.#history.panel(),
        )}
      </main>`;
  }

  #panels(): Panels {
    // Without the others, in which there is nothing to be seen yet, the blocks come the sooner.
    if (this.loading) return { blocks: this.#blocks(), code: nothing, output: nothing };
    return { blocks: this.#blocks(), code: this.#code(), output: this.#output() };
  }

  #toolbar(): TemplateResult {
    const runner = this.#running?.runner;
    return html`<div class="toolbar">
        ${canvasTools(this.#history.isStaged ? undefined : this.#canvas)}
        ${this.#running ? sittingNote(this.#running.trustSession) : nothing}
        ${
          runner
            ? runBar(runner, {
                run: () => void this.#run(),
                stop: () => void runner.stop(),
                restart: () => void runner.restart(),
                choose: (name) => void this.#chooseKernel(name),
              })
            : nothing
        }
      </div>
      ${runner ? kernelNote(runner) : nothing}`;
  }

  #blocks(): TemplateResult {
    return html`<div class="canvas-host" ?inert=${this.#history.isStaged}></div>
      ${this.#history.stage()} ${followingNote(this.#people)}
      ${this.loading ? html`<p class="canvas-loading" role="status">${this.loading}</p>` : nothing}`;
  }

  #code(): TemplateResult {
    const notebook = this.#notebook?.isThere ? this.#notebook : undefined;
    const insert = notebook && {
      label: t('frame.insert'),
      do: () => {
        notebook.insert(this.code);
      },
    };
    const language = this.workspace.language.toLowerCase();
    return codePanel(this.code, language, () => void this.#copyCode(), insert);
  }

  #output(): TemplateResult {
    return html`<run-panel
      .app=${this.app}
      .runner=${this.#running?.runner}
      .run=${() => void this.#run()}
      .room=${this.#people?.room}
      .presenting=${this.workspace.role === 'viewer' ? undefined : this.#presenting}
    ></run-panel>`;
  }

  readonly #headerActions: HeaderActions = {
    rename: () =>
      void rename(this.app.client, this.workspace).then((renamed) => {
        if (!renamed) return;
        this.workspace = renamed;
        if (this.#runIndicator)
          this.#runIndicator.title = t('editor.document', { name: renamed.name });
      }),
    share: () => void this.#actions.share(),
    history: () => {
      this.#history.toggle();
    },
    copy: () => {
      this.copy();
    },
    trash: () => void this.#actions.trash(),
    export: (format) => void this.#actions.export(format),
    downloadMine: () => void this.#actions.export('xml'),
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
      this.#notices.greet(opened);
      if (opened.live) this.#goLive(opened.live);
      this.#notebook?.ready(opened.canvas);
      const { revision, compare } = this.app.config;
      if (revision !== undefined && compare !== undefined) this.compare(revision, compare);
    } catch (error) {
      this.#notices.cannotOpen(problemText(error));
    }
    this.loading = '';
    this.code = this.#canvas?.code() ?? '';
    void telling(bringRunPanel);
    void this.#running?.runner.look();
    this.#markLater();
  }

  /** Brings what leads from blocks to code and back as soon as the person comes to either. */
  #markLater(): void {
    const came = new AbortController();
    const bring = () => {
      came.abort();
      void this.#bringMarks();
    };
    for (const name of ['pointerover', 'focusin'])
      this.addEventListener(name, bring, { signal: came.signal });
    if (this.contains(document.activeElement) || this.matches(':hover')) bring();
  }

  /** Undefined where it can't be had: everything else goes on without it. */
  async #bringMarks(): Promise<Marks | undefined> {
    this.#bringing ??= this.#makeMarks().catch(() => {
      this.#bringing = undefined;
      return undefined;
    });
    return (this.#marks = await this.#bringing);
  }

  async #makeMarks(): Promise<Marks | undefined> {
    const canvas = this.#canvas;
    const runner = this.#running?.runner;
    const section = this.querySelector<HTMLElement>('.panel-code > section');
    if (!canvas || !runner || !section) return undefined;
    const [{ Marks }, pointed] = await Promise.all([import('../marks'), canvas.pointed()]);
    const showBlocks = () => {
      if (this.layout.narrow) this.#showTab('blocks');
    };
    const { language } = this.workspace;
    return new Marks(canvas, pointed, runner, {
      section,
      code: () => this.code,
      showBlocks,
      language,
    });
  }

  #adopt(canvas: Canvas, host: HTMLElement): void {
    this.#canvas = canvas;
    canvas.addEventListener('progress', (event) => {
      const { done, total } = (event as CustomEvent<{ done: number; total: number }>).detail;
      this.loading = t('editor.loadingBlocks', { done, total });
    });
    canvas.addEventListener('change', () => {
      this.#codeTimer ??= setTimeout(() => {
        this.#codeTimer = undefined;
        this.code = canvas.code();
      }, CODE_AFTER);
    });
    canvas.addEventListener('history', () => {
      this.requestUpdate();
    });
    canvas.addEventListener('interrupted', (event) => {
      const text = (event as CustomEvent<string>).detail;
      toast(t('editor.interrupted', { text }));
    });
    onDarkChange((dark) => {
      canvas.setDark(dark);
    });
    new ResizeObserver(() => {
      canvas.resize();
      this.#marks?.resized();
    }).observe(host);
  }

  get #live(): LiveClient | undefined {
    return this.#opened?.live?.client;
  }

  /** From now on others see what I do, and I what they do. */
  #goLive(connected: Connected): void {
    this.#watch(connected.client);
    watchLifecycle(
      {
        live: () => this.#live,
        flushUnsent: () => {
          this.#canvas?.program?.settle();
          this.#opened?.live?.unsent.flush();
        },
      },
      this.app.client,
    );
    connected.client.open();
    void this.#bringLeftWork(connected);
  }

  #watch(live: LiveClient): void {
    this.#followPeople(live);
    this.#notebook?.watchLive(live);
    live.addEventListener('state', () => {
      this.requestUpdate();
      this.#history.movedOn();
    });
    live.addEventListener('revision', () => {
      this.#history.refresh();
    });
    live.addEventListener('run', (event) => {
      this.#running?.runner.heard((event as CustomEvent<RunNews>).detail);
    });
    live.addEventListener('role', () => {
      this.#roleChanged(live);
    });
    live.addEventListener('aside', (event) => {
      this.#notices.setAside((event as CustomEvent<SetAside>).detail);
    });
    live.addEventListener('dropped', (event) => {
      this.#notices.dropped((event as CustomEvent<Dropped>).detail);
    });
    live.addEventListener('news', (event) => {
      this.#running?.heard((event as CustomEvent<News>).detail.author);
    });
    live.addEventListener('ended', (event) => {
      const slug = (event as CustomEvent<string>).detail;
      this.#running?.trustSession.end();
      if (slug === 'epoch-changed') void this.#startAnew();
      else this.#notices.ended(slug);
      if (this.#canvas) this.#canvas.readOnly = true;
    });
  }

  #followPeople(live: LiveClient): void {
    if (!this.#canvas || !this.#running) return;
    this.#people = followPeople(live, this.#canvas, this.app.config.user?.name ?? '');
    this.#people.addEventListener('following', () => {
      this.requestUpdate();
    });
    this.#presenting = new Presenting(this.#running.runner.outputs, (outputs) => {
      live.shareOutputs(outputs);
    });
    this.requestUpdate();
  }

  #roleChanged({ role }: LiveClient): void {
    if (!role || role === this.workspace.role) return;
    this.workspace = { ...this.workspace, role };
    if (this.#canvas) this.#canvas.readOnly = role === 'viewer';
    toast(t(role === 'viewer' ? 'editor.nowViewing' : 'editor.nowEditing'));
  }

  /** Sends or offers what a tab that was closed had not sent. */
  async #bringLeftWork({ key }: Connected): Promise<void> {
    const all = await leftOf(key).catch(() => []);
    for (const left of all) {
      const clock = this.#live?.clock ?? 0;
      const socket = webSocketOf(this.app.client, this.workspace.id);
      const resent = await resendUnsent(left, socket, { epoch: key.epoch, clock });
      this.#notices.left(left, resent);
    }
  }

  /** The service has another past than this page: what it has now is shown, and nothing is merged. */
  async #startAnew(): Promise<void> {
    await telling(async () => {
      const blocks = await this.parts.blocks;
      const head = await workspaces.readXml(this.app.client, this.workspace.id);
      const opened = this.#opened;
      if (!opened) return;
      await opened.canvas.load(head.xml);
      opened.canvas.readOnly = this.workspace.role === 'viewer';
      const live = connect(this.app, this.workspace, blocks, opened.canvas, head);
      this.#opened = { ...opened, live };
      if (live) this.#watch(live.client);
      live?.client.open();
      this.code = opened.canvas.code();
    });
  }

  #saveNow(): void {
    this.#canvas?.program?.settle();
    this.#live?.resume();
  }

  /** Waits until the service has what is on the canvas, but not for ever. */
  async saved(): Promise<void> {
    this.#canvas?.program?.settle();
    await this.#live?.whenSaved();
  }

  async #run(): Promise<void> {
    const code = this.#canvas?.code() ?? '';
    if (code.trim() === '') {
      toast(t('run.noCode'));
      return;
    }
    const [marks] = await Promise.all([this.#bringMarks(), telling(bringRunPanel)]);
    this.#history.close();
    if (this.layout.narrow) this.#showTab('output');
    marks?.runs(code);
    await this.#running?.run(code);
  }

  async #chooseKernel(name: string): Promise<void> {
    this.workspace = (await this.#running?.choose(name)) ?? this.workspace;
  }

  #arrange(part: Partial<Layout>): void {
    this.layout = { ...this.layout, ...part };
  }

  #showTab(tab: Tab): void {
    this.#arrange({ tab });
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

  compare(revision: number, other: number | 'now'): void {
    void this.#history.compare(revision, other);
  }

  copy(): void {
    void this.#actions.copy();
  }

  fileHeader(): Promise<string> {
    return this.parts.language.then(({ fileHeader }) => fileHeader);
  }

  languageInfo(): Promise<LanguageInfo | undefined> {
    return (this.#language ??= telling(() => workspaces.languages(this.app.client)).then((answer) =>
      answer?.items.find(({ name }) => name === this.workspace.language),
    ));
  }
}

customElements.define('jigsaw-editor', Editor);
