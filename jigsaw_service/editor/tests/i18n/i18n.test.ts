// @vitest-environment jsdom
import { afterEach, describe, expect, it } from 'vitest';
import { ar } from '../../src/i18n/ar';
import { de } from '../../src/i18n/de';
import { en } from '../../src/i18n/en';
import { ago, offered, setLocale, t, type Catalogue } from '../../src/i18n';

const root = document.documentElement;

/** The names in braces of a message in all its forms. */
function names(message: Catalogue[keyof Catalogue]): string[] {
  const forms = typeof message === 'string' ? [message] : Object.values(message);
  return [...new Set(forms.flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();
}

describe('the page’s words', () => {
  afterEach(() => setLocale('en', root));

  it('fill in names and numbers', () => {
    expect(t('home.trashed', { name: 'Maze' })).toBe('Maze is in the trash.');
    expect(t('history.blocks', { count: 1 })).toBe('1 block');
    expect(t('history.blocks', { count: 1200 })).toBe('1,200 blocks');
  });

  it('replace all of English at once, and tell the document', async () => {
    await setLocale('de-AT', root);

    expect(t('editor.run')).toBe('Ausführen');
    expect(root.lang).toBe('de');
    expect(root.dir).toBe('ltr');
  });

  it('turn the page round for languages written from right to left', async () => {
    await setLocale('ar', root);

    expect(root.dir).toBe('rtl');
    expect(t('history.blocks', { count: 3 })).toContain('كتل');
  });

  it('stay English for a language that is not complete', async () => {
    await setLocale('tlh', root);

    expect(root.lang).toBe('en');
    expect(offered).toEqual(['en', 'ar', 'de']);
  });

  it.each([
    ['de', de],
    ['ar', ar],
  ])('say in %s the same things about the same names', (_language, catalogue) => {
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      const spoken = names(catalogue[key]).filter((name) => name !== '{count}');
      expect(spoken, key).toEqual(names(en[key]).filter((name) => name !== '{count}'));
    }
  });

  it('say how long ago something was', () => {
    const now = Date.parse('2026-11-20T12:00:00Z');

    expect(ago('2026-11-20T11:57:00Z', now)).toBe('3 minutes ago');
    expect(ago('2026-11-20T11:59:30Z', now)).toBe('just now');
  });
});
