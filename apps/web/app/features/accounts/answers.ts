import type { SubmissionResult } from '@conform-to/react';

/** What can be in the way, as the words of `account:problem` name it. */
export interface Problem {
  is:
    | 'wrong'
    | 'email'
    | 'taken'
    | 'link'
    | 'code'
    | 'code_spent'
    | 'password'
    | 'proven'
    | 'signed_out'
    | 'same_address'
    | 'fresh'
    | 'too_many'
    | 'too_many_mails';
  /** How long to wait, for `too_many` and `too_many_mails`. */
  minutes?: number;
}

/** What a form gets back: what was typed with what is wrong in it, or what is in the way of all of it. */
export interface FormAnswer {
  result?: SubmissionResult<string[]>;
  problem?: Problem;
}
