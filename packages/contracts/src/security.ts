/** The second factor of an account, and proving who one is before what hurts. */
import * as z from 'zod/mini';
import { line, text } from './text.ts';

/** Six digits of an authenticator app; spaces are forgiven. */
export const AppCode = z.string().check(
  z.overwrite((code) => code.replace(/\s/g, '')),
  z.regex(/^\d{6}$/),
);

const base64url = (max: number) => z.string().check(z.minLength(1), z.maxLength(max), z.regex(/^[\w-]+$/));
const Credential = { id: base64url(1400), rawId: base64url(1400), type: z.literal('public-key') };

/** What a browser answers when it made a passkey. */
export const NewPasskey = z.object({
  ...Credential,
  response: z.object({
    clientDataJSON: base64url(4000),
    attestationObject: base64url(16_000),
    transports: z.optional(
      z.array(z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'])).check(z.maxLength(7)),
    ),
  }),
});
export type NewPasskey = z.infer<typeof NewPasskey>;

/** What a browser answers when it signed with a passkey. */
export const PasskeyProof = z.object({
  ...Credential,
  response: z.object({
    clientDataJSON: base64url(4000),
    authenticatorData: base64url(4000),
    signature: base64url(2000),
    userHandle: z.optional(base64url(200)),
  }),
});
export type PasskeyProof = z.infer<typeof PasskeyProof>;

/** One of the ways to prove who one is. A password proves nothing beside a second factor. */
export const Prove = z.discriminatedUnion('by', [
  z.object({ by: z.literal('app'), code: AppCode }),
  z.object({
    by: z.literal('recovery'),
    code: z.string().check(
      z.overwrite((code) => code.replace(/[\s-]/g, '').toLowerCase()),
      z.regex(/^[a-z2-7]{16}$/),
    ),
  }),
  z.object({ by: z.literal('password'), password: text(200).check(z.minLength(1)) }),
  z.object({ by: z.literal('passkey'), proof: PasskeyProof }),
]);
export type Prove = z.infer<typeof Prove>;
export type ProofWay = Prove['by'];

export const FinishApp = z.object({ code: AppCode });
export type FinishApp = z.infer<typeof FinishApp>;

export const PasskeyName = line(60, 1);
export const AddPasskey = z.object({ name: PasskeyName, passkey: NewPasskey });
export type AddPasskey = z.infer<typeof AddPasskey>;
export const RenamePasskey = z.object({ passkeyId: z.uuid(), name: PasskeyName });
export type RenamePasskey = z.infer<typeof RenamePasskey>;
export const PasskeyRef = z.object({ passkeyId: z.uuid() });
export type PasskeyRef = z.infer<typeof PasskeyRef>;

export interface PasskeyView {
  id: string;
  name: string;
  createdAt: Date;
  usedAt: Date | null;
}

/** What the settings say of an account's second factor. */
export interface SecurityView {
  /** A confirmed authenticator app. */
  app: boolean;
  passkeys: PasskeyView[];
  /** Recovery codes that were not used yet. */
  codesLeft: number;
  /** The platform's staff, who may do nothing without one. */
  required: boolean;
  /** Whether a factor can be added in this session: the first wants one that was signed in by the mailbox. */
  mayAdd: boolean;
}

/** What the caller has to prove right now, and by which ways it can. */
export interface ProofState {
  /** `sign_in`: the session waits for its second factor. `confirm`: the user is signed in. */
  for: 'sign_in' | 'confirm';
  email: string;
  /** Empty for a user without a password and a second factor, who signs in again. */
  ways: ProofWay[];
}

/** A new authenticator app: the key as an address for the QR code, and as text. */
export interface NewApp {
  uri: string;
  key: string;
}

/** Codes are there once: the first time a second factor is set up, or when new ones are asked for. */
export interface NewCodes {
  codes: string[] | null;
}
