/** Actions on a workspace from its card or from its editor: each asks where that is due. */
import * as workspaces from '../api/workspaces';
import type { Client } from '../api/client';
import type { Workspace } from '../api/types';
import { t } from '../i18n';
import { askForText, confirmed } from '../ui/dialogs';
import { problemText } from '../ui/problemText';
import { toast } from '../ui/toast';

/** Does `work`; what goes wrong is told, and gives undefined. */
export async function telling<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    toast(problemText(error));
    return undefined;
  }
}

export async function rename(
  client: Client,
  { id, name }: Workspace,
): Promise<Workspace | undefined> {
  const wanted = await askForText(
    t('rename.title', { name }),
    t('rename.name'),
    name,
    t('rename.save'),
  );
  if (wanted === undefined || wanted === name) return undefined;
  return telling(() => workspaces.change(client, id, { name: wanted }));
}

/** A copy of what is there, or of an old revision. */
export function makeCopy(
  client: Client,
  { id }: Workspace,
  revision?: number,
): Promise<Workspace | undefined> {
  return telling(() => workspaces.copy(client, id, revision === undefined ? {} : { revision }));
}

/** True when it is in the trash. No question: it can be taken out again at once. */
export async function moveToTrash(client: Client, { id }: Workspace): Promise<boolean> {
  const done = await telling(async () => {
    await workspaces.trash(client, id);
    return true;
  });
  return done ?? false;
}

export async function deleteForGood(client: Client, { id, name }: Workspace): Promise<boolean> {
  const sure = await confirmed(
    t('home.deleteTitle', { name }),
    t('home.deleteText'),
    t('home.delete'),
  );
  if (!sure) return false;
  const done = await telling(async () => {
    await workspaces.deleteForGood(client, id);
    return true;
  });
  if (done) toast(t('home.deleted', { name }));
  return done ?? false;
}

/** A new workspace of mine that holds my version of a shared one: others' blocks, too. */
export function copyOf(
  client: Client,
  { name, language }: Workspace,
  xml: string,
): Promise<Workspace> {
  const copy = { name: t('save.copyName', { name }), language, xml, file: true };
  return workspaces.create(client, copy);
}
