/** Starts the page that the server asks for. The only module that knows them all. */
import './styles/main.css';
import { Client } from './api/client';
import { readXml, type Head } from './api/workspaces';
import type { App } from './app';
import { setLimits } from './xml/limits';
import { setLocale } from './i18n';
import { readPageConfig, type PageConfig, type PageName } from './api/pageConfig';
import { prepareToasts } from './ui/toast';
import { watchSignIn } from './ui/signedOut';

type Show = (app: App, host: HTMLElement) => void | Promise<void>;

const PAGES: Record<PageName, () => Promise<{ show: Show }>> = {
  home: () => import('./pages/home'),
  editor: () => import('./pages/editor'),
  framed: () => import('./pages/framed'),
  notebook: () => import('./pages/notebook'),
  'sign-in': () => import('./pages/signIn'),
  link: () => import('./pages/link'),
  problem: () => import('./pages/problem'),
  doctor: () => import('./pages/doctor'),
  'signed-in': () => import('./pages/signedIn'),
};

/** True if the browser knows what we use beyond the grammar; `unsupported.js` speaks if not. */
const isModern = 'hasOwn' in Object && 'at' in Array.prototype && 'HTMLDialogElement' in globalThis;

/** Head from the page config, or requested first: blocks arrive while the script starts. */
function headOf(
  client: Client,
  { workspace, revision, head }: PageConfig,
): Promise<Head> | undefined {
  if (head && revision === undefined) return Promise.resolve(head);
  return workspace && readXml(client, workspace.id, revision);
}

async function start(): Promise<void> {
  const host = document.getElementById('page');
  if (!host || !isModern) return;
  host.dataset['begun'] = '';
  const config = readPageConfig(document);
  setLimits(config.limits);
  const client = new Client(config);
  const head = headOf(client, config);
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
