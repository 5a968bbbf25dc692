-- The advisory keys of a checkout: whoever grants, completes or moves places takes them, all of a call's in ascending order
-- (docs/domain.md, "Lock order"). One person per event, so that two tiers of one event cannot both grant the last place of
-- a limit; one checkout, so that one id is one checkout whatever tiers and people it comes with.
create or replace function ticketing.person_key(p_event_id uuid, p_user_id uuid) returns bigint
language sql immutable parallel safe as $$ select uuid_hash_extended(p_user_id, uuid_hash_extended(p_event_id, 4)) $$;

create or replace function ticketing.checkout_key(p_checkout_id uuid) returns bigint
language sql immutable parallel safe as $$ select uuid_hash_extended(p_checkout_id, 5) $$;
