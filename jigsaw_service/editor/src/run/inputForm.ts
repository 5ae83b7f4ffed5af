/** Input form of `input()` and `getpass()`, among the outputs. Answers are passed on, not kept. */
import { html, type TemplateResult } from 'lit';
import { t } from '../i18n';
import type { InputRequest } from './kernelConnection';

export function inputForm(request: InputRequest): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const field = form.elements.namedItem('answer') as HTMLInputElement;
    const { value } = field;
    field.value = '';
    request.answer(value);
  };
  return html`<form class="input-request" @submit=${submit} autocomplete="off">
    <label>
      <span>${request.prompt.trim() || t('run.inputLabel')}</span>
      <input
        class="input"
        name="answer"
        type=${request.password ? 'password' : 'text'}
        autocomplete=${request.password ? 'new-password' : 'off'}
        autofocus
      />
    </label>
    <button class="button primary">${t('run.answer')}</button>
  </form>`;
}
