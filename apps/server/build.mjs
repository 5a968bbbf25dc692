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
  // Tests that start servers make one of their own.
  outfile: process.argv[2] ?? 'dist/main.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  jsx: 'automatic',
  sourcemap: true,
  logLevel: 'warning',
  plugins: [npmStaysOutside],
});
