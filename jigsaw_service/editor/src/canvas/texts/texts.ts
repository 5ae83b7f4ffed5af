/** The texts on blocks in English: Blockly's own, then ours. */
import * as Blockly from 'blockly/core';
import * as english from 'blockly/msg/en';
import { messages } from './messages';

export type Texts = Record<string, string>;

/** Blockly would give every new function this comment, and it would turn up in the program. */
const SILENCED: Texts = { PROCEDURES_DEFNORETURN_COMMENT: '', PROCEDURES_DEFRETURN_COMMENT: '' };

/** Spoken texts; each begins with the text on the page, so that speech control finds it. */
const SPOKEN: Texts = {
  MATH_ONLIST_OPERATOR_MAX_ARIA: 'max, maximum',
  MATH_ONLIST_OPERATOR_MIN_ARIA: 'min, minimum',
  MATH_SINGLE_OP_LN_ARIA: 'ln, natural logarithm',
  MATH_SINGLE_OP_LOG10_ARIA: 'log10, base 10 logarithm',
  MATH_TRIG_ACOS_ARIA: 'acos, inverse cosine',
  MATH_TRIG_ASIN_ARIA: 'asin, inverse sine',
  MATH_TRIG_ATAN_ARIA: 'atan, inverse tangent',
  MATH_TRIG_COS_ARIA: 'cos, cosine',
  MATH_TRIG_SIN_ARIA: 'sin, sine',
  MATH_TRIG_TAN_ARIA: 'tan, tangent',
};

/** Texts of a module of Blockly's; in what we build, they have no names of their own. */
export function textsOf(module: unknown): Texts {
  return (module as { default?: Texts }).default ?? (module as Texts);
}

/** Sets Blockly's own texts. */
export function setBlocklyTexts(): void {
  Blockly.setLocale(textsOf(english));
  Object.assign(Blockly.Msg, SPOKEN);
}

/** Sets our texts over Blockly's, then what the page replaces. */
export function setOurTexts(ours: Texts, replaced: Texts = {}): void {
  Object.assign(Blockly.Msg, messages, ours, replaced, SILENCED);
}
