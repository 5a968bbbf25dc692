import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandOf } from './embedded/identify-process.ts';
import { DataDirectoryInUse, runningPostgres, startPostgres } from './embedded.ts';
import { repositoryRoot } from './repository.ts';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'liventix-embedded-'));
  fs.chmodSync(folder, 0o755);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('the embedded server', () => {
  it('keeps its data between starts and tells a second start on the same data who has it', async () => {
    const dataDir = path.join(folder, 'kept');
    const first = await startPostgres({ dataDir });
    await ask(first.adminUrl(), 'create table kept as select 7 as n');
    await expect(startPostgres({ dataDir })).rejects.toThrow(DataDirectoryInUse);
    await expect(startPostgres({ dataDir })).rejects.toThrow(`in use by process ${process.pid}`);
    expect(runningPostgres(dataDir)?.adminUrl()).toBe(first.adminUrl());
    await first.stop();
    await first.stop();
    expect(runningPostgres(dataDir)).toBeNull();

    const second = await startPostgres({ dataDir });
    expect(await ask(second.adminUrl(), 'select n from kept')).toEqual([{ n: 7 }]);
    await second.stop();
  });

  it('runs with logical WAL, room for feeds, and never gives up an acknowledged commit', async () => {
    const server = await startPostgres({ ephemeral: true });
    const rows = await ask(
      server.adminUrl(),
      `select name, setting from pg_settings where name in
        ('wal_level', 'max_wal_senders', 'max_replication_slots', 'max_connections', 'synchronous_commit', 'fsync') order by 1`,
    );
    expect(rows.map((row) => `${row.name}=${row.setting}`)).toEqual([
      'fsync=off',
      'max_connections=200',
      'max_replication_slots=64',
      'max_wal_senders=64',
      'synchronous_commit=on',
      'wal_level=logical',
    ]);
    await server.stop();
    expect(fs.existsSync(server.dataDir)).toBe(false);
  });

  it('ends when the process that started it is killed, and the next start goes on with the data', async () => {
    const dataDir = path.join(folder, 'orphan');
    const parent = await startElsewhere(`{ dataDir: ${JSON.stringify(dataDir)} }`);
    const pid = postmasterOf(dataDir);
    const gone = new Promise((resolve) => parent.once('exit', resolve));
    parent.kill('SIGKILL');
    await gone;
    const server = await startPostgres({ dataDir });
    expect(postmasterOf(server.dataDir)).not.toBe(pid);
    expect(commandOf(pid)).toBeNull(); // gone, or only waiting to be reaped
    await server.stop();
  });

  it('leaves no file of a throw-away server whose parent was killed', async () => {
    const dataDir = path.join(folder, 'thrown-away');
    const parent = await startElsewhere(`{ dataDir: ${JSON.stringify(dataDir)}, ephemeral: true }`);
    parent.kill('SIGKILL');
    await expect.poll(() => fs.existsSync(dataDir), { timeout: 10_000 }).toBe(false);
  });

  it('takes over the claim of a process that is gone, also when its id belongs to another one now', async () => {
    const dataDir = path.join(folder, 'claimed');
    fs.writeFileSync(`${dataDir}.lock`, JSON.stringify({ pid: process.pid, start: 'long ago' }));
    const server = await startPostgres({ dataDir });
    await server.stop();
    expect(fs.existsSync(`${dataDir}.lock`)).toBe(false);
  });
});

/** Starts a server from a process of its own, which then waits to be killed. */
async function startElsewhere(options: string): Promise<ChildProcess> {
  const module = JSON.stringify(new URL('./embedded.ts', import.meta.url).href);
  const code = `const { startPostgres } = await import(${module}); await startPostgres(${options}); process.send('up'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    cwd: repositoryRoot(),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (exit) => reject(new Error(`the process ended with ${exit}`)));
  });
  return child;
}

function postmasterOf(dataDir: string): number {
  return Number(fs.readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

async function ask(url: string, statement: string): Promise<postgres.Row[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe(statement))];
  } finally {
    await sql.end();
  }
}
