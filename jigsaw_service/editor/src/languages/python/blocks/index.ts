/** All blocks of Python that Blockly doesn't bring. */
import { code, registerCodeMutators } from './code';
import { dataFrames } from './data';
import { dictionaries, registerDictionaryMutators } from './dictionaries';
import { errors } from './errors';
import { plots } from './plots';
import { registerTextMutators, text } from './text';

export const kinds = [...code, ...text, ...errors, ...dictionaries, ...plots, ...dataFrames];

export function registerMutators(): void {
  registerCodeMutators();
  registerTextMutators();
  registerDictionaryMutators();
}
