/** Processing: its blocks, their toolbox and the sketch they make. */
import { define, installStandardBlocks } from '../common/standard';
import type { Language } from '../language';
import { kinds } from './blocks';
import initial from './examples/initial.xml?raw';
import { ProcessingGenerator } from './generator';
import { messages } from './messages';
import { standard } from './say';
import { toolbox } from './toolbox';

let generator: ProcessingGenerator | undefined;

const types = new Set(kinds.map((kind) => kind.shape.type));

export const language: Language = {
  name: 'processing',
  title: 'Processing',
  fileHeader: '// Made from blocks with Jigsaw.\n\n',
  toolbox,
  types,
  messages,
  initialXml: initial,
  examples: async () => (await import('./examples')).examples,

  install() {
    if (generator) return;
    for (const type of installStandardBlocks()) types.add(type);
    define(kinds);
    generator = new ProcessingGenerator();
    for (const { shape, code } of kinds) generator.forBlock[shape.type] = code;
    Object.assign(generator.forBlock, standard);
  },

  generate(workspace, mark) {
    try {
      return generator?.workspaceToMarkedCode(workspace, mark) ?? '';
    } catch (error) {
      return `// These blocks make no sketch: ${String(error).split('\n')[0] ?? ''}\n`;
    }
  },
};
