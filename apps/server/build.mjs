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

// Tests that start servers bundle into a folder of their own.
const [own] = process.argv.slice(2);
// The server, and the file of the thread it draws in.
const server = { main: 'src/main.ts', drawings: 'src/features/drawings/drawings.ts' };

await build({
  ...(own
    ? { entryPoints: server, outdir: own }
    : {
        // The commands an operator needs beside a server, where there are no sources.
        entryPoints: {
          ...server,
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
