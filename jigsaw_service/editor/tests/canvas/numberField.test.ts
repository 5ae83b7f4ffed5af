// @vitest-environment jsdom
/** What is typed into a number is what is meant, or nothing changes. */
import * as Blockly from 'blockly/core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '../../src/languages';
import { documentOf, open, prepare } from './open';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});
afterEach(() => {
  document.documentElement.lang = '';
});

interface Editor {
  getValueFromEditorText_(text: string): unknown;
  getEditorText_(value: unknown): string;
}

/** A number that was 7 before `text` was typed into it. */
function typing(text: string, locale: string, type = 'math_number', name = 'NUM') {
  const { block, xml } = open(documentOf(`<block type="${type}" id="n"/>`), language);
  document.documentElement.lang = locale;
  const field = block('n').getField(name) as Blockly.Field;
  field.setValue(7);
  field.setValue((field as unknown as Editor).getValueFromEditorText_(text));
  return { value: String(field.getValue()), field: field as unknown as Editor, xml };
}

describe('numbers typed in English', () => {
  test.each([
    ['3.14', '3.14'],
    ['3,14', '3.14'],
    ['1.234', '1.234'],
    ['1,234.5', '1234.5'],
    ['1.234,5', '1234.5'],
    ['1,234,567', '1234567'],
    ['0,125', '0.125'],
    ['−5', '-5'],
    ['.5', '0.5'],
    ['1e3', '1000'],
    ['٣', '3'],
    ['12345678901234567890', '12345678901234567890'],
    ['Infinity', 'Infinity'],
  ])('%s is %s', (text, value) => {
    expect(typing(text, 'en').value).toBe(value);
  });

  test.each(['1,234', '1O', '', 'ten', '1.2.3', '1,23,4', '0x10', '1e999', '1 2', 'NaN'])(
    '“%s” leaves what was there',
    (text) => {
      expect(typing(text, 'en').value).toBe('7');
    },
  );
});

describe('numbers typed in German', () => {
  test.each([
    ['3,14', '3.14'],
    ['1.234,5', '1234.5'],
    ['1.234.567', '1234567'],
    ['1,234', '1.234'],
    ['3.14', '3.14'],
    ['1 234,5', '1234.5'],
  ])('%s is %s', (text, value) => {
    expect(typing(text, 'de-DE').value).toBe(value);
  });

  test('1.234 could be two numbers, and is refused', () => {
    expect(typing('1.234', 'de').value).toBe('7');
  });

  test('what is there is shown with a comma to be edited, and stays when nothing is typed', () => {
    const { field } = typing('1,234', 'de');
    expect(field.getEditorText_(1.234)).toBe('1,234');
    expect(typing(field.getEditorText_(1.234), 'de').value).toBe('1.234');
  });
});

test('Arabic digits and marks are read', () => {
  expect(typing('٣٫١٤', 'ar').value).toBe('3.14');
  expect(typing('١٬٢٣٤٫٥', 'ar').value).toBe('1234.5');
  expect(typing('3.14', 'ar').value).toBe('3.14');
});

test('what a field can’t hold is refused rather than moved', () => {
  expect(typing('-5', 'en', 'controls_repeat', 'TIMES').value).toBe('7');
  expect(typing('2.5', 'en', 'controls_repeat', 'TIMES').value).toBe('7');
  expect(typing('12', 'en', 'controls_repeat', 'TIMES').value).toBe('12');
});

test('a whole number of twenty digits keeps them in the XML and in the program', () => {
  const xml = documentOf(
    '<block type="math_number" id="n"><field name="NUM">12345678901234567890</field></block>',
  );
  const opened = open(xml, language);
  expect(opened.unknownTypes).toEqual([]);
  expect(opened.xml()).toContain('>12345678901234567890<');
  expect(opened.code()).toBe('12345678901234567890\n');
});
