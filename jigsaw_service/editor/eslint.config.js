import { readdirSync } from 'node:fs';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/**
 * The folders of `src` from the top floor to the bottom: each may import from those below it, and from nothing above
 * or beside it. Types count, too.
 */
const FLOORS = [
  ['main'],
  ['pages'],
  ['presence', 'history', 'share', 'trust', 'marks'],
  ['workspaces', 'run', 'codegen'],
  ['live', 'canvas'],
  ['sourcemap'],
  ['languages'],
  ['frames', 'ui'],
  ['app'],
  ['api'],
  ['document'],
  ['xml', 'i18n', 'styles'],
];

const rooms = readdirSync(new URL('src', import.meta.url)).map((name) => name.replace(/\.ts$/, ''));
const homeless = rooms.filter((room) => !FLOORS.flat().includes(room));
if (homeless.length > 0) throw new Error(`Give these a floor in FLOORS: ${homeless.join(', ')}`);

const onlyInCanvas = {
  group: ['blockly', 'blockly/*', '@blockly/*'],
  message: 'Only canvas/ and languages/ know Blockly.',
};

/** What a room may not import: the rooms above and beside it, and Blockly, unless it knows blocks. */
function fence(room, floor, height) {
  const barred = [...FLOORS.slice(0, height).flat(), ...floor.filter((other) => other !== room)];
  const upwards = {
    regex: `^(\\.\\./)+(${barred.join('|')})(/|$)`,
    message: 'Imports go down; FLOORS in eslint.config.js says where.',
  };
  const knowsBlockly = ['canvas', 'languages'].includes(room);
  const patterns = [
    ...(barred.length > 0 ? [upwards] : []),
    ...(knowsBlockly ? [] : [onlyInCanvas]),
  ];
  return {
    files: [`src/${room}.ts`, `src/${room}/**`],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
}

export default tseslint.config(
  { ignores: ['node_modules', 'public', '../static'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js', 'scripts/*.mjs'] } },
    },
    rules: {
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            ':matches(PropertyDefinition, MethodDefinition[kind!="constructor"], TSParameterProperty)[accessibility="private"]',
          message: 'What is private is #private.',
        },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  ...FLOORS.flatMap((floor, height) => floor.map((room) => fence(room, floor, height))),
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  prettier,
);
