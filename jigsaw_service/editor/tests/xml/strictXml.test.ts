// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import { limits, setLimits } from '../../src/xml/limits';
import { parseWorkspace } from '../../src/xml/strictXml';
import { documentOf } from '../canvas/open';

const block = (attributes: string, inside = '') =>
  `<block type="text" ${attributes}>${inside}</block>`;

describe('what is refused', () => {
  test.each([
    ['ill-formed XML', '<xml><block type="a"></xml>', /well-formed/],
    ['HTML', '<html><body></body></html>', /not a Blockly workspace/],
    ['a document type', '<!DOCTYPE xml [<!ENTITY a "b">]><xml/>', /document type/],
    ['a document type after a comment', '<!-- --> <!doctype xml><xml/>', /document type/],
    ['a processing instruction', '<xml><?run this?></xml>', /Processing instructions/],
    ['a script', documentOf('<script>alert(1)</script>'), /<script> cannot stand/],
    ['an element out of place', documentOf('<field name="A">b</field>'), /<field> cannot stand/],
    ['a block without a type', documentOf('<block id="a"></block>'), /no valid type/],
    ['a type that is none', documentOf('<block type="#xml"></block>'), /no valid type/],
    [
      'a carriage return in a text',
      documentOf(block('', '<comment>hi&#13;import os</comment>')),
      /control/,
    ],
    ['a position beyond reach', documentOf(block('x="1e15"')), /too far/],
    [
      'a hostile count',
      documentOf('<block type="lists_create_with"><mutation items="100000000"/></block>'),
      /parts/,
    ],
    [
      'a negative count',
      documentOf('<block type="lists_create_with"><mutation items="-5"/></block>'),
      /parts/,
    ],
    [
      'a count with letters after it',
      documentOf('<block type="lists_create_with"><mutation items="99999x"/></block>'),
      /parts/,
    ],
    ['a long id', documentOf(block(`id="${'i'.repeat(65)}"`)), /too long/],
    [
      'two blocks after one',
      documentOf(block('', `<next>${block('')}</next><next>${block('')}</next>`)),
      /only one block after/,
    ],
    [
      'more than 2 MiB',
      documentOf(block('', `<data>${'x'.repeat(2 ** 21)}</data>`)),
      /more than 2097152 bytes/,
    ],
    ['too many blocks', documentOf(block('').repeat(5001)), /more than 5000/],
  ])('%s', (_, xml, message) => {
    expect(() => parseWorkspace(xml)).toThrow(message);
  });

  test('a stack of 2,300 statements, rather than losing most of it', () => {
    const xml = documentOf(
      '<block type="text_print"><next>'.repeat(2299) +
        '<block type="text_print"/>' +
        '</next></block>'.repeat(2299),
    );
    expect(() => parseWorkspace(xml)).toThrow(/nested too deeply/);
  });
});

test('the limits are those that the service tells', () => {
  const usual = limits();
  const large = documentOf(block('', `<data>${'x'.repeat(60_000)}</data>`).repeat(40));
  expect(() => parseWorkspace(large)).toThrow(/bytes/);
  setLimits({ ...usual, bytes: 2 * usual.bytes });
  try {
    expect(parseWorkspace(large).children).toHaveLength(40);
  } finally {
    setLimits(usual);
  }
});

test('an error names its line and column', () => {
  const xml = `<xml>\n  <!-- <block> -->\n  <block type="ok" data-x="a > b"/>\n  <block type=""/>\n</xml>`;
  expect(() => parseWorkspace(xml)).toThrow(expect.objectContaining({ line: 4, column: 3 }));
});

describe('what is accepted', () => {
  test.each([
    ['Blockly’s namespace', 'https://developers.google.com/blockly/xml'],
    ['that of 2013', 'http://www.w3.org/1999/xhtml'],
    ['any other', 'http://de.example/blocks'],
  ])('%s', (_, namespace) => {
    expect(
      parseWorkspace(`<xml xmlns="${namespace}">${block('id="a"')}</xml>`).firstElementChild?.id,
    ).toBe('a');
  });

  test('no namespace, a byte order mark and an XML declaration', () => {
    expect(parseWorkspace('\uFEFF<?xml version="1.0"?><xml/>').localName).toBe('xml');
  });

  test('a negative number that is no count', () => {
    expect(() =>
      parseWorkspace(documentOf('<block type="a"><mutation rolloff="-12"/></block>')),
    ).not.toThrow();
  });

  test('the same id twice: the second block gets one of its own', () => {
    const [first, second] = parseWorkspace(documentOf(block('id="a"'), block('id="a"'))).children;
    expect(first?.id).toBe('a');
    expect(second?.id).not.toBe('a');
  });
});
