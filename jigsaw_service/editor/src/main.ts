/** Starts the page that the server asks for. The only module that knows them all. */
import './styles/main.css';
import { Client } from './api/client';
import type { App } from './app';
import { setLocale } from './i18n';
import { readPageConfig, type PageName } from './pageConfig';
import { prepareToasts } from './ui/toast';
import { watchSignIn } from './ui/signedOut';

type Show = (app: App, host: HTMLElement) => void | Promise<void>;

const PAGES: Record<PageName, () => Promise<{ show: Show }>> = {
  home: () => import('./pages/home'),
  editor: () => import('./pages/editor'),
  embed: () => import('./pages/editor'),
  problem: () => import('./pages/problem'),
  'signed-in': () => import('./pages/signedIn'),
};

async function start(): Promise<void> {
  const config = readPageConfig(document);
  const host = document.getElementById('page');
  if (!host) return;
  const client = new Client(config);
  prepareToasts();
  const [page] = await Promise.all([
    PAGES[config.page](),
    setLocale(config.locale, document.documentElement),
  ]);
  if (config.user && config.page !== 'signed-in') watchSignIn(client, config.user.name);
  await page.show({ config, client }, host);
}

void start();
