import type { SetBreathing } from '@liventix/contracts/demo';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';

/** Switches the demo's stream of life on or off for this process, until it restarts. */
export async function setBreathing(ctx: Ctx, input: SetBreathing): Promise<{ breathing: boolean }> {
  if (!ctx.services.env.DEMO) fail('NOT_FOUND');
  ctx.services.switches.breathing = input.on;
  return { breathing: input.on };
}
