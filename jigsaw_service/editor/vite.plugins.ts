/** What the build does beyond Vite's own: Blockly as modules, and few, quickly read files. */
import { cpSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

/** Blockly's icons and sounds, served by us so that no browser asks a third party. */
export function blocklyMedia(): Plugin {
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
export function plainTexts(): Plugin {
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
export function blocklyModules(): Plugin {
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

/**
 * Plugins of Blockly's from their sources, of which only what is used comes along: the colour field brings code for
 * five languages.
 */
export function pluginSources(): Plugin {
  return {
    name: 'plugin-sources',
    apply: 'build',
    enforce: 'pre',
    resolveId: (id) => {
      if (/^@blockly\/[\w-]+$/.test(id)) return resolve(`node_modules/${id}/src/index.ts`);
      if (!/^blockly\/(javascript|dart|lua|php)$/.test(id)) return null;
      return { id, external: false, moduleSideEffects: false };
    },
    load: (id) =>
      /^blockly\/(javascript|dart|lua|php)$/.test(id) ? 'export const Order = {};' : null,
  };
}

/** The bundler's few helpers go into each file that needs some: all would wait for one more file. */
export function inlinedRuntime(): Plugin {
  return {
    name: 'inlined-runtime',
    generateBundle: (_options, bundle) => {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const runtime = chunks.find(({ name }) => name === 'rolldown-runtime');
      if (!runtime) return;
      const [, body = '', exported = ''] = /^([^]*)export\{(.*)\};\s*$/.exec(runtime.code) ?? [];
      const [file = ''] = runtime.fileName.split('/').slice(-1);
      for (const chunk of chunks) {
        const [whole, names] =
          new RegExp(`import ?{([^}]*)} ?from ?"./${file}";`).exec(chunk.code) ?? [];
        if (whole === undefined) continue;
        const taken = names?.replaceAll(' as ', ':');
        const given = exported.replaceAll(/([\w$]+) as ([\w$]+)/g, '$2:$1');
        const helpers = `const{${taken}}=(()=>{${body}return{${given}}})();`;
        chunk.code = chunk.code.replace(whole, () => helpers);
        chunk.imports = chunk.imports.filter((name) => name !== runtime.fileName);
      }
      Reflect.deleteProperty(bundle, runtime.fileName);
    },
  };
}

/**
 * Files that are ASCII but for some letters are written in ASCII altogether, as Blockly's own are: one “…” would make
 * the browser hold and read the whole of a file with two bytes for each letter.
 */
export function asciiFiles(): Plugin {
  const escaped = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return {
    name: 'ascii-files',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        const letters = file.code.match(/[^\0-\x7f]/g) ?? [];
        if (letters.length > file.code.length / 100) continue;
        if (/String\.raw`[^`]*[^`\0-\x7f]/.test(file.code))
          this.error(`In ${file.fileName} a letter in String.raw would be changed.`);
        file.code = file.code.replaceAll(/[^\0-\x7f]/g, escaped);
      }
    },
  };
}
