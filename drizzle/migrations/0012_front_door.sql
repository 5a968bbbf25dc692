-- why: the sign-in library reserves one-time codes under ids of its own making, which a uuid column refused, and nothing bounded its texts.

alter table auth.verifications alter column id drop default;
alter table auth.verifications alter column id type text;
alter table auth.verifications alter column id set default public.uuid_v7()::text;

-- What was written before them stays as it is: where it breaks one, the constraint holds for new rows alone.
alter table auth.verifications
  add constraint verifications_identifier_length check (length(identifier) <= 512) not valid,
  add constraint verifications_value_length check (length(value) <= 4000) not valid;
alter table auth.users
  add constraint users_email_length check (length(email) <= 320) not valid,
  add constraint users_name_length check (length(name) <= 200) not valid,
  add constraint users_image_length check (length(image) <= 500) not valid;
do $$ begin
  alter table auth.verifications validate constraint verifications_identifier_length;
  alter table auth.verifications validate constraint verifications_value_length;
  alter table auth.users validate constraint users_email_length;
  alter table auth.users validate constraint users_name_length;
  alter table auth.users validate constraint users_image_length;
exception when check_violation then null; -- rows from before the rule
end $$;
