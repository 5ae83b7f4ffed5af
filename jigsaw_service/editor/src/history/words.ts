/** Words for differences. */
import type { Entry, ReviewKind } from './review';
import type { KeyChange, VariableDiffering } from './compare';
import { t } from '../i18n';
import { onCanvas } from '../document/records';

/** Longer values are cut: the code tells the rest. */
const LONGEST = 60;

const KIND_TEXT = {
  added: 'history.added',
  removed: 'history.removed',
  moved: 'history.moved',
  changed: 'history.changed',
} as const satisfies Record<ReviewKind, string>;

export const kindText = (kind: ReviewKind): string => t(KIND_TEXT[kind]);

/** Details of what happened to one block, beside its kind and its name. */
export function details(
  { blocks, to, changes }: Entry,
  describe: (id: string) => string,
): string[] {
  const told: string[] = [];
  if (blocks > 1) told.push(t('history.withMore', { count: blocks - 1 }));
  told.push(...new Set(changes.map(changeText)));
  if (!to) return told;
  if (onCanvas(to)) told.push(t('history.movedOnCanvas'));
  else {
    const block = describe(to[0]);
    told.push(
      to.length === 1 ? t('history.movedBelow', { block }) : t('history.movedInto', { block }),
    );
  }
  return told;
}

function changeText({ key, before, after }: KeyChange): string {
  if (key.startsWith('f:') || /^(sn$|s[hs]:)/.test(key)) {
    const [was, is] = [valueText(before), valueText(after)];
    return was === is ? t('history.otherParts') : t('history.fromTo', { was, is });
  }
  if (key === 'c') return commentText(before, after);
  if (key === 'd' && typeof after === 'string') return t('history.says', { text: cut(after) });
  if (key === 'm') return t('history.otherShape');
  if (key === 'a:collapsed') return t(after === 'true' ? 'history.collapsed' : 'history.expanded');
  if (key === 'a:disabled' || key === 'a:disabled-reasons')
    return t(after && after !== 'false' ? 'history.switchedOff' : 'history.switchedOn');
  return t('history.otherParts');
}

function commentText(before: unknown, after: unknown): string {
  if (typeof after !== 'string') return t('history.commentGone');
  return t(typeof before === 'string' ? 'history.commentChanged' : 'history.commentNew', {
    text: valueText(after),
  });
}

/** A field's text, its variable's name, or the texts of what stands in a shadow. */
function valueText(value: unknown): string {
  if (typeof value === 'object' && value) {
    if ('var' in value) return cut(String(value.var));
    if ('text' in value) return cut(String(value.text));
  }
  if (typeof value !== 'string') return t('history.nothing');
  if (!value.startsWith('<')) return cut(value) || t('history.nothing');
  const element = new DOMParser().parseFromString(value, 'text/xml').documentElement;
  const fields = [...element.querySelectorAll('field')].map((field) => field.textContent);
  return (
    cut((fields.length > 0 ? fields : [element.textContent]).join(' ')) || t('history.nothing')
  );
}

const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

export function variableText({ before, after }: VariableDiffering): string {
  if (before !== undefined && after !== undefined)
    return t('history.variableRenamed', { was: before, is: after });
  if (after !== undefined) return t('history.variableAdded', { name: after });
  return t('history.variableRemoved', { name: before ?? '' });
}
