import type { AddPasskey, NewCodes, PasskeyRef, RenamePasskey } from '@liventix/contracts/security';
import {
  type AuthenticatorTransportFuture,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { fail } from '../../platform/errors.ts';
import { requireFresh } from '../../platform/standing.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { changeFactors, requireOwner } from './change-factors.ts';
import {
  deletePasskey,
  findPasskeys,
  insertPasskey,
  renamePasskey as rename,
  takeChallenge,
  writeChallenge,
} from './security.sql.ts';

/** What the browser needs to make a passkey. Errors: SIGN_IN_REQUIRED when the session ends meanwhile. */
export async function startPasskey(ctx: PersonCtx): Promise<PublicKeyCredentialCreationOptionsJSON> {
  await requireOwner(ctx);
  const { userId, email, sessionId, name } = ctx.actor;
  const known = await findPasskeys(ctx.db.auth.sql, userId);
  const options = await generateRegistrationOptions({
    rpName: 'Liventix',
    rpID: new URL(ctx.origin).hostname,
    userID: new TextEncoder().encode(userId),
    userName: email,
    userDisplayName: name || email,
    attestationType: 'none',
    excludeCredentials: known.map(({ credential_id, transports }) => ({
      id: credential_id,
      transports: transports as AuthenticatorTransportFuture[],
    })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
  });
  if (!(await writeChallenge(ctx.db.auth.sql, sessionId, 'register', options.challenge))) fail('SIGN_IN_REQUIRED');
  return options;
}

/** Keeps the passkey that the browser made. Errors: PASSKEY_REFUSED. */
export async function addPasskey(ctx: PersonCtx, { name, passkey }: AddPasskey): Promise<NewCodes> {
  await requireOwner(ctx);
  const { userId, sessionId } = ctx.actor;
  const challenge = (await takeChallenge(ctx.db.auth.sql, sessionId, 'register')) ?? fail('PASSKEY_REFUSED');
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: { ...passkey, clientExtensionResults: {} } as Parameters<
      typeof verifyRegistrationResponse
    >[0]['response'],
    expectedChallenge: challenge,
    expectedOrigin: new URL(ctx.origin).origin,
    expectedRPID: new URL(ctx.origin).hostname,
    requireUserVerification: true,
  }).catch((cause: unknown) => fail('PASSKEY_REFUSED', { cause }));
  if (!verified) fail('PASSKEY_REFUSED');
  const { credential } = registrationInfo;
  return changeFactors(ctx, async (sql) => {
    const kept = await insertPasskey(sql, userId, {
      name,
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: passkey.response.transports ?? [],
    });
    if (!kept) fail('PASSKEY_REFUSED');
  });
}

/** Errors: NOT_FOUND. */
export async function renamePasskey(ctx: PersonCtx, { passkeyId, name }: RenamePasskey): Promise<void> {
  if (!(await rename(ctx.db.auth.sql, ctx.actor.userId, passkeyId, name))) fail('NOT_FOUND');
}

/** Errors: NOT_FOUND. */
export async function removePasskey(ctx: PersonCtx, { passkeyId }: PasskeyRef): Promise<void> {
  await requireFresh(ctx, ctx.actor);
  await changeFactors(ctx, async (sql) => {
    if (!(await deletePasskey(sql, ctx.actor.userId, passkeyId))) fail('NOT_FOUND');
  });
}
