import { build } from 'esbuild';

// Workspace packages are TypeScript source and are bundled; everything from npm stays outside.
const npmStaysOutside = {
  name: 'npm-stays-outside',
  setup: (b) =>
    b.onResolve({ filter: /^[^./]/ }, (args) =>
      args.kind !== 'entry-point' && !args.path.startsWith('@liventix/')
        ? { path: args.path, external: true }
        : undefined,
    ),
};

await build({
  entryPoints: ['src/main.ts'],
  outfile: 'dist/main.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  jsx: 'automatic',
  sourcemap: true,
  logLevel: 'warning',
  plugins: [npmStaysOutside],
});

// What browsers are sent: found beside main.js, under the same names as in src/browser.
await build({
  entryPoints: ['stripe.ts', 'watch-payments.ts', 'read-mail.ts', 'simulators.css'].map(
    (name) => `src/browser/${name}`,
  ),
  outdir: 'dist/browser',
  bundle: true,
  platform: 'browser',
  target: 'es2020',
  format: 'iife',
  logLevel: 'warning',
});
