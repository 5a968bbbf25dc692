// `npm start`: from a fresh clone to a running Liventix. `--dev` runs the sources; `--reset` throws the data away.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {
  build,
  checkMachine,
  environment,
  install,
  loadEnvironmentFile,
  refuse,
  root,
  say,
  serverFlags,
} from './prepare.mjs';

const MARKER = '.liventix-data';
const dev = process.argv.includes('--dev');

checkMachine();
loadEnvironmentFile();
const dataDir = path.resolve(root, process.env.DATA_DIR || '.data');

if (process.argv.includes('--reset')) reset();
else await start();

async function start() {
  await install();
  if (!dev) await build();
  markDataDir();
  const entry = dev
    ? ['--import', 'tsx', 'apps/server/src/main.ts']
    : ['--enable-source-maps', ...serverFlags, 'apps/server/dist/main.js'];
  say(dev ? 'Starting from the sources …' : 'Starting …');
  runServer(entry);
}

/** A folder we make, or find empty, is ours; only such a one is ever deleted. */
function markDataDir() {
  fs.mkdirSync(dataDir, { recursive: true });
  if (fs.readdirSync(dataDir).length === 0)
    fs.writeFileSync(path.join(dataDir, MARKER), 'Made by Liventix; "npm run demo:reset" deletes this folder.\n');
}

/**
 * The server in a group of its own: it hears of Ctrl-C once and from us, and stops when we are gone in any way, because
 * the channel between us closes (kill -9 too).
 */
function runServer(entry) {
  const onOrphaned = "process.on('disconnect', () => process.kill(process.pid, 'SIGTERM')); process.channel?.unref();";
  const child = spawn(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(onOrphaned)}`, ...entry],
    {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: environment({ DATA_DIR: dataDir, ...mode() }),
    },
  );
  child.once('error', (error) => refuse(error.message));
  child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGKILL' ? 137 : 1)));

  let asked = 0;
  const pass = (signal) => () => {
    const again = asked > 0 && Date.now() - asked > 1000; // npm passes on what the terminal sent us already
    if (asked === 0) say('\nStopping … (once more to stop at once)');
    if (asked === 0) child.kill(signal);
    else if (again) process.kill(-child.pid, 'SIGKILL');
    asked ||= Date.now();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, pass(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM'));

  // npm itself may be killed without a word to us.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event)
    setInterval(() => {
      if (process.ppid !== parent && asked === 0) pass('SIGTERM')();
    }, 1000).unref();
}

/**
 * Libraries run their fast builds only in production; the demo is said aloud then, by the rule the server has for itself:
 * embedded database and nobody spoke of production.
 */
function mode() {
  // The sources hold JSX (mails); tsx reads how to compile it from the server's own settings.
  if (dev) return { NODE_ENV: 'development', TSX_TSCONFIG_PATH: path.join(root, 'apps/server/tsconfig.json') };
  const { NODE_ENV, DATABASE_URL, LIVENTIX_DEMO } = process.env;
  if (NODE_ENV || DATABASE_URL || LIVENTIX_DEMO !== undefined) return {};
  return { NODE_ENV: 'production', LIVENTIX_DEMO: '1' };
}

function reset() {
  if (!fs.existsSync(dataDir)) return say(`Nothing to reset: ${dataDir} is not there.`);
  if (!fs.existsSync(path.join(dataDir, MARKER)))
    refuse(`${dataDir} was not made by Liventix (it has no ${MARKER}): it is left alone.`);
  const holder = runningHolder(path.join(dataDir, 'postgres.lock'));
  if (holder) refuse(`Liventix is running on ${dataDir} (process ${holder}): stop it first.`);
  const note = path.join(dataDir, 'postgres.location');
  if (fs.existsSync(note)) {
    const place = fs.readFileSync(note, 'utf8').trim();
    if (/^\/var\/tmp\/liventix-data-[0-9a-f]{12}$/.test(place)) fs.rmSync(place, { recursive: true, force: true });
  }
  fs.rmSync(dataDir, { recursive: true, force: true });
  say(`${dataDir} is gone. "npm start" makes everything anew.`);
}

/** The process that holds the database, if it lives (packages/db/src/embedded/lock-data.ts writes this file). */
function runningHolder(file) {
  try {
    const { pid, start } = JSON.parse(fs.readFileSync(file, 'utf8'));
    process.kill(pid, 0);
    if (process.platform !== 'linux') return pid;
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] === start ? pid : null;
  } catch (error) {
    return error.code === 'EPERM' ? 'of another user' : null;
  }
}
