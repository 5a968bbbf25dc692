import type { PasskeyProof } from '@liventix/contracts/security';
import {
  type AuthenticatorTransportFuture,
  generateAuthenticationOptions,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import type { Prover } from './prove.ts';
import { findPasskeys, notePasskeyUse, takeChallenge, writeChallenge } from './security.sql.ts';

/** What the prover's browser has to sign: by one of this user's passkeys, with the owner of the device present. */
export async function askForPasskey(ctx: Ctx, prover: Prover): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const passkeys = await findPasskeys(ctx.db.auth.sql, prover.userId);
  const options = await generateAuthenticationOptions({
    rpID: new URL(ctx.origin).hostname,
    userVerification: 'required',
    allowCredentials: passkeys.map(({ credential_id, transports }) => ({
      id: credential_id,
      transports: transports as AuthenticatorTransportFuture[],
    })),
  });
  if (!(await writeChallenge(ctx.db.auth.sql, prover.sessionId, 'prove', options.challenge))) fail('SIGN_IN_REQUIRED');
  return options;
}

/** Checks the signature of one of the prover's passkeys. Errors: PASSKEY_REFUSED. */
export async function checkPasskey(ctx: Ctx, prover: Prover, proof: PasskeyProof): Promise<void> {
  const sql = ctx.db.auth.sql;
  const challenge = await takeChallenge(sql, prover.sessionId, 'prove');
  const passkey = (await findPasskeys(sql, prover.userId)).find((kept) => kept.credential_id === proof.id);
  if (!challenge || !passkey) fail('PASSKEY_REFUSED');
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: { ...proof, clientExtensionResults: {} } as Parameters<
      typeof verifyAuthenticationResponse
    >[0]['response'],
    expectedChallenge: challenge,
    expectedOrigin: new URL(ctx.origin).origin,
    expectedRPID: new URL(ctx.origin).hostname,
    credential: {
      id: passkey.credential_id,
      publicKey: new Uint8Array(passkey.public_key),
      counter: Number(passkey.counter),
    },
    requireUserVerification: true,
  }).catch((cause: unknown) => fail('PASSKEY_REFUSED', { cause }));
  if (!verified || !(await notePasskeyUse(sql, passkey.id, passkey.counter, authenticationInfo.newCounter)))
    fail('PASSKEY_REFUSED');
}
