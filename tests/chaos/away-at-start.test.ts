import net from 'node:net';
import { freePort } from '@liventix/db/embedded';
import { migrate } from '@liventix/db/migrate';
import { type TestDatabase, testDatabase } from '@liventix/db/testing';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { realInstallation, type ServerProcess, startServer } from '../start/server-process.ts';

/** The way to the database, which a test cuts: connections end, and new ones are refused until it is mended. */
class Way {
  port = 0;
  #to: number;
  #server: net.Server | null = null;
  #sockets = new Set<net.Socket>();

  constructor(to: number) {
    this.#to = to;
  }

  async mend(): Promise<void> {
    const server = net.createServer((here) => {
      const there = net.connect(this.#to, '127.0.0.1');
      for (const socket of [here, there]) {
        this.#sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => this.#sockets.delete(socket));
      }
      here.pipe(there).pipe(here);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
  }

  cut(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

describe('a server that starts', () => {
  let database: TestDatabase;
  let way: Way;
  let server: ServerProcess;
  let address: string;
  beforeAll(async () => {
    database = await testDatabase();
    const url = new URL(inject('liventixTestServer').adminUrl);
    way = new Way(Number(url.port));
    way.port = await freePort();
    url.pathname = `/${database.name}`;
    url.port = String(way.port);
    address = url.href;
  });
  afterAll(async () => {
    await server?.close();
    way?.cut();
    await database?.drop();
  });

  const start = async (settings: Record<string, string> = {}) => {
    const port = await freePort();
    const { secret } = inject('liventixTestServer');
    server = startServer({ ...realInstallation(port, address, secret), ROLES: 'api,worker', ...settings });
    return port;
  };
  const says = (what: RegExp) =>
    vi.waitFor(() => expect(server.said()).toMatch(what), { timeout: 60_000, interval: 10 });
  const stops = async () => {
    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  };

  it.each([
    ['and only uses the database', {}],
    ['and brings it up to date', { MIGRATE_ON_START: '1' }],
  ])('before its database is there, %s, waits for it, says so, and is ready when it comes', async (_, settings) => {
    await database.admin`delete from public.schema_migrations where name = 'views/10_ticketing.event_health.sql'`;
    const port = await start(settings);
    await says(/the database does not answer \(.*\): waiting for it/i);
    await way.mend();
    if (!('MIGRATE_ON_START' in settings)) {
      // What it could not ask it does not take for granted.
      await says(/Not ready: the database is behind by 1 changes/);
      const probe = await fetch(`http://127.0.0.1:${port}/readyz`);
      expect([probe.status, server.said()]).toEqual([503, expect.not.stringContaining('Worker:')]);
      await migrate({ ownerUrl: database.urls.owner });
    }
    await server.ready;
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    await stops();
    way.cut();
  });

  it('waits when the database goes away in the middle of it, and is ready when it is back', async () => {
    await way.mend();
    await start();
    await says(/Listening on/);
    way.cut();
    await says(/waiting for it|Not ready/i);
    await way.mend();
    await server.ready;
    await stops();
    way.cut();
  });

  it('ends when it is told to while it waits', async () => {
    await start({ MIGRATE_ON_START: '1' });
    await says(/waiting for it/);
    await stops();
  });
});
