/** End note: beside a block, why a run ended there; in plain words first, then as the kernel puts it. */
import { t } from '../i18n';

export interface ToldEnd {
  kind: 'error' | 'stopped';
  /** Missing where nothing says it better than the message. */
  words: string | undefined;
  /** As the kernel puts it. */
  message: string;
}

export function endNote({ kind, words, message }: ToldEnd, close: () => void): HTMLElement {
  const note = document.createElement('div');
  note.className = `end-note ${kind}`;
  note.role = 'note';
  note.ariaLabel = t(kind === 'error' ? 'mark.error' : 'mark.stopped');
  const told: [name: string, text: string][] = [
    ['end-words', words ?? ''],
    ['end-message', message],
  ];
  for (const [name, text] of told) {
    if (text === '') continue;
    const paragraph = document.createElement('p');
    paragraph.className = name;
    paragraph.dir = 'auto';
    paragraph.textContent = text;
    note.append(paragraph);
  }
  const button = document.createElement('button');
  button.className = 'end-close';
  button.ariaLabel = button.title = t('mark.close');
  button.textContent = '×';
  button.addEventListener('click', close);
  note.append(button);
  return note;
}
