import { defineConfig } from 'vite';
import {
  asciiFiles,
  blocklyMedia,
  blocklyModules,
  inlinedRuntime,
  plainTexts,
  pluginSources,
} from './vite.plugins';

/** What every page needs. */
const SHELL =
  /vite\/preload-helper|node_modules\/(lit|@lit)|src\/(api\/(?!imports|collections|doctor)|ui|i18n\/(en|index)|live\/(rateLimit|messages)|run\/(codeView|kernelLost)|main\.ts|app\.ts|workspaces\/(actions|cardPicture)|xml\/(invalidWorkspace|limits))|runtime\/protocol/;

/** What shows blocks, in English and without any one language; but for what is first asked for later. */
const CANVAS =
  /node_modules\/(blockly|@blockly)\/(?!msg\/(?!en)|plugin-workspace-search)|src\/(canvas\/(?!stage|marks|find\.|picture|pointed|reveal|endMark)|document|xml\/(?!invalidWorkspace|limits)|pages\/blocks|live\/(liveClient|session)|languages\/(common\/|index))(?!.*\.(ar|de)\.)/;

export default defineConfig({
  // Relative, because the service's prefix is known only when the Hub starts it.
  base: './',
  plugins: [
    blocklyMedia(),
    plainTexts(),
    blocklyModules(),
    pluginSources(),
    inlinedRuntime(),
    asciiFiles(),
  ],
  build: {
    outDir: '../static',
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: 'es2022',
    rolldownOptions: {
      input: { main: 'src/main.ts' },
      // Few files, because a page waits for all it begins with and a browser asks for six at a time.
      output: {
        codeSplitting: {
          groups: [
            { name: 'shell', test: SHELL, priority: 1 },
            { name: 'canvas', test: CANVAS },
          ],
        },
      },
    },
  },
  // Thousands of programs are tried, on machines that do other things besides.
  test: {
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/limits.ts'],
    testTimeout: 30_000,
    tags: [
      {
        name: 'corpus',
        description: 'Thousands of programs, or Python and Java that run them: not in make check.',
      },
    ],
  },
} as Parameters<typeof defineConfig>[0]);
