import type { DemoState } from '@liventix/contracts/demo';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { DEMO_PASSWORD, PEOPLE } from './content/people.ts';
import { findByTitle } from './demo.sql.ts';

/** What the demo bar shows. NOT_FOUND in a real installation. */
export async function readDemo(ctx: Ctx): Promise<DemoState> {
  if (!ctx.services.env.DEMO) fail('NOT_FOUND');
  const roles = PEOPLE.flatMap(({ key, name, email, introduction }) =>
    introduction ? [{ key: key as DemoState['roles'][number]['key'], name, email, introduction }] : [],
  );
  return {
    roles,
    password: DEMO_PASSWORD,
    breathing: ctx.services.switches.breathing,
    official: await findByTitle(ctx.db.engine.sql, 'Liventix Official Event'),
    tonight: await findByTitle(ctx.db.engine.sql, 'Subfloor'),
  };
}
