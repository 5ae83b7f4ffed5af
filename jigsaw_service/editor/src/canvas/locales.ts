/** Blockly's own texts, in the languages its translators have covered best or ours need. */
import * as Blockly from 'blockly/core';
import { setBlocklyTexts, setOurTexts, type Texts } from './texts';

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

/**
 * Sets all texts on blocks: Blockly's in `locale`, English where it has none, then ours,
 * then what the page replaces.
 */
export async function setTexts(locale: string, ours: Texts, replaced: Texts = {}): Promise<void> {
  setBlocklyTexts();
  const load = OTHERS[locale.toLowerCase().split(/[-_]/)[0] ?? ''];
  if (load) Object.assign(Blockly.Msg, await load());
  setOurTexts(ours, replaced);
}
