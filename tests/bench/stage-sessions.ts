import { createHmac, randomBytes } from 'node:crypto';
import type { Sql } from '@liventix/db/client';
import { sessionCookieName } from '../../apps/server/src/platform/sessions.ts';

/** Signs people in as the sign-in page would: a row of their own and the signed cookie. */
export async function stageSessions(
  sql: Sql,
  people: readonly string[],
  { secret, publicUrl }: { secret: string; publicUrl: string },
): Promise<string[]> {
  const tokens = people.map(() => randomBytes(24).toString('base64url'));
  await sql`
    insert into auth.sessions (user_id, token, expires_at)
    select u.id, u.token, clock_timestamp() + interval '1 day' from unnest(${people as string[]}::uuid[], ${tokens}::text[]) u(id, token)`;
  const name = sessionCookieName(publicUrl);
  return tokens.map((token) => {
    const signature = createHmac('sha256', secret).update(token).digest('base64');
    return `${name}=${encodeURIComponent(`${token}.${signature}`)}`;
  });
}
