-- The unsigned half of a ticket's code: base64url(ticket id, rotation). The server signs it when it is shown.
create or replace function ticketing.qr_code_of(p_ticket_id uuid, p_rotation int) returns text
language sql immutable parallel safe as $$
  select rtrim(translate(encode(uuid_send(p_ticket_id) || int4send(p_rotation), 'base64'), '+/', '-_'), '=')
$$;
