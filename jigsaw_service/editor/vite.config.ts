import { cpSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/** Blockly's icons and sounds, served by us so that no browser asks a third party. */
function blocklyMedia(): Plugin {
  return {
    name: 'blockly-media',
    writeBundle: (options) => {
      cpSync('node_modules/blockly/media', resolve(options.dir ?? '', 'media'), {
        recursive: true,
      });
    },
  };
}

/** Blockly's texts as they are; its module for bundlers names each of the 600 once more. */
function plainTexts(): Plugin {
  return {
    name: 'plain-texts',
    apply: 'build',
    enforce: 'pre',
    resolveId: (id) => {
      const [, language] = /^blockly\/msg\/(\w+)$/.exec(id) ?? [];
      return language ? resolve(`node_modules/blockly/msg/${language}.js`) : null;
    },
  };
}

/**
 * A file of Blockly's as a module of ours: bundlers would copy each of its hundreds of names to get at them.
 * Brackets around the function that holds the whole file tell the browser that it is called at once: it is then
 * parsed once, off the page's own thread, and not twice.
 */
function blocklyModules(): Plugin {
  const head = /^;\(function\(root, factory\) \{([^]*?)^\}\(this, function\((\w*)\) \{$/m;
  const tail = /^\}\)\);$/m;
  return {
    name: 'blockly-modules',
    apply: 'build',
    transform: (code, id) => {
      const [, wrapper, parent] = head.exec(code) ?? [];
      if (!/node_modules\/blockly\/.*\.js$/.test(id) || wrapper === undefined) return null;
      const [, needed] = /require\("(.+)"\)/.exec(wrapper) ?? [];
      const imported = needed ? `import parent from '${needed}';` : '';
      return code
        .replace(head, `${imported} const made = (function(${parent ?? ''}) {`)
        .replace(
          tail,
          `})(${needed ? 'parent' : ''}); export { made as default, made as 'module.exports' };`,
        );
    },
  };
}

/** What every page needs. */
const SHELL =
  /(rolldown\/runtime|vite\/preload-helper)|node_modules\/(lit|@lit)|src\/(api|ui|i18n\/(en|index)|app\.ts|pages\/(workspaceActions|cardPicture)|canvas\/invalidWorkspace)/;

/** What shows blocks, in English and without any one language. */
const CANVAS =
  /node_modules\/(blockly|@blockly)\/(?!msg\/(?!en))|src\/(canvas\/(?!stage|marks)|languages\/(common\/|index))(?!.*\.(ar|de)\.)/;

export default defineConfig({
  // Relative, because the service's prefix is known only when the Hub starts it.
  base: './',
  plugins: [blocklyMedia(), plainTexts(), blocklyModules()],
  // The colour field brings generators for five languages along; a page needs one of them.
  resolve: {
    alias: [
      {
        find: /^blockly\/(dart|javascript|lua|php)$/,
        replacement: resolve('src/languages/common/noGenerator.ts'),
      },
    ],
  },
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
  test: { include: ['tests/**/*.test.ts'], testTimeout: 30_000 },
} as Parameters<typeof defineConfig>[0]);
