import { testDatabase } from '@liventix/db/testing';
import { expect, test } from 'vitest';
import { ensureAdmin } from './ensure-admin.ts';

test('the first administrator is made once, and a known person keeps her account', async () => {
  const { db, admin, drop } = await testDatabase();
  try {
    expect(await ensureAdmin(db, 'first@example.org')).toEqual({ made: true });
    expect(await ensureAdmin(db, 'first@example.org')).toEqual({ made: false });
    const people = await admin`select u.email, p.role from auth.users u join public.profiles p on p.id = u.id`;
    expect(people.map((row) => ({ ...row }))).toEqual([{ email: 'first@example.org', role: 'admin' }]);
  } finally {
    await drop();
  }
});
