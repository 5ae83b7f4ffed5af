/** Importing files: one after another, each with its own result. */
import type { App } from '../app';
import { importFile } from '../api/imports';
import type { Workspace } from '../api/types';
import { t } from '../i18n';
import { problemText } from '../ui/problemText';

export interface FileResult {
  file: File;
  state: 'waiting' | 'sending' | 'done' | 'failed';
  /** From 0 to 1. */
  sent: number;
  made: readonly Workspace[];
  /** Code that isn't in the blocks of what was made, by the workspace's id. */
  edited: ReadonlyMap<string, string>;
  /** True if it, or a file in it, was in another encoding than UTF-8. */
  wasRecoded: boolean;
  why: string;
}

/** Imports `files` in order. `onChange` hears of every step; a file that fails does not stop the others. */
export async function importFiles(
  { client }: App,
  files: readonly File[],
  languages: readonly string[],
  onChange: (results: readonly FileResult[]) => void,
): Promise<readonly FileResult[]> {
  const results: FileResult[] = files.map((file) => ({
    file,
    state: 'waiting',
    sent: 0,
    made: [],
    edited: new Map(),
    wasRecoded: false,
    why: '',
  }));
  const tell = () => {
    onChange([...results]);
  };
  tell();
  for (const result of results) {
    result.state = 'sending';
    tell();
    try {
      if (result.file.size === 0) throw new Error(t('import.empty'));
      const as = {
        name: nameOf(result.file.name),
        language: await guessLanguage(result.file, languages),
      };
      const {
        items,
        edited,
        recoded = [],
      } = await importFile(client, result.file, as, (sent) => {
        result.sent = sent;
        tell();
      });
      result.made = items;
      result.edited = new Map(edited.map(({ workspace_id: id, code }) => [id, code]));
      result.wasRecoded = recoded.length > 0;
      result.state = 'done';
    } catch (error) {
      result.state = 'failed';
      result.why = problemText(error);
    }
    tell();
  }
  return results;
}

/** A workspace is named like its file, without the ending. */
export function nameOf(fileName: string): string {
  return fileName.replace(/\.[^.]+$/, '').trim() || t('common.unnamed');
}

/** XML does not say its language; blocks named after one do, and else it is the first. */
export async function guessLanguage(file: File, languages: readonly string[]): Promise<string> {
  // In UTF-16, every other byte of such a type is none.
  const start = (await file.slice(0, 256 * 1024).text()).replaceAll('\0', '');
  const named = languages.find((language) => start.includes(`type="${language.toLowerCase()}_`));
  return named ?? languages[0] ?? 'python';
}
