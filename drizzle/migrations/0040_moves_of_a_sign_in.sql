-- why: a sign-in that was refused after all, or that never proved its second factor, had a guest's things moved in at the owner's next one.

-- The session whose sign-in remembered the move, until that sign-in stands; a session that ends before takes the move along.
alter table auth.pending_moves add column session_id uuid references auth.sessions (id) on delete cascade;
create index pending_moves_session on auth.pending_moves (session_id);

-- What waits from before may have been brought by a session that never proved the second factor.
update auth.pending_moves m set done_at = clock_timestamp()
where m.done_at is null and exists (select from auth.users u where u.id = m.to_user_id and u.two_factor_enabled);
