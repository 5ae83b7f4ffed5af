/** Dialogs: short questions in the browser's own modal dialog, with focus, Escape and backdrop. */
import { html, render, type TemplateResult } from 'lit';
import { t } from '../i18n';
import { icon } from './icons';

/** Shows a dialog whose form may be submitted; the promise gives its fields, or undefined when it was closed. */
export function askWithForm(
  title: string,
  content: TemplateResult,
  submit: string,
  danger = false,
) {
  return new Promise<FormData | undefined>((resolve) => {
    const dialog = openDialog(
      title,
      html`<form method="dialog" class="dialog-form">
        ${content}
        <div class="dialog-actions">
          <button
            type="button"
            class="button"
            @click=${() => {
              dialog.close();
            }}
          >
            ${t('common.cancel')}
          </button>
          <button class="button ${danger ? 'danger' : 'primary'}" value="yes">${submit}</button>
        </div>
      </form>`,
      () => {
        const form = dialog.querySelector('form');
        resolve(dialog.returnValue === 'yes' && form ? new FormData(form) : undefined);
      },
    );
  });
}

/** Asks before something that is not easily undone. */
export async function confirmed(
  title: string,
  text: string,
  yes: string,
  danger = true,
): Promise<boolean> {
  return (await askWithForm(title, html`<p>${text}</p>`, yes, danger)) !== undefined;
}

/** Asks for a line of text; undefined when nothing was entered or the dialog was closed. */
export async function askForText(title: string, label: string, value: string, yes: string) {
  const field = html`<label class="field">
    <span>${label}</span>
    <input
      class="input"
      name="text"
      required
      maxlength="200"
      autocomplete="off"
      .value=${value}
      autofocus
    />
  </label>`;
  const answer = await askWithForm(title, field, yes);
  return (answer && textIn(answer, 'text')) || undefined;
}

/** Value that was typed or chosen in the field `name`, without spaces around it. */
export function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

let opened = 0;

/** Shows a dialog with a title and a close button; it is gone from the page once it is closed. */
export function openDialog(
  title: string,
  content: TemplateResult,
  onClose: () => void = () => undefined,
) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  // One may be opened from another.
  const titleId = `dialog-title-${++opened}`;
  dialog.setAttribute('aria-labelledby', titleId);
  render(
    html`<header class="dialog-header">
        <h2 id=${titleId}>${title}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label=${t('common.close')}
          @click=${() => {
            dialog.close();
          }}
        >
          ${icon('close')}
        </button>
      </header>
      <div class="dialog-body">${content}</div>`,
    dialog,
  );
  dialog.addEventListener('close', () => {
    onClose();
    dialog.remove();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector<HTMLInputElement>('[autofocus]')?.select();
  return dialog;
}
