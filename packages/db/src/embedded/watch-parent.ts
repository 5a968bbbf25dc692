import { spawn } from 'node:child_process';

/**
 * Starts a small process that outlives us by a moment: when this process ends in any way (kill -9 too) the pipe between
 * them closes, and it stops the server and, for a throw-away one, removes its files.
 * @returns the way to dismiss it after an orderly stop
 */
export function watchParent(server: { pid: number; dataDir: string; removeAfter: string | null }): () => void {
  const child = spawn(process.execPath, ['-e', WATCHDOG, JSON.stringify(server)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true, // Ctrl-C in the terminal reaches every process of the group: not this one
    cwd: '/',
    env: { PATH: process.env.PATH } as unknown as NodeJS.ProcessEnv,
  });
  child.unref();
  const pipe = child.stdin as typeof child.stdin & { unref?: () => void };
  pipe.unref?.();
  return () => {
    child.kill('SIGKILL');
  };
}

// Text instead of a function or a file: it must survive every bundler and loader as it is.
const WATCHDOG = `
const fs = require('node:fs'), { spawnSync } = require('node:child_process');
const server = JSON.parse(process.argv[1]);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
const command = () => {
  try { return fs.readFileSync('/proc/' + server.pid + '/cmdline', 'utf8'); }
  catch { return process.platform === 'linux' ? '' : spawnSync('ps', ['-o', 'command=', '-p', String(server.pid)], { encoding: 'utf8' }).stdout || ''; }
};
const running = () => { const text = command(); return text.includes('postgres') && text.includes(server.dataDir); };
const signal = (name) => { try { if (running()) process.kill(server.pid, name); } catch {} };
process.stdin.resume();
process.stdin.on('close', () => {
  signal('SIGINT');
  const since = Date.now();
  const timer = setInterval(() => {
    if (running() && Date.now() - since < 20000) { if (Date.now() - since > 8000) signal('SIGQUIT'); return; }
    clearInterval(timer);
    if (server.removeAfter) try { fs.rmSync(server.removeAfter, { recursive: true, force: true }); } catch {}
  }, 50);
});
`;
