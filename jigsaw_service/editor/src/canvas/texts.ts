/** The texts on blocks in English: Blockly's own, then ours. */
import * as Blockly from 'blockly/core';
import * as english from 'blockly/msg/en';
import { messages } from './messages';

export type Texts = Record<string, string>;

/** Blockly would give every new function this comment, and it would turn up in the program. */
const SILENCED: Texts = { PROCEDURES_DEFNORETURN_COMMENT: '', PROCEDURES_DEFRETURN_COMMENT: '' };

/** Sets Blockly's own texts. */
export function setBlocklyTexts(): void {
  Blockly.setLocale(english as unknown as Texts);
}

/** Sets our texts over Blockly's, then what the page replaces. */
export function setOurTexts(ours: Texts, replaced: Texts = {}): void {
  Object.assign(Blockly.Msg, messages, ours, replaced, SILENCED);
}
