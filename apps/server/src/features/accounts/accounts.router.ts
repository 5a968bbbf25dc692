import { DeleteAccount, RevokeSession, UpdateProfile } from '@liventix/contracts/accounts';
import { accountProcedure, limited, personProcedure, publicProcedure, router } from '../../platform/trpc.ts';
import { deleteAccount } from './delete-account.ts';
import { exportData } from './export-data.ts';
import { listSessions } from './list-sessions.ts';
import { readMe } from './read-me.ts';
import { revokeSession } from './revoke-session.ts';
import { updateProfile } from './update-profile.ts';

/** Signing in and out itself is under /auth/*, by the sign-in library. */
export const accountsRouter = router({
  me: publicProcedure.query(({ ctx }) => readMe(ctx)),
  updateProfile: accountProcedure
    .use(limited({ name: 'accounts.update-profile', points: 30, perSeconds: 60 }))
    .input(UpdateProfile)
    .mutation(({ ctx, input }) => updateProfile(ctx, input)),
  sessions: personProcedure.query(({ ctx }) => listSessions(ctx)),
  revokeSession: personProcedure.input(RevokeSession).mutation(({ ctx, input }) => revokeSession(ctx, input)),
  export: accountProcedure
    .use(limited({ name: 'accounts.export', points: 6, perSeconds: 3600 }))
    .query(({ ctx }) => exportData(ctx)),
  delete: personProcedure
    .use(limited({ name: 'accounts.delete', points: 6, perSeconds: 3600 }))
    .input(DeleteAccount)
    .mutation(({ ctx, input }) => deleteAccount(ctx, input)),
});
