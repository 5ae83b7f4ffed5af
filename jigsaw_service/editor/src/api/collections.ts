/** Collections of an origin's copies, for its owner, over REST. All throw `ApiProblem`. */
import type { Client } from './client';
import type { Page } from './types';

export interface Collection {
  id: number;
  created: string;
  /** Number of copies that it holds, and of those that could not be collected. */
  collected: number;
  missing: number;
}

export interface CollectedCopy {
  id: number;
  user: string;
  name: string;
  revision: number;
  clock: number;
  modified: string;
  blocks: number;
  bytes: number;
}

export interface CollectionDetails extends Collection {
  items: CollectedCopy[];
  not_collected: { user: string; reason: 'private' | 'trashed' }[];
}

const all = (workspace: string) => `api/workspaces/${encodeURIComponent(workspace)}/collections`;

export function collections(client: Client, workspace: string): Promise<Page<Collection>> {
  return client.get(all(workspace));
}

export function collect(client: Client, workspace: string): Promise<CollectionDetails> {
  return client.send('POST', all(workspace));
}

export function details(client: Client, workspace: string, id: number): Promise<CollectionDetails> {
  return client.get(`${all(workspace)}/${id}`);
}

export async function zipOf(client: Client, workspace: string, id: number): Promise<Blob> {
  const headers = { Accept: 'application/zip' };
  return (await client.request(`${all(workspace)}/${id}`, { headers })).blob();
}

export async function xmlOf(client: Client, workspace: string, id: number, copy: number) {
  const answer = await client.request(`${all(workspace)}/${id}/entries/${copy}`);
  return answer.text();
}

export function remove(client: Client, workspace: string, id: number): Promise<void> {
  return client.delete(`${all(workspace)}/${id}`);
}
