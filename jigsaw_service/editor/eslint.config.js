import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const onlyInCanvas = {
  group: ['blockly', 'blockly/*', '@blockly/*'],
  message: 'Only canvas/ and languages/ know Blockly.',
};

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
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/canvas/**', 'src/languages/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [onlyInCanvas] }] },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  prettier,
);
