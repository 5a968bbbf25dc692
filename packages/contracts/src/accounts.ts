import * as z from 'zod/mini';
import { line, plainLine } from './text.ts';

/** What a person may set about herself; unknown keys are dropped. */
export const ProfileSettings = z.object({
  /** Whether organizers' sale lists may show her first name. */
  showFirstName: z.optional(z.boolean()),
  locale: z.optional(z.string().check(z.regex(/^[a-z]{2}(-[A-Z]{2})?$/))),
  colorScheme: z.optional(z.enum(['light', 'dark', 'auto'])),
});
export type ProfileSettings = z.infer<typeof ProfileSettings>;

export const UpdateProfile = z.object({
  displayName: z.optional(plainLine(80)),
  /** A picture uploaded to this installation, or null for none. */
  photoUrl: z.optional(z.nullable(z.string().check(z.regex(/^\/(?!\/)[\w./-]{1,200}$/)))),
  settings: z.optional(ProfileSettings),
});
export type UpdateProfile = z.infer<typeof UpdateProfile>;

export const RevokeSession = z.object({ sessionId: z.uuid() });
export type RevokeSession = z.infer<typeof RevokeSession>;

/** A mailed sign-in link, as the page behind it reads and opens it. */
export const SignInLink = z.object({ token: z.string().check(z.regex(/^[A-Za-z]{32}$/)) });
export type SignInLink = z.infer<typeof SignInLink>;
/** `bring`: what the guest of this browser holds moves to the account. */
export const OpenSignInLink = z.extend(SignInLink, { bring: z.boolean() });
export type OpenSignInLink = z.infer<typeof OpenSignInLink>;

export interface SignInLinkView {
  /** Whose account the link opens. */
  email: string;
  /** Whether this browser asked for it. Otherwise somebody else may have sent it. */
  asked: boolean;
}

/** A mailed link to choose a new password. */
export const ResetLink = z.object({ token: z.string().check(z.regex(/^[\w-]{16,64}$/)) });

/** A mailed link that proves or changes an address. */
export const AddressLink = z.object({
  token: z.string().check(z.maxLength(2000), z.regex(/^[\w-]+(\.[\w-]+){3}$/)),
});
export type AddressLink = z.infer<typeof AddressLink>;

export interface AddressLinkView {
  email: string;
  newEmail: string | null;
  /** `prove` the address; `agree`, from the present one, to a change; `change` it, from the new one. */
  step: 'prove' | 'agree' | 'change';
  /** Whether the session is that very account's. */
  mine: boolean;
}

/** Deleting asks for the account's address, typed. */
export const DeleteAccount = z.object({ confirmEmail: line(320) });
export type DeleteAccount = z.infer<typeof DeleteAccount>;

/** The signed-in person as her own pages see her. */
export interface Me {
  userId: string;
  /** A silent guest: has a checkout and tickets, no account yet. */
  isAnonymous: boolean;
  /** Null for a guest. */
  email: string | null;
  emailVerified: boolean;
  displayName: string;
  photoUrl: string | null;
  role: 'attendee' | 'organizer' | 'admin';
  settings: ProfileSettings;
  hasPassword: boolean;
}

export interface SessionInfo {
  id: string;
  /** "Firefox on Linux" */
  device: string;
  createdAt: Date;
  expiresAt: Date;
  current: boolean;
}
