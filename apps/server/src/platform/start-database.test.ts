import { freePort } from '@liventix/db/embedded';
import { expect, it } from 'vitest';
import { watchMigrations } from './start-database.ts';

it('a database that could not be asked is not taken for a current one', async () => {
  const behind = watchMigrations(`postgres://nobody:nothing@127.0.0.1:${await freePort()}/liventix`);
  for (const _ of ['the first time', 'a moment later'])
    await expect(behind()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
