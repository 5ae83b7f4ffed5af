import { defineConfig } from 'vite';

/** The generators alone, as one classic script for the engine that the service exports code with. */
export default defineConfig({
  build: {
    outDir: '../static',
    emptyOutDir: false,
    target: 'es2020',
    lib: {
      entry: 'src/codegen/writeCode.ts',
      formats: ['iife'],
      name: 'jigsaw',
      fileName: () => 'writeCode.js',
    },
  },
});
