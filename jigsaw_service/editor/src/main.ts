/** Starts the page that the server asks for. The only module that knows them all. */
import './styles/main.css';
import { Client } from './api/client';
import { readXml } from './api/workspaces';
import type { App } from './app';
import { setLocale } from './i18n';
import { readPageConfig, type PageName } from './pageConfig';
import { prepareToasts } from './ui/toast';
import { watchSignIn } from './ui/signedOut';

type Show = (app: App, host: HTMLElement) => void | Promise<void>;

const PAGES: Record<PageName, () => Promise<{ show: Show }>> = {
  home: () => import('./pages/home'),
  editor: () => import('./pages/editor'),
  framed: () => import('./pages/editor'),
  notebook: () => import('./pages/notebook'),
  'sign-in': () => import('./pages/signIn'),
  link: () => import('./pages/link'),
  problem: () => import('./pages/problem'),
  doctor: () => import('./pages/doctor'),
  'signed-in': () => import('./pages/signedIn'),
};

/** Whether the browser knows what we use beyond the grammar; `unsupported.js` speaks if not. */
const isModern = 'hasOwn' in Object && 'at' in Array.prototype && 'HTMLDialogElement' in globalThis;

async function start(): Promise<void> {
  const host = document.getElementById('page');
  if (!host || !isModern) return;
  host.dataset['begun'] = '';
  const config = readPageConfig(document);
  const client = new Client(config);
  // Asked for before anything else, so that the blocks arrive while the page's script starts.
  const head = config.workspace && readXml(client, config.workspace.id, config.revision);
  // It is awaited when there is a canvas; until then a failure is nobody's.
  head?.catch(() => undefined);
  prepareToasts();
  const [page] = await Promise.all([
    PAGES[config.page](),
    setLocale(config.locale, document.documentElement),
  ]);
  if (config.user && config.page !== 'signed-in') watchSignIn(client, config.user.name);
  await page.show({ config, client, head }, host);
  host.dataset['shown'] = '';
}

void start();
