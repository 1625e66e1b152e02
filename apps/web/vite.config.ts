import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// A second `vite` beside `npm start` serves the sources with hot reload; the API stays the server's.
const server = 'http://127.0.0.1:8420';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    target: 'es2023',
    // The Content-Security-Policy of the server allows nothing but 'self': no data: addresses for scripts or fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  worker: { format: 'es' },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: { '/api': { target: server, changeOrigin: true, ws: true, headers: { origin: server } } },
  },
});
