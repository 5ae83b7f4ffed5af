/** App: the page's configuration and its client of the service, given to every page. */
import type { Client } from './api/client';
import type { Head } from './api/workspaces';
import type { PageConfig } from './api/pageConfig';

export interface App {
  config: PageConfig;
  client: Client;
  /** The blocks of the page's workspace, already on their way. */
  head?: Promise<Head> | undefined;
}

/** Address at which a workspace is edited. */
export function editorUrl({ config }: App, id: string, revision?: number): string {
  const query = revision === undefined ? '' : `?revision=${revision}`;
  return `${config.prefix}w/${encodeURIComponent(id)}${query}`;
}
