-- why: a restored database counts its versions from where the backup stood, and open pages took what is true now for late news.

-- Each time this database was put back to an earlier state. The newest epoch lifts the version of every live room above all that
-- was told before (public.version_epoch).
create table public.restores (
  epoch int primary key check (epoch > 0),
  begun_at timestamptz not null default clock_timestamp()
);
