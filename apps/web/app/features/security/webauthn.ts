import type { NewPasskey, PasskeyProof } from '@liventix/contracts/security';
import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser';
import { trpc } from '~/platform/trpc.ts';

/** Whether this browser knows passkeys at all. */
export const knowsPasskeys = (): boolean => browserSupportsWebAuthn();

/** Whether the browser, or the person before it, said no: everything else is the server's word. */
export const isBrowserRefusal = (error: unknown): boolean => error instanceof Error && !('data' in error);

/** Has the browser make a passkey. Throws when the person or the device says no. */
export async function makePasskey(): Promise<NewPasskey> {
  const optionsJSON = await trpc.security.startPasskey.mutate();
  const { id, rawId, response } = await startRegistration({ optionsJSON });
  const { clientDataJSON, attestationObject, transports } = response;
  return {
    id,
    rawId,
    type: 'public-key',
    response: { clientDataJSON, attestationObject, ...(transports ? { transports } : {}) },
  };
}

/** Has the browser sign with a passkey of this account. Throws when the person or the device says no. */
export async function signWithPasskey(): Promise<PasskeyProof> {
  const optionsJSON = await trpc.security.askForPasskey.mutate();
  const { id, rawId, response } = await startAuthentication({ optionsJSON });
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return {
    id,
    rawId,
    type: 'public-key',
    response: { clientDataJSON, authenticatorData, signature, ...(userHandle ? { userHandle } : {}) },
  };
}
