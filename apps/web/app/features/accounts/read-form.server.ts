import type { SubmissionResult } from '@conform-to/react';
import { parseWithZod } from '@conform-to/zod/v4';
import type * as z from 'zod/v4/core';

/** Never sent back into a page. */
const SECRETS = ['password', 'currentPassword', 'newPassword'] as const;

type Read<T> = { value: T; result?: undefined } | { value?: undefined; result: SubmissionResult<string[]> };

/** A form in the shape it must have, or what was typed with what is wrong in it. */
export function readForm<S extends z.$ZodType>(form: FormData, schema: S): Read<z.output<S>> & { typed: Typed } {
  const submission = parseWithZod(form, { schema, disableAutoCoercion: true });
  const typed: Typed = (problem = {}) => submission.reply({ hideFields: [...SECRETS], ...problem });
  return submission.status === 'success'
    ? { value: submission.value as z.output<S>, typed }
    : { result: typed(), typed };
}

/** The same form once more with what was typed, when the refusal comes later. */
export type Typed = (problem?: { fieldErrors?: Record<string, string[]> }) => SubmissionResult<string[]>;
