import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;
const fromRoot = (path: string): string => resolve(root, path);

export default defineConfig({
  main: {
    build: {
      outDir: fromRoot('out/main'),
      target: 'node24',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        // Both shells and the worker are programs of their own; what they share becomes a chunk beside them.
        input: {
          main: fromRoot('electron/main.ts'),
          browser: fromRoot('electron/browser.ts'),
          'metrics-worker': fromRoot('electron/core/metrics/worker.ts'),
          'demo-process': fromRoot('electron/demo/process.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: fromRoot('out/preload'),
      // A sandboxed preload may load nothing from disk: it is one CommonJS file.
      externalizeDeps: false,
      minify: false,
      rolldownOptions: {
        input: { preload: fromRoot('electron/preload.ts') },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: fromRoot('renderer'),
    plugins: [react()],
    build: {
      // Relative paths would be taken from renderer/, which is the root here.
      outDir: fromRoot('out/renderer'),
      emptyOutDir: true,
      minify: true,
      // The content security policy allows no `data:`, so small files stay files.
      assetsInlineLimit: 0,
      rolldownOptions: { input: fromRoot('renderer/index.html') },
    },
  },
});
