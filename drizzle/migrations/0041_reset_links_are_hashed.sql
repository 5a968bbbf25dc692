-- why: mailed links to choose a password stood here in plain: whoever read this table took accounts over. They are kept hashed now;
-- the plain ones of the last half hour are asked for again.
delete from auth.verifications where identifier like 'reset-password:%';
