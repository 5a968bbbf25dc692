import { AddPasskey, FinishApp, PasskeyRef, Prove, RenamePasskey } from '@liventix/contracts/security';
import { requireFresh } from '../../platform/standing.ts';
import { accountProcedure, limited, publicProcedure, router } from '../../platform/trpc.ts';
import { renewCodes } from './change-factors.ts';
import { addPasskey, removePasskey, renamePasskey, startPasskey } from './change-passkeys.ts';
import { askForPasskey } from './check-passkey.ts';
import { prove, proverOf, readProof } from './prove.ts';
import { readSecurity } from './read-security.ts';
import { finishApp, removeApp, startApp } from './set-up-app.ts';

const change = limited({ name: 'security.change', points: 30, perSeconds: 600 });
const tries = limited({ name: 'security.prove', points: 30, perSeconds: 60, by: 'address' });

/** The second factor, and proving who one is. None of it is reachable under /auth. */
export const securityRouter = router({
  read: accountProcedure.query(({ ctx }) => readSecurity(ctx)),
  proof: publicProcedure.use(tries).query(({ ctx }) => readProof(ctx)),
  askForPasskey: publicProcedure.use(tries).mutation(async ({ ctx }) => askForPasskey(ctx, await proverOf(ctx))),
  prove: publicProcedure
    .use(tries)
    .input(Prove)
    .mutation(({ ctx, input }) => prove(ctx, input)),
  startApp: accountProcedure.use(change).mutation(({ ctx }) => startApp(ctx)),
  finishApp: accountProcedure
    .use(change)
    .input(FinishApp)
    .mutation(({ ctx, input }) => finishApp(ctx, input)),
  removeApp: accountProcedure.use(change).mutation(({ ctx }) => removeApp(ctx)),
  startPasskey: accountProcedure.use(change).mutation(({ ctx }) => startPasskey(ctx)),
  addPasskey: accountProcedure
    .use(change)
    .input(AddPasskey)
    .mutation(({ ctx, input }) => addPasskey(ctx, input)),
  renamePasskey: accountProcedure
    .use(change)
    .input(RenamePasskey)
    .mutation(({ ctx, input }) => renamePasskey(ctx, input)),
  removePasskey: accountProcedure
    .use(change)
    .input(PasskeyRef)
    .mutation(({ ctx, input }) => removePasskey(ctx, input)),
  renewCodes: accountProcedure.use(change).mutation(async ({ ctx }) => {
    await requireFresh(ctx, ctx.actor, { secondFactor: true });
    return renewCodes(ctx);
  }),
});
