-- why: a sign-in that was refused after all, or that never proved its second factor, had a guest's things moved in at the owner's next one.

-- The session whose sign-in remembered the move, until that sign-in stands; a session that ends before takes the move along.
alter table auth.pending_moves add column session_id uuid references auth.sessions (id) on delete cascade;
create index pending_moves_session on auth.pending_moves (session_id);
