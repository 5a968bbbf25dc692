import type { SessionInfo } from '@liventix/contracts/accounts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { listSessions as select } from './accounts.sql.ts';

/** Where the caller is signed in; the one asking first, then the newest. */
export async function listSessions(ctx: PersonCtx): Promise<SessionInfo[]> {
  const rows = await select(ctx.db.auth.sql, ctx.actor.userId, ctx.actor.sessionId);
  return rows.map((row) => ({
    id: row.id,
    device: describeDevice(row.user_agent),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    current: row.id === ctx.actor.sessionId,
  }));
}

/** "Firefox on Linux": enough to recognise one's own device, nothing to fingerprint it by. */
export function describeDevice(userAgent: string | null): string {
  const agent = userAgent ?? '';
  const browser = /Edg\//.test(agent)
    ? 'Edge'
    : /Firefox\//.test(agent)
      ? 'Firefox'
      : /Chrome\/|CriOS\//.test(agent)
        ? 'Chrome'
        : /Safari\//.test(agent)
          ? 'Safari'
          : 'A browser';
  const system = /Android/.test(agent)
    ? 'Android'
    : /iPhone|iPad/.test(agent)
      ? 'iOS'
      : /Windows/.test(agent)
        ? 'Windows'
        : /Mac OS X/.test(agent)
          ? 'macOS'
          : /Linux/.test(agent)
            ? 'Linux'
            : null;
  return system ? `${browser} on ${system}` : browser;
}
