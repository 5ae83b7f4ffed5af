// @vitest-environment jsdom
import * as Blockly from 'blockly/core';
import * as blocklyEnglish from 'blockly/msg/en';
import { afterAll, describe, expect, test } from 'vitest';
import { blocklyTexts as blocklyArabic } from '../../src/canvas/texts/blocklyTexts.ar';
import { blocklyTexts as blocklyGerman } from '../../src/canvas/texts/blocklyTexts.de';
import { setTexts } from '../../src/canvas/texts/locales';
import { messages as canvasEnglish } from '../../src/canvas/texts/messages';
import { loadLanguage } from '../../src/languages';
import { documentOf, open, prepare } from './open';

type Texts = Record<string, string>;

/** Addresses, colours, and texts of fields and plugins that no canvas of ours has. */
const UNUSED = /HELPURL$|_HUE$|BACKPACK|MINIMAP|BITMAP|MULTILINE|FIELD_(ANGLE|DATE|GRID)|_SEARCH_/;

/** Signs, key tops and names, and words that both languages share. */
const SAME: Record<string, RegExp> = {
  de: /^(ALT|COMMAND|OPTION|PAUSE|TAB)_KEY$|^(CHROME_OS|LINUX|MAC_OS|WINDOWS)$|^ARIA_TYPE_FIELD_TEXT_INPUT$|^LOGIC_NULL$|^MATH_TRIG_(COS|SIN|TAN)$|^MATH_(ADDITION|SUBTRACTION)_SYMBOL_ARIA$|^MATH_CONSTANT_E_ARIA$/,
  ar: /^(ALT|COMMAND|OPTION)_KEY$/,
};
const OURS_SAME = /^(CATEGORY_PYTHON|PYTHON_(COMMENT|METHOD|ATTRIBUTE)|DATA_MEDIAN)$/;
const isWord = (text: string) => /[a-z]/i.test(text.replace(/%\d/g, ''));

const placeholders = (text: string) => (text.match(/%\d/g) ?? []).sort();

const blocklys = blocklyEnglish as unknown as Texts;

async function speak(locale: string, name = 'python'): Promise<Texts> {
  await setTexts(locale, await loadLanguage(name));
  return { ...Blockly.Msg };
}

afterAll(() => prepare());

describe.each(['de', 'ar'])('in %s', (locale) => {
  test('nothing of Blockly is left in English', async () => {
    const spoken = await speak(locale);
    const left = Object.keys(blocklys).filter(
      (key) =>
        isWord(blocklys[key] ?? '') &&
        spoken[key] === blocklys[key] &&
        !UNUSED.test(key) &&
        !SAME[locale]?.test(key),
    );

    expect(left).toEqual([]);
  });

  test.each(['python', 'processing'])('nothing of ours is left in English: %s', async (name) => {
    const english: Texts = { ...canvasEnglish, ...(await loadLanguage(name)).messages };
    const spoken = await speak(locale, name);
    const left = Object.keys(english).filter((key) => spoken[key] === english[key]);

    expect(left.filter((key) => !OURS_SAME.test(key))).toEqual([]);
    for (const [key, text] of Object.entries(english))
      expect(placeholders(spoken[key] ?? ''), key).toEqual(placeholders(text));
  });

  test('what we say for Blockly stands for a text of its own, with the same gaps', () => {
    const table = locale === 'de' ? blocklyGerman : blocklyArabic;
    for (const [key, text] of Object.entries(table))
      expect(placeholders(text), key).toEqual(placeholders(blocklys[key] ?? 'no such text %9'));
  });
});

test.each(['python', 'processing'])('every example has a name: %s', async (name) => {
  const { examples, messages } = await loadLanguage(name);

  expect((await examples()).filter((example) => !messages[example.name])).toEqual([]);
});

describe('the words on blocks', () => {
  const bars = documentOf('<block type="plot_bar" id="b"/>', '<block type="controls_if" id="i"/>');
  const words = async (locale: string) => {
    const language = await loadLanguage('python');
    await setTexts(locale, language);
    const { block } = open(bars, language);
    return [block('b').toString(), block('i').toString()];
  };

  test('change all at once', async () => {
    expect(await words('de-AT')).toEqual(['zeichne Balken ? Höhen ?', 'falls ? mache ?']);
    expect(await words('ar')).toEqual(['ارسم أعمدة ? ارتفاعاتها ?', 'إذا ? نفّذ ?']);
    expect(await words('en')).toEqual(['plot bars ? heights ?', 'if ? do ?']);
  });

  test('are English in a language that is not offered', async () => {
    expect(await words('tlh')).toEqual(['plot bars ? heights ?', 'if ? do ?']);
  });

  test('leave the program as it is', async () => {
    const language = await loadLanguage('python');
    await setTexts('ar', language);
    const [, example] = await language.examples();
    const { code } = open(example?.xml ?? '', language);
    const arabic = code();
    await setTexts('en', language);

    expect(arabic).toBe(open(example?.xml ?? '', language).code());
  });
});
