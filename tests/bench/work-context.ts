import type { TestDatabase } from '@liventix/db/testing';
import type { WorkCtx } from '../../apps/server/src/platform/context.ts';
import { createLog } from '../../apps/server/src/platform/log.ts';

/** What verbs need of a server in which nobody looks at a page. */
export function workContext({ db }: Pick<TestDatabase, 'db'>): WorkCtx {
  const live = { touch: () => {}, viewers: () => 0 } as unknown as WorkCtx['live'];
  const log = createLog({ level: 'silent' });
  const services = { db, live, log, switches: { sweeping: true, breathing: false } } as unknown as WorkCtx['services'];
  return { services, db, log, live };
}
