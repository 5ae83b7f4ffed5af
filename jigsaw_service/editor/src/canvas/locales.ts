/** Blockly's own texts, in the languages its translators have covered best or ours need. */
import * as Blockly from 'blockly/core';
import * as english from 'blockly/msg/en';
import { messages } from './messages';

type Table = Record<string, string>;

const OTHERS: Record<string, () => Promise<unknown>> = {
  ar: () => import('blockly/msg/ar'),
  de: () => import('blockly/msg/de'),
  es: () => import('blockly/msg/es'),
  fr: () => import('blockly/msg/fr'),
  he: () => import('blockly/msg/he'),
  it: () => import('blockly/msg/it'),
  nl: () => import('blockly/msg/nl'),
  pt: () => import('blockly/msg/pt'),
};

/** Blockly would give every new function this comment, and it would turn up in the program. */
const SILENCED: Table = { PROCEDURES_DEFNORETURN_COMMENT: '', PROCEDURES_DEFRETURN_COMMENT: '' };

/**
 * Sets all texts on blocks: Blockly's in `locale`, English where it has none, then ours,
 * then what the page replaces.
 */
export async function setTexts(locale: string, ours: Table, replaced: Table = {}): Promise<void> {
  Blockly.setLocale(english as unknown as Table);
  const load = OTHERS[locale.toLowerCase().split(/[-_]/)[0] ?? ''];
  if (load) Object.assign(Blockly.Msg, await load());
  Object.assign(Blockly.Msg, messages, ours, replaced, SILENCED);
}
