/** Links, copies made by them, transfers and the record, over REST. All throw `ApiProblem`. */
import type { Client } from './client';
import type { Page, Role, Workspace } from './types';

export type LinkKind = 'view' | 'edit' | 'copy';

export interface ShareLink {
  id: number;
  kind: LinkKind;
  /** The first letters of its code. */
  prefix: string;
  created: string;
  created_by: string;
  expires: string | null;
  max_uses: number | null;
  uses: number;
}

/** A new link; its address is told this once. */
export interface NewShareLink extends ShareLink {
  url: string;
}

export interface LinkPreview {
  kind: LinkKind;
  role: Role;
  owner: string;
  name: string;
  language: string;
  expires: string | null;
  /** Accepting gives nothing new. */
  accepted: boolean;
}

export interface LinkCopy {
  id: number;
  user: string;
  created: string;
  modified: string;
  allow_view: boolean;
  workspace_id: string | null;
  name: string | null;
}

export interface Origin {
  workspace_id: string;
  owner: string;
  created: string;
  allow_view: boolean;
}

export interface Transfer {
  id: number;
  workspace_id: string;
  name: string;
  language: string;
  owner: string;
  to: string;
  created: string;
}

export type EventKind =
  | 'share-granted'
  | 'share-changed'
  | 'share-revoked'
  | 'left'
  | 'link-made'
  | 'link-used'
  | 'link-revoked'
  | 'view-allowed'
  | 'view-withdrawn'
  | 'collected'
  | 'collection-deleted'
  | 'transfer-offered'
  | 'transfer-withdrawn'
  | 'transfer-declined'
  | 'transferred'
  | 'revision-restored'
  | 'trashed'
  | 'restored'
  | 'deleted';

/** Something that was done about a workspace. */
export interface SharingEvent {
  id: number;
  kind: EventKind;
  /** Name of the person who did it; null: the service. */
  user: string | null;
  created: string;
  /** Particulars: the person or group concerned, the role, the link. */
  details: Readonly<Record<string, unknown>>;
}

const item = (id: string) => `api/workspaces/${encodeURIComponent(id)}`;

export function links(client: Client, id: string): Promise<Page<ShareLink>> {
  return client.get(`${item(id)}/links`);
}

export function makeLink(
  client: Client,
  id: string,
  wanted: { kind: LinkKind; expires_in: number | null; max_uses: number | null },
): Promise<NewShareLink> {
  return client.send('POST', `${item(id)}/links`, wanted);
}

export function revokeLink(client: Client, id: string, link: number): Promise<void> {
  return client.delete(`${item(id)}/links/${link}`);
}

export function previewLink(client: Client, code: string): Promise<LinkPreview> {
  return client.send('POST', 'api/links/preview', { code });
}

export function acceptLink(client: Client, code: string, allowView: boolean) {
  return client.send<{ workspace_id: string; role: Role }>('POST', 'api/links/accept', {
    code,
    allow_view: allowView,
  });
}

export function copies(client: Client, id: string): Promise<Page<LinkCopy>> {
  return client.get(`${item(id)}/copies`);
}

export function origin(client: Client, id: string): Promise<Origin> {
  return client.get(`${item(id)}/origin`);
}

export function letView(client: Client, id: string, allowView: boolean): Promise<Origin> {
  return client.send('PATCH', `${item(id)}/origin`, { allow_view: allowView });
}

export function people(client: Client, id: string, words: string, signal?: AbortSignal) {
  const query = new URLSearchParams({ q: words });
  return client.get<Page<{ name: string }>>(`${item(id)}/people?${query.toString()}`, signal);
}

/** Transfer of the workspace that is offered to somebody. */
export function offerOf(client: Client, id: string): Promise<Transfer> {
  return client.get(`${item(id)}/transfer`);
}

export function offer(client: Client, id: string, to: string): Promise<Transfer> {
  return client.send('POST', `${item(id)}/transfer`, { to });
}

export function withdrawOffer(client: Client, id: string): Promise<void> {
  return client.delete(`${item(id)}/transfer`);
}

/** Transfers that others offer to me. */
export function offers(client: Client): Promise<Page<Transfer>> {
  return client.get('api/transfers');
}

export function acceptOffer(client: Client, offerId: number): Promise<Workspace> {
  return client.send('POST', `api/transfers/${offerId}/accept`);
}

export function declineOffer(client: Client, offerId: number): Promise<void> {
  return client.send('POST', `api/transfers/${offerId}/decline`);
}

/** The record, newest first. */
export function events(client: Client, id: string): Promise<Page<SharingEvent>> {
  return client.get(`${item(id)}/events`);
}

export function moreEvents(client: Client, next: string): Promise<Page<SharingEvent>> {
  return client.get(next);
}
