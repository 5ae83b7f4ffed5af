import 'blockly/blocks';
import * as Blockly from 'blockly/core';
import { pythonGenerator } from 'blockly/python';
import type { Language } from '../language';

export const language: Language = {
  name: 'Python',
  title: 'Python',
  toolbox: {
    kind: 'flyoutToolbox',
    contents: [
      { kind: 'block', type: 'text_print' },
      { kind: 'block', type: 'controls_repeat_ext' },
      { kind: 'block', type: 'math_number' },
      { kind: 'block', type: 'text' },
    ],
  },
  types: new Set(Object.keys(Blockly.Blocks)),
  messages: {},
  initialXml: '',
  examples: [],
  install() {
    pythonGenerator.INDENT = '    ';
  },
  generate: (workspace) => pythonGenerator.workspaceToCode(workspace),
};
