/** Dialog for a new workspace: its name and language. */
import { html } from 'lit';
import type { LanguageInfo } from '../api/types';
import { t } from '../i18n';
import { askWithForm, textIn } from '../ui/dialogs';

/** Purpose of a language, where we know it. */
function purpose(name: string): string {
  if (name.toLowerCase() === 'python') return t('new.python');
  return name.toLowerCase() === 'processing' ? t('new.processing') : '';
}

export async function askForNew(languages: readonly LanguageInfo[]) {
  const choices = languages.map(
    (language, index) =>
      html`<label class="choice ${language.name.toLowerCase()}">
        <input
          type="radio"
          name="language"
          value=${language.name}
          ?checked=${index === 0}
          aria-labelledby="language-${language.name}"
          aria-describedby="purpose-${language.name}"
        />
        <strong id="language-${language.name}">${language.title}</strong>
        <span id="purpose-${language.name}">${purpose(language.name)}</span>
      </label>`,
  );
  const answer = await askWithForm(
    t('new.title'),
    html`<label class="field">
        <span>${t('new.name')}</span>
        <input
          class="input"
          name="name"
          maxlength="200"
          required
          autocomplete="off"
          .value=${t('new.defaultName')}
          autofocus
        />
      </label>
      <fieldset class="choices">
        <legend>${t('new.language')}</legend>
        ${choices}
      </fieldset>`,
    t('new.create'),
  );
  if (!answer) return undefined;
  return {
    name: textIn(answer, 'name') || t('common.unnamed'),
    language: textIn(answer, 'language'),
  };
}
