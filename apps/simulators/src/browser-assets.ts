import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `src/browser` when run from source, `dist/browser` when built: the same names, compiled or not. */
const FOLDER = new URL('./browser/', import.meta.url);

export type AssetName = 'simulators.css' | 'stripe.js' | 'watch-payments.js' | 'read-mail.js';
export const ASSET_NAMES: readonly AssetName[] = ['simulators.css', 'stripe.js', 'watch-payments.js', 'read-mail.js'];

const ready = new Map<AssetName, string>();

/** What a browser is sent under that name; scripts are compiled on first use when run from source. */
export async function loadAsset(name: AssetName): Promise<string> {
  const known = ready.get(name);
  if (known !== undefined) return known;
  const path = fileURLToPath(new URL(name, FOLDER));
  const text = existsSync(path) ? readFileSync(path, 'utf8') : await compile(path.replace(/\.js$/, '.ts'));
  ready.set(name, text);
  return text;
}

async function compile(path: string): Promise<string> {
  const { buildSync } = await import('esbuild');
  const result = buildSync({
    entryPoints: [path],
    bundle: true,
    write: false,
    platform: 'browser',
    target: 'es2020',
    format: 'iife',
    logLevel: 'warning',
  });
  return result.outputFiles[0]?.text ?? '';
}
