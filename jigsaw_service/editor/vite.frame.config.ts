import { defineConfig } from 'vite';

/**
 * The script of the frame for untrusted output, as one classic script: the frame's origin is opaque, and modules
 * would have to be fetched across origins.
 */
export default defineConfig({
  base: './',
  publicDir: false,
  build: {
    outDir: '../static',
    emptyOutDir: false,
    target: 'es2022',
    cssCodeSplit: false,
    rolldownOptions: {
      input: { outputFrame: 'src/frames/outputFrame.ts' },
      output: {
        format: 'iife',
        entryFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/outputFrame-[hash][extname]',
      },
    },
  },
});
