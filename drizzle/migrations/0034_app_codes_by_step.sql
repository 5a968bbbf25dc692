-- why: a code of an authenticator app worked again after a later one had been used; the last step taken is remembered instead of the last code.

-- The last step of 30 seconds whose code was taken. Of keys that are there now none is known: three codes are good once more.
alter table auth.two_factors add column last_step bigint;
alter table auth.proof_tries drop column last_code_hmac, drop column last_code_at;
