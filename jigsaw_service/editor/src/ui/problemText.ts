/** Problem text: says in words why something did not work. */
import { ApiProblem } from '../api/problem';
import { t } from '../i18n';

export function problemText(error: unknown): string {
  if (!(error instanceof ApiProblem)) return error instanceof Error ? error.message : String(error);
  if (error.status === 0) return t('problem.offline');
  if (error.slug === 'too-large' && !error.detail) return t('import.tooLarge');
  const said = error.detail || error.title;
  if (!said) return t('problem.unexpected', { status: String(error.status) });
  const { line, column } = error.members;
  if (typeof line !== 'number' || typeof column !== 'number') return said;
  return t('import.at', { why: said.replace(/\.$/, ''), line, column });
}
