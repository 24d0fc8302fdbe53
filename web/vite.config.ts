import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { parse } from 'yaml';
import { budget } from './budget.ts';

/** Beside every larger asset its compressed form, which the API sends to who takes it: nothing is compressed at run time. */
const compressed = (): Plugin => ({
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir }) {
    const assets = join(dir ?? 'dist', 'assets');
    for (const name of readdirSync(assets).filter((file) => /\.(js|css|svg)$/.test(file))) {
      const content = readFileSync(join(assets, name));
      if (content.length > 1024) {
        writeFileSync(join(assets, `${name}.br`), brotliCompressSync(content));
      }
    }
  },
});

/** A template of the gallery as its text and what it says: who opens the gallery needs no reader of YAML. */
const templates = (): Plugin => ({
  name: 'templates',
  transform: {
    filter: { id: /\/gallery\/templates\/[^/]+\.yaml$/ },
    handler: (text) => ({ code: `export default ${JSON.stringify({ text, definition: parse(text) })}`, map: null, moduleType: 'js' }),
  },
});

const api = process.env.AP_API ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react(), templates(), compressed(), budget()],
  resolve: { alias: { '~': new URL('./src', import.meta.url).pathname } },
  // The API puts a nonce of its own there for each page that it sends.
  html: { cspNonce: '__CSP_NONCE__' },
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 1600 },
  server: { proxy: { '/v1': api, '/hooks': api, '/health': api } },
  test: {
    environment: 'happy-dom',
    setupFiles: ['src/lib/testing/setup.ts'],
    reporters: process.env.AP_WEB_REPORT ? ['default', ['junit', { outputFile: process.env.AP_WEB_REPORT }]] : ['default'],
  },
});
