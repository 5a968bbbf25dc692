import {
  AddressLink,
  DeleteAccount,
  OpenSignInLink,
  ResetLink,
  RevokeSession,
  SignInLink,
  UpdateProfile,
} from '@liventix/contracts/accounts';
import type { RateLimit } from '../../platform/rate-limits.ts';
import { accountProcedure, limited, personProcedure, publicProcedure, router } from '../../platform/trpc.ts';
import { isResetLink } from './accounts.sql.ts';
import { deleteAccount } from './delete-account.ts';
import { exportData } from './export-data.ts';
import { listSessions } from './list-sessions.ts';
import { openAddressLink, readAddressLink } from './open-address-link.ts';
import { openSignInLink, readSignInLink } from './open-sign-in-link.ts';
import { readMe } from './read-me.ts';
import { revokeSession } from './revoke-session.ts';
import { updateProfile } from './update-profile.ts';

const LINKS: RateLimit = { name: 'accounts.links', points: 60, perSeconds: 60, by: 'address' };

/** Signing in and out itself is under /auth/*, by the sign-in library. */
export const accountsRouter = router({
  me: publicProcedure.query(({ ctx }) => readMe(ctx)),
  updateProfile: accountProcedure
    .use(limited({ name: 'accounts.update-profile', points: 30, perSeconds: 60 }))
    .input(UpdateProfile)
    .mutation(({ ctx, input }) => updateProfile(ctx, input)),
  signInLink: publicProcedure
    .use(limited(LINKS))
    .input(SignInLink)
    .query(({ ctx, input }) => readSignInLink(ctx, input)),
  openSignInLink: publicProcedure
    .use(limited(LINKS))
    .input(OpenSignInLink)
    .mutation(({ ctx, input }) => openSignInLink(ctx, input)),
  addressLink: publicProcedure
    .use(limited(LINKS))
    .input(AddressLink)
    .query(({ ctx, input }) => readAddressLink(ctx, input)),
  openAddressLink: accountProcedure
    .use(limited(LINKS))
    .input(AddressLink)
    .mutation(({ ctx, input }) => openAddressLink(ctx, input)),
  resetLink: publicProcedure
    .use(limited(LINKS))
    .input(ResetLink)
    .query(async ({ ctx, input }) => ({ works: await isResetLink(ctx.db.auth.sql, input.token) })),
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
