import { plainLine } from '@liventix/contracts/text';
import * as z from 'zod/mini';

/** Shapes of the forms. A message is a key of `account:field`. */

const email = z.pipe(
  z.string('email_missing').check(z.trim(), z.toLowerCase(), z.minLength(1, 'email_missing')),
  z.string().check(z.maxLength(254, 'email_invalid'), z.regex(z.regexes.email, 'email_invalid')),
);
const newPassword = z
  .string('password_missing')
  .check(z.minLength(8, 'password_short'), z.maxLength(200, 'password_long'));
const givenPassword = z.string('password_missing').check(z.maxLength(200, 'password_long'));
const name = (missing: string) =>
  z.string(missing).check(
    z.trim(),
    z.minLength(1, missing),
    z.maxLength(80, 'name_long'),
    z.refine((typed) => plainLine(80).safeParse(typed).success, 'name_plain'),
  );

export const AddressForm = z.object({ email });
export const PasswordSignInForm = z.object({ email, password: givenPassword });
export const CodeForm = z.object({
  email,
  code: z.pipe(
    z.pipe(
      z.string('code_missing'),
      z.transform((typed: string) => typed.replace(/\D/g, '')),
    ),
    z.string().check(z.length(6, 'code_invalid')),
  ),
});
export const SignUpForm = z.object({ name: name('name_missing'), email, password: newPassword });
export const ResetForm = z.object({ token: z.string('password_missing'), password: newPassword });
export const ProfileForm = z.object({ displayName: name('name_missing'), showFirstName: z.optional(z.literal('on')) });
export const NewAddressForm = z.object({ newEmail: email });
export const ChangePasswordForm = z.object({
  currentPassword: givenPassword,
  newPassword,
});
