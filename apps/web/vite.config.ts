import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vite';

declare module '@remix-run/node' {
  interface Future {
    v3_singleFetch: true;
  }
}

export default defineConfig({
  plugins: [
    // Vitest reads this file too; the Remix plugin expects to own the whole build and must stay out of tests.
    !process.env.VITEST &&
      remix({
        future: {
          v3_fetcherPersist: true,
          // Its manifest patches write to sessionStorage, which throws where storage is shut.
          v3_lazyRouteDiscovery: false,
          v3_relativeSplatPath: true,
          v3_routeConfig: true,
          v3_singleFetch: true,
          v3_throwAbortReason: true,
        },
      }),
  ],
  resolve: { alias: { '~': new URL('./app', import.meta.url).pathname } },
  // Loaded by dynamic import after first paint: without this the development server would reload on first use.
  optimizeDeps: { include: ['socket.io-client', '@trpc/client', 'superjson', 'recharts'] },
  // Our packages are TypeScript source, so the server bundle takes them in; everything from npm stays outside.
  ssr: { noExternal: [/^@liventix\//] },
  build: {
    assetsInlineLimit: 0,
    target: 'es2022',
    cssMinify: 'esbuild',
    // The API's client only exports; without this its shared parts stay on every page that might load it later.
    rollupOptions: {
      treeshake: {
        moduleSideEffects: (id) =>
          !/\/node_modules\/(@trpc|superjson|copy-anything|is-what)\/|\/platform\/trpc\.ts$/.test(id),
      },
    },
  },
});
