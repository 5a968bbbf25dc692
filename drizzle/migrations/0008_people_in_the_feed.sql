-- why: sessions are kept in memory for seconds on the hot path; who is renamed, proved, raised, demoted or removed must be heard at once
alter publication liventix_feed add table auth.users (id), public.profiles (id, role);
