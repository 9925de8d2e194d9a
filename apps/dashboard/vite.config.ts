import { defineConfig } from 'vite';

/** The gateway that `npm run dev:dashboard` talks to. */
const GATEWAY = 'http://127.0.0.1:3001';

export default defineConfig({
  root: import.meta.dirname,
  base: '/dashboard/',
  build: {
    outDir: '../../dist/apps/dashboard',
    emptyOutDir: true,
    assetsInlineLimit: 0, // the content security policy takes no `data:`
  },
  server: { proxy: { '/admin': GATEWAY, '/v1': GATEWAY } },
});
