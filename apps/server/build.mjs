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

// Tests that start servers make one of their own.
const [own] = process.argv.slice(2);

await build({
  ...(own
    ? { entryPoints: ['src/main.ts'], outfile: own }
    : {
        // The commands an operator needs beside a server, where there are no sources.
        entryPoints: {
          main: 'src/main.ts',
          migrate: '../../packages/db/src/cli/migrate.ts',
          backup: '../../packages/db/src/cli/backup.ts',
          restore: '../../packages/db/src/cli/restore.ts',
          invariants: '../../packages/db/src/cli/invariants.ts',
          'create-admin': 'src/cli/create-admin.ts',
          'reset-second-factor': 'src/cli/reset-second-factor.ts',
        },
        outdir: 'dist',
      }),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  jsx: 'automatic',
  sourcemap: true,
  logLevel: 'warning',
  plugins: [npmStaysOutside],
});
