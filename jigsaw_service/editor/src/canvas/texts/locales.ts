/** All texts on the canvas in one language: Blockly's own, ours, and those of the blocks. */
import * as Blockly from 'blockly/core';
import { messagesOf, type Language } from '../../languages';
import { setBlocklyTexts, setOurTexts, textsOf, type Texts } from './texts';

/** Blockly's translators leave some of its texts in English, so ours go over theirs. */
const OTHERS: Record<string, () => Promise<{ blockly: Texts; ours: Texts }>> = {
  ar: async () => {
    const [theirs, { blocklyTexts }, { messages }] = await Promise.all([
      import('blockly/msg/ar'),
      import('./blocklyTexts.ar'),
      import('./messages.ar'),
    ]);
    return { blockly: { ...textsOf(theirs), ...blocklyTexts }, ours: messages };
  },
  de: async () => {
    const [theirs, { blocklyTexts }, { messages }] = await Promise.all([
      import('blockly/msg/de'),
      import('./blocklyTexts.de'),
      import('./messages.de'),
    ]);
    return { blockly: { ...textsOf(theirs), ...blocklyTexts }, ours: messages };
  },
};

/**
 * Sets all texts at once in `locale` (`de`, `de-AT`), or in English where that is not offered;
 * `replaced` goes over them.
 */
export async function setTexts(
  locale: string,
  language: Language,
  replaced: Texts = {},
): Promise<void> {
  const name = locale.toLowerCase().split(/[-_]/)[0] ?? '';
  const [texts, blocks] = await Promise.all([OTHERS[name]?.(), messagesOf(language, name)]);
  setBlocklyTexts();
  if (texts) Object.assign(Blockly.Msg, texts.blockly);
  setOurTexts({ ...texts?.ours, ...blocks }, replaced);
}
