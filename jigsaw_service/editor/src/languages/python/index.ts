/** Python: its blocks, their toolbox and the program they make. */
import { colourBlend, colourPicker, colourRandom, colourRgb } from '@blockly/field-colour';
import { define, installStandardBlocks } from '../common/standard';
import type { Language } from '../language';
import { kinds, registerMutators } from './blocks';
import { PythonGenerator } from './generator';
import { messages } from './messages';
import { registerNameField } from './nameField';
import { standard, type Say } from './standard';
import { toolbox } from './toolbox';

let generator: PythonGenerator | undefined;

const types = new Set(kinds.map((kind) => kind.shape.type));

/** Their types name Blockly's own generator, of which ours is a kind. */
const colours = {
  colour_picker: colourPicker.toPython,
  colour_random: colourRandom.toPython,
  colour_rgb: colourRgb.toPython,
  colour_blend: colourBlend.toPython,
} as unknown as Record<string, Say>;

function makeGenerator(): PythonGenerator {
  const made = new PythonGenerator();
  Object.assign(made.forBlock, colours);
  for (const { shape, code } of kinds) made.forBlock[shape.type] = code;
  Object.assign(made.forBlock, standard({ ...made.forBlock }));
  return made;
}

export const language: Language = {
  name: 'python',
  title: 'Python',
  fileHeader: '# -*- coding: utf-8 -*-\n# Made from blocks with Jigsaw.\n\n',
  toolbox,
  types,
  messages,
  initialXml: '',
  examples: async () => (await import('./examples')).examples,

  install() {
    if (generator) return;
    for (const type of installStandardBlocks()) types.add(type);
    registerNameField();
    registerMutators();
    define(kinds);
    generator = makeGenerator();
  },

  generate(workspace, mark) {
    try {
      return generator?.workspaceToMarkedCode(workspace, mark) ?? '';
    } catch (error) {
      return `# These blocks make no program: ${String(error).split('\n')[0] ?? ''}\n`;
    }
  },
};
