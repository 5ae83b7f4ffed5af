import 'blockly/blocks';
import * as Blockly from 'blockly/core';

import type { Language } from '../language';

export const language: Language = {
  name: 'Processing',
  title: 'Processing',
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
  install() {},
  generate: () => '',
};
