/** Workspaces and what belongs to them, over REST. All throw `ApiProblem`. */
import type { Client } from './client';
import type {
  Change,
  Contributors,
  LanguageInfo,
  Page,
  Revision,
  Role,
  Share,
  Workspace,
} from './types';

export interface WorkspaceFilter {
  q?: string;
  owner?: string;
  /** `shared`: what others let one edit or view. */
  role?: Role | 'shared';
  block?: string;
  language?: string;
  trash?: boolean;
  sort?: string;
  limit?: number;
}

/** The blocks of a workspace and the tag of exactly this state. */
export interface Head {
  xml: string;
  etag: string;
}

const item = (id: string) => `api/workspaces/${encodeURIComponent(id)}`;

export function languages(client: Client): Promise<Page<LanguageInfo>> {
  return client.get('api/languages');
}

export function list(client: Client, filter: WorkspaceFilter, signal?: AbortSignal) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== '' && value !== false) query.set(name, String(value));
  }
  return client.get<Page<Workspace>>(`api/workspaces?${query.toString()}`, signal);
}

/** Goes on with a list at its `next`. */
export function more(client: Client, next: string, signal?: AbortSignal): Promise<Page<Workspace>> {
  return client.get(next, signal);
}

export function read(client: Client, id: string): Promise<Workspace> {
  return client.get(item(id));
}

/** `file`: the XML is not, or not all, the work of the person who makes the workspace. */
export function create(
  client: Client,
  made: { name: string; language: string; xml?: string; file?: boolean },
) {
  return client.send<Workspace>('POST', 'api/workspaces', made);
}

export function change(
  client: Client,
  id: string,
  to: { name?: string; kernel_name?: string | null },
) {
  return client.send<Workspace>('PATCH', item(id), to);
}

/** A copy of one's own: of what is there now, or of an old revision. */
export function copy(
  client: Client,
  id: string,
  of: { name?: string; revision?: number } = {},
): Promise<Workspace> {
  return client.send('POST', `${item(id)}/copy`, of);
}

export function trash(client: Client, id: string): Promise<void> {
  return client.delete(item(id));
}

export function restore(client: Client, id: string): Promise<Workspace> {
  return client.send('POST', `${item(id)}/restore`);
}

/** Deletes what is in the trash, with its history. There is no way back. */
export function deleteForGood(client: Client, id: string): Promise<void> {
  return client.delete(`${item(id)}?permanent=true`);
}

/** The head, or an old revision, of which the tag is of no use. */
export async function readXml(client: Client, id: string, revision?: number): Promise<Head> {
  const query = revision === undefined ? '' : `?revision=${revision}`;
  const answer = await client.request(`${item(id)}/xml${query}`);
  return { xml: await answer.text(), etag: answer.headers.get('ETag') ?? '' };
}

/** The head, or an old revision, in Blockly's JSON. */
export async function exportJson(client: Client, id: string, revision?: number): Promise<string> {
  const query = revision === undefined ? '' : `&revision=${revision}`;
  return (await client.request(`${item(id)}/export?format=json${query}`)).text();
}

/** Replaces the blocks of the state that `etag` names; a revision of its own. */
export function writeXml(client: Client, id: string, xml: string, etag: string): Promise<Response> {
  const headers = { 'If-Match': etag, 'Content-Type': 'application/xml' };
  return client.request(`${item(id)}/xml`, { method: 'PUT', body: xml, headers });
}

export function revisions(client: Client, id: string, limit = 50): Promise<Page<Revision>> {
  return client.get(`${item(id)}/revisions?limit=${limit}`);
}

/** Names a revision, or takes its name away. */
export function labelRevision(
  client: Client,
  id: string,
  number: number,
  label: string | null,
): Promise<Revision> {
  return client.send('PATCH', `${item(id)}/revisions/${number}`, { label });
}

/** Every change that is still told, as far as `to`, oldest first. */
export function history(client: Client, id: string, to: number): Promise<Page<Change>> {
  return client.get(`${item(id)}/history?to=${to}&limit=200`);
}

export function moreHistory(client: Client, next: string): Promise<Page<Change>> {
  return client.get(next);
}

export function moreRevisions(client: Client, next: string): Promise<Page<Revision>> {
  return client.get(next);
}

export function restoreRevision(client: Client, id: string, number: number): Promise<Revision> {
  return client.send('POST', `${item(id)}/revisions/${number}/restore`);
}

/** Everybody who had a hand in what it holds. */
export function contributors(client: Client, id: string): Promise<Contributors> {
  return client.get(`${item(id)}/contributors`);
}

export function shares(client: Client, id: string): Promise<Page<Share>> {
  return client.get(`${item(id)}/shares`);
}

export function share(
  client: Client,
  id: string,
  grant: { user?: string; group?: string; everyone?: true; role: Role },
) {
  return client.send<Share>('POST', `${item(id)}/shares`, grant);
}

export function changeShare(
  client: Client,
  id: string,
  shareId: Share['id'],
  role: Role,
): Promise<Share> {
  return client.send('PATCH', `${item(id)}/shares/${shareId}`, { role });
}

export function removeShare(client: Client, id: string, shareId: Share['id']): Promise<void> {
  return client.delete(`${item(id)}/shares/${shareId}`);
}
