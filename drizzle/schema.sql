-- Written by "pnpm db:describe" from a freshly migrated database. Never edited, never run.

-- schemas
schema access owner service_role
schema analytics owner liventix_owner
schema auth owner liventix_owner
schema events owner liventix_owner
schema jobs owner liventix_owner
schema organizations owner liventix_owner
schema social owner liventix_owner
schema ticketing owner liventix_owner

-- extensions
extension pg_trgm in public
extension unaccent in public

-- enums and domains
enum public.availability_display: exact, low_only, hidden
enum public.event_status: draft, published, postponed, cancelled
enum public.event_visibility: public, unlisted, private
enum public.hold_status: active, converted, released, expired
enum public.order_status: pending, paid, cancelled, refunded
enum public.org_role: owner, admin, editor, scanner, viewer
enum public.owner_context: user, organization
enum public.profile_role: attendee, organizer, admin
enum public.reaction_kind: like, comment, share
enum public.refund_status: pending, succeeded, failed
enum public.ticket_status: issued, transferred, redeemed, refunded
enum public.ticket_tier_status: active, inactive, sold_out

-- table analytics.event_metrics
owner liventix_owner, row level security forced
  event_id uuid not null
  hour timestamp with time zone not null
  views integer not null default 0
  holds integer not null default 0
  orders integer not null default 0
  tickets integer not null default 0
  gross_cents bigint not null default 0
  refunds integer not null default 0
  refunded_cents bigint not null default 0
  constraint event_metrics_pkey PRIMARY KEY (event_id, hour)
  constraint event_metrics_event_id_fkey FOREIGN KEY (event_id) REFERENCES events.events(id) ON DELETE CASCADE

-- table analytics.page_views
owner liventix_owner, row level security forced
  id bigint not null identity
  event_id uuid
  path text not null
  referrer_host text
  viewer_hash text
  created_at timestamp with time zone not null default clock_timestamp()
  constraint page_views_pkey PRIMARY KEY (id)
  constraint page_views_event_id_fkey FOREIGN KEY (event_id) REFERENCES events.events(id) ON DELETE CASCADE
  constraint page_views_path_check CHECK ((char_length(path) <= 300))
  constraint page_views_referrer_host_check CHECK ((char_length(referrer_host) <= 120))
  CREATE INDEX page_views_age ON analytics.page_views USING btree (created_at)
  CREATE INDEX page_views_event ON analytics.page_views USING btree (event_id, created_at)

-- table analytics.scan_logs
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  event_id uuid not null
  ticket_id uuid
  outcome text not null
  gate text
  scanned_by uuid not null
  created_at timestamp with time zone not null default clock_timestamp()
  constraint scan_logs_pkey PRIMARY KEY (id)
  constraint scan_logs_event_id_fkey FOREIGN KEY (event_id) REFERENCES events.events(id) ON DELETE CASCADE
  constraint scan_logs_outcome_check CHECK ((outcome = ANY (ARRAY['admitted'::text, 'undone'::text, 'forged'::text, 'stale'::text, 'suspended'::text, 'disputed'::text, 'refunded'::text, 'already'::text, 'wrong_event'::text, 'wrong_day'::text])))
  constraint scan_logs_scanned_by_fkey FOREIGN KEY (scanned_by) REFERENCES auth.users(id)
  constraint scan_logs_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticketing.tickets(id)
  CREATE INDEX scan_logs_event ON analytics.scan_logs USING btree (event_id, created_at DESC)
  CREATE INDEX scan_logs_scanned_by ON analytics.scan_logs USING btree (scanned_by)
  CREATE INDEX scan_logs_ticket ON analytics.scan_logs USING btree (ticket_id)

-- table analytics.user_actions
owner liventix_owner, row level security forced
  id bigint not null identity
  user_id uuid
  kind text not null
  entity_id uuid
  detail jsonb not null default '{}'::jsonb
  created_at timestamp with time zone not null default clock_timestamp()
  constraint user_actions_pkey PRIMARY KEY (id)
  constraint user_actions_kind_check CHECK ((char_length(kind) <= 60))
  constraint user_actions_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE SET NULL
  CREATE INDEX user_actions_entity ON analytics.user_actions USING btree (entity_id, created_at DESC)
  CREATE INDEX user_actions_user ON analytics.user_actions USING btree (user_id, created_at DESC)

-- table auth.accounts
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  user_id uuid not null
  account_id text not null
  provider_id text not null
  password text
  access_token text
  refresh_token text
  id_token text
  access_token_expires_at timestamp with time zone
  refresh_token_expires_at timestamp with time zone
  scope text
  created_at timestamp with time zone not null default clock_timestamp()
  updated_at timestamp with time zone not null default clock_timestamp()
  constraint accounts_pkey PRIMARY KEY (id)
  constraint accounts_provider_id_account_id_key UNIQUE (provider_id, account_id)
  constraint accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
  CREATE INDEX accounts_user ON auth.accounts USING btree (user_id)

-- table auth.passkey_challenges
owner liventix_owner, row level security forced
  session_id uuid not null
  ceremony text not null
  challenge text not null
  expires_at timestamp with time zone not null default (clock_timestamp() + '00:05:00'::interval)
  constraint passkey_challenges_pkey PRIMARY KEY (session_id)
  constraint passkey_challenges_ceremony_check CHECK ((ceremony = ANY (ARRAY['register'::text, 'prove'::text])))
  constraint passkey_challenges_session_id_fkey FOREIGN KEY (session_id) REFERENCES auth.sessions(id) ON DELETE CASCADE

-- table auth.passkeys
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  user_id uuid not null
  name text not null
  credential_id text not null
  public_key bytea not null
  counter bigint not null
  transports text[] not null default '{}'::text[]
  created_at timestamp with time zone not null default clock_timestamp()
  used_at timestamp with time zone
  constraint passkeys_pkey PRIMARY KEY (id)
  constraint passkeys_counter_check CHECK ((counter >= 0))
  constraint passkeys_credential_id_key UNIQUE (credential_id)
  constraint passkeys_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 60)))
  constraint passkeys_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
  CREATE INDEX passkeys_user ON auth.passkeys USING btree (user_id)

-- table auth.pending_moves
owner liventix_owner, row level security forced
  from_user_id uuid not null
  to_user_id uuid not null
  created_at timestamp with time zone not null default clock_timestamp()
  done_at timestamp with time zone
  session_id uuid
  constraint pending_moves_pkey PRIMARY KEY (from_user_id)
  constraint pending_moves_from_user_id_fkey FOREIGN KEY (from_user_id) REFERENCES auth.users(id) ON DELETE CASCADE
  constraint pending_moves_session_id_fkey FOREIGN KEY (session_id) REFERENCES auth.sessions(id) ON DELETE CASCADE
  constraint pending_moves_to_user_id_fkey FOREIGN KEY (to_user_id) REFERENCES auth.users(id) ON DELETE CASCADE
  CREATE INDEX pending_moves_session ON auth.pending_moves USING btree (session_id)
  CREATE INDEX pending_moves_to ON auth.pending_moves USING btree (to_user_id)

-- table auth.proof_tries
owner liventix_owner, row level security forced
  user_id uuid not null
  failed integer not null default 0
  locked_until timestamp with time zone
  constraint proof_tries_pkey PRIMARY KEY (user_id)
  constraint proof_tries_failed_check CHECK ((failed >= 0))
  constraint proof_tries_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE

-- table auth.recovery_codes
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  user_id uuid not null
  code_hmac bytea not null
  used_at timestamp with time zone
  constraint recovery_codes_pkey PRIMARY KEY (id)
  constraint recovery_codes_user_id_code_hmac_key UNIQUE (user_id, code_hmac)
  constraint recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE

-- table auth.sessions
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  user_id uuid not null
  token text not null
  expires_at timestamp with time zone not null
  ip_address text
  user_agent text
  created_at timestamp with time zone not null default clock_timestamp()
  updated_at timestamp with time zone not null default clock_timestamp()
  second_factor_at timestamp with time zone
  confirmed_at timestamp with time zone not null default clock_timestamp()
  by_mailbox boolean not null default false
  constraint sessions_pkey PRIMARY KEY (id)
  constraint sessions_token_key UNIQUE (token)
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
  CREATE INDEX sessions_user ON auth.sessions USING btree (user_id)

-- table auth.two_factors
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  user_id uuid not null
  secret text not null
  verified boolean not null default false
  created_at timestamp with time zone not null default clock_timestamp()
  last_step bigint
  constraint two_factors_pkey PRIMARY KEY (id)
  constraint two_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
  constraint two_factors_user_id_key UNIQUE (user_id)

-- table auth.users
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  name text not null default ''::text
  email text not null
  email_verified boolean not null default false
  image text
  is_anonymous boolean not null default false
  created_at timestamp with time zone not null default clock_timestamp()
  updated_at timestamp with time zone not null default clock_timestamp()
  deleted_at timestamp with time zone
  two_factor_enabled boolean not null default false
  constraint users_pkey PRIMARY KEY (id)
  constraint users_email_key UNIQUE (email)
  constraint users_email_length CHECK ((length(email) <= 320))
  constraint users_image_length CHECK ((length(image) <= 500))
  constraint users_name_length CHECK ((length(name) <= 200))

-- table auth.verifications
owner liventix_owner, row level security forced
  id text not null default (public.uuid_v7())::text
  identifier text not null
  value text not null
  expires_at timestamp with time zone not null
  created_at timestamp with time zone not null default clock_timestamp()
  updated_at timestamp with time zone not null default clock_timestamp()
  constraint verifications_pkey PRIMARY KEY (id)
  constraint verifications_identifier_length CHECK ((length(identifier) <= 512))
  constraint verifications_value_length CHECK ((length(value) <= 4000))
  CREATE INDEX verifications_identifier ON auth.verifications USING btree (identifier)

-- table events.event_alerts
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  event_id uuid not null
  user_id uuid not null
  mailbox text not null
  kind text not null
  created_at timestamp with time zone not null default clock_timestamp()
  told_at timestamp with time zone
  confirmed_at timestamp with time zone
  constraint event_alerts_pkey PRIMARY KEY (id)
  constraint event_alerts_event_id_fkey FOREIGN KEY (event_id) REFERENCES events.events(id) ON DELETE CASCADE
  constraint event_alerts_event_id_user_id_kind_key UNIQUE (event_id, user_id, kind)
  constraint event_alerts_kind_check CHECK ((kind = ANY (ARRAY['on_sale'::text, 'place_back'::text])))
  constraint event_alerts_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
  CREATE UNIQUE INDEX event_alerts_mailbox ON events.event_alerts USING btree (event_id, kind, public.normal_mailbox(mailbox)) WHERE (told_at IS NULL)
  CREATE INDEX event_alerts_open ON events.event_alerts USING btree (event_id, kind) WHERE (told_at IS NULL)
  CREATE INDEX event_alerts_user ON events.event_alerts USING btree (user_id)

-- table events.events
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  title text not null
  start_at timestamp with time zone
  end_at timestamp with time zone
  venue text
  category text
  cover_image_url text
  description text not null default ''::text
  city text
  visibility public.event_visibility not null default 'public'::public.event_visibility
  owner_context_type public.owner_context not null default 'user'::public.owner_context
  owner_context_id uuid not null
  created_by uuid not null
  status public.event_status not null default 'draft'::public.event_status
  slug text not null default lower(public.short_code(10))
  summary text not null default ''::text
  time_zone text not null default 'Europe/Berlin'::text
  start_local timestamp without time zone
  end_local timestamp without time zone
  doors_local timestamp without time zone
  doors_at timestamp with time zone
  currency character(3) not null default 'EUR'::bpchar
  address text
  online_url text
  access_info text not null default ''::text
  line_up jsonb not null default '[]'::jsonb
  min_age integer
  refund_policy text
  refund_keeps_fees boolean not null default false
  poster jsonb
  availability_display public.availability_display
  max_per_person integer not null default 10
  fee_bps integer not null default 0
  fee_fixed_cents integer not null default 0
  fee_cap_cents integer
  fee_paid_by text not null default 'buyer'::text
  tax_included boolean not null default true
  resell_refunded boolean not null default true
  posts_by_verified boolean not null default false
  published_at timestamp with time zone
  postponed_at timestamp with time zone
  cancelled_at timestamp with time zone
  cancel_reason text
  sales_paused_at timestamp with time zone
  version bigint not null default 1
  search tsvector generated as ((setweight(to_tsvector('simple'::regconfig, public.plain_text(title)), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, public.plain_text(((((((summary || ' '::text) || COALESCE(venue, ''::text)) || ' '::text) || COALESCE(city, ''::text)) || ' '::text) || COALESCE(category, ''::text)))), 'B'::"char")) || setweight(to_tsvector('simple'::regconfig, public.plain_text(description)), 'C'::"char"))
  created_at timestamp with time zone not null default clock_timestamp()
  updated_at timestamp with time zone not null default clock_timestamp()
  deleted_at timestamp with time zone
  waiting_room text not null default 'by_itself'::text
  edition integer not null default 1
  constraint events_pkey PRIMARY KEY (id)
  constraint events_access_info_check CHECK ((char_length(access_info) <= 2000))
  constraint events_address_check CHECK ((char_length(address) <= 240))
  constraint events_cancel_reason_check CHECK ((char_length(cancel_reason) <= 500))
  constraint events_check CHECK (((end_at IS NULL) OR (start_at IS NULL) OR (end_at > start_at)))
  constraint events_check1 CHECK (((status <> 'cancelled'::public.event_status) OR (cancelled_at IS NOT NULL)))
  constraint events_city_check CHECK ((char_length(city) <= 80))
  constraint events_created_by_fkey FOREIGN KEY (created_by) REFERENCES auth.users(id)
  constraint events_currency_check CHECK (((currency)::text = upper((currency)::text)))
  constraint events_description_check CHECK ((char_length(description) <= 10000))
  constraint events_doors_near_start CHECK (((doors_at IS NULL) OR (start_at IS NULL) OR ((doors_at >= (start_at - '1 day'::interval)) AND (doors_at <= start_at))))
  constraint events_fee_bps_check CHECK (((fee_bps >= 0) AND (fee_bps <= 5000)))
  constraint events_fee_cap_cents_check CHECK ((fee_cap_cents >= 0))
  constraint events_fee_fixed_cents_check CHECK ((fee_fixed_cents >= 0))
  constraint events_fee_paid_by_check CHECK ((fee_paid_by = ANY (ARRAY['buyer'::text, 'organizer'::text])))
  constraint events_line_up_check CHECK (((jsonb_typeof(line_up) = 'array'::text) AND (jsonb_array_length(line_up) <= 40)))
  constraint events_max_per_person_check CHECK (((max_per_person >= 1) AND (max_per_person <= 50)))
  constraint events_min_age_check CHECK (((min_age >= 0) AND (min_age <= 99)))
  constraint events_online_url_check CHECK (((online_url ~ '^https?://'::text) AND (char_length(online_url) <= 500)))
  constraint events_poster_check CHECK ((jsonb_typeof(poster) = 'object'::text))
  constraint events_refund_policy_check CHECK ((refund_policy = ANY (ARRAY['none'::text, 'until_1d'::text, 'until_7d'::text, 'until_start'::text])))
  constraint events_slug_check CHECK ((slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text))
  constraint events_slug_key UNIQUE (slug)
  constraint events_summary_check CHECK ((char_length(summary) <= 200))
  constraint events_title_check CHECK (((char_length(btrim(title)) >= 1) AND (char_length(btrim(title)) <= 120)))
  constraint events_venue_check CHECK ((char_length(venue) <= 160))
  constraint events_waiting_room_check CHECK ((waiting_room = ANY (ARRAY['off'::text, 'on'::text, 'by_itself'::text])))
  CREATE INDEX events_cover ON events.events USING btree (cover_image_url) WHERE (cover_image_url IS NOT NULL)
  CREATE INDEX events_created_by ON events.events USING btree (created_by)
  CREATE INDEX events_owner ON events.events USING btree (owner_context_type, owner_context_id)
  CREATE INDEX events_search ON events.events USING gin (search)
  CREATE INDEX events_title_trigram ON events.events USING gin (public.plain_text(title) public.gin_trgm_ops)
  CREATE INDEX events_upcoming ON events.events USING btree (start_at) WHERE ((status = ANY (ARRAY['published'::public.event_status, 'postponed'::public.event_status])) AND (visibility = 'public'::public.event_visibility) AND (deleted_at IS NULL))
  CREATE INDEX events_waiting_room ON events.events USING btree (id) WHERE (waiting_room = 'on'::text)

-- table events.saved_events
owner liventix_owner, row level security forced
  user_id uuid not null
  event_id uuid not null
  created_at timestamp with time zone not null default clock_timestamp()
  constraint saved_events_pkey PRIMARY KEY (user_id, event_id)
  constraint saved_events_event_id_fkey FOREIGN KEY (event_id) REFERENCES events.events(id) ON DELETE CASCADE
  constraint saved_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
  CREATE INDEX saved_events_event ON events.saved_events USING btree (event_id)

-- table jobs.tasks
owner liventix_owner, row level security forced
  name text not null
  priority smallint not null default 20
  constraint tasks_pkey PRIMARY KEY (name)
  constraint tasks_priority_check CHECK ((priority >= 0))

-- table jobs.workers
owner liventix_owner, row level security forced
  worker_id text not null
  beat_at timestamp with time zone not null default clock_timestamp()
  constraint workers_pkey PRIMARY KEY (worker_id)

-- table organizations.org_invitations
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  org_id uuid not null
  email text not null
  role public.org_role not null
  token_sha256 bytea not null
  invited_by uuid not null
  created_at timestamp with time zone not null default clock_timestamp()
  expires_at timestamp with time zone not null default (clock_timestamp() + '7 days'::interval)
  accepted_at timestamp with time zone
  constraint org_invitations_pkey PRIMARY KEY (id)
  constraint org_invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES auth.users(id)
  constraint org_invitations_org_id_email_key UNIQUE (org_id, email)
  constraint org_invitations_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations.organizations(id) ON DELETE CASCADE
  constraint org_invitations_token_sha256_key UNIQUE (token_sha256)
  CREATE INDEX org_invitations_invited_by ON organizations.org_invitations USING btree (invited_by)

-- table organizations.org_memberships
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  org_id uuid not null
  user_id uuid not null
  role public.org_role not null
  created_at timestamp with time zone not null default clock_timestamp()
  updated_at timestamp with time zone not null default clock_timestamp()
  constraint org_memberships_pkey PRIMARY KEY (id)
  constraint org_memberships_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations.organizations(id) ON DELETE CASCADE
  constraint org_memberships_org_id_user_id_key UNIQUE (org_id, user_id)
  constraint org_memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
  CREATE INDEX org_memberships_user ON organizations.org_memberships USING btree (user_id)

-- table organizations.organizations
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  name text not null
  description text not null default ''::text
  created_at timestamp with time zone not null default clock_timestamp()
  slug text not null default lower(public.short_code(8))
  city text
  palette text not null default 'cobalt'::text
  fee_bps integer not null default 0
  fee_fixed_cents integer not null default 0
  fee_cap_cents integer
  fee_paid_by text not null default 'buyer'::text
  updated_at timestamp with time zone not null default clock_timestamp()
  deleted_at timestamp with time zone
  edition integer not null default 1
  contact_user_id uuid
  constraint organizations_pkey PRIMARY KEY (id)
  constraint organizations_contact_fkey FOREIGN KEY (id, contact_user_id) REFERENCES organizations.org_memberships(org_id, user_id) ON DELETE SET NULL (contact_user_id)
  constraint organizations_description_check CHECK ((char_length(description) <= 2000))
  constraint organizations_fee_bps_check CHECK (((fee_bps >= 0) AND (fee_bps <= 5000)))
  constraint organizations_fee_cap_cents_check CHECK ((fee_cap_cents >= 0))
  constraint organizations_fee_fixed_cents_check CHECK ((fee_fixed_cents >= 0))
  constraint organizations_fee_paid_by_check CHECK ((fee_paid_by = ANY (ARRAY['buyer'::text, 'organizer'::text])))
  constraint organizations_name_check CHECK (((char_length(btrim(name)) >= 2) AND (char_length(btrim(name)) <= 80)))
  constraint organizations_slug_check CHECK ((slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text))
  constraint organizations_slug_key UNIQUE (slug)

-- table organizations.role_notices
owner liventix_owner, row level security forced
  org_id uuid not null
  user_id uuid not null
  known_role public.org_role
  is_waiting boolean not null default true
  told_at timestamp with time zone
  constraint role_notices_pkey PRIMARY KEY (org_id, user_id)
  constraint role_notices_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations.organizations(id) ON DELETE CASCADE
  constraint role_notices_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
  CREATE INDEX role_notices_user ON organizations.role_notices USING btree (user_id)

-- table public.feed_beats
owner liventix_owner, row level security forced
  node text not null
  n bigint not null default 0
  constraint feed_beats_pkey PRIMARY KEY (node)

-- table public.profiles
owner liventix_owner, row level security forced
  id uuid not null
  email text not null
  display_name text not null default ''::text
  photo_url text
  role public.profile_role not null default 'attendee'::public.profile_role
  settings jsonb not null default '{}'::jsonb
  created_at timestamp with time zone not null default clock_timestamp()
  updated_at timestamp with time zone not null default clock_timestamp()
  deleted_at timestamp with time zone
  constraint profiles_pkey PRIMARY KEY (id)
  constraint profiles_display_name_check CHECK ((char_length(display_name) <= 80))
  constraint profiles_id_fkey FOREIGN KEY (id) REFERENCES auth.users(id) ON DELETE CASCADE
  constraint profiles_settings_check CHECK (((jsonb_typeof(settings) = 'object'::text) AND (pg_column_size(settings) < 4096)))
  CREATE INDEX profiles_photo ON public.profiles USING btree (photo_url) WHERE (photo_url IS NOT NULL)

-- table public.restores
owner liventix_owner, row level security forced
  epoch integer not null
  begun_at timestamp with time zone not null default clock_timestamp()
  constraint restores_pkey PRIMARY KEY (epoch)
  constraint restores_epoch_check CHECK ((epoch > 0))

-- table public.schema_migrations
owner liventix_owner
  name text not null
  sha256 text not null
  applied_at timestamp with time zone not null default clock_timestamp()
  constraint schema_migrations_pkey PRIMARY KEY (name)

-- table social.event_posts
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  event_id uuid not null
  author_user_id uuid not null
  text text not null
  media_urls jsonb not null default '[]'::jsonb
  like_count integer not null default 0
  comment_count integer not null default 0
  created_at timestamp with time zone not null default clock_timestamp()
  client_id uuid not null default public.uuid_v7()
  as_organization boolean not null default false
  pinned_at timestamp with time zone
  edited_at timestamp with time zone
  hidden_at timestamp with time zone
  hidden_reason text
  hidden_by uuid
  version bigint not null default 1
  updated_at timestamp with time zone not null default clock_timestamp()
  deleted_at timestamp with time zone
  constraint event_posts_pkey PRIMARY KEY (id)
  constraint event_posts_author_user_id_client_id_key UNIQUE (author_user_id, client_id)
  constraint event_posts_author_user_id_fkey FOREIGN KEY (author_user_id) REFERENCES auth.users(id)
  constraint event_posts_check CHECK (((text <> ''::text) OR (jsonb_array_length(media_urls) > 0)))
  constraint event_posts_check1 CHECK (((hidden_at IS NULL) = (hidden_reason IS NULL)))
  constraint event_posts_comment_count_check CHECK ((comment_count >= 0))
  constraint event_posts_event_id_fkey FOREIGN KEY (event_id) REFERENCES events.events(id) ON DELETE CASCADE
  constraint event_posts_hidden_by_fkey FOREIGN KEY (hidden_by) REFERENCES auth.users(id)
  constraint event_posts_like_count_check CHECK ((like_count >= 0))
  constraint event_posts_media_urls_check CHECK (((jsonb_typeof(media_urls) = 'array'::text) AND (jsonb_array_length(media_urls) <= 4)))
  constraint event_posts_text_check CHECK ((char_length(text) <= 2000))
  constraint raise_feed TRIGGER DEFERRABLE INITIALLY DEFERRED
  CREATE INDEX event_posts_feed ON social.event_posts USING btree (event_id, created_at DESC)
  CREATE INDEX event_posts_hidden_by ON social.event_posts USING btree (hidden_by) WHERE (hidden_by IS NOT NULL)
  CREATE INDEX event_posts_media ON social.event_posts USING gin (media_urls jsonb_path_ops) WHERE (media_urls <> '[]'::jsonb)

-- table social.event_reactions
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  post_id uuid not null
  user_id uuid not null
  kind public.reaction_kind not null
  text text
  parent_id uuid
  client_id uuid not null default public.uuid_v7()
  day date not null default ((now() AT TIME ZONE 'UTC'::text))::date
  edited_at timestamp with time zone
  hidden_at timestamp with time zone
  hidden_reason text
  created_at timestamp with time zone not null default clock_timestamp()
  deleted_at timestamp with time zone
  constraint event_reactions_pkey PRIMARY KEY (id)
  constraint event_reactions_check CHECK (((kind = 'comment'::public.reaction_kind) OR (text IS NULL)))
  constraint event_reactions_check1 CHECK (((kind = 'comment'::public.reaction_kind) OR (parent_id IS NULL)))
  constraint event_reactions_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES social.event_reactions(id)
  constraint event_reactions_post_id_fkey FOREIGN KEY (post_id) REFERENCES social.event_posts(id) ON DELETE CASCADE
  constraint event_reactions_text_check CHECK (((char_length(text) >= 1) AND (char_length(text) <= 1000)))
  constraint event_reactions_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id)
  CREATE UNIQUE INDEX event_reactions_client ON social.event_reactions USING btree (user_id, client_id)
  CREATE UNIQUE INDEX event_reactions_like ON social.event_reactions USING btree (post_id, user_id) WHERE (kind = 'like'::public.reaction_kind)
  CREATE INDEX event_reactions_parent ON social.event_reactions USING btree (parent_id) WHERE (parent_id IS NOT NULL)
  CREATE INDEX event_reactions_post ON social.event_reactions USING btree (post_id, kind, created_at)
  CREATE UNIQUE INDEX event_reactions_share ON social.event_reactions USING btree (post_id, user_id, day) WHERE (kind = 'share'::public.reaction_kind)

-- table social.feed_counters
owner liventix_owner, row level security forced
  event_id uuid not null
  version bigint not null default 0
  constraint feed_counters_pkey PRIMARY KEY (event_id)
  constraint feed_counters_event_id_fkey FOREIGN KEY (event_id) REFERENCES events.events(id) ON DELETE CASCADE

-- table social.follows
owner liventix_owner, row level security forced
  user_id uuid not null
  target_type public.owner_context not null
  target_id uuid not null
  created_at timestamp with time zone not null default clock_timestamp()
  constraint follows_pkey PRIMARY KEY (user_id, target_type, target_id)
  constraint follows_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
  CREATE INDEX follows_target ON social.follows USING btree (target_type, target_id)

-- table social.post_reports
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  post_id uuid
  reaction_id uuid
  reporter_user_id uuid not null
  reason text not null
  created_at timestamp with time zone not null default clock_timestamp()
  resolved_at timestamp with time zone
  constraint post_reports_pkey PRIMARY KEY (id)
  constraint post_reports_check CHECK ((num_nonnulls(post_id, reaction_id) = 1))
  constraint post_reports_post_id_fkey FOREIGN KEY (post_id) REFERENCES social.event_posts(id) ON DELETE CASCADE
  constraint post_reports_post_id_reaction_id_reporter_user_id_key UNIQUE NULLS NOT DISTINCT (post_id, reaction_id, reporter_user_id)
  constraint post_reports_reaction_id_fkey FOREIGN KEY (reaction_id) REFERENCES social.event_reactions(id) ON DELETE CASCADE
  constraint post_reports_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 500)))
  constraint post_reports_reporter_user_id_fkey FOREIGN KEY (reporter_user_id) REFERENCES auth.users(id)
  CREATE INDEX post_reports_reaction ON social.post_reports USING btree (reaction_id) WHERE (reaction_id IS NOT NULL)
  CREATE INDEX post_reports_reporter ON social.post_reports USING btree (reporter_user_id)

-- table social.uploads
owner liventix_owner, row level security forced
  name text not null
  user_id uuid
  bytes integer not null
  used_at timestamp with time zone not null default clock_timestamp()
  constraint uploads_pkey PRIMARY KEY (name)
  constraint uploads_bytes_check CHECK ((bytes >= 0))
  constraint uploads_name_check CHECK ((name ~ '^[A-Za-z0-9_-]+[.][a-z]+$'::text))
  constraint uploads_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE SET NULL
  CREATE INDEX uploads_used ON social.uploads USING btree (used_at)
  CREATE INDEX uploads_user ON social.uploads USING btree (user_id)

-- table ticketing.disputes
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  order_id uuid not null
  event_id uuid not null
  provider_dispute_id text not null
  amount_cents integer not null
  status text not null
  reason text not null
  respond_by timestamp with time zone
  opened_at timestamp with time zone not null
  closed_at timestamp with time zone
  created_at timestamp with time zone not null default clock_timestamp()
  updated_at timestamp with time zone not null default clock_timestamp()
  constraint disputes_pkey PRIMARY KEY (id)
  constraint disputes_amount_cents_check CHECK ((amount_cents > 0))
  constraint disputes_check CHECK (((closed_at IS NOT NULL) = (status = ANY (ARRAY['won'::text, 'lost'::text, 'closed'::text]))))
  constraint disputes_order_id_event_id_fkey FOREIGN KEY (order_id, event_id) REFERENCES ticketing.orders(id, event_id)
  constraint disputes_provider_dispute_id_key UNIQUE (provider_dispute_id)
  constraint disputes_status_check CHECK ((status = ANY (ARRAY['inquiry'::text, 'open'::text, 'won'::text, 'lost'::text, 'closed'::text])))
  CREATE INDEX disputes_event ON ticketing.disputes USING btree (event_id) WHERE (status = ANY (ARRAY['inquiry'::text, 'open'::text]))
  CREATE INDEX disputes_order ON ticketing.disputes USING btree (order_id)
  CREATE INDEX disputes_won ON ticketing.disputes USING btree (event_id) WHERE (status = 'won'::text)

-- table ticketing.erased_mailboxes
owner liventix_owner, row level security forced
  order_id uuid not null
  mark bytea not null
  constraint erased_mailboxes_pkey PRIMARY KEY (order_id)
  constraint erased_mailboxes_order_id_fkey FOREIGN KEY (order_id) REFERENCES ticketing.orders(id) ON DELETE CASCADE
  CREATE INDEX erased_mailboxes_mark ON ticketing.erased_mailboxes USING btree (mark)

-- table ticketing.event_changes
owner liventix_owner, row level security forced
  id bigint not null identity
  event_id uuid not null
  at timestamp with time zone
  tickets bigint not null
  gross_cents bigint not null
  refunded_cents bigint not null
  fees_cents bigint not null
  paid_orders bigint not null
  admitted bigint not null
  version bigint not null
  disputed_cents bigint not null default 0
  constraint event_changes_pkey PRIMARY KEY (id)
  CREATE INDEX event_changes_event ON ticketing.event_changes USING btree (event_id)

-- table ticketing.event_counters
owner liventix_owner, row level security forced
  event_id uuid not null
  last_sequence integer not null default 0
  version bigint not null default 0
  constraint event_counters_pkey PRIMARY KEY (event_id)
  constraint event_counters_event_id_fkey FOREIGN KEY (event_id) REFERENCES events.events(id) ON DELETE CASCADE
  constraint event_counters_last_sequence_check CHECK ((last_sequence >= 0))

-- table ticketing.event_sales
owner liventix_owner, row level security forced
  event_id uuid not null
  width text not null
  at timestamp with time zone not null
  tickets bigint not null default 0
  gross_cents bigint not null default 0
  refunded_cents bigint not null default 0
  paid_orders bigint not null default 0
  constraint event_sales_pkey PRIMARY KEY (event_id, width, at)
  constraint event_sales_event_id_fkey FOREIGN KEY (event_id) REFERENCES events.events(id) ON DELETE CASCADE
  constraint event_sales_width_check CHECK ((width = ANY (ARRAY['minutes'::text, 'hour'::text, 'quarter'::text])))

-- table ticketing.event_totals
owner liventix_owner, row level security forced
  event_id uuid not null
  gross_cents bigint not null default 0
  refunded_cents bigint not null default 0
  fees_cents bigint not null default 0
  paid_orders bigint not null default 0
  admitted bigint not null default 0
  version bigint not null default 0
  disputed_cents bigint not null default 0
  constraint event_totals_pkey PRIMARY KEY (event_id)
  constraint event_totals_event_id_fkey FOREIGN KEY (event_id) REFERENCES events.events(id) ON DELETE CASCADE

-- table ticketing.hold_lapses
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  event_id uuid not null
  user_id uuid not null
  checkout_id uuid not null
  created_at timestamp with time zone not null default clock_timestamp()
  address_key bigint
  tier_id uuid
  quantity integer not null default 0
  constraint hold_lapses_pkey PRIMARY KEY (id)
  constraint hold_lapses_event_id_fkey FOREIGN KEY (event_id) REFERENCES events.events(id) ON DELETE CASCADE
  constraint hold_lapses_quantity_check CHECK ((quantity >= 0))
  constraint hold_lapses_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
  CREATE INDEX hold_lapses_address ON ticketing.hold_lapses USING btree (address_key, created_at) WHERE (address_key IS NOT NULL)
  CREATE INDEX hold_lapses_event ON ticketing.hold_lapses USING btree (event_id)
  CREATE INDEX hold_lapses_person ON ticketing.hold_lapses USING btree (user_id, event_id, created_at)

-- table ticketing.hold_pressure
owner liventix_owner, row level security forced
  event_id uuid not null
  node text not null
  requests double precision not null
  drain double precision not null
  hot_since timestamp with time zone
  measured_at timestamp with time zone not null default clock_timestamp()
  constraint hold_pressure_pkey PRIMARY KEY (event_id, node)
  constraint hold_pressure_event_id_fkey FOREIGN KEY (event_id) REFERENCES events.events(id) ON DELETE CASCADE

-- table ticketing.order_items
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  order_id uuid not null
  tier_id uuid not null
  quantity integer not null
  price_cents integer not null
  unit_fee_cents integer not null default 0
  unit_tax_cents integer not null default 0
  unit_discount_cents integer not null default 0
  attendee_names jsonb not null default '[]'::jsonb
  created_at timestamp with time zone not null default clock_timestamp()
  constraint order_items_pkey PRIMARY KEY (id)
  constraint order_items_attendee_names_check CHECK ((jsonb_typeof(attendee_names) = 'array'::text))
  constraint order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES ticketing.orders(id) ON DELETE CASCADE
  constraint order_items_order_id_tier_id_key UNIQUE (order_id, tier_id)
  constraint order_items_price_cents_check CHECK ((price_cents >= 0))
  constraint order_items_quantity_check CHECK ((quantity > 0))
  constraint order_items_tier_id_fkey FOREIGN KEY (tier_id) REFERENCES ticketing.ticket_tiers(id)
  constraint order_items_unit_discount_cents_check CHECK ((unit_discount_cents >= 0))
  constraint order_items_unit_fee_cents_check CHECK ((unit_fee_cents >= 0))
  constraint order_items_unit_tax_cents_check CHECK ((unit_tax_cents >= 0))
  CREATE INDEX order_items_tier ON ticketing.order_items USING btree (tier_id)

-- table ticketing.order_links
owner liventix_owner, row level security forced
  token_sha256 bytea not null
  mailbox text not null
  created_at timestamp with time zone not null default clock_timestamp()
  expires_at timestamp with time zone not null default (clock_timestamp() + '00:30:00'::interval)
  used_at timestamp with time zone
  constraint order_links_pkey PRIMARY KEY (token_sha256)

-- table ticketing.orders
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  event_id uuid not null
  user_id uuid not null
  status public.order_status not null default 'pending'::public.order_status
  total_cents integer not null default 0
  subtotal_cents integer not null default 0
  fees_cents integer not null default 0
  stripe_payment_intent_id text
  created_at timestamp with time zone not null default clock_timestamp()
  tax_cents integer not null default 0
  tax_included boolean not null default true
  discount_cents integer not null default 0
  currency character(3) not null default 'EUR'::bpchar
  checkout_id uuid not null default public.uuid_v7()
  code text not null default public.short_code(8)
  mailbox text
  buyer_name text not null default ''::text
  show_first_name boolean not null default false
  payment_state text not null default 'none'::text
  payment_error text
  captured_cents integer
  refunded_cents integer not null default 0
  late boolean not null default false
  paid_at timestamp with time zone
  cancelled_at timestamp with time zone
  cancel_reason text
  confirmation_mailed_at timestamp with time zone
  version bigint not null default 1
  updated_at timestamp with time zone not null default clock_timestamp()
  deleted_at timestamp with time zone
  mailbox_proven boolean not null default false
  claimed_from uuid
  captured_at timestamp with time zone
  card_brand text
  card_last4 text
  dispute_state text
  disputed_cents integer not null default 0
  due_back_cents integer not null default 0
  owed_cents integer not null default 0
  refund_policy text
  refund_keeps_fees boolean not null default false
  mail_withheld boolean not null default false
  constraint orders_pkey PRIMARY KEY (id)
  constraint disputed_money_has_a_dispute CHECK (((disputed_cents = 0) OR (dispute_state IS NOT NULL)))
  constraint orders_buyer_name_check CHECK ((char_length(buyer_name) <= 120))
  constraint orders_cancel_reason_check CHECK ((cancel_reason = ANY (ARRAY['expired'::text, 'by_buyer'::text, 'payment_failed'::text, 'event_cancelled'::text])))
  constraint orders_captured_cents_check CHECK ((captured_cents >= 0))
  constraint orders_card_brand_check CHECK (((char_length(card_brand) >= 1) AND (char_length(card_brand) <= 40)))
  constraint orders_card_last4_check CHECK ((card_last4 ~ '^[0-9]{4}$'::text))
  constraint orders_check CHECK ((refunded_cents <= COALESCE(captured_cents, total_cents)))
  constraint orders_check1 CHECK (((status <> 'pending'::public.order_status) OR (cancel_reason IS NULL)))
  constraint orders_check2 CHECK ((captured_at >= created_at))
  constraint orders_checkout_id_key UNIQUE (checkout_id)
  constraint orders_code_key UNIQUE (code)
  constraint orders_discount_cents_check CHECK ((discount_cents >= 0))
  constraint orders_dispute_state_check CHECK ((dispute_state = ANY (ARRAY['open'::text, 'lost'::text])))
  constraint orders_disputed_cents_check CHECK ((disputed_cents >= 0))
  constraint orders_due_back_cents_check CHECK ((due_back_cents >= 0))
  constraint orders_event_id_fkey FOREIGN KEY (event_id) REFERENCES events.events(id)
  constraint orders_fees_cents_check CHECK ((fees_cents >= 0))
  constraint orders_id_event_id_key UNIQUE (id, event_id)
  constraint orders_payment_state_check CHECK ((payment_state = ANY (ARRAY['none'::text, 'started'::text, 'processing'::text, 'failed'::text, 'succeeded'::text])))
  constraint orders_refund_policy_check CHECK ((refund_policy = ANY (ARRAY['none'::text, 'until_1d'::text, 'until_7d'::text, 'until_start'::text])))
  constraint orders_refunded_cents_check CHECK ((refunded_cents >= 0))
  constraint orders_stripe_payment_intent_id_key UNIQUE (stripe_payment_intent_id)
  constraint orders_subtotal_cents_check CHECK ((subtotal_cents >= 0))
  constraint orders_tax_cents_check CHECK ((tax_cents >= 0))
  constraint orders_total_cents_check CHECK ((total_cents >= 0))
  constraint orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id)
  constraint owed_is_what_came_back CHECK ((owed_cents = GREATEST(0, ((due_back_cents - refunded_cents) - disputed_cents))))
  CREATE INDEX orders_address ON ticketing.orders USING btree (lower(mailbox))
  CREATE INDEX orders_disputed ON ticketing.orders USING btree (event_id) WHERE (dispute_state IS NOT NULL)
  CREATE INDEX orders_event ON ticketing.orders USING btree (event_id, created_at DESC)
  CREATE INDEX orders_mailbox ON ticketing.orders USING btree (public.normal_mailbox(mailbox), event_id)
  CREATE INDEX orders_owed ON ticketing.orders USING btree (event_id) WHERE (owed_cents > 0)
  CREATE INDEX orders_paying ON ticketing.orders USING btree (event_id) WHERE ((status = 'pending'::public.order_status) AND (payment_state = ANY (ARRAY['started'::text, 'processing'::text])))
  CREATE INDEX orders_pending ON ticketing.orders USING btree (created_at) WHERE (status = 'pending'::public.order_status)
  CREATE INDEX orders_sold ON ticketing.orders USING btree (event_id, COALESCE(paid_at, created_at) DESC, id) WHERE (status = ANY (ARRAY['paid'::public.order_status, 'refunded'::public.order_status]))
  CREATE INDEX orders_user ON ticketing.orders USING btree (user_id, created_at DESC)

-- table ticketing.refund_tickets
owner liventix_owner, row level security forced
  refund_id uuid not null
  ticket_id uuid not null
  constraint refund_tickets_pkey PRIMARY KEY (refund_id, ticket_id)
  constraint refund_tickets_refund_id_fkey FOREIGN KEY (refund_id) REFERENCES ticketing.refunds(id) ON DELETE CASCADE
  constraint refund_tickets_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticketing.tickets(id)
  CREATE INDEX refund_tickets_ticket ON ticketing.refund_tickets USING btree (ticket_id)

-- table ticketing.refunds
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  order_id uuid not null
  amount_cents integer not null
  reason text not null default 'requested'::text
  status public.refund_status not null default 'pending'::public.refund_status
  created_at timestamp with time zone not null default clock_timestamp()
  kind text not null default 'order'::text
  note text not null default ''::text
  provider_refund_id text
  failure text
  initiated_by uuid
  settled_at timestamp with time zone
  updated_at timestamp with time zone not null default clock_timestamp()
  event_id uuid
  taken_back_at timestamp with time zone
  constraint refunds_pkey PRIMARY KEY (id)
  constraint refunds_amount_cents_check CHECK ((amount_cents > 0))
  constraint refunds_check CHECK (((taken_back_at IS NULL) OR (status = 'failed'::public.refund_status)))
  constraint refunds_initiated_by_fkey FOREIGN KEY (initiated_by) REFERENCES auth.users(id)
  constraint refunds_kind_check CHECK ((kind = ANY (ARRAY['order'::text, 'tickets'::text, 'goodwill'::text, 'late_payment'::text, 'amount_mismatch'::text, 'outside'::text, 'owed'::text])))
  constraint refunds_order_id_fkey FOREIGN KEY (order_id) REFERENCES ticketing.orders(id)
  constraint refunds_provider_refund_id_key UNIQUE (provider_refund_id)
  CREATE UNIQUE INDEX refunds_automatic_once ON ticketing.refunds USING btree (order_id) WHERE (kind = ANY (ARRAY['late_payment'::text, 'amount_mismatch'::text]))
  CREATE INDEX refunds_event ON ticketing.refunds USING btree (event_id, COALESCE(settled_at, created_at) DESC) WHERE (status = 'succeeded'::public.refund_status)
  CREATE INDEX refunds_initiated_by ON ticketing.refunds USING btree (initiated_by) WHERE (initiated_by IS NOT NULL)
  CREATE INDEX refunds_order ON ticketing.refunds USING btree (order_id)
  CREATE INDEX refunds_pending ON ticketing.refunds USING btree (created_at) WHERE (status = 'pending'::public.refund_status)
  CREATE INDEX refunds_taken_back ON ticketing.refunds USING btree (event_id) WHERE (taken_back_at IS NOT NULL)

-- table ticketing.state_log
owner liventix_owner, row level security forced
  id bigint not null identity
  entity text not null
  entity_id uuid not null
  from_state text not null
  to_state text not null
  actor_user_id uuid
  at timestamp with time zone not null default clock_timestamp()
  constraint state_log_pkey PRIMARY KEY (id)
  constraint state_log_entity_check CHECK ((entity = ANY (ARRAY['event'::text, 'order'::text, 'ticket'::text, 'refund'::text, 'dispute'::text])))
  CREATE INDEX state_log_entity ON ticketing.state_log USING btree (entity, entity_id)

-- table ticketing.ticket_events
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  ticket_id uuid not null
  kind text not null
  from_user_id uuid
  to_user_id uuid
  actor_user_id uuid
  detail jsonb not null default '{}'::jsonb
  created_at timestamp with time zone not null default clock_timestamp()
  constraint ticket_events_pkey PRIMARY KEY (id)
  constraint ticket_events_kind_check CHECK ((kind = ANY (ARRAY['issued'::text, 'moved'::text, 'transferred'::text, 'suspended'::text, 'unsuspended'::text, 'redeemed'::text, 'undone'::text, 'refunded'::text])))
  constraint ticket_events_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticketing.tickets(id)
  CREATE INDEX ticket_events_ticket ON ticketing.ticket_events USING btree (ticket_id, created_at)

-- table ticketing.ticket_holds
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  user_id uuid not null
  tier_id uuid not null
  quantity integer not null
  status public.hold_status not null default 'active'::public.hold_status
  expires_at timestamp with time zone not null default (clock_timestamp() + '00:15:00'::interval)
  created_at timestamp with time zone not null default clock_timestamp()
  event_id uuid not null
  checkout_id uuid not null default public.uuid_v7()
  unit_face_cents integer
  unit_fee_cents integer
  unit_tax_cents integer
  unit_total_cents integer
  extended_at timestamp with time zone
  paused_seconds integer not null default 0
  paused_since timestamp with time zone
  ended_at timestamp with time zone
  end_reason text
  version bigint not null default 1
  address_key bigint
  constraint ticket_holds_pkey PRIMARY KEY (id)
  constraint hold_length CHECK ((expires_at <= ((created_at + '00:20:00'::interval) + make_interval(secs => (paused_seconds)::double precision))))
  constraint ticket_holds_check CHECK (((paused_since IS NULL) OR (paused_seconds = 1800)))
  constraint ticket_holds_checkout_id_tier_id_key UNIQUE (checkout_id, tier_id)
  constraint ticket_holds_paused_seconds_check CHECK (((paused_seconds >= 0) AND (paused_seconds <= 1800)))
  constraint ticket_holds_quantity_check CHECK ((quantity > 0))
  constraint ticket_holds_tier_id_event_id_fkey FOREIGN KEY (tier_id, event_id) REFERENCES ticketing.ticket_tiers(id, event_id)
  constraint ticket_holds_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id)
  CREATE INDEX ticket_holds_active_tier ON ticketing.ticket_holds USING btree (tier_id, expires_at) WHERE (status = 'active'::public.hold_status)
  CREATE INDEX ticket_holds_address ON ticketing.ticket_holds USING btree (address_key, status, ended_at) WHERE (address_key IS NOT NULL)
  CREATE INDEX ticket_holds_person ON ticketing.ticket_holds USING btree (user_id, event_id)

-- table ticketing.ticket_tiers
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  event_id uuid not null
  name text not null
  price_cents integer not null
  quantity integer not null
  issued_quantity integer not null default 0
  reserved_quantity integer not null default 0
  status public.ticket_tier_status not null default 'active'::public.ticket_tier_status
  sales_start timestamp with time zone
  sales_end timestamp with time zone
  description text not null default ''::text
  position integer not null default 0
  min_per_order integer not null default 1
  max_per_order integer not null default 10
  tax_rate_bps integer not null default 0
  paused_at timestamp with time zone
  version bigint not null default 1
  created_at timestamp with time zone not null default clock_timestamp()
  updated_at timestamp with time zone not null default clock_timestamp()
  deleted_at timestamp with time zone
  hoarded_since timestamp with time zone
  edition integer not null default 1
  constraint ticket_tiers_pkey PRIMARY KEY (id)
  constraint never_oversold CHECK (((issued_quantity + reserved_quantity) <= quantity))
  constraint ticket_tiers_check CHECK ((min_per_order <= max_per_order))
  constraint ticket_tiers_check1 CHECK (((sales_end IS NULL) OR (sales_start IS NULL) OR (sales_end > sales_start)))
  constraint ticket_tiers_description_check CHECK ((char_length(description) <= 500))
  constraint ticket_tiers_event_id_fkey FOREIGN KEY (event_id) REFERENCES events.events(id)
  constraint ticket_tiers_id_event_id_key UNIQUE (id, event_id)
  constraint ticket_tiers_issued_quantity_check CHECK ((issued_quantity >= 0))
  constraint ticket_tiers_max_per_order_check CHECK (((max_per_order >= 1) AND (max_per_order <= 50)))
  constraint ticket_tiers_min_per_order_check CHECK ((min_per_order >= 1))
  constraint ticket_tiers_name_check CHECK (((char_length(btrim(name)) >= 1) AND (char_length(btrim(name)) <= 80)))
  constraint ticket_tiers_price_cents_check CHECK ((price_cents >= 0))
  constraint ticket_tiers_quantity_check CHECK ((quantity >= 0))
  constraint ticket_tiers_reserved_quantity_check CHECK ((reserved_quantity >= 0))
  constraint ticket_tiers_tax_rate_bps_check CHECK (((tax_rate_bps >= 0) AND (tax_rate_bps <= 5000)))
  CREATE INDEX ticket_tiers_event ON ticketing.ticket_tiers USING btree (event_id, "position")

-- table ticketing.tickets
owner liventix_owner, row level security forced
  id uuid not null default public.uuid_v7()
  order_id uuid not null
  event_id uuid not null
  tier_id uuid not null
  owner_user_id uuid not null
  status public.ticket_status not null default 'issued'::public.ticket_status
  qr_code text not null
  created_at timestamp with time zone not null default clock_timestamp()
  sequence_number integer not null
  rotation integer not null default 0
  code text not null default public.short_code(8)
  holder_name text not null default ''::text
  face_cents integer not null default 0
  fee_cents integer not null default 0
  tax_cents integer not null default 0
  paid_cents integer not null default 0
  suspended_reason text
  redeemed_at timestamp with time zone
  redeemed_by uuid
  gate text
  status_before_redeem public.ticket_status
  refunded_at timestamp with time zone
  updated_at timestamp with time zone not null default clock_timestamp()
  constraint tickets_pkey PRIMARY KEY (id)
  constraint tickets_check CHECK (((redeemed_at IS NULL) OR (status = 'redeemed'::public.ticket_status)))
  constraint tickets_event_id_sequence_number_key UNIQUE (event_id, sequence_number)
  constraint tickets_holder_name_check CHECK ((char_length(holder_name) <= 120))
  constraint tickets_order_id_event_id_fkey FOREIGN KEY (order_id, event_id) REFERENCES ticketing.orders(id, event_id)
  constraint tickets_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES auth.users(id)
  constraint tickets_paid_cents_check CHECK ((paid_cents >= 0))
  constraint tickets_qr_code_key UNIQUE (qr_code)
  constraint tickets_redeemed_by_fkey FOREIGN KEY (redeemed_by) REFERENCES auth.users(id)
  constraint tickets_rotation_check CHECK ((rotation >= 0))
  constraint tickets_sequence_number_check CHECK ((sequence_number > 0))
  constraint tickets_suspended_reason_check CHECK ((suspended_reason = ANY (ARRAY['refund'::text, 'dispute'::text])))
  constraint tickets_tier_id_event_id_fkey FOREIGN KEY (tier_id, event_id) REFERENCES ticketing.ticket_tiers(id, event_id)
  CREATE INDEX tickets_order ON ticketing.tickets USING btree (order_id)
  CREATE INDEX tickets_owner ON ticketing.tickets USING btree (owner_user_id, event_id)
  CREATE INDEX tickets_redeemed_by ON ticketing.tickets USING btree (redeemed_by) WHERE (redeemed_by IS NOT NULL)
  CREATE INDEX tickets_tier ON ticketing.tickets USING btree (tier_id)

-- table ticketing.waiting_rooms
owner liventix_owner, row level security forced
  id uuid not null default gen_random_uuid()
  event_id uuid not null
  state text not null default 'gathering'::text
  opened_by text not null default 'organizer'::text
  seed bytea not null default sha256((uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())))
  commitment text generated as encode(sha256(seed), 'hex'::text)
  drawn_at timestamp with time zone
  drawn integer not null default 0
  last_number integer not null default 0
  served integer not null default 0
  waiting integer not null default 0
  paused_at timestamp with time zone
  credit double precision not null default 0
  pace double precision
  stepped_at timestamp with time zone not null default clock_timestamp()
  told_at timestamp with time zone not null default clock_timestamp()
  calm_since timestamp with time zone
  closed_at timestamp with time zone
  closed_because text
  version bigint not null default 1
  created_at timestamp with time zone not null default clock_timestamp()
  constraint waiting_rooms_pkey PRIMARY KEY (id)
  constraint waiting_rooms_check CHECK (((served <= last_number) AND (drawn <= last_number)))
  constraint waiting_rooms_check1 CHECK (((state = 'gathering'::text) = ((drawn_at IS NULL) AND (closed_at IS NULL))))
  constraint waiting_rooms_check2 CHECK (((state = 'closed'::text) = (closed_because IS NOT NULL)))
  constraint waiting_rooms_closed_because_check CHECK ((closed_because = ANY (ARRAY['sold_out'::text, 'over'::text, 'calm'::text, 'switched_off'::text])))
  constraint waiting_rooms_event_id_fkey FOREIGN KEY (event_id) REFERENCES events.events(id) ON DELETE CASCADE
  constraint waiting_rooms_opened_by_check CHECK ((opened_by = ANY (ARRAY['organizer'::text, 'pressure'::text])))
  constraint waiting_rooms_seed_check CHECK ((octet_length(seed) = 32))
  constraint waiting_rooms_state_check CHECK ((state = ANY (ARRAY['gathering'::text, 'open'::text, 'closed'::text])))
  constraint waiting_rooms_waiting_check CHECK ((waiting >= 0))
  CREATE INDEX waiting_rooms_event ON ticketing.waiting_rooms USING btree (event_id, created_at)
  CREATE UNIQUE INDEX waiting_rooms_living ON ticketing.waiting_rooms USING btree (event_id) WHERE (state <> 'closed'::text)

-- table ticketing.waiting_spots
owner liventix_owner, row level security forced
  id uuid not null default gen_random_uuid()
  room_id uuid not null
  user_id uuid
  state text not null default 'waiting'::text
  number integer
  arrived_at timestamp with time zone not null default clock_timestamp()
  seen_at timestamp with time zone not null default clock_timestamp()
  missed_at timestamp with time zone
  admitted_at timestamp with time zone
  admission_ends_at timestamp with time zone
  ended_at timestamp with time zone
  address_key bigint
  constraint waiting_spots_pkey PRIMARY KEY (id)
  constraint waiting_spots_check CHECK (((state <> 'admitted'::text) OR ((number IS NOT NULL) AND (admitted_at IS NOT NULL) AND (admission_ends_at IS NOT NULL))))
  constraint waiting_spots_check1 CHECK (((state = ANY (ARRAY['waiting'::text, 'admitted'::text])) = (ended_at IS NULL)))
  constraint waiting_spots_number_check CHECK ((number >= 1))
  constraint waiting_spots_room_id_fkey FOREIGN KEY (room_id) REFERENCES ticketing.waiting_rooms(id) ON DELETE CASCADE
  constraint waiting_spots_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'admitted'::text, 'held'::text, 'left'::text, 'missed'::text, 'lapsed'::text])))
  constraint waiting_spots_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE SET NULL
  CREATE INDEX waiting_spots_address ON ticketing.waiting_spots USING btree (room_id, address_key, admitted_at) WHERE ((address_key IS NOT NULL) AND (admitted_at IS NOT NULL))
  CREATE INDEX waiting_spots_admitted ON ticketing.waiting_spots USING btree (room_id, admission_ends_at) WHERE (state = 'admitted'::text)
  CREATE INDEX waiting_spots_ended ON ticketing.waiting_spots USING btree (room_id, ended_at) WHERE (ended_at IS NOT NULL)
  CREATE INDEX waiting_spots_left ON ticketing.waiting_spots USING btree (room_id, number) WHERE (state = 'left'::text)
  CREATE INDEX waiting_spots_nobody ON ticketing.waiting_spots USING btree (room_id) WHERE ((user_id IS NULL) AND (ended_at IS NULL))
  CREATE UNIQUE INDEX waiting_spots_number ON ticketing.waiting_spots USING btree (room_id, number)
  CREATE UNIQUE INDEX waiting_spots_person ON ticketing.waiting_spots USING btree (room_id, user_id) WHERE (state = ANY (ARRAY['waiting'::text, 'admitted'::text]))
  CREATE INDEX waiting_spots_user ON ticketing.waiting_spots USING btree (user_id)
  CREATE INDEX waiting_spots_waiting ON ticketing.waiting_spots USING btree (room_id, number) WHERE (state = 'waiting'::text)

-- table ticketing.webhook_events
owner liventix_owner, row level security forced
  id text not null
  type text not null
  payload json not null
  received_at timestamp with time zone not null default clock_timestamp()
  processed_at timestamp with time zone
  attempts integer not null default 0
  last_error text
  subject text
  failed_at timestamp with time zone
  constraint webhook_events_pkey PRIMARY KEY (id)
  constraint webhook_events_check CHECK (((failed_at IS NULL) OR (processed_at IS NULL)))
  CREATE INDEX webhook_events_open ON ticketing.webhook_events USING btree (received_at) WHERE (processed_at IS NULL)
  CREATE INDEX webhook_events_subject ON ticketing.webhook_events USING btree (subject) WHERE (processed_at IS NULL)

-- functions
-- owner service_role
CREATE OR REPLACE FUNCTION access.event_role(p_event_id uuid)
 RETURNS public.org_role
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select case e.owner_context_type
    when 'user' then case when e.owner_context_id = auth.uid() then 'owner'::public.org_role end
    else (select m.role from organizations.org_memberships m where m.org_id = e.owner_context_id and m.user_id = auth.uid())
  end
  from events.events e where e.id = p_event_id
$function$
-- owner service_role
CREATE OR REPLACE FUNCTION access.has_ticket(p_event_id uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select exists (select from ticketing.tickets k where k.event_id = p_event_id and k.owner_user_id = auth.uid() and k.status <> 'refunded')
$function$
-- owner service_role
CREATE OR REPLACE FUNCTION access.is_verified()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce((select u.email_verified and not u.is_anonymous from auth.users u where u.id = auth.uid()), false)
$function$
-- owner service_role
CREATE OR REPLACE FUNCTION access.may(p_event_id uuid, p_permission text)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce(access.role_allows(access.event_role(p_event_id), p_permission), false)
$function$
-- owner service_role
CREATE OR REPLACE FUNCTION access.may_post(p_event_id uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select access.has_ticket(p_event_id) or access.may(p_event_id, 'posts')
    or (access.is_verified() and access.may_see_event(p_event_id) and coalesce((select e.posts_by_verified from events.events e where e.id = p_event_id), false))
$function$
-- owner service_role
CREATE OR REPLACE FUNCTION access.may_see_event(p_event_id uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce((
    select e.deleted_at is null and (
      (e.status <> 'draft' and e.visibility in ('public', 'unlisted'))
      or access.may(e.id, 'events.see')
      or (e.status <> 'draft' and (access.event_role(e.id) is not null or access.has_ticket(e.id))))
    from events.events e where e.id = p_event_id), false)
$function$
-- owner service_role
CREATE OR REPLACE FUNCTION access.newest_posts(p_most integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select p.id from social.event_posts p join events.events e on e.id = p.event_id
  where p.deleted_at is null and p.hidden_at is null and e.visibility = 'public' and e.status <> 'draft' and e.deleted_at is null
  order by p.id desc limit p_most
$function$
-- owner service_role
CREATE OR REPLACE FUNCTION access.note_orders()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
begin
  if tg_op = 'INSERT' then
    insert into ticketing.event_changes (event_id, at, tickets, gross_cents, refunded_cents, disputed_cents, fees_cents, paid_orders, admitted, version)
    select s.event_id, s.at, 0, sum(s.paid), sum(s.refunded), sum(s.disputed), sum(s.fees), sum(s.sold), 0, sum(s.version)
    from (select n.event_id, m.at, n.version, x.sold, x.sold * x.paid as paid, x.sold * n.refunded_cents as refunded, x.sold * n.disputed_cents as disputed,
                 x.sold * ticketing.fees_kept(n.fees_cents, x.paid, n.refunded_cents, n.disputed_cents) as fees
          from changed_new n cross join lateral (select ticketing.sale_minutes(n.status, n.paid_at, n.created_at) as at) m
          cross join lateral (select (m.at is not null)::int as sold, coalesce(n.captured_cents, n.total_cents)::bigint as paid) x) s
    group by s.event_id, s.at;
  elsif tg_op = 'DELETE' then -- what is gone is counted out; the version still rises
    insert into ticketing.event_changes (event_id, at, tickets, gross_cents, refunded_cents, disputed_cents, fees_cents, paid_orders, admitted, version)
    select s.event_id, s.at, 0, -sum(s.paid), -sum(s.refunded), -sum(s.disputed), -sum(s.fees), -sum(s.sold), 0, count(*)
    from (select n.event_id, m.at, x.sold, x.sold * x.paid as paid, x.sold * n.refunded_cents as refunded, x.sold * n.disputed_cents as disputed,
                 x.sold * ticketing.fees_kept(n.fees_cents, x.paid, n.refunded_cents, n.disputed_cents) as fees
          from changed_old n cross join lateral (select ticketing.sale_minutes(n.status, n.paid_at, n.created_at) as at) m
          cross join lateral (select (m.at is not null)::int as sold, coalesce(n.captured_cents, n.total_cents)::bigint as paid) x) s
    group by s.event_id, s.at;
  else
    insert into ticketing.event_changes (event_id, at, tickets, gross_cents, refunded_cents, disputed_cents, fees_cents, paid_orders, admitted, version)
    with both_sides as materialized (
      select n.sign, n.id, n.event_id, m.at, n.version, x.sold, x.sold * x.paid as paid, x.sold * n.refunded_cents as refunded, x.sold * n.disputed_cents as disputed,
             x.sold * ticketing.fees_kept(n.fees_cents, x.paid, n.refunded_cents, n.disputed_cents) as fees
      from (select 1 as sign, c.id, c.event_id, c.status, c.paid_at, c.created_at, c.captured_cents, c.total_cents, c.refunded_cents, c.disputed_cents, c.fees_cents, c.version from changed_new c
            union all
            select -1, c.id, c.event_id, c.status, c.paid_at, c.created_at, c.captured_cents, c.total_cents, c.refunded_cents, c.disputed_cents, c.fees_cents, c.version from changed_old c) n
      cross join lateral (select ticketing.sale_minutes(n.status, n.paid_at, n.created_at) as at) m
      cross join lateral (select (m.at is not null)::int as sold, coalesce(n.captured_cents, n.total_cents)::bigint as paid) x
    ), moved as (
      select s.id, s.event_id, min(s.at) filter (where s.sign < 0) as was, min(s.at) filter (where s.sign > 0) as becomes
      from both_sides s group by s.id, s.event_id
      having min(s.at) filter (where s.sign < 0) is distinct from min(s.at) filter (where s.sign > 0)
    ), tickets as (
      select m.event_id, m.was, m.becomes, (select count(*) from ticketing.tickets k where k.order_id = m.id and (k.status <> 'refunded' or k.refunded_at is not null)) as n from moved m
    )
    select s.event_id, s.at, sum(s.tickets), sum(s.paid), sum(s.refunded), sum(s.disputed), sum(s.fees), sum(s.sold), 0, sum(s.version)
    from (select b.event_id, b.at, 0 as tickets, b.sign * b.paid as paid, b.sign * b.refunded as refunded, b.sign * b.disputed as disputed, b.sign * b.fees as fees, b.sign * b.sold as sold, b.sign * b.version as version
          from both_sides b
          union all
          select t.event_id, v.at, v.sign * t.n, 0, 0, 0, 0, 0, 0 from tickets t cross join lateral (values (t.was, -1), (t.becomes, 1)) v(at, sign) where t.n > 0) s
    group by s.event_id, s.at;
  end if;
  return null;
end $function$
-- owner service_role
CREATE OR REPLACE FUNCTION access.online_url(p_event_id uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select e.online_url from events.events e where e.id = p_event_id
    and (access.may(p_event_id, 'events')
      or exists (select from ticketing.tickets k where k.event_id = p_event_id and k.owner_user_id = auth.uid() and k.status in ('issued', 'redeemed') and k.suspended_reason is null))
$function$
-- owner service_role
CREATE OR REPLACE FUNCTION access.org_role(p_org_id uuid)
 RETURNS public.org_role
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select m.role from organizations.org_memberships m where m.org_id = p_org_id and m.user_id = auth.uid()
$function$
-- owner service_role
CREATE OR REPLACE FUNCTION access.post_event(p_post_id uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select p.event_id from social.event_posts p where p.id = p_post_id
$function$
-- owner service_role
CREATE OR REPLACE FUNCTION access.require_living_person()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_person uuid := to_jsonb(new) ->> tg_argv[0];
begin
  perform from public.profiles p where p.id = v_person for key share;
  if exists (select from public.profiles p where p.id = v_person and p.deleted_at is not null)
     or not exists (select from auth.users u where u.id = v_person) then
    raise exception 'the person % deleted the account', v_person using errcode = 'check_violation', constraint = 'living_person';
  end if;
  return new;
end $function$
-- owner service_role
CREATE OR REPLACE FUNCTION access.role_allows(p_role public.org_role, p_permission text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select case p_permission
    when 'events' then p_role in ('owner', 'admin', 'editor')
    when 'events.see' then p_role in ('owner', 'admin', 'editor', 'viewer')
    when 'money' then p_role = 'owner'
    when 'money.see' then p_role in ('owner', 'admin')
    when 'totals' then p_role in ('owner', 'admin', 'viewer')
    when 'orders' then p_role in ('owner', 'admin')
    when 'orders.names' then p_role in ('owner', 'admin', 'editor')
    when 'refunds' then p_role in ('owner', 'admin')
    when 'admit' then p_role in ('owner', 'admin', 'editor', 'scanner')
    when 'posts' then p_role in ('owner', 'admin', 'editor')
    when 'team' then p_role in ('owner', 'admin')
    when 'team.owners' then p_role = 'owner'
    else false
  end and p_role is not null
$function$
-- owner service_role
CREATE OR REPLACE FUNCTION access.tell_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_id uuid; v_mailbox text; v_tells boolean; v_user record;
begin
  if tg_table_name = 'users' then
    v_id := old.id;
    v_mailbox := case when tg_argv[0] = 'address_taken' then new.email else old.email end;
    v_tells := old.email_verified and not coalesce(old.is_anonymous, false);
  else
    v_id := case when tg_op = 'DELETE' then old.user_id else new.user_id end;
    select u.email, u.email_verified, u.is_anonymous, u.two_factor_enabled, u.created_at into v_user from auth.users u where u.id = v_id;
    v_mailbox := v_user.email;
    v_tells := v_user.email_verified and not coalesce(v_user.is_anonymous, false) and case tg_argv[0]
      -- With the last factor its codes go: that is told already.
      when 'codes_renewed' then v_user.two_factor_enabled
      -- The one that was typed to sign up is no news.
      when 'password_set' then v_user.created_at < clock_timestamp() - interval '1 hour'
      else true end;
  end if;
  if v_tells and v_mailbox not like '%.invalid' then
    perform jobs.enqueue('accounts.tell-change', jsonb_build_object('userId', v_id, 'kind', tg_argv[0], 'mailbox', v_mailbox),
      p_job_key => 'accounts.tell-change:' || v_id || ':' || tg_argv[0]);
  end if;
  return null;
exception when raise_exception then
  return null; -- JOB_UNKNOWN: no server has ever started on this database, there is nobody to tell
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION auth.end_reset_links()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  delete from auth.verifications v where v.identifier like 'reset:%' and v.value = old.id::text;
  return null;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION auth.keep_two_factor()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_user uuid := coalesce(new.user_id, old.user_id);
begin
  update auth.users u set two_factor_enabled = f.has
    from (select exists (select from auth.two_factors t where t.user_id = v_user and t.verified)
              or exists (select from auth.passkeys p where p.user_id = v_user) as has) f
   where u.id = v_user and u.two_factor_enabled <> f.has;
  return null;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION auth.role()
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role', 'anon')
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION auth.uid()
 RETURNS uuid
 LANGUAGE sql
 STABLE
AS $function$
  select nullif(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', '')::uuid
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION events.derive_times()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.start_local is null and new.start_at is not null then new.start_local := new.start_at at time zone new.time_zone; end if;
  if new.end_local is null and new.end_at is not null then new.end_local := new.end_at at time zone new.time_zone; end if;
  if new.doors_local is null and new.doors_at is not null then new.doors_local := new.doors_at at time zone new.time_zone; end if;
  if tg_op = 'UPDATE' then
    -- Whoever moves the instant alone moves the wall clock with it.
    if new.start_at is distinct from old.start_at and new.start_local is not distinct from old.start_local then new.start_local := new.start_at at time zone new.time_zone; end if;
    if new.end_at is distinct from old.end_at and new.end_local is not distinct from old.end_local then new.end_local := new.end_at at time zone new.time_zone; end if;
    if new.doors_at is distinct from old.doors_at and new.doors_local is not distinct from old.doors_local then new.doors_local := new.doors_at at time zone new.time_zone; end if;
    if new.start_local is distinct from old.start_local or new.time_zone is distinct from old.time_zone then new.start_at := new.start_local at time zone new.time_zone; end if;
    if new.end_local is distinct from old.end_local or new.time_zone is distinct from old.time_zone then new.end_at := new.end_local at time zone new.time_zone; end if;
    if new.doors_local is distinct from old.doors_local or new.time_zone is distinct from old.time_zone then new.doors_at := new.doors_local at time zone new.time_zone; end if;
    new.version := greatest(new.version, old.version + 1);
    new.updated_at := clock_timestamp();
  else
    if new.start_at is null then new.start_at := new.start_local at time zone new.time_zone; end if;
    if new.end_at is null then new.end_at := new.end_local at time zone new.time_zone; end if;
    if new.doors_at is null then new.doors_at := new.doors_local at time zone new.time_zone; end if;
  end if;
  return new;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION events.over_at(p_start timestamp with time zone, p_end timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select coalesce(p_end, p_start + interval '6 hours')
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION events.require_living_host()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  perform from public.profiles p where p.id = new.owner_context_id for share;
  if exists (select from public.profiles p where p.id = new.owner_context_id and p.deleted_at is not null) then
    raise exception 'the host % deleted the account', new.owner_context_id
      using errcode = 'check_violation', constraint = 'events_living_host';
  end if;
  return new;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION jobs.enqueue(p_task text, p_payload jsonb DEFAULT '{}'::jsonb, p_run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_job_key text DEFAULT NULL::text, p_once boolean DEFAULT false)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_id bigint;
  v_priority int;
begin
  select t.priority into v_priority from jobs.tasks t where t.name = p_task;
  if not found then
    raise exception 'JOB_UNKNOWN: % is not in the catalogue of jobs', p_task using errcode = 'P0001';
  end if;
  -- add_job puts nothing down and answers null when a worker takes the job of this key between its two statements: the second
  -- try finds that job taken, and puts its own beside it.
  loop
    select j.id into v_id
    from graphile_worker.add_job(p_task, p_payload::json, run_at => p_run_at, job_key => p_job_key, priority => v_priority,
      job_key_mode => case when p_once then 'unsafe_dedupe' else 'replace' end) j;
    exit when v_id is not null;
  end loop;
  return v_id;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION public.begin_epoch(p_after integer DEFAULT 0)
 RETURNS integer
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  insert into public.restores (epoch)
  select greatest(coalesce(max(r.epoch), 0) + 1, p_after + 1, (clock_timestamp() at time zone 'UTC')::date - date '2026-01-01') from public.restores r
  returning epoch
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION public.cleanup_expired_ticket_holds(p_event_id uuid DEFAULT NULL::uuid, p_dry_run boolean DEFAULT false, p_limit integer DEFAULT 1000)
 RETURNS TABLE(what text, id uuid, before integer, after integer, done boolean)
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
#variable_conflict use_column
declare
  r record; v_freed int; v_left int := p_limit; v_now constant timestamptz := clock_timestamp();
begin
  if p_dry_run then
    return query
      select 'tier.reserved_quantity'::text, t.id, t.reserved_quantity, t.reserved_quantity - s.lapsed, false
      from ticketing.ticket_tiers t
      join (select h.tier_id, sum(h.quantity)::int as lapsed from ticketing.ticket_holds h
            where h.status = 'active' and h.expires_at <= clock_timestamp() and not ticketing.paid_in_time(h.checkout_id, h.expires_at) and (p_event_id is null or h.event_id = p_event_id) group by 1) s on s.tier_id = t.id
      order by t.id;
    return;
  end if;
  for r in
    select t.id, t.reserved_quantity from ticketing.ticket_tiers t
    where (p_event_id is null or t.event_id = p_event_id)
      and t.reserved_quantity > 0
      -- one look into the index per tier, however many holds are alive
      and (select true from ticketing.ticket_holds h where h.tier_id = t.id and h.status = 'active' and h.expires_at <= v_now limit 1)
    order by t.id for no key update of t skip locked
  loop
    exit when v_left <= 0;
    begin
      v_freed := ticketing.expire_tier_holds(r.id, v_left);
    exception when check_violation then
      -- The counter of this tier is wrong: event_health names it, reconcile heals it, and every other tier is freed meanwhile.
      raise warning 'tier %: %', r.id, sqlerrm;
      continue;
    end;
    v_left := v_left - v_freed;
    if v_freed > 0 then
      what := 'tier.reserved_quantity'; id := r.id; before := r.reserved_quantity; after := r.reserved_quantity - v_freed; done := true;
      return next;
    end if;
  end loop;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION public.normal_mailbox(p text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case
    when lower(btrim(p)) ~ '@(gmail|googlemail)\.com$' and s.local <> ''
      then replace(s.local, '.', '') || '@gmail.com'
    else coalesce(nullif(s.local, ''), split_part(lower(btrim(p)), '@', 1)) || '@' || split_part(lower(btrim(p)), '@', 2)
  end
  from (select split_part(split_part(lower(btrim(p)), '@', 1), '+', 1) as local) s
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION public.plain_text(p text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select lower(public.unaccent('public.unaccent'::regdictionary, coalesce(p, '')))
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION public.raise_edition()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.edition := old.edition + 1;
  return new;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION public.short_code(p_length integer)
 RETURNS text
 LANGUAGE sql
AS $function$
  select string_agg(substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + get_byte(b, i) % 32, 1), '')
  from (select uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) as b offset 0) s,
       -- bytes 6 and 8 of a v4 uuid carry fixed bits
       unnest(array[0,1,2,3,4,5,7,9,10,11,12,13,14,15,16,17]) with ordinality x(i, n)
  where n <= p_length
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION public.tell_feed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_row jsonb;
begin
  if tg_op = 'DELETE' then v_row := to_jsonb(old); else v_row := to_jsonb(new); end if;
  perform pg_notify('liventix_feed', jsonb_build_object(
    't', tg_table_schema || '.' || tg_table_name, 'c', lower(tg_op),
    'r', (select jsonb_object_agg(c.name, v_row -> c.name) from unnest(tg_argv) c (name)))::text);
  return null;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION public.touch_updated_at()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.updated_at := clock_timestamp();
  return new;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION public.use_notify(p_on boolean)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  r record;
  v_changed integer := 0;
begin
  -- Two servers that start together: the second finds the triggers.
  perform pg_advisory_xact_lock(hashtext('liventix use_notify'));
  for r in
    select p.schemaname as s, p.tablename as t,
           (select string_agg(quote_literal(c.name), ', ') from unnest(p.attnames) c (name)) as columns,
           exists (select from pg_trigger g where g.tgname = 'tell_feed'
                    and g.tgrelid = format('%I.%I', p.schemaname, p.tablename)::regclass) as there
      from (
        select schemaname, tablename, attnames from pg_publication_tables where pubname = 'liventix_feed'
        union all values ('ticketing', 'ticket_holds', '{user_id,checkout_id}'::name[])) p order by 1, 2
  loop
    if p_on and not r.there then
      execute format('create trigger tell_feed after insert or update or delete on %I.%I for each row execute function public.tell_feed(%s)', r.s, r.t, r.columns);
      v_changed := v_changed + 1;
    elsif not p_on and r.there then
      execute format('drop trigger tell_feed on %I.%I', r.s, r.t);
      v_changed := v_changed + 1;
    end if;
  end loop;
  return v_changed;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION public.uuid_v7()
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
AS $function$
  select encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1), 'hex')::uuid
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION public.version_epoch()
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(max(r.epoch), 0)::bigint << 38 from public.restores r
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION social.drop_upload(p_name text)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  delete from social.uploads u
   where u.name = p_name and u.used_at < clock_timestamp() - interval '1 day' and not social.upload_shown(p_name);
  return found;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION social.keep_counts()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  v_before boolean := false;
  v_after boolean := false;
  v_kind public.reaction_kind;
  v_post uuid;
begin
  if tg_op <> 'INSERT' then
    v_before := old.deleted_at is null and old.hidden_at is null; v_kind := old.kind; v_post := old.post_id;
  end if;
  if tg_op <> 'DELETE' then
    v_after := new.deleted_at is null and new.hidden_at is null; v_kind := new.kind; v_post := new.post_id;
  end if;
  if v_kind in ('like', 'comment') and v_before is distinct from v_after then
    update social.event_posts set
      like_count = like_count + case when v_kind = 'like' then v_after::int - v_before::int else 0 end,
      comment_count = comment_count + case when v_kind = 'comment' then v_after::int - v_before::int else 0 end
    where id = v_post;
  elsif v_kind = 'comment' and tg_op = 'UPDATE' then
    update social.event_posts set updated_at = clock_timestamp() where id = v_post;
  end if;
  return null;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION social.keep_post()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' then
    new.version := old.version + 1;
    new.updated_at := clock_timestamp();
  end if;
  return new;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION social.keep_upload(p_user_id uuid, p_name text, p_bytes integer, p_quota_bytes bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  perform 1 from public.profiles p where p.id = p_user_id for no key update;
  update social.uploads u set used_at = clock_timestamp() where u.name = p_name;
  if found then return true; end if;
  if (select coalesce(sum(u.bytes), 0) from social.uploads u where u.user_id = p_user_id) + p_bytes > p_quota_bytes then return false; end if;
  insert into social.uploads (name, user_id, bytes) values (p_name, p_user_id, p_bytes)
  on conflict (name) do update set used_at = clock_timestamp();
  return true;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION social.raise_feed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  insert into social.feed_counters as c (event_id, version)
  select e.id, 1 from events.events e where e.id = coalesce(new.event_id, old.event_id)
  on conflict (event_id) do update set version = c.version + 1;
  return null;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION social.upload_shown(p_name text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select exists (select from social.event_posts p where p.media_urls @> to_jsonb('/media/' || p_name) and p.media_urls <> '[]' and p.deleted_at is null)
      or exists (select from events.events e where e.cover_image_url = '/media/' || p_name and e.deleted_at is null)
      or exists (select from public.profiles r where r.photo_url = '/media/' || p_name)
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.address_places(p_address_key bigint, p_tier_id uuid)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce((select sum(h.quantity) from ticketing.ticket_holds h
                   where h.address_key = p_address_key and h.status between 'active' and 'active' and h.tier_id is not distinct from p_tier_id), 0)::int
       + coalesce((select sum(l.quantity) from ticketing.hold_lapses l
                   where l.address_key = p_address_key and l.created_at > clock_timestamp() - interval '10 minutes' and l.tier_id is not distinct from p_tier_id), 0)::int
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.address_share(p_quantity integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select least(300, greatest(4, p_quantity / 20)) $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.apply_dispute(p_order_id uuid, p_provider_dispute_id text, p_status text, p_amount_cents integer, p_reason text, p_opened_at timestamp with time zone, p_respond_by timestamp with time zone DEFAULT NULL::timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_order ticketing.orders; v_dispute ticketing.disputes; v_outcome text; v_out int; v_state text;
begin
  select * into v_order from ticketing.orders where id = p_order_id for update;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if v_order.captured_cents is null then return jsonb_build_object('outcome', 'not_captured'); end if;
  select * into v_dispute from ticketing.disputes where provider_dispute_id = p_provider_dispute_id;
  if not found then
    insert into ticketing.disputes (order_id, event_id, provider_dispute_id, amount_cents, status, reason, respond_by, opened_at, closed_at)
    values (p_order_id, v_order.event_id, p_provider_dispute_id, p_amount_cents, p_status, p_reason, p_respond_by, p_opened_at,
            case when p_status in ('won', 'lost', 'closed') then clock_timestamp() end)
    returning * into v_dispute;
    v_outcome := 'opened';
  elsif v_dispute.order_id <> p_order_id then
    return jsonb_build_object('outcome', 'not_found');
  elsif (v_dispute.status, p_status) in (('inquiry', 'open'), ('inquiry', 'closed'), ('inquiry', 'won'), ('inquiry', 'lost'),
                                         ('open', 'closed'), ('open', 'won'), ('open', 'lost'), ('lost', 'won'), ('won', 'lost')) then
    update ticketing.disputes set status = p_status, amount_cents = p_amount_cents, respond_by = p_respond_by,
      closed_at = case when p_status in ('won', 'lost', 'closed') then clock_timestamp() end
    where id = v_dispute.id returning * into v_dispute;
    v_outcome := 'moved';
  else
    update ticketing.disputes set respond_by = p_respond_by, amount_cents = p_amount_cents
    where id = v_dispute.id and status = p_status and (respond_by, amount_cents) is distinct from (p_respond_by, p_amount_cents);
    v_outcome := case when found then 'changed' else 'same' end;
  end if;
  if v_outcome = 'same' then return jsonb_build_object('outcome', v_outcome); end if;

  select coalesce(sum(d.amount_cents), 0)::int, case when bool_or(d.status = 'open') then 'open' when count(*) > 0 then 'lost' end
    into v_out, v_state from ticketing.disputes d where d.order_id = p_order_id and d.status in ('open', 'lost');
  update ticketing.orders set disputed_cents = v_out, dispute_state = v_state where id = p_order_id;
  perform ticketing.suspend_tickets(p_order_id);
  return jsonb_build_object('outcome', v_outcome, 'disputeId', v_dispute.id);
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.begin_payment(p_order_id uuid, p_user_id uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_order ticketing.orders; v_until timestamptz; v_alive boolean;
begin
  select * into v_order from ticketing.orders where id = p_order_id and user_id = p_user_id for update;
  if not found then return jsonb_build_object('outcome', 'unknown'); end if;
  if v_order.status in ('paid', 'refunded') then return jsonb_build_object('outcome', 'paid'); end if;
  perform 1 from ticketing.ticket_tiers where id = any (array(select tier_id from ticketing.ticket_holds where checkout_id = v_order.checkout_id))
    order by id for no key update;
  perform 1 from ticketing.ticket_holds where checkout_id = v_order.checkout_id order by id for update;
  select min(expires_at), bool_and(status = 'active' and expires_at > clock_timestamp()) into v_until, v_alive
  from ticketing.ticket_holds where checkout_id = v_order.checkout_id;
  if not coalesce(v_alive, false) then return jsonb_build_object('outcome', 'hold_expired'); end if;
  if v_order.status <> 'pending' then return jsonb_build_object('outcome', 'closed'); end if;
  if v_until < clock_timestamp() + interval '10 seconds' then return jsonb_build_object('outcome', 'too_late'); end if;
  if v_until < clock_timestamp() + interval '5 minutes' then
    perform ticketing.extend_checkout(v_order.checkout_id, p_user_id);
    select min(expires_at) into v_until from ticketing.ticket_holds where checkout_id = v_order.checkout_id;
  end if;
  update ticketing.orders set payment_state = 'started', payment_error = null where id = p_order_id and payment_state in ('none', 'failed', 'started');
  return jsonb_build_object('outcome', 'ready', 'expiresAt', (extract(epoch from v_until) * 1000)::bigint, 'totalCents', v_order.total_cents,
    'currency', v_order.currency, 'paymentIntentId', v_order.stripe_payment_intent_id, 'code', v_order.code);
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.cancel_lapsed_orders(p_event_id uuid DEFAULT NULL::uuid, p_limit integer DEFAULT 500)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
declare
  r record;
begin
  for r in
    select o.id, o.stripe_payment_intent_id from ticketing.orders o
    where o.status = 'pending' and o.deleted_at is null and (p_event_id is null or o.event_id = p_event_id)
      and not exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.status::text = 'active')
      and (o.created_at < clock_timestamp() - interval '1 hour' or exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id))
    order by o.id limit p_limit for update of o skip locked
  loop
    -- the hold may have been made again between the read and the lock
    continue when exists (select from ticketing.ticket_holds h join ticketing.orders o on o.checkout_id = h.checkout_id where o.id = r.id and h.status::text = 'active');
    -- places that their buyer exchanged for others were given back by her
    update ticketing.orders o set status = 'cancelled', cancelled_at = clock_timestamp(),
      cancel_reason = case when exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.end_reason = 'replaced') then 'by_buyer' else 'expired' end
    where o.id = r.id and o.status = 'pending';
    if r.stripe_payment_intent_id is not null then
      perform jobs.enqueue('payments.cancel-intent', jsonb_build_object('orderId', r.id));
    end if;
    return next r.id;
  end loop;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.checkout_key(p_checkout_id uuid)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select uuid_hash_extended(p_checkout_id, 5) $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.closed_reason(t ticketing.ticket_tiers, e events.events, p_now timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when e.deleted_at is not null or t.deleted_at is not null or e.status = 'draft' then 'unknown'
    when e.status = 'cancelled' then 'event_cancelled'
    when events.over_at(e.start_at, e.end_at) <= p_now then 'event_ended'
    when t.status = 'inactive' then 'closed'
    when t.sales_start is not null and t.sales_start > p_now then 'not_yet'
    when coalesce(t.sales_end, e.start_at) <= p_now then 'closed'
    when e.sales_paused_at is not null or t.paused_at is not null then 'paused'
  end
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.complete_order_atomic(p_order_id uuid, p_provider_payment_id text DEFAULT NULL::text, p_captured_cents bigint DEFAULT NULL::bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_outcome text;
begin
  select b.outcome into v_outcome from ticketing.complete_orders_batch(array[p_order_id], array[p_provider_payment_id], array[p_captured_cents]) b;
  if v_outcome = 'not_captured' then
    raise exception 'ORDER_NOT_CAPTURED: order % has a total and no captured amount', p_order_id using errcode = 'invalid_parameter_value';
  end if;
  return jsonb_build_object('outcome', v_outcome, 'tickets', coalesce((
    select jsonb_agg(jsonb_build_object('id', k.id, 'tierId', k.tier_id, 'sequenceNumber', k.sequence_number, 'qrCode', k.qr_code) order by k.sequence_number)
    from ticketing.tickets k where k.order_id = p_order_id), '[]'));
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.complete_orders_batch(p_order_ids uuid[], p_payment_ids text[], p_captured_cents bigint[])
 RETURNS TABLE(order_id uuid, outcome text)
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
#variable_conflict use_column
declare
  n constant int := cardinality(p_order_ids);
  v_now timestamptz;
  r record; h record; i int; x int;
  o_id uuid[] := '{}'; o_outcome text[] := '{}'; o_payment text[] := '{}'; o_captured bigint[] := '{}'; o_late boolean[] := '{}';
  t_locked uuid[]; t_id uuid[] := '{}'; t_free int[] := '{}'; t_reserved int[] := '{}'; t_issued int[] := '{}'; t_closed text[] := '{}';
  v_outcome text; v_fits boolean; v_alive boolean; v_have int; v_sum int; v_dead uuid[] := '{}'; v_used uuid[] := '{}'; v_done uuid[] := '{}'; v_back jsonb := '[]';
  v_plain boolean;
  v_given jsonb := '{}'; v_late jsonb := '{}'; v_refund uuid; v_settled text;
begin
  if n = 0 then return; end if;

  -- 1. orders by id
  perform 1 from ticketing.orders where id = any (p_order_ids) order by id for update;

  -- 2. tiers by id: those of the lines, and those of the holds should they differ. Read in a statement of its own: after a wait
  -- the locked row is new, but its event would still be the one from before the wait, perhaps cancelled since.
  t_locked := array(
    select t.id from ticketing.ticket_tiers t
    where t.id = any (array(select i.tier_id from ticketing.order_items i where i.order_id = any (p_order_ids)
                          union select k.tier_id from ticketing.ticket_holds k join ticketing.orders o on o.checkout_id = k.checkout_id where o.id = any (p_order_ids)))
    order by t.id for no key update);
  for r in
    select t.id, t.quantity - t.issued_quantity - t.reserved_quantity as free,
           case when e.status = 'cancelled' then 'event_cancelled' when events.over_at(e.start_at, e.end_at) <= clock_timestamp() then 'event_ended' end as closed
    from ticketing.ticket_tiers t join events.events e on e.id = t.event_id
    where t.id = any (t_locked)
    order by t.id
  loop
    t_id := t_id || r.id; t_free := t_free || r.free; t_closed := array_append(t_closed, r.closed); t_reserved := t_reserved || 0; t_issued := t_issued || 0;
  end loop;

  -- 3. holds by id
  perform 1 from ticketing.ticket_holds k where k.checkout_id = any (array(select o.checkout_id from ticketing.orders o where o.id = any (p_order_ids))) order by k.id for update;

  -- 4. person keys of the late ones, then their mailbox keys (create_order takes the same)
  v_now := clock_timestamp();
  perform pg_advisory_xact_lock(s.key) from (
    select distinct k.rank, k.key from (
      select o.event_id, o.user_id, o.mailbox from ticketing.orders o
      where o.id = any (p_order_ids) and not exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.status::text = 'active' and h.expires_at > least(v_now, o.captured_at))
      offset 0) o
    cross join lateral (values (1, ticketing.person_key(o.event_id, o.user_id)), (2, hashtextextended(o.event_id::text || public.normal_mailbox(o.mailbox), 4))) k(rank, key)
    order by 1, 2) s;

  -- A late payment that finds a tier full frees that tier's lapsed holds first, like everyone who asks for a place.
  for r in
    select i.tier_id, sum(i.quantity) as wanted from ticketing.orders o join ticketing.order_items i on i.order_id = o.id
    where o.id = any (p_order_ids) and o.status in ('pending', 'cancelled')
      and not exists (select from ticketing.ticket_holds k where k.checkout_id = o.checkout_id and k.status::text = 'active' and k.expires_at > least(v_now, o.captured_at))
    group by i.tier_id order by i.tier_id
  loop
    x := array_position(t_id, r.tier_id);
    if r.wanted > t_free[x] then t_free[x] := t_free[x] + ticketing.expire_tier_holds(r.tier_id, 1000); end if;
  end loop;

  -- 5. decide. A rush together: each order once, pending, paid what it owes, its holds alive and equal to its lines. With one
  -- that is not so, the loop below decides all, in the order given. The looks are columns, not conditions: those could be met
  -- by an index whose other rows grow with sales.
  select bool_and(coalesce(c.plain, false)) and count(distinct c.id) = n, array_agg(c.id order by c.ord), array_agg(c.payment order by c.ord), array_agg(c.captured order by c.ord)
    into v_plain, o_id, o_payment, o_captured
  from (
    select u.ord, u.id, u.payment, u.captured,
           o.status = 'pending' and coalesce(u.captured, 0) = o.total_cents
           and not exists (select from ticketing.refunds f where f.order_id = o.id and f.kind in ('late_payment', 'amount_mismatch'))
           and (select coalesce(bool_and(k.status = 'active' and k.expires_at > least(v_now, o.captured_at) and k.tier_id = any (t_id)), false) from ticketing.ticket_holds k where k.checkout_id = o.checkout_id)
           and (select coalesce(bool_and(k.quantity is not distinct from i.quantity and t_closed[array_position(t_id, i.tier_id)] is distinct from 'event_cancelled'), false)
                  from ticketing.order_items i left join ticketing.ticket_holds k on k.checkout_id = o.checkout_id and k.tier_id = i.tier_id
                 where i.order_id = o.id) as plain
    from unnest(p_order_ids, p_payment_ids, p_captured_cents) with ordinality u(id, payment, captured, ord)
    left join ticketing.orders o on o.id = u.id
  ) c;
  if v_plain then
    o_late := array_fill(false, array[n]); v_done := o_id;
    v_used := array(select k.id from ticketing.ticket_holds k where k.checkout_id = any (array(select o.checkout_id from ticketing.orders o where o.id = any (o_id))));
    for r in select k.tier_id, sum(k.quantity)::int as places from ticketing.ticket_holds k where k.id = any (v_used) group by k.tier_id loop
      x := array_position(t_id, r.tier_id);
      t_reserved[x] := t_reserved[x] - r.places;
    end loop;
    for r in select i.tier_id, sum(i.quantity)::int as places from ticketing.order_items i where i.order_id = any (o_id) group by i.tier_id loop
      x := array_position(t_id, r.tier_id);
      t_issued[x] := t_issued[x] + r.places;
    end loop;
    return query select u.id, 'completed'::text from unnest(p_order_ids) with ordinality u(id, ord) order by u.ord;
  else
    o_id := '{}'; o_payment := '{}'; o_captured := '{}';
  end if;

  for r in
    select u.ord, u.id as asked, u.payment, u.captured, o.id, o.event_id, o.user_id, o.status, o.checkout_id, o.total_cents, o.cancel_reason, o.captured_at, o.mailbox_proven, public.normal_mailbox(o.mailbox) as mailbox, e.max_per_person,
           exists (select from ticketing.ticket_holds k where k.checkout_id = o.checkout_id and k.end_reason = 'replaced') as replaced
    from unnest(p_order_ids, p_payment_ids, p_captured_cents) with ordinality u(id, payment, captured, ord)
    left join ticketing.orders o on o.id = u.id left join events.events e on e.id = o.event_id
    where not v_plain
    order by u.ord
  loop
    v_outcome := null; v_alive := false; v_fits := true; v_settled := null;
    if r.id is null then v_outcome := 'not_found';
    elsif r.status in ('paid', 'refunded') or r.id = any (v_done) then v_outcome := 'already_paid';
    elsif exists (select from ticketing.refunds f where f.order_id = r.id and f.kind in ('late_payment', 'amount_mismatch')) then
      -- settled before: its money is on its way back already, exactly once
      select case f.kind when 'late_payment' then 'no_places' else f.kind end into v_settled from ticketing.refunds f where f.order_id = r.id and f.kind in ('late_payment', 'amount_mismatch');
      v_outcome := v_settled;
    elsif r.total_cents > 0 and r.captured is null then v_outcome := 'not_captured';
    elsif coalesce(r.captured, 0) <> r.total_cents then v_outcome := 'amount_mismatch';
    end if;

    if v_outcome is null then
      -- hold rows of a living checkout always equal the order's lines; anything else is settled like a late payment
      select coalesce(bool_and(k.status = 'active' and k.expires_at > least(v_now, r.captured_at)), false)
          and not exists (select from ticketing.order_items i left join ticketing.ticket_holds k on k.checkout_id = r.checkout_id and k.tier_id = i.tier_id
                          where i.order_id = r.id and (k.quantity is distinct from i.quantity or t_closed[array_position(t_id, i.tier_id)] is not distinct from 'event_cancelled'))
        into v_alive from ticketing.ticket_holds k where k.checkout_id = r.checkout_id;
    end if;

    if v_outcome is null then
      select count(*), coalesce(sum(i.quantity), 0) into x, v_sum from ticketing.order_items i where i.order_id = r.id;
      if x = 0 then v_outcome := 'no_places'; v_fits := false; end if;
      for h in
        select i.tier_id, i.quantity, k.status as hold_status, k.quantity as held
        from ticketing.order_items i left join ticketing.ticket_holds k on k.checkout_id = r.checkout_id and k.tier_id = i.tier_id
        where i.order_id = r.id
      loop
        x := array_position(t_id, h.tier_id);
        if t_closed[x] is not null and not v_alive then v_fits := false; end if;
        if h.quantity > t_free[x] + (case when h.hold_status = 'active' then h.held else 0 end) then v_fits := v_fits and v_alive; end if;
      end loop;
      if v_outcome is null and v_alive then
        v_outcome := 'completed';
      elsif v_outcome is null then
        if r.cancel_reason in ('event_cancelled', 'by_buyer') or r.replaced then v_fits := false; end if;
        if v_fits then
          select (select coalesce(sum(k.quantity), 0) from ticketing.ticket_holds k where k.user_id = r.user_id and k.event_id is not distinct from r.event_id and k.status::text = 'active' and k.expires_at > v_now and k.checkout_id <> r.checkout_id)
               + (select count(*) from ticketing.tickets k where k.owner_user_id = r.user_id and k.event_id is not distinct from r.event_id and k.status in ('issued', 'redeemed')
                    and not exists (select from ticketing.orders o where o.id = k.order_id and o.claimed_from is not null))
               + coalesce((v_given ->> (r.event_id::text || r.user_id::text))::int, 0) into v_have;
          v_fits := v_have + v_sum <= r.max_per_person;
        end if;
        -- As in create_order: a person is also her mailbox, where what others order to it never counts against its owner.
        if v_fits and r.mailbox is not null then
          select coalesce(sum((select count(*) from ticketing.tickets k where k.order_id = o.id and k.status in ('issued', 'redeemed'))
               + (select coalesce(sum(k.quantity), 0) from ticketing.ticket_holds k where k.checkout_id = o.checkout_id and k.status::text = 'active' and k.expires_at > v_now)
               + coalesce((v_late ->> o.id::text)::int, 0)), 0) into v_have
          from ticketing.orders o
          where public.normal_mailbox(o.mailbox) = r.mailbox and o.event_id is not distinct from r.event_id and o.id <> r.id
            and (o.status in ('pending', 'paid') or v_late ? o.id::text) and (o.mailbox_proven or not r.mailbox_proven);
          v_fits := v_have + v_sum <= r.max_per_person;
        end if;
        v_outcome := case when v_fits then 'reacquired' else 'no_places' end;
      end if;
    end if;

    -- book it on the in-memory stock: what each tier gives back and takes
    if v_settled is null and v_outcome in ('completed', 'reacquired', 'no_places', 'amount_mismatch') and r.status in ('pending', 'cancelled') then
      for h in select k.id, k.tier_id, k.quantity from ticketing.ticket_holds k where k.checkout_id = r.checkout_id and k.status::text = 'active' loop
        x := array_position(t_id, h.tier_id);
        if x is null then continue; end if;
        t_reserved[x] := t_reserved[x] - h.quantity; t_free[x] := t_free[x] + h.quantity;
        if v_outcome = 'completed' then v_used := v_used || h.id; else v_dead := v_dead || h.id; end if;
      end loop;
    end if;
    if v_outcome in ('completed', 'reacquired') then
      for h in select i.tier_id, i.quantity from ticketing.order_items i where i.order_id = r.id loop
        x := array_position(t_id, h.tier_id);
        t_issued[x] := t_issued[x] + h.quantity; t_free[x] := t_free[x] - h.quantity;
      end loop;
      v_given := v_given || jsonb_build_object(r.event_id::text || r.user_id::text, coalesce((v_given ->> (r.event_id::text || r.user_id::text))::int, 0) + v_sum);
      if v_outcome = 'reacquired' then v_late := v_late || jsonb_build_object(r.id::text, v_sum); end if;
      v_done := v_done || r.id;
      o_id := o_id || r.id; o_outcome := o_outcome || v_outcome; o_payment := array_append(o_payment, r.payment); o_captured := array_append(o_captured, r.captured); o_late := o_late || (v_outcome = 'reacquired');
    elsif v_settled is null and v_outcome in ('no_places', 'amount_mismatch') and r.id is not null and not (r.id = any (v_done)) then
      v_back := v_back || jsonb_build_object('id', r.id, 'payment', r.payment, 'captured', r.captured, 'kind', case v_outcome when 'no_places' then 'late_payment' else v_outcome end,
        'why', case when v_outcome <> 'no_places' then 'payment_failed' when r.replaced then 'by_buyer' else 'expired' end);
      v_done := v_done || r.id;
    end if;
    order_id := r.asked; outcome := v_outcome;
    return next;
  end loop;

  -- 6. write, in lock order
  if cardinality(v_done) = 0 then return; end if;
  if cardinality(o_id) > 0 then
    update ticketing.orders o set status = 'paid', paid_at = v_now, payment_state = case when o.total_cents > 0 then 'succeeded' else 'none' end, payment_error = null,
      stripe_payment_intent_id = coalesce(u.payment, o.stripe_payment_intent_id), captured_cents = coalesce(u.captured, 0), late = u.late, cancel_reason = null, cancelled_at = null
    from unnest(o_id, o_payment, o_captured, o_late) u(id, payment, captured, late) where o.id = u.id;
  end if;
  for r in select f.* from jsonb_to_recordset(v_back) f(id uuid, payment text, captured bigint, kind text, why text) order by f.id loop
    update ticketing.orders o set status = case when o.status = 'pending' then 'cancelled' else o.status end,
      cancel_reason = coalesce(o.cancel_reason, r.why), cancelled_at = coalesce(o.cancelled_at, v_now),
      payment_state = case when r.captured > 0 then 'succeeded' else o.payment_state end, stripe_payment_intent_id = coalesce(r.payment, o.stripe_payment_intent_id),
      captured_cents = coalesce(r.captured, 0), late = true
    where o.id = r.id;
    if r.captured > 0 then
      insert into ticketing.refunds (order_id, amount_cents, reason, kind) values (r.id, r.captured, r.kind, r.kind) returning id into v_refund;
      perform jobs.enqueue('refunds.send', jsonb_build_object('refundId', v_refund));
    end if;
  end loop;
  update ticketing.ticket_tiers t set reserved_quantity = t.reserved_quantity + u.reserved, issued_quantity = t.issued_quantity + u.issued
  from unnest(t_id, t_reserved, t_issued) u(id, reserved, issued) where t.id = u.id and (u.reserved <> 0 or u.issued <> 0);
  if cardinality(v_used) > 0 then
    -- What costs nothing goes on counting against its buyer's address until her mailbox is confirmed (unconfirmed_places).
    update ticketing.ticket_holds k set status = 'converted', ended_at = v_now, end_reason = 'paid',
      address_key = case when k.unit_total_cents > 0 then k.address_key
        when (select o.mailbox_proven from ticketing.orders o where o.checkout_id = k.checkout_id) then null else k.address_key end
    where k.id = any (v_used);
  end if;
  if cardinality(v_dead) > 0 then
    update ticketing.ticket_holds k set status = 'expired', ended_at = v_now, end_reason = 'late_payment' where k.id = any (v_dead);
  end if;
  if cardinality(o_id) = 0 then return; end if;

  -- 7. the event's ticket counter, by event id; then the tickets, numbered in the order the payments came
  perform ticketing.issue_tickets(o_id);
  perform jobs.enqueue('orders.after-payment', jsonb_build_object('orderIds', to_jsonb(o_id)));
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.count_holding(p_event_id uuid)
 RETURNS integer
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
begin
  return (
    select count(distinct h.checkout_id) from ticketing.ticket_tiers t
    cross join lateral (select x.checkout_id from ticketing.ticket_holds x where x.tier_id = t.id and x.status = 'active' offset 0) h
    where t.event_id = p_event_id);
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.create_order(p_checkout_id uuid, p_user_id uuid, p_mailbox text, p_name text, p_names jsonb DEFAULT '{}'::jsonb, p_show_first_name boolean DEFAULT false, p_mailbox_key bytea DEFAULT NULL::bytea)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_order ticketing.orders; v_event events.events; v_quantity int; v_alive boolean; v_have int; v_until timestamptz;
  v_proven boolean; v_gone boolean; v_total bigint;
begin
  -- Who is being erased at this moment orders nothing more: her name and mailbox would stay. Two tabs of hers come one after the
  -- other: the second would find the order only behind the mailbox key, and nobody may wait for an order there.
  select p.deleted_at is not null into v_gone from public.profiles p where p.id = p_user_id for no key update;
  if v_gone then return jsonb_build_object('outcome', 'unknown'); end if;

  select * into v_order from ticketing.orders where checkout_id = p_checkout_id for update;
  if found and v_order.user_id <> p_user_id then return jsonb_build_object('outcome', 'unknown'); end if;
  if v_order.status in ('paid', 'refunded') then return jsonb_build_object('outcome', 'paid', 'orderId', v_order.id); end if;

  select e.* into v_event from events.events e where e.id = (select h.event_id from ticketing.ticket_holds h where h.checkout_id = p_checkout_id and h.user_id = p_user_id limit 1);
  if v_event.id is null then return jsonb_build_object('outcome', 'unknown'); end if;
  select sum(quantity), bool_and(status = 'active' and expires_at > clock_timestamp() and user_id = p_user_id), min(expires_at) into v_quantity, v_alive, v_until
  from ticketing.ticket_holds where checkout_id = p_checkout_id;
  if not v_alive then return jsonb_build_object('outcome', 'hold_expired', 'orderId', v_order.id); end if;
  if v_order.status = 'cancelled' then return jsonb_build_object('outcome', 'closed', 'orderId', v_order.id); end if;

  v_proven := exists (select from auth.users u where u.id = p_user_id and u.email_verified and not coalesce(u.is_anonymous, false) and lower(u.email) = lower(p_mailbox));
  -- A person is also her mailbox: kept tickets and living checkouts of other accounts with it count. For its owner those that were ordered
  -- by somebody who had confirmed it, for all others those of their own network address by somebody who had not.
  perform pg_advisory_xact_lock(hashtextextended(v_event.id::text || public.normal_mailbox(p_mailbox), 4));
  select coalesce(sum(s.places), 0) into v_have from (
    select o.checkout_id, o.mailbox_proven,
           (select count(*) from ticketing.tickets k where k.order_id = o.id and k.status in ('issued', 'redeemed'))
         + (select coalesce(sum(h.quantity), 0) from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.status::text = 'active' and h.expires_at > clock_timestamp()) as places
    from ticketing.orders o
    where public.normal_mailbox(o.mailbox) = public.normal_mailbox(p_mailbox) and o.event_id is not distinct from v_event.id and o.checkout_id <> p_checkout_id and o.status in ('pending', 'paid')
    union all
    -- what an account bought with it that is erased by now: its tickets were mailed, and still admit
    select o.checkout_id, o.mailbox_proven, (select count(*) from ticketing.tickets k where k.order_id = o.id and k.status in ('issued', 'redeemed'))
    from ticketing.erased_mailboxes m join ticketing.orders o on o.id = m.order_id
    where m.mark = sha256(p_mailbox_key || uuid_send(v_event.id))) s
  where s.mailbox_proven = v_proven
    and (v_proven or exists (select from ticketing.ticket_holds mine join ticketing.ticket_holds h on h.address_key is not distinct from mine.address_key
                             where mine.checkout_id = p_checkout_id and h.checkout_id = s.checkout_id));
  if v_have + v_quantity > v_event.max_per_person then
    return jsonb_build_object('outcome', 'person_limit', 'max', v_event.max_per_person, 'have', v_have);
  end if;

  -- Places held before the limit was checked where they are taken: the columns are int, and so is the provider's largest charge.
  select sum(h.quantity::bigint * coalesce(h.unit_total_cents, t.price_cents)) into v_total
  from ticketing.ticket_holds h join ticketing.ticket_tiers t on t.id = h.tier_id where h.checkout_id = p_checkout_id;
  if v_total > 99999999 then return jsonb_build_object('outcome', 'too_large', 'totalCents', v_total, 'maxCents', 99999999); end if;

  if v_order.id is null then
    insert into ticketing.orders (event_id, user_id, checkout_id, currency, tax_included, refund_policy, refund_keeps_fees, mailbox, buyer_name, show_first_name, mailbox_proven, subtotal_cents, fees_cents, tax_cents, total_cents)
    select v_event.id, p_user_id, p_checkout_id, v_event.currency, coalesce(bool_and(h.unit_total_cents = h.unit_face_cents + h.unit_fee_cents) filter (where h.unit_tax_cents > 0), v_event.tax_included), v_event.refund_policy, v_event.refund_keeps_fees, p_mailbox, p_name, p_show_first_name, v_proven,
           sum(h.quantity * coalesce(h.unit_face_cents, t.price_cents)), sum(h.quantity * coalesce(h.unit_fee_cents, 0)), sum(h.quantity * coalesce(h.unit_tax_cents, 0)),
           sum(h.quantity * coalesce(h.unit_total_cents, t.price_cents))
    from ticketing.ticket_holds h join ticketing.ticket_tiers t on t.id = h.tier_id where h.checkout_id = p_checkout_id
    on conflict (checkout_id) do nothing
    returning * into v_order;
    -- Made a moment ago by whom the checkout belonged to then. Behind the mailbox key nobody waits for an order: to be asked again.
    if v_order.id is null then raise exception 'checkout % got its order from another person', p_checkout_id using errcode = 'serialization_failure'; end if;
    insert into ticketing.order_items (order_id, tier_id, quantity, price_cents, unit_fee_cents, unit_tax_cents, attendee_names)
    select v_order.id, h.tier_id, h.quantity, coalesce(h.unit_face_cents, t.price_cents), coalesce(h.unit_fee_cents, 0), coalesce(h.unit_tax_cents, 0), coalesce(p_names -> h.tier_id::text, '[]')
    from ticketing.ticket_holds h join ticketing.ticket_tiers t on t.id = h.tier_id where h.checkout_id = p_checkout_id order by h.tier_id;
    return jsonb_build_object('outcome', 'created', 'orderId', v_order.id, 'code', v_order.code, 'totalCents', v_order.total_cents, 'currency', v_order.currency, 'expiresAt', (extract(epoch from v_until) * 1000)::bigint);
  end if;

  update ticketing.orders set mailbox = p_mailbox, mailbox_proven = v_proven, buyer_name = p_name, show_first_name = p_show_first_name where id = v_order.id
    and (mailbox, mailbox_proven, buyer_name, show_first_name) is distinct from (p_mailbox, v_proven, p_name, p_show_first_name);
  update ticketing.order_items i set attendee_names = coalesce(p_names -> i.tier_id::text, '[]') where i.order_id = v_order.id and i.attendee_names is distinct from coalesce(p_names -> i.tier_id::text, '[]');
  return jsonb_build_object('outcome', 'existing', 'orderId', v_order.id, 'code', v_order.code, 'totalCents', v_order.total_cents, 'currency', v_order.currency, 'expiresAt', (extract(epoch from v_until) * 1000)::bigint);
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.decide_checkouts(p_checkout_ids uuid[], p_tier_ids uuid[], p_user_ids uuid[], p_quantities integer[], p_replaces uuid[] DEFAULT NULL::uuid[], p_address_keys bigint[] DEFAULT NULL::bigint[], p_seen_cents bigint[] DEFAULT NULL::bigint[])
 RETURNS TABLE(checkout_id uuid, outcome text, expires_at timestamp with time zone, detail jsonb)
 LANGUAGE plpgsql
 SET search_path TO ''
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
#variable_conflict use_column
declare
  n constant int := cardinality(p_checkout_ids);
  v_replaces uuid[] := coalesce(p_replaces, array_fill(null::uuid, array[n]));
  v_addresses bigint[] := coalesce(p_address_keys, array_fill(null::bigint, array[n]));
  v_now timestamptz;
  r record;
  t_locked uuid[];
  -- one entry per locked tier
  t_id uuid[] := '{}'; t_event uuid[] := '{}'; t_free int[] := '{}'; t_left int[] := '{}'; t_closed text[] := '{}';
  t_min int[] := '{}'; t_max int[] := '{}'; t_cap int[] := '{}'; t_taken int[] := '{}'; t_back int[] := '{}'; t_opens timestamptz[] := '{}';
  t_quantity int[] := '{}'; t_hoarded boolean[] := '{}';
  t_face int[] := '{}'; t_fee int[] := '{}'; t_tax int[] := '{}'; t_total int[] := '{}';
  -- one entry per line
  l_tier int[]; l_have int[]; l_active uuid[]; l_lapses int[]; l_lapsed_at timestamptz[]; l_twice boolean[];
  l_address int[]; -- which of the call's addresses it is
  l_held int[]; l_unconfirmed int[]; l_elsewhere boolean[]; l_frees_at timestamptz[]; -- what the line's address holds without payment, and when the first of it comes back
  l_granted boolean[] := array_fill(false, array[n]);
  l_kept jsonb[] := array_fill(null::jsonb, array[n]); -- the earlier quote of a line that keeps it
  l_expires timestamptz[] := array_fill(null::timestamptz, array[n]); l_created timestamptz[] := array_fill(null::timestamptz, array[n]);
  l_extended timestamptz[] := array_fill(null::timestamptz, array[n]); l_paused int[] := array_fill(0, array[n]);
  -- what was granted in this call: one entry per address and tier, and one per address
  a_taken int[]; a_frees_at timestamptz[];
  v_known jsonb; v_old jsonb; v_gone uuid[] := '{}';
  i int; j int; k int; x int; v_sum int; v_outcome text; v_detail jsonb; v_until timestamptz; v_have int; v_wait interval; v_any boolean := false;
  v_used int; v_most int; v_share int; v_total bigint; v_guest boolean; v_proven boolean; v_beyond boolean;
  v_before jsonb; v_kept bigint; v_seen bigint;
begin
  if n = 0 then return; end if;

  -- 1. tiers by id: those asked for and those of the replaced checkouts. Read in a statement of its own: after a wait, the row
  -- that is locked is new but its event would still be the one from before the wait, perhaps cancelled or paused since.
  t_locked := array(
    select t.id from ticketing.ticket_tiers t
    where t.id = any (p_tier_ids || array(select h.tier_id from ticketing.ticket_holds h where p_replaces is not null and h.checkout_id = any (v_replaces)))
    order by t.id for no key update);
  for r in
    select t.id, t.event_id, t.quantity, t.issued_quantity, t.reserved_quantity, t.min_per_order, t.max_per_order, e.max_per_person, t.sales_start, t.hoarded_since,
           ticketing.closed_reason(t, e, clock_timestamp()) as closed, q.*
    from ticketing.ticket_tiers t
    join events.events e on e.id = t.event_id,
    lateral ticketing.quote_of(t.price_cents, e.fee_bps, e.fee_fixed_cents, e.fee_cap_cents, e.fee_paid_by, t.tax_rate_bps, e.tax_included) q
    where t.id = any (t_locked)
    order by t.id
  loop
    t_id := t_id || r.id; t_event := t_event || r.event_id; t_closed := array_append(t_closed, r.closed);
    t_left := t_left || (r.quantity - r.issued_quantity); t_free := t_free || (r.quantity - r.issued_quantity - r.reserved_quantity);
    t_min := t_min || r.min_per_order; t_max := t_max || r.max_per_order; t_cap := t_cap || r.max_per_person; t_opens := array_append(t_opens, r.sales_start);
    t_face := t_face || r.face_cents; t_fee := t_fee || r.fee_cents; t_tax := t_tax || r.tax_cents; t_total := t_total || r.total_cents;
    t_taken := t_taken || 0; t_back := t_back || 0; t_quantity := t_quantity || r.quantity; t_hoarded := t_hoarded || (r.hoarded_since is not null);
  end loop;
  l_tier := array(select array_position(t_id, u.tier) from unnest(p_tier_ids) with ordinality u(tier, ord) order by u.ord);

  -- A request that finds a tier full frees that tier's lapsed holds first: no false "sold out".
  for x in 1 .. cardinality(t_id) loop
    select coalesce(sum(p_quantities[s]), 0) into v_sum from generate_series(1, n) s where l_tier[s] = x;
    if v_sum > t_free[x] then t_free[x] := t_free[x] + ticketing.expire_tier_holds(t_id[x], 1000); end if;
  end loop;

  -- 2. replaced holds by id
  if p_replaces is not null then
    perform 1 from ticketing.ticket_holds h where h.checkout_id = any (v_replaces) order by h.id for update;
    select jsonb_object_agg(o.checkout_id, o.v) into v_old from (
      select h.checkout_id, jsonb_build_object('user', min(h.user_id::text), 'expires', min(h.expires_at - make_interval(secs => h.paused_seconds - p.used)), 'created', min(h.created_at), 'address', min(h.address_key), 'extended', min(h.extended_at), 'paused', max(p.used), 'event', min(h.event_id::text),
        'alive', bool_and(h.status = 'active' and h.expires_at > clock_timestamp()), 'lines', jsonb_object_agg(h.tier_id, h.quantity), 'quantity', sum(h.quantity),
        'quotes', jsonb_object_agg(h.tier_id, jsonb_build_object('face', h.unit_face_cents, 'fee', h.unit_fee_cents, 'tax', h.unit_tax_cents, 'total', h.unit_total_cents)),
        'paying', exists (select from ticketing.orders o where o.checkout_id = h.checkout_id and (o.status <> 'pending' or o.payment_state in ('processing', 'succeeded')))) as v
      from ticketing.ticket_holds h,
      -- who leaves a tier that is paused takes along the pause so far, not all of its 30 minutes
      lateral (select case when h.paused_since is null then h.paused_seconds else least(h.paused_seconds, extract(epoch from clock_timestamp() - h.paused_since)::int) end as used) p
      where h.checkout_id = any (v_replaces) group by h.checkout_id) o;
  end if;

  -- 3. person-per-event keys and checkout keys (lock_keys), sorted together
  perform pg_advisory_xact_lock(s.key) from (
    select ticketing.person_key(t_event[l_tier[g]], p_user_ids[g]) as key from generate_series(1, n) g where l_tier[g] is not null
    union select ticketing.checkout_key(p_checkout_ids[g]) from generate_series(1, n) g order by 1) s;
  v_now := clock_timestamp();

  -- What is known already: replays, what each person has, what lapsed on her.
  select jsonb_object_agg(s.checkout_id, s.v) into v_known from (
    select h.checkout_id, jsonb_build_object('user', min(h.user_id::text), 'lines', jsonb_object_agg(h.tier_id, h.quantity), 'expires', min(h.expires_at),
      'status', min(h.status::text), 'alive', bool_and(h.status = 'active' and h.expires_at > v_now)) as v
    from ticketing.ticket_holds h where h.checkout_id = any (p_checkout_ids) group by h.checkout_id) s;
  select array_agg(have order by ord), array_agg(active order by ord), array_agg(lapses order by ord), array_agg(lapsed_at order by ord), array_agg(twice order by ord),
         array_agg(address order by ord), array_agg(held order by ord), array_agg(unconfirmed order by ord), array_agg(elsewhere order by ord), array_agg(frees_at order by ord)
    into l_have, l_active, l_lapses, l_lapsed_at, l_twice, l_address, l_held, l_unconfirmed, l_elsewhere, l_frees_at
  from (
    select u.ord, h.have + k.kept as have, h.active, la.lapses, la.lapsed_at,
           coalesce(ah.held, 0) + coalesce(al.held, 0) as held, coalesce(af.held, 0) as unconfirmed,
           coalesce(ah.some, false) or coalesce(al.some, false) or coalesce(af.some, false) as elsewhere,
           least(coalesce(ah.here_at, ah.at), coalesce(al.here_at, al.at), coalesce(af.here_at, af.at)) as frees_at,
           count(*) over (partition by u.usr, t_event[l_tier[u.ord]]) > 1 as twice,
           dense_rank() over (order by u.address) as address
    from unnest(p_user_ids, p_checkout_ids, v_replaces, p_tier_ids, v_addresses) with ordinality u(usr, checkout, old, tier, address, ord)
    left join lateral (
      select coalesce(sum(a.quantity), 0)::int as have, (array_agg(a.checkout_id))[1] as active from ticketing.ticket_holds a
      where a.user_id = u.usr and a.event_id is not distinct from t_event[l_tier[u.ord]] and a.status::text = 'active' and a.expires_at > v_now
        and a.checkout_id <> u.checkout and a.checkout_id is distinct from u.old) h on true
    left join lateral (
      -- what somebody else ordered to this person's mailbox is no purchase of hers
      select count(*)::int as kept from ticketing.tickets k
      where k.owner_user_id = u.usr and k.event_id is not distinct from t_event[l_tier[u.ord]] and k.status in ('issued', 'redeemed')
        and not exists (select from ticketing.orders o where o.id = k.order_id and o.claimed_from is not null)) k on true
    left join lateral (
      select count(distinct l.checkout_id)::int as lapses, max(l.created_at) as lapsed_at from ticketing.hold_lapses l
      where l.user_id = u.usr and l.event_id is not distinct from t_event[l_tier[u.ord]] and l.created_at > v_now - interval '1 day'
        -- what another checkout took the place of counts for the address only
        and not exists (select from ticketing.ticket_holds a where a.checkout_id = l.checkout_id and a.end_reason = 'replaced')) la on true
    left join lateral (
      -- what has lapsed and is not swept yet counts like the lapse it becomes: between the two nobody takes places anew
      select sum(a.quantity) filter (where a.tier_id = u.tier)::int as held, min(f.at) filter (where a.tier_id = u.tier) as here_at,
             min(f.at) as at, count(*) > 0 as some from ticketing.ticket_holds a,
      lateral (select case when a.expires_at > v_now then a.expires_at else a.expires_at + interval '10 minutes' end as at) f
      where a.address_key = u.address and a.status between 'active' and 'active'
        and a.checkout_id <> u.checkout and a.checkout_id is distinct from u.old) ah on true
    left join lateral (
      select sum(l.quantity) filter (where l.tier_id = u.tier)::int as held, min(l.created_at) filter (where l.tier_id = u.tier) + interval '10 minutes' as here_at,
             min(l.created_at) + interval '10 minutes' as at, count(*) > 0 as some from ticketing.hold_lapses l
      where l.address_key = u.address and l.created_at > v_now - interval '10 minutes') al on true
    left join lateral (
      -- as in unconfirmed_places; where all of it is past its time but the hour is not over, nobody is granted more than the share
      select sum(f.quantity) filter (where f.here and f.at > v_now)::int as held, min(f.at) filter (where f.here and f.at > v_now) as here_at,
             min(f.hour_at) as at, count(*) > 0 as some
      from (
        select a.quantity, a.tier_id = u.tier as here, a.ended_at + interval '1 hour' as hour_at,
               a.ended_at + case when a.quantity > ticketing.address_share(t_quantity[l_tier[u.ord]]) then interval '1 hour' else interval '10 minutes' end as at
        from ticketing.ticket_holds a
        where t_total[l_tier[u.ord]] = 0 and a.address_key = u.address and a.status between 'converted' and 'converted'
          and a.ended_at > v_now - interval '1 hour' and a.unit_total_cents = 0) f) af on true
  ) s;

  a_taken := array_fill(0, array[n * cardinality(t_id)]); a_frees_at := array_fill(null::timestamptz, array[n]);

  -- 4. decide, in arrival order
  i := 1;
  while i <= n loop
    j := i;
    while j < n and p_checkout_ids[j + 1] = p_checkout_ids[i] loop j := j + 1; end loop;
    v_outcome := null; v_detail := '{}'; v_until := null;

    if v_known ? p_checkout_ids[i]::text then
      v_detail := v_known -> p_checkout_ids[i]::text;
      if v_detail ->> 'user' <> p_user_ids[i]::text
         or v_detail -> 'lines' <> (select jsonb_object_agg(p_tier_ids[g], p_quantities[g]) from generate_series(i, j) g) then
        v_outcome := 'mismatch'; v_detail := '{}';
      elsif (v_detail ->> 'alive')::boolean then
        v_outcome := 'held'; v_until := (v_detail ->> 'expires')::timestamptz; v_detail := '{"replayed": true}';
      else
        v_outcome := 'ended'; v_detail := jsonb_build_object('status', v_detail ->> 'status');
      end if;
    end if;

    -- The same id twice in one batch: a resend of one checkout is its replay, anything else is refused.
    for k in array_position(p_checkout_ids, p_checkout_ids[i]) .. i - 1 loop
      exit when v_outcome is not null;
      if p_checkout_ids[k] = p_checkout_ids[i] and l_granted[k] then
        if p_user_ids[k] = p_user_ids[i]
           and (select jsonb_object_agg(p_tier_ids[g], p_quantities[g]) from generate_series(1, i - 1) g where l_granted[g] and p_checkout_ids[g] = p_checkout_ids[i])
             = (select jsonb_object_agg(p_tier_ids[g], p_quantities[g]) from generate_series(i, j) g) then
          v_outcome := 'held'; v_until := l_expires[k]; v_detail := '{"replayed": true}';
        else v_outcome := 'mismatch';
        end if;
      end if;
    end loop;

    if v_outcome is null then
      for k in i .. j loop
        x := l_tier[k];
        if x is null or t_closed[x] = 'unknown' or t_event[x] <> t_event[l_tier[i]] then v_outcome := 'tier_unknown'; v_detail := jsonb_build_object('tierId', p_tier_ids[k]);
        elsif t_closed[x] is not null then v_outcome := t_closed[x]; v_detail := jsonb_strip_nulls(jsonb_build_object('tierId', t_id[x], 'opensAt', (extract(epoch from t_opens[x]) * 1000)::bigint));
        elsif coalesce(p_quantities[k], 0) < t_min[x] or p_quantities[k] > t_max[x] or p_tier_ids[k] = any (p_tier_ids[i:k - 1]) then v_outcome := 'quantity_invalid'; v_detail := jsonb_build_object('tierId', t_id[x], 'min', t_min[x], 'max', t_max[x]);
        end if;
        exit when v_outcome is not null;
      end loop;
    end if;

    -- the replaced checkout must be this person's and alive
    if v_outcome is null and v_replaces[i] is not null then
      v_detail := v_old -> v_replaces[i]::text;
      if v_detail is null or v_detail ->> 'user' <> p_user_ids[i]::text or v_detail ->> 'event' <> t_event[l_tier[i]]::text or not (v_detail ->> 'alive')::boolean or (v_detail ->> 'paying')::boolean or v_replaces[i] = any (v_gone) then
        v_outcome := 'replaced_ended';
      end if;
      v_detail := '{}';
    end if;

    if v_outcome is null then
      select sum(p_quantities[g]) into v_sum from generate_series(i, j) g;
      v_have := l_have[i];
      if l_twice[i] then -- the same person more than once in this batch: what was granted above counts
        for k in 1 .. i - 1 loop
          if l_granted[k] and p_user_ids[k] = p_user_ids[i] and t_event[l_tier[k]] = t_event[l_tier[i]] and p_checkout_ids[k] is distinct from v_replaces[i] then
            v_have := v_have + p_quantities[k]; l_active[i] := p_checkout_ids[k];
          end if;
        end loop;
      end if;
      v_wait := case when l_lapses[i] >= 3 then interval '10 minutes' when l_lapses[i] = 2 then interval '2 minutes' end;
      if l_active[i] is not null then
        v_outcome := 'has_active'; v_detail := jsonb_build_object('checkoutId', l_active[i]);
      elsif v_have + v_sum > t_cap[l_tier[i]] then
        v_outcome := 'person_limit'; v_detail := jsonb_build_object('max', t_cap[l_tier[i]], 'have', v_have);
      elsif v_wait is not null and l_lapsed_at[i] + v_wait > v_now then
        v_outcome := 'cooling_down'; v_detail := jsonb_build_object('until', (extract(epoch from l_lapsed_at[i] + v_wait) * 1000)::bigint);
      end if;
    end if;

    if v_outcome is null then
      for k in i .. j loop
        x := l_tier[k];
        v_sum := t_free[x] + coalesce((v_old -> v_replaces[i]::text -> 'lines' ->> t_id[x]::text)::int, 0);
        if p_quantities[k] > v_sum then
          v_outcome := case when t_left[x] = 0 then 'sold_out' when v_sum = 0 then 'all_in_checkout' else 'not_enough' end;
          v_detail := jsonb_build_object('tierId', t_id[x], 'free', v_sum);
          if v_sum = 0 then
            v_detail := v_detail || jsonb_strip_nulls(jsonb_build_object('nextReleaseAt', (
              select (extract(epoch from min(h.expires_at)) * 1000)::bigint from ticketing.ticket_holds h where h.tier_id = t_id[x] and h.status = 'active')));
          end if;
          exit;
        end if;
      end loop;
    end if;

    -- an order that the provider cannot take is no order: said here, before anything is held
    if v_outcome is null then
      select sum(p_quantities[g]::bigint * t_total[l_tier[g]]), sum(p_quantities[g] * coalesce(p_seen_cents[g], t_total[l_tier[g]]))
        into v_total, v_seen from generate_series(i, j) g;
      v_before := v_old -> v_replaces[i]::text;
      if v_before is not null then
        select sum(p_quantities[g] * (v_before -> 'quotes' -> p_tier_ids[g]::text ->> 'total')::bigint) into v_kept
        from generate_series(i, j) g
        having bool_and(coalesce((v_before -> 'lines' ->> p_tier_ids[g]::text)::int >= p_quantities[g], false));
        if v_kept <= v_total then
          v_total := v_kept;
          for k in i .. j loop l_kept[k] := v_before -> 'quotes' -> p_tier_ids[k]::text; end loop;
        end if;
      end if;
      if v_before is not null and v_seen < v_total then
        v_outcome := 'price_changed'; v_detail := jsonb_build_object('totalCents', v_total);
      elsif v_total > 99999999 then v_outcome := 'order_too_large'; v_detail := jsonb_build_object('totalCents', v_total, 'maxCents', 99999999); end if;
    end if;

    -- The address's share of each tier. Whoever is the only one there takes one checkout, however small the tier is.
    v_beyond := false;
    if v_outcome is null and v_addresses[i] is not null then
      v_proven := null;
      for k in i .. j loop
        x := l_tier[k]; v_used := l_held[k]; v_share := ticketing.address_share(t_quantity[x]);
        -- who takes no more than she has there leaves the address as it is
        continue when (v_old -> v_replaces[i]::text ->> 'address')::bigint = v_addresses[i]
          and (v_old -> v_replaces[i]::text -> 'lines' ->> t_id[x]::text)::int >= p_quantities[k];
        if a_frees_at[l_address[k]] is not null then -- what neighbours were granted above
          l_elsewhere[k] := true; l_frees_at[k] := least(l_frees_at[k], a_frees_at[l_address[k]]);
          v_used := v_used + a_taken[(l_address[k] - 1) * cardinality(t_id) + x];
        end if;
        continue when v_used + l_unconfirmed[k] + p_quantities[k] <= v_share;
        if v_proven is null then
          v_proven := coalesce((select u.email_verified and not u.is_anonymous from auth.users u where u.id = p_user_ids[i]), false);
        end if;
        -- what people got for nothing who did not confirm their mailbox is no burden of those who did
        -- and what confirmed accounts hold uses up no share of the others: a few accounts would shut a hall out
        if not v_proven then
          v_used := v_used + l_unconfirmed[k]
            - coalesce((select sum(a.quantity) from ticketing.ticket_holds a join auth.users u on u.id = a.user_id and u.email_verified and not u.is_anonymous
                where a.address_key = v_addresses[i] and a.status between 'active' and 'active' and a.tier_id is not distinct from t_id[x]
                  and a.checkout_id <> p_checkout_ids[i] and a.checkout_id is distinct from v_replaces[i]), 0)::int
            - coalesce((select sum(l.quantity) from ticketing.hold_lapses l join auth.users u on u.id = l.user_id and u.email_verified and not u.is_anonymous
                where l.address_key = v_addresses[i] and l.created_at > v_now - interval '10 minutes' and l.tier_id is not distinct from t_id[x]), 0)::int;
        end if;
        -- What buyers there paid for in this tier raises the share; free tickets cost nothing and raise nothing, and cheap ones raise
        -- nothing of a dear tier.
        v_have := coalesce((select sum(p.quantity) from (
          select h.quantity from ticketing.ticket_holds h
          where h.address_key = v_addresses[i] and h.status between 'converted' and 'converted' and h.unit_total_cents > 0
            and h.tier_id is not distinct from t_id[x] limit 300) p), 0);
        v_most := v_share * case when v_proven then 2 else 1 end + v_have;
        continue when v_used + p_quantities[k] <= v_most;
        -- not waited for: who is decided on another tier at this moment is there too. With the key in hand it is looked at once more,
        -- in a statement of its own: who had the key may have committed after the first look.
        if not l_elsewhere[k] and pg_try_advisory_xact_lock(v_addresses[i]) then
          l_elsewhere[k] := exists (
              select from ticketing.ticket_holds a
              where a.address_key = v_addresses[i] and a.status between 'active' and 'active' and a.expires_at > v_now
                and a.checkout_id <> p_checkout_ids[i] and a.checkout_id is distinct from v_replaces[i])
            or exists (
              select from ticketing.hold_lapses l where l.address_key = v_addresses[i] and l.created_at > v_now - interval '10 minutes')
            or t_total[x] = 0 and exists (
              select from ticketing.ticket_holds a
              where a.address_key = v_addresses[i] and a.status between 'converted' and 'converted' and a.ended_at > v_now - interval '1 hour' and a.unit_total_cents = 0);
          v_beyond := v_beyond or not l_elsewhere[k];
          continue when not l_elsewhere[k];
        end if;
        v_outcome := 'address_limit';
        v_detail := jsonb_build_object('tierId', t_id[x], 'have', v_used, 'max', v_most,
          'until', (extract(epoch from coalesce(l_frees_at[k], v_now + interval '1 minute')) * 1000)::bigint);
        exit;
      end loop;
    end if;

    if v_outcome is null then
      v_outcome := 'held'; v_any := true;
      v_detail := jsonb_build_object('totalCents', v_total);
      v_guest := true = any (select t_hoarded[l_tier[g]] from generate_series(i, j) g)
        and (select u.is_anonymous from auth.users u where u.id = p_user_ids[i]);
      v_until := v_now + case when v_guest or v_beyond then interval '5 minutes' else interval '15 minutes' end;
      for k in i .. j loop
        l_granted[k] := true; l_expires[k] := v_until; l_created[k] := v_now;
        -- beyond the share five minutes are all there is: they count as extended
        l_extended[k] := case when v_beyond then v_now end;
        x := l_tier[k]; t_free[x] := t_free[x] - p_quantities[k]; t_taken[x] := t_taken[x] + p_quantities[k];
      end loop;
      if v_replaces[i] is not null then
        v_until := (v_old -> v_replaces[i]::text ->> 'expires')::timestamptz;
        if v_beyond then v_until := least(v_until, v_now + interval '5 minutes'); end if;
        for k in i .. j loop
          l_expires[k] := v_until; l_created[k] := (v_old -> v_replaces[i]::text ->> 'created')::timestamptz;
          l_extended[k] := coalesce((v_old -> v_replaces[i]::text ->> 'extended')::timestamptz, l_extended[k]); l_paused[k] := (v_old -> v_replaces[i]::text ->> 'paused')::int;
        end loop;
        for r in select key, value::int as quantity from jsonb_each_text(v_old -> v_replaces[i]::text -> 'lines') loop
          x := array_position(t_id, r.key::uuid);
          t_free[x] := t_free[x] + r.quantity; t_back[x] := t_back[x] + r.quantity;
        end loop;
        v_gone := v_gone || v_replaces[i];
      end if;
      for k in i .. j loop
        x := (l_address[k] - 1) * cardinality(t_id) + l_tier[k];
        a_taken[x] := a_taken[x] + p_quantities[k];
        a_frees_at[l_address[k]] := least(a_frees_at[l_address[k]], l_expires[k]);
      end loop;
    end if;

    checkout_id := p_checkout_ids[i]; outcome := v_outcome; expires_at := v_until; detail := v_detail;
    return next;
    i := j + 1;
  end loop;

  -- 5. write: old holds end, new holds begin, each tier moves once
  if not v_any then return; end if;
  if cardinality(v_gone) > 0 then
    with ended as (
      update ticketing.ticket_holds h set status = 'released', ended_at = v_now, end_reason = 'replaced' where h.checkout_id = any (v_gone) and h.status::text = 'active'
      returning h.event_id, h.user_id, h.checkout_id, h.tier_id, h.address_key, h.quantity, h.created_at
    )
    -- what goes back after more than a minute was kept from others as long as a lapse is (release_checkout)
    insert into ticketing.hold_lapses (event_id, user_id, checkout_id, tier_id, address_key, quantity)
    select e.event_id, e.user_id, e.checkout_id, e.tier_id, e.address_key, e.quantity - coalesce(kept.quantity, 0)
    from ended e
    left join lateral (
      select p_quantities[g] as quantity from generate_series(1, n) g
      where l_granted[g] and v_replaces[g] = e.checkout_id and p_tier_ids[g] = e.tier_id limit 1) kept on true
    where e.address_key is not null and e.created_at < v_now - interval '1 minute' and e.quantity > coalesce(kept.quantity, 0);
    -- their pending order is closed by cancel_lapsed_orders: an order is never locked after a tier
  end if;
  insert into ticketing.ticket_holds (user_id, tier_id, quantity, expires_at, created_at, event_id, checkout_id, unit_face_cents, unit_fee_cents, unit_tax_cents, unit_total_cents, extended_at, paused_seconds, address_key)
  select p_user_ids[g], p_tier_ids[g], p_quantities[g], l_expires[g], l_created[g], t_event[l_tier[g]], p_checkout_ids[g],
         coalesce((l_kept[g] ->> 'face')::int, t_face[l_tier[g]]), coalesce((l_kept[g] ->> 'fee')::int, t_fee[l_tier[g]]),
         coalesce((l_kept[g] ->> 'tax')::int, t_tax[l_tier[g]]), coalesce((l_kept[g] ->> 'total')::int, t_total[l_tier[g]]),
         l_extended[g], l_paused[g], v_addresses[g]
  from generate_series(1, n) g where l_granted[g];
  update ticketing.ticket_tiers t set reserved_quantity = t.reserved_quantity + s.delta
  from (select u.id, u.taken - u.back as delta, u.taken + u.back as moved from unnest(t_id, t_taken, t_back) u(id, taken, back)) s
  where t.id = s.id and s.moved > 0;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.dispute_suspends(p_state text, p_disputed integer, p_refunded integer, p_paid integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select coalesce(p_state = 'open' or p_state = 'lost' and p_disputed + p_refunded >= p_paid, false)
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.enter_waiting_room(p_event_id uuid, p_user_ids uuid[], p_address_keys bigint[] DEFAULT NULL::bigint[])
 RETURNS SETOF ticketing.waiting_spots
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  r ticketing.waiting_rooms;
  v_new int;
begin
  select * into r from ticketing.waiting_rooms w where w.event_id = p_event_id and w.state <> 'closed' for no key update;
  if not found then return; end if;

  update ticketing.waiting_spots s set seen_at = clock_timestamp()
  where s.room_id = r.id and s.user_id = any (p_user_ids) and s.state in ('waiting', 'admitted')
    and s.seen_at < clock_timestamp() - interval '10 seconds';

  insert into ticketing.waiting_spots (room_id, user_id, address_key, number)
  select r.id, n.usr, p_address_keys[n.ord], case when r.state = 'open' then r.last_number + row_number() over (order by n.ord) end
  from (select u.usr, min(u.ord) as ord from unnest(p_user_ids) with ordinality u(usr, ord) group by u.usr) n
  where not exists (
    select from ticketing.waiting_spots s where s.room_id = r.id and s.user_id = n.usr and s.state in ('waiting', 'admitted'));
  get diagnostics v_new = row_count;

  if v_new > 0 then
    update ticketing.waiting_rooms w
      set last_number = w.last_number + case when r.state = 'open' then v_new else 0 end, waiting = w.waiting + v_new, version = w.version + 1
    where w.id = r.id;
  end if;
  return query
    select s.* from ticketing.waiting_spots s
    where s.room_id = r.id and s.user_id = any (p_user_ids) and s.state in ('waiting', 'admitted');
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.expire_tier_holds(p_tier_id uuid, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_freed int;
  v_now constant timestamptz := clock_timestamp(); -- a value, so that the index is asked for the lapsed ones only
begin
  with lapsed as (
    select h.id from ticketing.ticket_holds h
    where h.tier_id = p_tier_id and h.status = 'active' and h.expires_at <= v_now and not ticketing.paid_in_time(h.checkout_id, h.expires_at)
    order by h.expires_at limit p_limit for update skip locked
  ), ended as (
    update ticketing.ticket_holds h set status = 'expired', ended_at = v_now, end_reason = 'expired'
    from lapsed l where h.id = l.id and h.status = 'active'
    returning h.quantity, h.event_id, h.user_id, h.checkout_id, h.tier_id, h.address_key
  ), noted as (
    insert into ticketing.hold_lapses (event_id, user_id, checkout_id, tier_id, address_key, quantity)
    select e.event_id, e.user_id, e.checkout_id, e.tier_id, e.address_key, e.quantity from ended e
  )
  select coalesce(sum(quantity), 0) into v_freed from ended;
  if v_freed > 0 then
    update ticketing.ticket_tiers set reserved_quantity = reserved_quantity - v_freed where id = p_tier_id;
  end if;
  return v_freed;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.extend_checkout(p_checkout_id uuid, p_user_id uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_holds int; v_alive int; v_extended int; v_until timestamptz;
begin
  perform 1 from ticketing.ticket_tiers where id = any (array(select tier_id from ticketing.ticket_holds where checkout_id = p_checkout_id and user_id = p_user_id))
    order by id for no key update;
  perform 1 from ticketing.ticket_holds where checkout_id = p_checkout_id and user_id = p_user_id order by id for update;
  select count(*), count(*) filter (where status = 'active' and expires_at > clock_timestamp()), count(extended_at), min(expires_at)
    into v_holds, v_alive, v_extended, v_until
  from ticketing.ticket_holds where checkout_id = p_checkout_id and user_id = p_user_id;
  if v_holds = 0 then return jsonb_build_object('outcome', 'unknown'); end if;
  if v_alive < v_holds then return jsonb_build_object('outcome', 'ended'); end if;
  if v_extended > 0 then return jsonb_build_object('outcome', 'already', 'expiresAt', (extract(epoch from v_until) * 1000)::bigint); end if;
  update ticketing.ticket_holds
    set extended_at = clock_timestamp(),
        expires_at = least(expires_at + interval '5 minutes', created_at + interval '20 minutes' + make_interval(secs => paused_seconds))
    where checkout_id = p_checkout_id and status::text = 'active';
  select min(expires_at) into v_until from ticketing.ticket_holds where checkout_id = p_checkout_id;
  return jsonb_build_object('outcome', 'extended', 'expiresAt', (extract(epoch from v_until) * 1000)::bigint);
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.extend_checkouts(p_checkout_ids uuid[], p_user_ids uuid[])
 RETURNS TABLE(outcome text)
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
#variable_conflict use_column
begin
  perform 1 from ticketing.ticket_tiers where id = any (array(select tier_id from ticketing.ticket_holds where checkout_id = any (p_checkout_ids)))
    order by id for no key update;
  perform 1 from ticketing.ticket_holds where checkout_id = any (p_checkout_ids) order by id for update;
  for i in 1 .. cardinality(p_checkout_ids) loop
    outcome := ticketing.extend_checkout(p_checkout_ids[i], p_user_ids[i]) ->> 'outcome';
    return next;
  end loop;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.fees_kept(p_fees bigint, p_paid bigint, p_refunded bigint, p_disputed bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select greatest(0, least(p_fees, p_paid - p_refunded - p_disputed))
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.fill_hold()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  select t.event_id into new.event_id from ticketing.ticket_tiers t where t.id = new.tier_id;
  return new;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.fill_refund()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  select o.event_id into new.event_id from ticketing.orders o where o.id = new.order_id;
  return new;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.five_minutes(p_at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select date_bin('5 minutes', p_at, timestamptz '2000-01-01 00:00:00+00')
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.fold_event_totals(p_limit integer DEFAULT 20000)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_count int;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('ticketing.event_totals', 5)) then return 0; end if;
  with taken as (
    delete from ticketing.event_changes c where c.id = any (array(select x.id from ticketing.event_changes x order by x.id limit p_limit)) returning c.*
  ), living as materialized (
    select c.*, e.time_zone from taken c join events.events e on e.id = c.event_id
  ), summed as (
    insert into ticketing.event_totals as t (event_id, gross_cents, refunded_cents, disputed_cents, fees_cents, paid_orders, admitted, version)
    select event_id, sum(gross_cents), sum(refunded_cents), sum(disputed_cents), sum(fees_cents), sum(paid_orders), sum(admitted), sum(version) from living group by event_id
    on conflict (event_id) do update set gross_cents = t.gross_cents + excluded.gross_cents, refunded_cents = t.refunded_cents + excluded.refunded_cents,
      disputed_cents = t.disputed_cents + excluded.disputed_cents, fees_cents = t.fees_cents + excluded.fees_cents, paid_orders = t.paid_orders + excluded.paid_orders, admitted = t.admitted + excluded.admitted,
      version = t.version + excluded.version
  ), drawn as (
    insert into ticketing.event_sales as s (event_id, width, at, tickets, gross_cents, refunded_cents, paid_orders)
    select c.event_id, w.width, ticketing.sale_width(w.width, c.at, c.time_zone), sum(c.tickets), sum(c.gross_cents), sum(c.refunded_cents), sum(c.paid_orders)
    from (select event_id, time_zone, at, sum(tickets) as tickets, sum(gross_cents) as gross_cents, sum(refunded_cents) as refunded_cents, sum(paid_orders) as paid_orders
          from living where at is not null group by event_id, time_zone, at
          having sum(tickets) <> 0 or sum(gross_cents) <> 0 or sum(refunded_cents) <> 0 or sum(paid_orders) <> 0) c
    cross join (values ('minutes'), ('hour'), ('quarter')) w(width)
    group by 1, 2, 3
    on conflict (event_id, width, at) do update set tickets = s.tickets + excluded.tickets, gross_cents = s.gross_cents + excluded.gross_cents,
      refunded_cents = s.refunded_cents + excluded.refunded_cents, paid_orders = s.paid_orders + excluded.paid_orders
  )
  select count(*) into v_count from taken;
  return v_count;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.guard_event()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform 1 from ticketing.ticket_tiers t where t.event_id = new.id order by t.id for no key update;
  perform 1 from events.events e where e.id = new.id for update;
  if exists (select from ticketing.orders o where o.event_id = new.id)
     or exists (select from ticketing.ticket_tiers t join ticketing.ticket_holds h on h.tier_id = t.id where t.event_id = new.id and h.status = 'active' and h.expires_at > clock_timestamp()) then
    raise exception 'event % has orders or buyers at the checkout', new.id using errcode = 'check_violation', constraint = 'event_has_buyers';
  end if;
  return new;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.guard_hold()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'hold % ended as %', old.id, old.status using errcode = 'check_violation', constraint = 'hold_ends_once';
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.issue_tickets(p_order_ids uuid[])
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
declare
  v_count int;
  v_events constant uuid[] := array(select distinct o.event_id from ticketing.orders o where o.id = any (p_order_ids));
begin
  insert into ticketing.event_counters (event_id, last_sequence)
  select s.event_id, 0 from unnest(v_events) s(event_id)
  where not exists (select from ticketing.event_counters c where c.event_id = s.event_id)
  order by s.event_id
  on conflict do nothing;
  perform 1 from ticketing.event_counters c where c.event_id = any (v_events) order by c.event_id for update;
  -- Tickets that were loaded from elsewhere took numbers that the counter does not know: one step in the index of numbers.
  update ticketing.event_counters c set last_sequence = s.highest
  from (select e.event_id, (select max(k.sequence_number) from ticketing.tickets k where k.event_id = e.event_id) as highest
        from unnest(v_events) e(event_id)) s
  where c.event_id = s.event_id and c.last_sequence < s.highest;

  with lines as (
    select o.event_id, o.id as order_id, o.user_id, o.buyer_name, o.tax_included, i.tier_id, i.price_cents, i.unit_fee_cents, i.unit_tax_cents, i.unit_discount_cents, i.attendee_names, u.ord, g
    from unnest(p_order_ids) with ordinality u(id, ord)
    -- fenced, or a plan made for an empty table would walk all orders in the order of their events to save a sort
    cross join lateral (select x.* from ticketing.orders x where x.id = u.id offset 0) o
    cross join lateral (select x.* from ticketing.order_items x where x.order_id = u.id offset 0) i,
    lateral generate_series(0, i.quantity - 1 - (select count(*)::int from ticketing.tickets k where k.order_id = o.id and k.tier_id is not distinct from i.tier_id)) g
  ), numbered as (
    select l.*, c.last_sequence + row_number() over (partition by l.event_id order by l.ord, l.tier_id, l.g) as seq, public.uuid_v7() as ticket_id
    from lines l join ticketing.event_counters c on c.event_id = l.event_id
  ), written as (
    insert into ticketing.tickets (id, order_id, event_id, tier_id, owner_user_id, sequence_number, qr_code, holder_name, face_cents, fee_cents, tax_cents, paid_cents)
    select x.ticket_id, x.order_id, x.event_id, x.tier_id, x.user_id, x.seq, ticketing.qr_code_of(x.ticket_id, 0),
           coalesce(nullif(x.attendee_names ->> x.g, ''), x.buyer_name), x.price_cents - x.unit_discount_cents, x.unit_fee_cents, x.unit_tax_cents,
           x.price_cents - x.unit_discount_cents + x.unit_fee_cents + case when x.tax_included then 0 else x.unit_tax_cents end
    from numbered x order by x.event_id, x.seq
    returning id, event_id, owner_user_id
  ), noted as (
    insert into ticketing.ticket_events (ticket_id, kind, to_user_id) select id, 'issued', owner_user_id from written
  ), counted as ( -- locked above; the numbers follow on each other, so their count is where they end
    update ticketing.event_counters c set last_sequence = c.last_sequence + s.tickets, version = c.version + 1
    from (select event_id, count(*)::int as tickets from written group by event_id) s where c.event_id = s.event_id
  )
  select count(*) into v_count from written;
  return v_count;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.keep_hold()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.version := old.version + 1;
  return new;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.keep_order()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.version := old.version + 1;
  new.updated_at := clock_timestamp();
  new.owed_cents := greatest(0, new.due_back_cents - new.refunded_cents - new.disputed_cents);
  return new;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.keep_tier()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.status <> 'inactive' then
    new.status := case when new.issued_quantity = new.quantity and new.quantity > 0 then 'sold_out' else 'active' end;
  end if;
  if tg_op = 'UPDATE' then
    new.version := old.version + 1;
    new.updated_at := clock_timestamp();
  end if;
  return new;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.leave_waiting_room(p_event_id uuid, p_user_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_room uuid;
  v_was text;
begin
  select w.id into v_room from ticketing.waiting_rooms w where w.event_id = p_event_id and w.state <> 'closed' for no key update;
  if not found then return false; end if;
  select s.state into v_was from ticketing.waiting_spots s
  where s.room_id = v_room and s.user_id = p_user_id and s.state in ('waiting', 'admitted') for update;
  if not found then return false; end if;
  update ticketing.waiting_spots s set state = 'left', ended_at = clock_timestamp()
  where s.room_id = v_room and s.user_id = p_user_id and s.state in ('waiting', 'admitted');
  update ticketing.waiting_rooms w set waiting = greatest(0, w.waiting - (v_was = 'waiting')::int), version = w.version + 1 where w.id = v_room;
  return true;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.log_transition()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  v_entity text := tg_argv[0];
  v_move text := old.status::text || '>' || new.status::text;
  v_legal text[] := case tg_argv[0]
    when 'event' then array['draft>published', 'draft>cancelled', 'published>draft', 'published>postponed', 'postponed>published', 'published>cancelled', 'postponed>cancelled']
    when 'order' then array['pending>paid', 'pending>cancelled', 'cancelled>paid', 'paid>refunded']
    when 'ticket' then array['issued>transferred', 'issued>redeemed', 'transferred>redeemed', 'issued>refunded', 'transferred>refunded', 'redeemed>issued', 'redeemed>transferred', 'redeemed>refunded']
    when 'refund' then array['pending>succeeded', 'pending>failed', 'succeeded>failed']
    when 'dispute' then array['inquiry>open', 'inquiry>closed', 'inquiry>won', 'inquiry>lost', 'open>closed', 'open>won', 'open>lost', 'lost>won', 'won>lost']
  end;
begin
  if not v_move = any (v_legal) then
    raise exception '% % cannot move %', v_entity, old.id, v_move using errcode = 'check_violation', constraint = v_entity || '_transition';
  end if;
  insert into ticketing.state_log (entity, entity_id, from_state, to_state, actor_user_id)
  values (v_entity, new.id, old.status::text, new.status::text, auth.uid());
  return null;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.move_waiting_spots(p_from uuid, p_to uuid)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_rooms uuid[];
begin
  v_rooms := array(
    select w.id from ticketing.waiting_rooms w
    where w.state <> 'closed' and w.id in (select s.room_id from ticketing.waiting_spots s where s.user_id = p_from)
    order by w.id for no key update);
  update ticketing.waiting_spots s set state = 'left', ended_at = clock_timestamp()
  from (select a.id, row_number() over (partition by a.room_id order by a.state, a.number nulls last, a.arrived_at) as nth
        from ticketing.waiting_spots a
        where a.room_id = any (v_rooms) and a.user_id in (p_from, p_to) and a.state in ('waiting', 'admitted')) d
  where s.id = d.id and d.nth > 1;
  update ticketing.waiting_spots s set user_id = p_to where s.user_id = p_from;
  return query
    update ticketing.waiting_rooms w set version = w.version + 1 where w.id = any (v_rooms) returning w.event_id;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.note_outside_refund(p_order_id uuid, p_provider_refund_id text, p_amount_cents integer, p_reason text, p_at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_captured int; v_refund uuid;
begin
  select o.captured_cents into v_captured from ticketing.orders o where o.id = p_order_id for update;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if v_captured is null then return jsonb_build_object('outcome', 'not_captured'); end if;
  insert into ticketing.refunds (order_id, amount_cents, reason, kind, provider_refund_id, created_at)
  values (p_order_id, p_amount_cents, p_reason, 'outside', p_provider_refund_id, p_at)
  on conflict (provider_refund_id) do nothing returning id into v_refund;
  if v_refund is null then return jsonb_build_object('outcome', 'known'); end if;
  perform ticketing.suspend_tickets(p_order_id);
  update ticketing.orders set version = version where id = p_order_id;
  return jsonb_build_object('outcome', 'noted', 'refundId', v_refund);
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.note_tickets()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
begin
  if tg_op = 'INSERT' then
    insert into ticketing.event_changes (event_id, at, tickets, gross_cents, refunded_cents, fees_cents, paid_orders, admitted, version)
    select s.event_id, coalesce(s.ended, ticketing.sale_minutes(o.status, o.paid_at, o.created_at)), sum(s.kept), 0, 0, 0, 0, sum(s.admitted), 1
    from (select c.order_id, c.event_id, null::timestamptz as ended, count(*) filter (where c.status <> 'refunded' or c.refunded_at is not null) as kept,
                 count(*) filter (where c.status = 'redeemed') as admitted
          from changed_new c group by c.order_id, c.event_id
          union all
          select c.order_id, c.event_id, ticketing.five_minutes(c.refunded_at), -count(*), 0
          from changed_new c where c.status = 'refunded' and c.refunded_at is not null group by 1, 2, 3 offset 0) s join ticketing.orders o on o.id = s.order_id
    group by 1, 2;
  elsif tg_op = 'DELETE' then
    insert into ticketing.event_changes (event_id, at, tickets, gross_cents, refunded_cents, fees_cents, paid_orders, admitted, version)
    select s.event_id, coalesce(s.ended, ticketing.sale_minutes(o.status, o.paid_at, o.created_at)), -sum(s.kept), 0, 0, 0, 0, -sum(s.admitted), 1
    from (select c.order_id, c.event_id, null::timestamptz as ended, count(*) filter (where c.status <> 'refunded' or c.refunded_at is not null) as kept,
                 count(*) filter (where c.status = 'redeemed') as admitted
          from changed_old c group by c.order_id, c.event_id
          union all
          select c.order_id, c.event_id, ticketing.five_minutes(c.refunded_at), -count(*), 0
          from changed_old c where c.status = 'refunded' and c.refunded_at is not null group by 1, 2, 3 offset 0) s join ticketing.orders o on o.id = s.order_id
    group by 1, 2;
  else
    insert into ticketing.event_changes (event_id, at, tickets, gross_cents, refunded_cents, fees_cents, paid_orders, admitted, version)
    with both_sides as materialized (
      select 1 as sign, n.order_id, n.event_id, n.status, n.refunded_at from changed_new n
      union all
      select -1, n.order_id, n.event_id, n.status, n.refunded_at from changed_old n
    )
    select s.event_id, coalesce(s.ended, ticketing.sale_minutes(o.status, o.paid_at, o.created_at)), sum(s.kept), 0, 0, 0, 0, sum(s.admitted), 1
    from (select c.order_id, c.event_id, null::timestamptz as ended, coalesce(sum(c.sign) filter (where c.status <> 'refunded' or c.refunded_at is not null), 0) as kept,
                 coalesce(sum(c.sign) filter (where c.status = 'redeemed'), 0) as admitted
          from both_sides c group by c.order_id, c.event_id
          union all
          select c.order_id, c.event_id, ticketing.five_minutes(c.refunded_at), -sum(c.sign), 0
          from both_sides c where c.status = 'refunded' and c.refunded_at is not null group by 1, 2, 3 offset 0) s join ticketing.orders o on o.id = s.order_id
    where s.kept <> 0 or s.admitted <> 0
    group by 1, 2;
  end if;
  return null;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.paid_in_time(p_checkout_id uuid, p_expires_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select from ticketing.orders o where o.checkout_id = p_checkout_id and o.status = 'pending' and o.captured_at < p_expires_at)
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.pause_sales(p_event_id uuid, p_tier_id uuid, p_paused boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_tiers uuid[]; v_checkouts uuid[]; v_event_since timestamptz; v_since timestamptz; v_now timestamptz;
begin
  v_tiers := array(select id from ticketing.ticket_tiers where event_id = p_event_id order by id for no key update);
  if cardinality(v_tiers) = 0 or p_tier_id <> all (v_tiers) then return false; end if;
  select sales_paused_at into v_event_since from events.events where id = p_event_id;
  if p_tier_id is null then v_since := v_event_since;
  else select paused_at into v_since from ticketing.ticket_tiers where id = p_tier_id; end if;
  if (v_since is not null) = p_paused then return false; end if;

  v_checkouts := array(select distinct checkout_id from ticketing.ticket_holds
                       where tier_id = any (case when p_tier_id is null then v_tiers else array[p_tier_id] end) and status = 'active');
  perform 1 from ticketing.ticket_holds where checkout_id = any (v_checkouts) and status::text = 'active' order by id for update;
  v_now := clock_timestamp();
  if p_paused then
    update ticketing.ticket_holds
      set expires_at = expires_at + make_interval(secs => 1800 - paused_seconds), paused_since = v_now - make_interval(secs => paused_seconds), paused_seconds = 1800
    where checkout_id = any (v_checkouts) and status::text = 'active' and expires_at > v_now and paused_since is null;
  elsif p_tier_id is null or v_event_since is null then
    -- While the event, or another of its tiers, is paused, a checkout goes on standing still.
    update ticketing.ticket_holds h
      set expires_at = h.expires_at - make_interval(secs => 1800 - u.used), paused_seconds = u.used, paused_since = null
    from (select a.id, least(1800, extract(epoch from v_now - a.paused_since)::int) as used from ticketing.ticket_holds a
          where a.checkout_id = any (v_checkouts) and a.status::text = 'active' and a.paused_since is not null
            and not exists (select from ticketing.ticket_holds o join ticketing.ticket_tiers t on t.id = o.tier_id
                            where o.checkout_id = a.checkout_id and o.status::text = 'active' and t.paused_at is not null and t.id is distinct from p_tier_id)) u
    where h.id = u.id;
  end if;
  if p_tier_id is null then
    update ticketing.ticket_tiers set version = version where id = any (v_tiers);
    update events.events set sales_paused_at = case when p_paused then v_now end where id = p_event_id;
  else
    update ticketing.ticket_tiers set paused_at = case when p_paused then v_now end where id = p_tier_id;
  end if;
  return true;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.person_key(p_event_id uuid, p_user_id uuid)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select uuid_hash_extended(p_user_id, uuid_hash_extended(p_event_id, 4)) $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.prepare_waiting_rooms()
 RETURNS SETOF uuid
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  insert into ticketing.waiting_rooms (event_id)
  select e.id from events.events e
  where e.waiting_room = 'on' and e.status in ('published', 'postponed') and e.deleted_at is null
    and not exists (select from ticketing.waiting_rooms w where w.event_id = e.id and w.state <> 'closed')
    and exists (
      select from ticketing.ticket_tiers t
      cross join lateral (select ticketing.closed_reason(t, e, clock_timestamp()) as reason) c
      where t.event_id = e.id and t.issued_quantity < t.quantity
        and (c.reason = 'not_yet' or (coalesce(c.reason, 'paused') = 'paused' and not exists (
          select from ticketing.waiting_rooms w where w.event_id = e.id and w.closed_because in ('sold_out', 'over')))))
  on conflict (event_id) where state <> 'closed' do nothing
  returning event_id
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.public_availability(p_event_ids uuid[])
 RETURNS TABLE(event_id uuid, tier_id uuid, name text, state text, free integer, in_checkout integer, quantity integer, opens_at timestamp with time zone, sales_end timestamp with time zone, version bigint, pos integer)
 LANGUAGE sql
 STABLE
AS $function$
  select s.event_id, s.id, s.name,
    case when s.closed is not null and s.closed not in ('paused', 'not_yet') then 'closed'
         when s.closed = 'not_yet' then 'not_yet'
         when s.issued_quantity >= s.quantity then 'sold_out'
         when s.closed = 'paused' then 'paused'
         when s.free <= 0 then 'all_in_checkout'
         else 'on_sale' end,
    case s.display when 'exact' then s.free when 'low_only' then case when s.free <= greatest(10, s.quantity * 0.2) and s.free > 0 then s.free end end,
    case s.display when 'exact' then s.reserved_quantity end,
    case s.display when 'exact' then s.quantity end,
    s.sales_start, s.sales_end, s.version, s.position
  from (
    select t.id, t.event_id, t.name, t.quantity, t.issued_quantity, t.reserved_quantity, t.sales_start, t.sales_end, t.version, t.position, t.quantity - t.issued_quantity - t.reserved_quantity as free, ticketing.closed_reason(t, e, clock_timestamp()) as closed,
      coalesce(e.availability_display, case when (select sum(a.quantity) from ticketing.ticket_tiers a where a.event_id = e.id and a.deleted_at is null) < 500 then 'exact' else 'low_only' end::public.availability_display) as display
    from ticketing.ticket_tiers t join events.events e on e.id = t.event_id
    where t.event_id = any (p_event_ids) and t.deleted_at is null
  ) s
  order by s.event_id, s.position, s.id
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.qr_code_of(p_ticket_id uuid, p_rotation integer)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select rtrim(translate(encode(uuid_send(p_ticket_id) || int4send(p_rotation), 'base64'), '+/', '-_'), '=')
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.quote_of(p_face integer, p_fee_bps integer, p_fee_fixed integer, p_fee_cap integer, p_paid_by text, p_tax_bps integer, p_tax_included boolean, OUT face_cents integer, OUT fee_cents integer, OUT tax_cents integer, OUT total_cents integer)
 RETURNS record
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select p_face, f.fee, x.tax, p_face + f.fee + case when p_tax_included then 0 else x.tax end
  from (select case when p_paid_by <> 'buyer' or p_face = 0 then 0
                    else least(coalesce(p_fee_cap, 2147483647), floor(p_face::numeric * p_fee_bps / 10000 + 0.5)::int + p_fee_fixed) end as fee) f,
  lateral (select case when p_tax_included
                    then floor((p_face + f.fee)::numeric * p_tax_bps / (10000 + p_tax_bps) + 0.5)::int
                    else floor((p_face + f.fee)::numeric * p_tax_bps / 10000 + 0.5)::int end as tax) x
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.read_checkouts(p_checkout_ids uuid[], p_user_ids uuid[])
 RETURNS TABLE(ord integer, facts jsonb)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
#variable_conflict use_column
begin
  return query
  select a.ord::int, jsonb_build_object(
    'checkoutId', a.checkout_id, 'userId', coalesce(o.user_id, h.user_id), 'now', (extract(epoch from clock_timestamp()) * 1000)::bigint,
    'version', public.version_epoch() + coalesce(h.version, 0) + coalesce(o.version, 0),
    'event', jsonb_build_object('id', e.id, 'slug', e.slug, 'title', e.title, 'timeZone', e.time_zone, 'venue', e.venue, 'city', e.city,
      'startAt', (extract(epoch from e.start_at) * 1000)::bigint, 'endAt', (extract(epoch from e.end_at) * 1000)::bigint, 'doorsAt', (extract(epoch from e.doors_at) * 1000)::bigint,
      'currency', e.currency, 'coverImageUrl', e.cover_image_url, 'poster', e.poster, 'refundPolicy', case when o.id is null then e.refund_policy else o.refund_policy end, 'refundKeepsFees', coalesce(o.refund_keeps_fees, e.refund_keeps_fees),
      'maxPerPerson', e.max_per_person, 'taxIncluded', coalesce(h.tax_included, e.tax_included), 'paused', e.sales_paused_at is not null,
      'status', case when e.status <> 'cancelled' and events.over_at(e.start_at, e.end_at) <= clock_timestamp() then 'ended' else e.status::text end),
    'holds', h.facts, 'lines', coalesce(i.lines, h.lines, '[]'),
    'order', case when o.id is not null then jsonb_build_object('id', o.id, 'code', o.code, 'status', o.status, 'email', o.mailbox, 'name', o.buyer_name, 'showFirstName', o.show_first_name,
      'attendeeNames', coalesce(i.names, '{}'), 'paymentState', o.payment_state, 'paymentError', o.payment_error, 'cancelReason', o.cancel_reason, 'late', o.late,
      'subtotalCents', o.subtotal_cents, 'feesCents', o.fees_cents, 'taxCents', o.tax_cents, 'taxIncluded', o.tax_included, 'totalCents', o.total_cents, 'currency', o.currency,
      'capturedCents', coalesce(o.captured_cents, 0), 'refundedCents', o.refunded_cents, 'disputed', ticketing.dispute_suspends(o.dispute_state, o.disputed_cents, o.refunded_cents, coalesce(o.captured_cents, o.total_cents)), 'owedCents', o.owed_cents, 'mailWithheld', o.mail_withheld,
      'createdAt', (extract(epoch from o.created_at) * 1000)::bigint, 'paidAt', (extract(epoch from o.paid_at) * 1000)::bigint) end,
    'tickets', coalesce(k.tickets, '[]'), 'refundingCents', coalesce(r.pending_cents, 0)
  )
  from unnest(p_checkout_ids, p_user_ids) with ordinality a(checkout_id, user_id, ord)
  left join lateral (
    select min(x.user_id::text)::uuid as user_id, min(x.event_id::text)::uuid as event_id, sum(x.version)::bigint as version,
      bool_and(x.unit_total_cents = x.unit_face_cents + x.unit_fee_cents) filter (where x.unit_tax_cents > 0) as tax_included, -- the quote's, as in quote_of
      jsonb_build_object('alive', bool_and(x.status = 'active' and x.expires_at > clock_timestamp()), 'active', bool_or(x.status = 'active'),
        'ended', case when bool_or(x.status = 'converted') then 'converted' when bool_or(x.status = 'released') then 'released' else 'expired' end, 'endReason', max(x.end_reason),
        'expiresAt', (extract(epoch from min(x.expires_at)) * 1000)::bigint, 'paused', bool_or(t.paused_at is not null),
        'standsUntil', (extract(epoch from (array_agg(x.paused_since + interval '30 minutes' order by x.expires_at))[1]) * 1000)::bigint, -- as pause_sales gives
        'extendable', bool_and(x.extended_at is null and x.expires_at < x.created_at + interval '20 minutes' + make_interval(secs => x.paused_seconds))) as facts,
      jsonb_agg(jsonb_build_object('tierId', t.id, 'name', t.name, 'quantity', x.quantity, 'unitFaceCents', coalesce(x.unit_face_cents, t.price_cents), 'unitFeeCents', coalesce(x.unit_fee_cents, 0),
        'unitTaxCents', coalesce(x.unit_tax_cents, 0), 'unitTotalCents', coalesce(x.unit_total_cents, t.price_cents), 'minPerOrder', t.min_per_order, 'maxPerOrder', t.max_per_order) order by t.position, t.id) as lines
    from ticketing.ticket_holds x join ticketing.ticket_tiers t on t.id = x.tier_id
    where x.checkout_id = a.checkout_id and (a.user_id is null or x.user_id = a.user_id)
    having count(*) > 0) h on true
  left join ticketing.orders o on o.checkout_id = a.checkout_id and (a.user_id is null or o.user_id = a.user_id)
  join events.events e on e.id = coalesce(o.event_id, h.event_id)
  left join lateral (
    select jsonb_agg(jsonb_build_object('tierId', t.id, 'name', t.name, 'quantity', y.quantity, 'unitFaceCents', y.price_cents - y.unit_discount_cents, 'unitFeeCents', y.unit_fee_cents,
        'unitTaxCents', y.unit_tax_cents, 'unitTotalCents', y.price_cents - y.unit_discount_cents + y.unit_fee_cents + case when o.tax_included then 0 else y.unit_tax_cents end,
        'minPerOrder', t.min_per_order, 'maxPerOrder', t.max_per_order) order by t.position, t.id) as lines,
      jsonb_object_agg(t.id, y.attendee_names) filter (where y.attendee_names <> '[]') as names
    from ticketing.order_items y join ticketing.ticket_tiers t on t.id = y.tier_id where y.order_id = o.id
    having count(*) > 0) i on true
  left join lateral (
    select jsonb_agg(jsonb_build_object('id', z.id, 'tierId', z.tier_id, 'tierName', t.name, 'sequenceNumber', z.sequence_number, 'status', z.status, 'holderName', z.holder_name,
      'suspendedReason', z.suspended_reason) order by z.sequence_number) as tickets
    from ticketing.tickets z join ticketing.ticket_tiers t on t.id = z.tier_id where z.order_id = o.id) k on true
  left join lateral (
    select sum(w.amount_cents)::int as pending_cents from ticketing.refunds w where w.order_id = o.id and w.status = 'pending') r on true;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.rebuild_event_totals(p_event_id uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  perform pg_advisory_xact_lock(hashtextextended('ticketing.event_totals', 5));
  with gone as (
    delete from ticketing.event_changes c where c.event_id = p_event_id returning c.version
  ), o as materialized (
    select ticketing.sale_minutes(o.status, o.paid_at, o.created_at) as at, coalesce(o.captured_cents, o.total_cents)::bigint as paid, o.refunded_cents, o.disputed_cents, o.fees_cents, o.version,
           coalesce(k.kept, 0) as kept, coalesce(k.admitted, 0) as admitted
    from ticketing.orders o
    left join (select k.order_id, count(*) filter (where k.status <> 'refunded' or k.refunded_at is not null) as kept, count(*) filter (where k.status = 'redeemed') as admitted
               from ticketing.tickets k where k.event_id = p_event_id group by k.order_id) k on k.order_id = o.id
    where o.event_id = p_event_id
  ), truth as materialized (
    select w.width, ticketing.sale_width(w.width, x.at, e.time_zone) as at, sum(x.kept) as tickets, sum(x.paid) as gross, sum(x.refunded) as refunded, sum(x.orders) as orders
    from (select o.at, o.kept, o.paid, o.refunded_cents as refunded, 1 as orders from o where o.at is not null
          union all
          select ticketing.five_minutes(k.refunded_at), -count(*), 0, 0, 0 from ticketing.tickets k
          where k.event_id = p_event_id and k.status = 'refunded' and k.refunded_at is not null group by 1) x
    join events.events e on e.id = p_event_id cross join (values ('minutes'), ('hour'), ('quarter')) w(width)
    group by 1, 2
  ), removed as (
    delete from ticketing.event_sales s where s.event_id = p_event_id and not exists (select from truth t where t.width = s.width and t.at = s.at)
  ), drawn as (
    insert into ticketing.event_sales (event_id, width, at, tickets, gross_cents, refunded_cents, paid_orders)
    select p_event_id, t.width, t.at, t.tickets, t.gross, t.refunded, t.orders from truth t
    on conflict (event_id, width, at) do update set tickets = excluded.tickets, gross_cents = excluded.gross_cents, refunded_cents = excluded.refunded_cents, paid_orders = excluded.paid_orders
  )
  insert into ticketing.event_totals as t (event_id, gross_cents, refunded_cents, disputed_cents, fees_cents, paid_orders, admitted, version)
  select e.id, coalesce(sum(o.paid) filter (where o.at is not null), 0), coalesce(sum(o.refunded_cents) filter (where o.at is not null), 0),
         coalesce(sum(o.disputed_cents) filter (where o.at is not null), 0),
         coalesce(sum(ticketing.fees_kept(o.fees_cents, o.paid, o.refunded_cents, o.disputed_cents)) filter (where o.at is not null), 0), count(o.at), coalesce(sum(o.admitted), 0),
         greatest(coalesce(sum(o.version), 0), coalesce((select sum(g.version) from gone g), 0))
  from events.events e left join o on true where e.id = p_event_id group by e.id
  on conflict (event_id) do update set gross_cents = excluded.gross_cents, refunded_cents = excluded.refunded_cents, disputed_cents = excluded.disputed_cents, fees_cents = excluded.fees_cents,
    paid_orders = excluded.paid_orders, admitted = excluded.admitted,
    version = greatest(excluded.version, t.version + coalesce((select sum(g.version) from gone g), 0)) + 1;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.reconcile_event_tickets(p_event_id uuid, p_dry_run boolean DEFAULT true)
 RETURNS TABLE(what text, id uuid, before text, after text, done boolean)
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
#variable_conflict use_column
declare
  r record; v_orders uuid[]; v_now timestamptz; v_issued int; v_active int; v_lapsed int;
  t_id uuid[] := '{}'; t_free int[] := '{}'; x int; v_fits boolean; v_tiers uuid[]; v_owed int[];
  v_dead uuid[]; v_closing uuid[] := '{}'; v_lost int; v_totals boolean; v_resells boolean; v_counter int; v_highest int;
begin
  -- orders by id: the pending ones that nothing holds, the paid ones that miss tickets, and those whose refunds did not arrive;
  -- then tiers by id
  v_orders := array(
    select o.id from ticketing.orders o
    where o.event_id = p_event_id and o.deleted_at is null
      and (o.status = 'paid' and (select coalesce(sum(i.quantity), 0) from ticketing.order_items i where i.order_id = o.id) > (select count(*) from ticketing.tickets k where k.order_id = o.id)
        or o.status = 'pending' and o.captured_at is null and not exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.status = 'active' and h.expires_at > clock_timestamp())
           and (o.created_at < clock_timestamp() - interval '1 hour' or exists (select from ticketing.ticket_holds h where h.checkout_id = o.checkout_id))
        or o.id in (select v.id from ticketing.event_violations v where v.event_id = p_event_id and v.rule in ('order.refunded_cents', 'order.disputed_cents'))
        or o.id in (select k.order_id from ticketing.event_violations v join ticketing.tickets k on k.id = v.id
                    where v.event_id = p_event_id and v.rule in ('ticket.refunded', 'ticket.suspended', 'ticket.disputed')))
    order by o.id);
  if not p_dry_run then
    perform 1 from ticketing.orders o where o.id = any (v_orders) order by o.id for update;
    perform 1 from ticketing.ticket_tiers t where t.event_id = p_event_id order by t.id for no key update;
    perform 1 from ticketing.ticket_holds h where h.tier_id in (select t.id from ticketing.ticket_tiers t where t.event_id = p_event_id)
      and h.status = 'active' and h.expires_at <= clock_timestamp() order by h.id for update;
  end if;
  v_now := clock_timestamp();
  v_resells := (select e.resell_refunded from events.events e where e.id = p_event_id);
  v_totals := exists (select from ticketing.event_violations v where v.event_id = p_event_id and v.rule in ('event.totals', 'event.curve'));
  -- tickets whose money went back: the tiers below count without them
  v_dead := array(select v.id from ticketing.event_violations v join ticketing.tickets k on k.id = v.id
                  where v.event_id = p_event_id and v.rule = 'ticket.refunded' and k.order_id = any (v_orders) order by v.id);

  -- each tier: what the rows say, without what lapsed; one update
  for r in select t.id, t.quantity, t.issued_quantity, t.reserved_quantity from ticketing.ticket_tiers t where t.event_id = p_event_id order by t.id loop
    select count(*) filter (where k.id <> all (v_dead)), count(*) filter (where k.id = any (v_dead)) into v_issued, v_lost
    from ticketing.tickets k where k.tier_id = r.id and k.status <> 'refunded';
    r.quantity := r.quantity - case when v_resells then 0 else v_lost end;
    select coalesce(sum(h.quantity), 0), coalesce(sum(h.quantity) filter (where h.expires_at <= v_now and not ticketing.paid_in_time(h.checkout_id, h.expires_at)), 0) into v_active, v_lapsed
    from ticketing.ticket_holds h where h.tier_id = r.id and h.status = 'active';
    t_id := t_id || r.id; t_free := t_free || (r.quantity - v_issued - (v_active - v_lapsed));
    id := r.id;
    if v_issued + v_active - v_lapsed > r.quantity then
      what := 'tier.oversold'; before := r.quantity::text; after := (v_issued + v_active - v_lapsed)::text; done := false;
      return next;
      continue;
    end if;
    if not p_dry_run and v_lapsed > 0 then
      update ticketing.ticket_holds h set status = 'expired', ended_at = v_now, end_reason = 'expired'
      where h.tier_id = r.id and h.status = 'active' and h.expires_at <= v_now and not ticketing.paid_in_time(h.checkout_id, h.expires_at);
    end if;
    if not p_dry_run and (r.issued_quantity, r.reserved_quantity) is distinct from (v_issued, v_active - v_lapsed) then
      update ticketing.ticket_tiers t set issued_quantity = v_issued, reserved_quantity = v_active - v_lapsed, quantity = r.quantity where t.id = r.id;
    end if;
    done := not p_dry_run;
    if r.issued_quantity <> v_issued + v_lost then
      what := 'tier.issued_quantity'; before := r.issued_quantity::text; after := (v_issued + v_lost)::text; return next;
    end if;
    if r.reserved_quantity <> v_active then
      what := 'tier.reserved_quantity'; before := r.reserved_quantity::text; after := v_active::text; return next;
    end if;
    if v_lapsed > 0 then
      what := 'tier.lapsed_places_freed'; before := v_active::text; after := (v_active - v_lapsed)::text; return next;
    end if;
  end loop;

  -- a tier's status that its stock does not say: any update sets it right
  for r in select t.id, t.status, t.quantity from ticketing.event_violations v join ticketing.ticket_tiers t on t.id = v.id
           where v.event_id = p_event_id and v.rule = 'tier.status' order by t.id
  loop
    if not p_dry_run then update ticketing.ticket_tiers t set status = 'active' where t.id = r.id; end if;
    what := 'tier.status'; id := r.id; before := r.status::text; done := not p_dry_run;
    after := case when r.status = 'sold_out' then 'active' else 'sold_out' end;
    return next;
  end loop;

  -- the event's counter: below the highest number no ticket could be issued any more
  if not p_dry_run then perform 1 from ticketing.event_counters c where c.event_id = p_event_id for update; end if;
  select c.last_sequence, (select coalesce(max(k.sequence_number), 0) from ticketing.tickets k where k.event_id = p_event_id)
    into v_counter, v_highest from ticketing.event_counters c where c.event_id = p_event_id;
  if v_counter <> v_highest then
    if not p_dry_run then update ticketing.event_counters c set last_sequence = v_highest where c.event_id = p_event_id; end if;
    what := 'counter.last_sequence'; id := p_event_id; before := v_counter::text; after := v_highest::text; done := not p_dry_run;
    return next;
  end if;

  -- what refunds did not reach: tickets, then their orders
  for r in select k.id, k.status, k.owner_user_id from ticketing.tickets k where k.id = any (v_dead) order by k.id loop
    if not p_dry_run then
      update ticketing.tickets k set status = 'refunded', suspended_reason = null, refunded_at = v_now, redeemed_at = null where k.id = r.id;
      insert into ticketing.ticket_events (ticket_id, kind, from_user_id) values (r.id, 'refunded', r.owner_user_id);
    end if;
    what := 'ticket.status'; id := r.id; before := r.status::text; after := 'refunded'; done := not p_dry_run;
    return next;
  end loop;
  for r in select o.id, o.disputed_cents, d.cents, d.state from ticketing.orders o
           cross join lateral (
             select coalesce(sum(x.amount_cents), 0)::int as cents, case when bool_or(x.status = 'open') then 'open' when count(*) > 0 then 'lost' end as state
             from ticketing.disputes x where x.order_id = o.id and x.status in ('open', 'lost')) d
           where o.id = any (v_orders) and (o.disputed_cents, o.dispute_state) is distinct from (d.cents, d.state) order by o.id
  loop
    if not p_dry_run then
      update ticketing.orders o set disputed_cents = r.cents, dispute_state = r.state where o.id = r.id;
      perform ticketing.suspend_tickets(r.id);
    end if;
    what := 'order.disputed_cents'; id := r.id; before := r.disputed_cents::text; after := r.cents::text; done := not p_dry_run;
    return next;
  end loop;
  for r in select v.rule, k.id, k.order_id, k.suspended_reason, case when ticketing.dispute_suspends(o.dispute_state, o.disputed_cents, o.refunded_cents, coalesce(o.captured_cents, o.total_cents)) then 'dispute' end as meant
           from ticketing.event_violations v join ticketing.tickets k on k.id = v.id join ticketing.orders o on o.id = k.order_id
           where v.event_id = p_event_id and v.rule in ('ticket.suspended', 'ticket.disputed') and k.id <> all (v_dead) and k.order_id = any (v_orders)
           order by k.id
  loop
    if not p_dry_run then perform ticketing.suspend_tickets(r.order_id); end if;
    what := r.rule; id := r.id; before := r.suspended_reason; after := r.meant; done := not p_dry_run;
    return next;
  end loop;
  for r in
    select o.id, o.status, o.refunded_cents, s.returned,
      exists (select from ticketing.tickets k where k.order_id = o.id and k.status <> 'refunded' and k.id <> all (v_dead)) as keeps
    from ticketing.orders o
    cross join lateral (select coalesce(sum(f.amount_cents), 0)::int as returned from ticketing.refunds f where f.order_id = o.id and f.status = 'succeeded') s
    where o.id = any (v_orders)
      and (o.refunded_cents <> s.returned or exists (select from ticketing.tickets k where k.order_id = o.id and k.id = any (v_dead)))
    order by o.id
  loop
    if not p_dry_run then
      update ticketing.orders o set refunded_cents = r.returned, status = case when o.status = 'paid' and r.returned > 0 and not r.keeps then 'refunded' else o.status end where o.id = r.id;
    end if;
    id := r.id; done := not p_dry_run;
    if r.refunded_cents <> r.returned then
      what := 'order.refunded_cents'; before := r.refunded_cents::text; after := r.returned::text; return next;
    end if;
    if r.status = 'paid' and r.returned > 0 and not r.keeps then
      v_closing := v_closing || r.id;
      what := 'order.status'; before := 'paid'; after := 'refunded'; return next;
    end if;
  end loop;

  -- paid orders without their tickets, whole or not at all: the counters move with them, never past the quantity
  for r in
    select o.id, sum(s.has)::int as has, sum(s.owed)::int as owed, array_agg(s.tier_id order by s.tier_id) as tiers, array_agg(s.owed order by s.tier_id) as owes
    from ticketing.orders o
    join lateral (select i.tier_id, (select count(*)::int from ticketing.tickets k where k.order_id = o.id and k.tier_id = i.tier_id) as has,
                         greatest(0, i.quantity - (select count(*)::int from ticketing.tickets k where k.order_id = o.id and k.tier_id = i.tier_id)) as owed
                  from ticketing.order_items i where i.order_id = o.id) s on true
    where o.id = any (v_orders) and o.status = 'paid' and o.id <> all (v_closing) group by o.id having sum(s.owed) > 0 order by o.id
  loop
    v_tiers := r.tiers; v_owed := r.owes; v_fits := true;
    for g in 1 .. cardinality(v_tiers) loop
      x := array_position(t_id, v_tiers[g]);
      v_fits := v_fits and coalesce(v_owed[g] <= t_free[x], false);
    end loop;
    id := r.id; before := r.has::text; after := case when v_fits then r.has + r.owed else r.has end::text; done := v_fits and not p_dry_run;
    what := case when v_fits then 'order.tickets_issued' else 'order.tickets_owed_no_places' end;
    if v_fits then
      for g in 1 .. cardinality(v_tiers) loop
        x := array_position(t_id, v_tiers[g]);
        t_free[x] := t_free[x] - v_owed[g];
        if not p_dry_run and v_owed[g] > 0 then
          update ticketing.ticket_tiers t set issued_quantity = t.issued_quantity + v_owed[g] where t.id = v_tiers[g];
        end if;
      end loop;
      if not p_dry_run then perform ticketing.issue_tickets(array[r.id]), ticketing.suspend_tickets(r.id); end if;
    end if;
    return next;
  end loop;

  -- orders left pending for ever
  for r in select o.id, o.stripe_payment_intent_id from ticketing.orders o where o.id = any (v_orders) and o.status = 'pending' order by o.id loop
    if not p_dry_run then
      update ticketing.orders set status = 'cancelled', cancelled_at = clock_timestamp(), cancel_reason = 'expired' where id = r.id and status = 'pending';
      if r.stripe_payment_intent_id is not null then perform jobs.enqueue('payments.cancel-intent', jsonb_build_object('orderId', r.id)); end if;
    end if;
    what := 'order.status'; id := r.id; before := 'pending'; after := 'cancelled'; done := not p_dry_run;
    return next;
  end loop;

  -- denormalised counts of the event's posts: locked first, so that a like under way is counted before or after, never lost
  if not p_dry_run then
    perform 1 from social.event_posts p where p.event_id = p_event_id order by p.id for no key update;
  end if;
  for r in select p.id, p.like_count, p.comment_count,
      (select count(*)::int from social.event_reactions x where x.post_id = p.id and x.kind = 'like' and x.deleted_at is null and x.hidden_at is null) as likes,
      (select count(*)::int from social.event_reactions x where x.post_id = p.id and x.kind = 'comment' and x.deleted_at is null and x.hidden_at is null) as comments
    from social.event_posts p where p.event_id = p_event_id order by p.id
  loop
    if (r.like_count, r.comment_count) is not distinct from (r.likes, r.comments) then continue; end if;
    if not p_dry_run then update social.event_posts set like_count = r.likes, comment_count = r.comments where id = r.id; end if;
    what := 'post.counts'; id := r.id; before := r.like_count || ' / ' || r.comment_count; after := r.likes || ' / ' || r.comments; done := not p_dry_run;
    return next;
  end loop;

  -- the totals last: nobody waits for their key while holding another
  if v_totals then
    if not p_dry_run then perform ticketing.rebuild_event_totals(p_event_id); end if;
    what := 'event.totals'; id := p_event_id; before := null; after := null; done := not p_dry_run;
    return next;
  end if;

  -- what no row proves, for people
  for r in
    select distinct v.rule, v.id from ticketing.event_violations v
    where v.event_id = p_event_id and v.rule <> all (array['tier.status', 'counter.last_sequence', 'ticket.refunded', 'ticket.suspended',
      'ticket.disputed', 'order.refunded_cents', 'order.disputed_cents', 'event.totals', 'event.curve'])
    order by v.rule, v.id
  loop
    what := r.rule; id := r.id; before := null; after := null; done := false;
    return next;
  end loop;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.reconcile_issued_quantity(p_event_id uuid DEFAULT NULL::uuid, p_dry_run boolean DEFAULT true)
 RETURNS TABLE(what text, id uuid, before integer, after integer, done boolean)
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
#variable_conflict use_column
declare
  r record; v_issued int; v_reserved int;
begin
  for r in select t.id from ticketing.ticket_tiers t where p_event_id is null or t.event_id = p_event_id order by t.id loop
    if not p_dry_run then perform 1 from ticketing.ticket_tiers t where t.id = r.id for no key update; end if;
    select count(*) into v_issued from ticketing.tickets k where k.tier_id = r.id and k.status <> 'refunded';
    select coalesce(sum(h.quantity), 0) into v_reserved from ticketing.ticket_holds h where h.tier_id = r.id and h.status = 'active';
    return query select 'tier.issued_quantity'::text, t.id, t.issued_quantity, v_issued, not p_dry_run from ticketing.ticket_tiers t where t.id = r.id and t.issued_quantity <> v_issued;
    return query select 'tier.reserved_quantity'::text, t.id, t.reserved_quantity, v_reserved, not p_dry_run from ticketing.ticket_tiers t where t.id = r.id and t.reserved_quantity <> v_reserved;
    if not p_dry_run then
      update ticketing.ticket_tiers t set issued_quantity = v_issued, reserved_quantity = v_reserved
      where t.id = r.id and (t.issued_quantity, t.reserved_quantity) is distinct from (v_issued, v_reserved);
    end if;
  end loop;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.recut_sales()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if exists (select from ticketing.event_sales s where s.event_id = new.id) then perform ticketing.rebuild_event_totals(new.id); end if;
  return null;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.redeem_ticket(p_qr_code text, p_event_id uuid, p_actor uuid, p_gate text DEFAULT NULL::text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_ticket ticketing.tickets; v_event events.events; v_outcome text; v_now timestamptz := clock_timestamp();
begin
  select e.* into v_event from events.events e where e.id = p_event_id;
  -- the event's counter before its tickets, as everywhere
  insert into ticketing.event_counters (event_id, last_sequence)
  select p_event_id, coalesce((select max(k.sequence_number) from ticketing.tickets k where k.event_id = p_event_id), 0)
  where not exists (select from ticketing.event_counters c where c.event_id = p_event_id) on conflict do nothing;
  perform 1 from ticketing.event_counters c where c.event_id = p_event_id for update;
  update ticketing.tickets k
    set status_before_redeem = k.status, status = 'redeemed', redeemed_at = v_now, redeemed_by = p_actor, gate = p_gate
    where k.qr_code = p_qr_code and k.event_id is not distinct from p_event_id and k.status in ('issued', 'transferred') and k.suspended_reason is null
      and v_now between coalesce(v_event.doors_at, v_event.start_at) - interval '2 hours' and events.over_at(v_event.start_at, v_event.end_at) + interval '2 hours'
    returning k.* into v_ticket;
  if found then
    v_outcome := 'admitted';
    insert into ticketing.ticket_events (ticket_id, kind, to_user_id, actor_user_id, detail) values (v_ticket.id, 'redeemed', v_ticket.owner_user_id, p_actor, jsonb_strip_nulls(jsonb_build_object('gate', p_gate)));
    update ticketing.event_counters c set version = c.version + 1 where c.event_id = p_event_id;
  else
    select k.* into v_ticket from ticketing.tickets k where k.qr_code = p_qr_code;
    v_outcome := case
      when v_ticket.id is null then 'stale'
      when v_ticket.event_id <> p_event_id then 'wrong_event'
      when v_ticket.status = 'redeemed' then 'already'
      when v_ticket.status = 'refunded' then 'refunded'
      when v_ticket.suspended_reason = 'dispute' then 'disputed'
      when v_ticket.suspended_reason is not null then 'suspended'
      else 'wrong_day' end;
  end if;
  insert into analytics.scan_logs (event_id, ticket_id, outcome, gate, scanned_by) values (p_event_id, v_ticket.id, v_outcome, p_gate, p_actor);
  return jsonb_strip_nulls(jsonb_build_object('outcome', v_outcome, 'ticketId', case when v_outcome not in ('wrong_event', 'stale') then v_ticket.id end,
    'redeemedAt', (extract(epoch from v_ticket.redeemed_at) * 1000)::bigint, 'gate', v_ticket.gate));
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.release_checkout(p_checkout_id uuid, p_user_id uuid, p_reason text DEFAULT 'by_buyer'::text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_order ticketing.orders; v_places int; v_known boolean; v_lapses boolean := false;
  v_held record;
begin
  select * into v_order from ticketing.orders where checkout_id = p_checkout_id for update;
  if v_order.status in ('paid', 'refunded') then return jsonb_build_object('outcome', 'paid'); end if;
  select count(*) > 0 and bool_and(p_user_id is null or user_id = p_user_id) into v_known from ticketing.ticket_holds where checkout_id = p_checkout_id;
  if not v_known then return jsonb_build_object('outcome', 'unknown'); end if;
  perform 1 from ticketing.ticket_tiers where id = any (array(select tier_id from ticketing.ticket_holds where checkout_id = p_checkout_id)) order by id for no key update;
  perform 1 from ticketing.ticket_holds where checkout_id = p_checkout_id order by id for update;
  if p_reason not in ('price_changed', 'event_cancelled') then
    select min(h.user_id::text)::uuid as user_id, min(h.event_id::text)::uuid as event_id, min(h.address_key) as address, min(h.created_at) as since
      into v_held from ticketing.ticket_holds h where h.checkout_id = p_checkout_id and h.status::text = 'active';
    v_lapses := p_reason = 'replaced' or v_held.since < clock_timestamp() - interval '1 minute'
      or (select count(distinct h.checkout_id) >= 2 from ticketing.ticket_holds h
          where h.user_id = v_held.user_id and h.event_id is not distinct from v_held.event_id and h.status::text = 'released'
            and h.end_reason = 'by_buyer' and h.ended_at > clock_timestamp() - interval '10 minutes')
      or (select count(distinct h.checkout_id) >= 2 from ticketing.ticket_holds h
          where h.address_key = v_held.address and h.status between 'released' and 'released'
            and h.end_reason = 'by_buyer' and h.ended_at > clock_timestamp() - interval '10 minutes');
  end if;
  with ended as (
    update ticketing.ticket_holds set status = 'released', ended_at = clock_timestamp(), end_reason = p_reason
    where checkout_id = p_checkout_id and status::text = 'active' returning tier_id, quantity, event_id, user_id, address_key
  ), noted as (
    insert into ticketing.hold_lapses (event_id, user_id, checkout_id, tier_id, address_key, quantity)
    select e.event_id, e.user_id, p_checkout_id, e.tier_id, e.address_key, e.quantity from ended e where v_lapses
  ), back as (
    update ticketing.ticket_tiers t set reserved_quantity = t.reserved_quantity - e.quantity from ended e where t.id = e.tier_id returning e.quantity
  )
  select coalesce(sum(quantity), 0) into v_places from back;
  if v_order.status = 'pending' then
    update ticketing.orders set status = 'cancelled', cancelled_at = clock_timestamp(),
      cancel_reason = case p_reason when 'event_cancelled' then 'event_cancelled' else 'by_buyer' end where id = v_order.id;
    if v_order.stripe_payment_intent_id is not null then
      perform jobs.enqueue('payments.cancel-intent', jsonb_build_object('orderId', v_order.id));
    end if;
  end if;
  return jsonb_build_object('outcome', case when v_places > 0 then 'released' else 'ended' end, 'places', v_places);
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.release_checkouts(p_checkout_ids uuid[], p_user_ids uuid[])
 RETURNS TABLE(outcome text)
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
#variable_conflict use_column
declare
  v_orders uuid[];
begin
  v_orders := array(select id from ticketing.orders where checkout_id = any (p_checkout_ids) order by id for update);
  perform 1 from ticketing.ticket_tiers where id = any (array(select tier_id from ticketing.ticket_holds where checkout_id = any (p_checkout_ids)))
    order by id for no key update;
  perform 1 from ticketing.ticket_holds where checkout_id = any (p_checkout_ids) order by id for update;
  for i in 1 .. cardinality(p_checkout_ids) loop
    if exists (select from ticketing.orders where checkout_id = p_checkout_ids[i] and not id = any (v_orders)) then outcome := 'again';
    else outcome := ticketing.release_checkout(p_checkout_ids[i], p_user_ids[i]) ->> 'outcome';
    end if;
    return next;
  end loop;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.report_hold_pressure(p_event_id uuid, p_node text, p_requests double precision, p_drain double precision)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz;
  v_hot boolean; v_since timestamptz; v_count int := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended(p_event_id::text, 9));
  v_now := clock_timestamp();
  insert into ticketing.hold_pressure (event_id, node, requests, drain, measured_at) values (p_event_id, p_node, p_requests, p_drain, v_now)
  on conflict (event_id, node) do update
    set requests = excluded.requests, drain = excluded.drain, measured_at = excluded.measured_at,
        hot_since = case when ticketing.hold_pressure.measured_at > v_now - interval '2 seconds' then ticketing.hold_pressure.hot_since end;
  select sum(p.requests) >= 50 and sum(p.requests) > 2 * sum(p.drain), min(p.hot_since) into v_hot, v_since
  from ticketing.hold_pressure p where p.event_id = p_event_id and p.measured_at > v_now - interval '2 seconds';
  v_since := case when v_hot then coalesce(v_since, v_now) end;
  update ticketing.hold_pressure p set hot_since = v_since where p.event_id = p_event_id and p.node = p_node;
  if not v_hot then update ticketing.hold_pressure p set hot_since = null where p.event_id = p_event_id and p.hot_since is not null; end if;
  if v_since > v_now - interval '5 seconds' or v_since is null then return false; end if;
  insert into ticketing.waiting_rooms (event_id, state, opened_by, drawn_at)
  select e.id, 'open', 'pressure', v_now from events.events e
  where e.id = p_event_id and e.waiting_room = 'by_itself' and exists (
    select from ticketing.ticket_tiers t where t.event_id = e.id and ticketing.closed_reason(t, e, v_now) is null and t.issued_quantity < t.quantity)
  on conflict (event_id) where state <> 'closed' do nothing;
  get diagnostics v_count = row_count;
  return v_count > 0;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.request_refund(p_order_id uuid, p_reason text, p_actor uuid, p_keep_fees boolean DEFAULT false, p_note text DEFAULT ''::text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_order ticketing.orders; v_amount int; v_fees int; v_refund uuid; v_under_way int; v_left int; v_paid bigint;
begin
  select * into v_order from ticketing.orders where id = p_order_id for update;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if v_order.status <> 'paid' and v_order.owed_cents = 0 then return jsonb_build_object('outcome', case v_order.status when 'refunded' then 'nothing_left' else 'not_paid' end); end if;
  -- the bank has the money, or asks for it: the provider refuses, and paying twice is no kindness
  if v_order.dispute_state is not null then return jsonb_build_object('outcome', 'disputed'); end if;
  select coalesce(sum(amount_cents), 0) into v_under_way from ticketing.refunds where order_id = p_order_id and status = 'pending';
  if v_under_way > 0 then return jsonb_build_object('outcome', 'pending'); end if;

  -- the order's lock is enough to read what was paid; a free order's tickets are locked by void_tickets after its tiers
  v_left := coalesce(v_order.captured_cents, v_order.total_cents) - v_order.refunded_cents;
  if v_order.status <> 'paid' then -- its tickets have ended; only the money came back
    insert into ticketing.refunds (order_id, amount_cents, reason, initiated_by, note, kind)
    values (p_order_id, least(v_order.owed_cents, v_left), p_reason, p_actor, p_note, 'owed') returning id, amount_cents into v_refund, v_amount;
  else
    select coalesce(sum(paid_cents) filter (where status <> 'refunded'), 0), coalesce(sum(fee_cents) filter (where status <> 'refunded'), 0), coalesce(sum(paid_cents), 0)
      into v_amount, v_fees, v_paid from ticketing.tickets where order_id = p_order_id;
    -- tickets loaded from elsewhere do not say what was paid for them: the order does
    if v_paid < v_order.total_cents then v_amount := v_left; v_fees := v_order.fees_cents; end if;
    -- fees stay of what is left: what went back before was no fee
    v_amount := greatest(0, least(v_amount, v_left) - case when p_keep_fees then v_fees else 0 end);

    if v_amount = 0 then -- free order: nothing to send, its tickets end at once
      perform ticketing.void_tickets(array(select id from ticketing.tickets where order_id = p_order_id and status <> 'refunded'), p_actor);
      update ticketing.orders set status = 'refunded' where id = p_order_id;
      return jsonb_build_object('outcome', 'refunded', 'amountCents', 0);
    end if;
    insert into ticketing.refunds (order_id, amount_cents, reason, initiated_by, note) values (p_order_id, v_amount, p_reason, p_actor, p_note) returning id into v_refund;
    insert into ticketing.refund_tickets (refund_id, ticket_id) select v_refund, id from ticketing.tickets where order_id = p_order_id and status <> 'refunded';
    perform ticketing.suspend_tickets(p_order_id, p_actor);
  end if;
  update ticketing.orders set version = version where id = p_order_id;
  perform jobs.enqueue('refunds.send', jsonb_build_object('refundId', v_refund));
  return jsonb_build_object('outcome', 'requested', 'refundId', v_refund, 'amountCents', v_amount);
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.reserve_batch(p_checkout_ids uuid[], p_tier_ids uuid[], p_user_ids uuid[], p_quantities integer[], p_replaces uuid[] DEFAULT NULL::uuid[], p_address_keys bigint[] DEFAULT NULL::bigint[], p_seen_cents bigint[] DEFAULT NULL::bigint[])
 RETURNS TABLE(checkout_id uuid, outcome text, expires_at timestamp with time zone, detail jsonb)
 LANGUAGE plpgsql
 SET search_path TO ''
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
#variable_conflict use_column
declare
  n constant int := cardinality(p_checkout_ids);
  v_tier constant uuid := p_tier_ids[1];
  v_tiers constant uuid[] := case when cardinality(p_tier_ids) = 1 then array_fill(v_tier, array[n]) else p_tier_ids end;
  v_now timestamptz; v_until timestamptz; r record;
  v_event uuid; v_keys bigint[]; v_ids uuid[]; -- made before the wait for the tier
  v_people int; v_checkouts int; v_wanted bigint; v_taken bigint;
  v_odd int[] := '{}'; -- lines that are not plain, by their place in the input
  v_lapsed boolean; -- whether any checkout of the event ever did
  v_over bigint[] := '{}'; -- addresses that would come beyond their share
  v_brief int[] := '{}'; v_soon timestamptz; -- guests' lines while the tier is hoarded
  v_person bigint; v_checkout bigint; -- a lone buyer's keys
  v_price jsonb; -- what one ticket costs whoever is granted here
begin
  if n = 0 then return; end if;
  if p_replaces is not null or (n > 1 and v_tiers <> array_fill(v_tier, array[n])) then
    return query select * from ticketing.decide_checkouts(p_checkout_ids, v_tiers, p_user_ids, p_quantities, p_replaces, p_address_keys, p_seen_cents);
    return;
  end if;

  -- What needs no lock is done beside whoever has it: the keys of step 2, and the holds' ids.
  if n > 1 then
    select t.event_id into v_event from ticketing.ticket_tiers t where t.id = v_tier;
    v_keys := array(
      select ticketing.person_key(v_event, u.usr) from unnest(p_user_ids) u(usr)
      union select ticketing.checkout_key(u.checkout) from unnest(p_checkout_ids) u(checkout) order by 1);
    v_ids := array(select public.uuid_v7() from generate_series(1, n));
  end if;

  -- 1. the tier; read in a statement of its own: after a wait the locked row is new, its event would be the one from before
  perform 1 from ticketing.ticket_tiers t where t.id = v_tier for no key update;
  select t.event_id, t.quantity - t.issued_quantity - t.reserved_quantity as free, t.min_per_order, least(t.max_per_order, e.max_per_person, m.payable) as most,
         ticketing.closed_reason(t, e, clock_timestamp()) as closed, ticketing.address_share(t.quantity) as share, t.hoarded_since is not null as hoarded, q.*
    into r
  from ticketing.ticket_tiers t
  join events.events e on e.id = t.event_id,
  lateral ticketing.quote_of(t.price_cents, e.fee_bps, e.fee_fixed_cents, e.fee_cap_cents, e.fee_paid_by, t.tax_rate_bps, e.tax_included) q,
  lateral (select 99999999 / nullif(q.total_cents, 0) as payable) m
  where t.id = v_tier;

  -- A lone buyer: the same steps for one line, without the sets.
  if n = 1 and r.closed is null and p_quantities[1] <= r.free then
    v_person := ticketing.person_key(r.event_id, p_user_ids[1]);
    v_checkout := ticketing.checkout_key(p_checkout_ids[1]);
    perform pg_advisory_xact_lock(least(v_person, v_checkout)), pg_advisory_xact_lock(greatest(v_person, v_checkout));
    v_now := clock_timestamp();
    if p_quantities[1] between r.min_per_order and r.most
      and not r.hoarded
      and not exists (select from ticketing.ticket_holds h where h.checkout_id = p_checkout_ids[1] limit 1)
      and not exists (select from ticketing.ticket_holds h where h.user_id = p_user_ids[1] and h.event_id is not distinct from r.event_id and h.status::text = 'active' limit 1)
      and not exists (select from ticketing.tickets k where k.owner_user_id = p_user_ids[1] and k.event_id is not distinct from r.event_id limit 1)
      and not exists (select from ticketing.hold_lapses l where l.user_id = p_user_ids[1] and l.event_id is not distinct from r.event_id limit 1)
      and (p_address_keys[1] is null
        or p_quantities[1] <= r.share and r.total_cents > 0
          and not exists (select from ticketing.ticket_holds h where h.address_key = p_address_keys[1] and h.status between 'active' and 'active' limit 1)
          and not exists (select from ticketing.hold_lapses l where l.address_key = p_address_keys[1] limit 1)
        or p_quantities[1] + ticketing.address_places(p_address_keys[1], v_tier)
          + case when r.total_cents = 0 then ticketing.unconfirmed_places(p_address_keys[1], v_tier, r.share) else 0 end <= r.share)
    then
      v_until := v_now + interval '15 minutes';
      insert into ticketing.ticket_holds (user_id, tier_id, quantity, expires_at, created_at, event_id, checkout_id, unit_face_cents, unit_fee_cents, unit_tax_cents, unit_total_cents, address_key)
      values (p_user_ids[1], v_tier, p_quantities[1], v_until, v_now, r.event_id, p_checkout_ids[1], r.face_cents, r.fee_cents, r.tax_cents, r.total_cents, p_address_keys[1]);
      update ticketing.ticket_tiers t set reserved_quantity = t.reserved_quantity + p_quantities[1] where t.id = v_tier;
      checkout_id := p_checkout_ids[1]; outcome := 'held'; expires_at := v_until; detail := jsonb_build_object('unitCents', r.total_cents);
      return next;
      return;
    end if;
    return query select * from ticketing.decide_checkouts(p_checkout_ids, v_tiers, p_user_ids, p_quantities, p_replaces, p_address_keys);
    return;
  end if;

  v_wanted := (select sum(qty) from unnest(p_quantities) qty);
  if r.event_id is distinct from v_event or r.event_id is null or r.closed is not null or v_wanted is null or v_wanted > r.free then
    return query select * from ticketing.decide_checkouts(p_checkout_ids, v_tiers, p_user_ids, p_quantities, p_replaces, p_address_keys);
    return;
  end if;

  -- 2. person-per-event keys and checkout keys, sorted together (see decide_checkouts, which may take them once more)
  perform pg_advisory_xact_lock(k.key) from unnest(v_keys) k(key);
  v_people := n;
  if cardinality(v_keys) < 2 * n then -- somebody comes twice
    select count(distinct u.usr), count(distinct u.checkout) into v_people, v_checkouts from unnest(p_user_ids, p_checkout_ids) u(usr, checkout);
    if v_checkouts < n then
      return query select * from ticketing.decide_checkouts(p_checkout_ids, v_tiers, p_user_ids, p_quantities, p_replaces, p_address_keys);
      return;
    end if;
  end if;
  v_now := clock_timestamp();

  -- 3. whoever is not plain; until the first checkout of an event lapses nobody is looked up among those whose did
  v_lapsed := exists (select from ticketing.hold_lapses l where l.event_id is not distinct from r.event_id limit 1);
  if p_address_keys is not null then
    -- whoever is the first at her address costs two looks into an index; only where somebody is already, places are summed
    v_over := array(
      select a.address from (select u.address, sum(u.qty) as wanted from unnest(p_address_keys, p_quantities) u(address, qty) where u.address is not null group by 1) a
      left join lateral (select true as some from ticketing.ticket_holds h where h.address_key = a.address and h.status between 'active' and 'active' limit 1) h on true
      left join lateral (select true as some from ticketing.hold_lapses l where l.address_key = a.address and v_lapsed limit 1) l on true
      where a.wanted > r.share or h.some or l.some or r.total_cents = 0);
    if cardinality(v_over) > 0 then
      v_over := array(
        select a.address from (select u.address, sum(u.qty) as wanted from unnest(p_address_keys, p_quantities) u(address, qty) where u.address = any (v_over) group by 1) a
        where a.wanted + ticketing.address_places(a.address, v_tier)
          + case when r.total_cents = 0 then ticketing.unconfirmed_places(a.address, v_tier, r.share) else 0 end > r.share);
    end if;
  end if;
  select coalesce(array_agg(distinct s.ord::int), '{}') into v_odd from (
    select u.ord from unnest(p_quantities) with ordinality u(qty, ord) where u.qty not between r.min_per_order and r.most
    union all
    select u.ord from unnest(p_address_keys) with ordinality u(address, ord) where u.address = any (v_over)
    union all
    -- one look into the index per line, fenced: over a table known as empty the planner would read it whole and join
    select u.ord from unnest(p_checkout_ids) with ordinality u(checkout, ord)
    cross join lateral (select from ticketing.ticket_holds h where h.checkout_id = u.checkout limit 1) x
    union all
    select u.ord from unnest(p_user_ids) with ordinality u(usr, ord)
    cross join lateral (select from ticketing.ticket_holds h where h.user_id = u.usr and h.event_id is not distinct from r.event_id and h.status::text = 'active' limit 1) x
    union all
    select u.ord from unnest(p_user_ids) with ordinality u(usr, ord)
    cross join lateral (select from ticketing.tickets k where k.owner_user_id = u.usr and k.event_id is not distinct from r.event_id limit 1) x
    union all
    select u.ord from unnest(p_user_ids) with ordinality u(usr, ord)
    cross join lateral (select from ticketing.hold_lapses l where l.user_id = u.usr and l.event_id is not distinct from r.event_id limit 1) x
    where v_lapsed
    union all
    select u.ord from (select ord, count(*) over (partition by usr) as times from unnest(p_user_ids) with ordinality x(usr, ord)) u where v_people < n and u.times > 1
  ) s;

  -- 4. write: the plain ones' holds, and their tier once
  v_until := v_now + interval '15 minutes'; v_soon := v_now + interval '5 minutes';
  v_price := jsonb_build_object('unitCents', r.total_cents);
  if r.hoarded then
    v_brief := array(select u.ord from unnest(p_user_ids) with ordinality u(usr, ord) where (select a.is_anonymous from auth.users a where a.id = u.usr));
  end if;
  if cardinality(v_odd) < n then
    insert into ticketing.ticket_holds (id, user_id, tier_id, quantity, expires_at, created_at, event_id, checkout_id, unit_face_cents, unit_fee_cents, unit_tax_cents, unit_total_cents, address_key)
    select u.id, u.usr, v_tier, u.qty, case when u.ord = any (v_brief) then v_soon else v_until end, v_now, r.event_id, u.checkout, r.face_cents, r.fee_cents, r.tax_cents, r.total_cents, u.address
    from unnest(v_ids, p_user_ids, p_quantities, p_checkout_ids, p_address_keys) with ordinality u(id, usr, qty, checkout, address, ord)
    where not (u.ord = any (v_odd));
    v_taken := v_wanted - (select coalesce(sum(p_quantities[o]), 0) from unnest(v_odd) o);
    update ticketing.ticket_tiers t set reserved_quantity = t.reserved_quantity + v_taken where t.id = v_tier;
  end if;
  if cardinality(v_odd) = 0 then
    return query select u.checkout, 'held'::text, case when u.ord = any (v_brief) then v_soon else v_until end, v_price
                 from unnest(p_checkout_ids) with ordinality u(checkout, ord) order by u.ord;
    return;
  end if;

  -- 5. the others, one by one; there is enough for each of them too, so it does not matter that they come last
  return query
    select u.checkout, coalesce(d.outcome, 'held'), case when d.outcome is not null then d.expires_at when u.ord = any (v_brief) then v_soon else v_until end, coalesce(d.detail, v_price)
    from unnest(p_checkout_ids) with ordinality u(checkout, ord)
    left join (
      select v_odd[x.ord] as ord, x.outcome, x.expires_at, x.detail
      from ticketing.decide_checkouts(
        array(select p_checkout_ids[o] from unnest(v_odd) o), array_fill(v_tier, array[cardinality(v_odd)]),
        array(select p_user_ids[o] from unnest(v_odd) o), array(select p_quantities[o] from unnest(v_odd) o),
        p_address_keys => case when p_address_keys is not null then array(select p_address_keys[o] from unnest(v_odd) o) end) with ordinality x(checkout_id, outcome, expires_at, detail, ord)
    ) d on d.ord = u.ord
    order by u.ord;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.reserve_refusals(p_tier_id uuid, p_checkout_ids uuid[], p_user_ids uuid[], p_quantities integer[])
 RETURNS TABLE(outcome text, detail jsonb)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
declare
  r record; v_next timestamptz; v_outcome text; v_detail jsonb;
begin
  select t.event_id, t.quantity - t.issued_quantity as kept, t.quantity - t.issued_quantity - t.reserved_quantity as free,
         t.min_per_order, least(t.max_per_order, e.max_per_person) as most, ticketing.closed_reason(t, e, clock_timestamp()) as closed
    into r
  from ticketing.ticket_tiers t join events.events e on e.id = t.event_id where t.id = p_tier_id;
  v_next := (select min(h.expires_at) from ticketing.ticket_holds h where h.tier_id = p_tier_id and h.status = 'active');
  if r.event_id is not null and r.closed is null and r.free = 0 and (v_next is null or v_next > clock_timestamp()) then
    v_outcome := case when r.kept = 0 then 'sold_out' else 'all_in_checkout' end;
    v_detail := jsonb_strip_nulls(jsonb_build_object('tierId', p_tier_id, 'free', 0, 'nextReleaseAt', (extract(epoch from v_next) * 1000)::bigint));
  end if;
  return query
    select case when p.plain then v_outcome end, case when p.plain then v_detail end
    from unnest(p_checkout_ids, p_user_ids, p_quantities) with ordinality u(checkout, usr, qty, ord)
    cross join lateral (select v_outcome is not null and u.qty between r.min_per_order and r.most
      and not exists (select from ticketing.ticket_holds h where h.checkout_id = u.checkout limit 1)
      and not exists (select from ticketing.ticket_holds h where h.user_id = u.usr and h.event_id is not distinct from r.event_id and h.status::text = 'active' limit 1)
      and not exists (select from ticketing.tickets k where k.owner_user_id = u.usr and k.event_id is not distinct from r.event_id limit 1)
      and not exists (select from ticketing.hold_lapses l where l.user_id = u.usr and l.event_id is not distinct from r.event_id limit 1) as plain) p
    order by u.ord;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.sale_minutes(p_status public.order_status, p_paid_at timestamp with time zone, p_created_at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case when p_status in ('paid', 'refunded') then ticketing.five_minutes(coalesce(p_paid_at, p_created_at)) end
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.sale_width(p_width text, p_at timestamp with time zone, p_zone text)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select case p_width
    when 'minutes' then p_at
    when 'hour' then date_trunc('hour', p_at at time zone p_zone) at time zone p_zone
    else date_bin('6 hours', p_at at time zone p_zone, timestamp '2000-01-01') at time zone p_zone end
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.settle_refund(p_refund_id uuid, p_succeeded boolean, p_provider_refund_id text, p_failure text DEFAULT NULL::text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_refund ticketing.refunds; v_order ticketing.orders; v_tickets uuid[]; v_kept boolean; v_outcome text;
begin
  select o.* into v_order from ticketing.orders o where o.id = (select r.order_id from ticketing.refunds r where r.id = p_refund_id) for update;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  select * into v_refund from ticketing.refunds where id = p_refund_id;
  v_outcome := case
    when v_refund.status = 'pending' and p_succeeded then 'succeeded'
    when v_refund.status = 'pending' then 'failed'
    when v_refund.status = 'succeeded' and not p_succeeded then 'taken_back'
    else 'settled' end;
  if v_outcome = 'settled' then return jsonb_build_object('outcome', v_outcome, 'status', v_refund.status); end if;

  if v_outcome = 'succeeded' then
    v_tickets := case
      when v_order.refunded_cents + v_refund.amount_cents + case when v_order.dispute_state = 'lost' then v_order.disputed_cents else 0 end
           >= coalesce(v_order.captured_cents, v_order.total_cents)
        then array(select k.id from ticketing.tickets k where k.order_id = v_order.id and k.status <> 'refunded' order by k.id)
      else array(select x.ticket_id from ticketing.refund_tickets x where x.refund_id = p_refund_id order by x.ticket_id) end;
    if cardinality(v_tickets) > 0 then
      perform ticketing.void_tickets(v_tickets, v_refund.initiated_by);
      insert into ticketing.refund_tickets (refund_id, ticket_id) select p_refund_id, unnest(v_tickets) on conflict do nothing;
    end if;
    update ticketing.refunds set status = 'succeeded', provider_refund_id = p_provider_refund_id, settled_at = clock_timestamp() where id = p_refund_id and status = 'pending';
    perform 1 from ticketing.tickets k where k.order_id = v_order.id and k.status <> 'refunded' limit 1;
    v_kept := found;
    update ticketing.orders o set refunded_cents = o.refunded_cents + v_refund.amount_cents,
      status = case when o.status = 'paid' and not v_kept then 'refunded' else o.status end
    where o.id = v_order.id;
  elsif v_outcome = 'failed' then
    update ticketing.refunds set status = 'failed', provider_refund_id = p_provider_refund_id, failure = p_failure, settled_at = clock_timestamp() where id = p_refund_id and status = 'pending';
    update ticketing.orders o
    set due_back_cents = case when v_refund.kind in ('late_payment', 'amount_mismatch') then least(o.captured_cents, o.refunded_cents + v_refund.amount_cents) else o.due_back_cents end
    where o.id = v_order.id;
  else
    update ticketing.refunds set status = 'failed', failure = p_failure, taken_back_at = clock_timestamp() where id = p_refund_id and status = 'succeeded';
    update ticketing.orders o set due_back_cents = greatest(o.due_back_cents, o.refunded_cents), refunded_cents = o.refunded_cents - v_refund.amount_cents where o.id = v_order.id;
  end if;
  if v_kept is distinct from false then perform ticketing.suspend_tickets(v_order.id, v_refund.initiated_by); end if;
  return jsonb_build_object('outcome', v_outcome, 'orderId', v_order.id);
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.step_waiting_room(p_room_id uuid, p_least double precision DEFAULT 10)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  r ticketing.waiting_rooms;
  v_now timestamptz; v_here timestamptz;
  v_switch text; v_open int; v_later int; v_free bigint; v_left bigint; v_share int;
  v_elapsed double precision; v_rate double precision; v_measured boolean; v_outstanding int; v_turn_old boolean; v_most int;
  v_called int := 0; -- people whose turn it is from this step on
  v_passed int := 0; -- numbers of the line that were gone through: called, away, kept back
  v_count int; v_served int; v_changed boolean := false; v_because text;
begin
  select * into r from ticketing.waiting_rooms w where w.id = p_room_id and w.state <> 'closed' for no key update skip locked;
  if not found then return null; end if;
  v_now := clock_timestamp();
  v_elapsed := extract(epoch from v_now - r.stepped_at);
  if v_elapsed < 0.25 then return null; end if;
  v_here := v_now - interval '90 seconds';
  v_served := r.served;

  select e.waiting_room into v_switch from events.events e where e.id = r.event_id;
  select count(*) filter (where t.closed is null), count(*) filter (where t.closed in ('paused', 'not_yet')),
         coalesce(sum(greatest(0, t.quantity - t.issued_quantity - t.reserved_quantity)) filter (where t.closed is null), 0),
         coalesce(sum(t.quantity - t.issued_quantity) filter (where t.closed is null or t.closed in ('paused', 'not_yet')), 0),
         ticketing.address_share(least(2147483647, coalesce(sum(t.quantity) filter (where t.closed is null), 0))::int)
    into v_open, v_later, v_free, v_left, v_share
  from (select t.*, ticketing.closed_reason(t, e, v_now) as closed
        from ticketing.ticket_tiers t join events.events e on e.id = t.event_id where t.event_id = r.event_id) t;

  -- 1. nothing left to wait for: everybody may go at once
  v_because := case
    when v_switch = 'off' or (v_switch <> 'on' and r.state = 'gathering') then 'switched_off'
    when v_open + v_later = 0 then 'over'
    when v_left = 0 then 'sold_out'
    when v_switch = 'by_itself' and r.calm_since < v_now - interval '1 minute' then 'calm' end;
  if v_because is not null then
    update ticketing.waiting_rooms w
      set state = 'closed', closed_at = v_now, closed_because = v_because, stepped_at = v_now, version = w.version + 1
    where w.id = r.id;
    return 'closed';
  end if;

  -- 2. the draw, once: the order of SHA-256(seed, id of the spot)
  if r.state = 'gathering' then
    if v_open = 0 or r.paused_at is not null then
      update ticketing.waiting_rooms w set stepped_at = v_now where w.id = r.id;
      return 'gathering';
    end if;
    update ticketing.waiting_spots s set number = d.number
    from (select a.id, row_number() over (order by sha256(r.seed || uuid_send(a.id)), a.id) as number
          from ticketing.waiting_spots a where a.room_id = r.id and a.state = 'waiting') d
    where s.id = d.id;
    get diagnostics v_count = row_count;
    r.drawn := v_count; r.last_number := v_count; r.drawn_at := v_now;
    v_elapsed := 1; v_changed := true;
  end if;

  -- 3. turns that are over: she has places; she never came (kept for one more round); her minutes passed; nobody is left
  update ticketing.waiting_spots s set state = 'held', ended_at = v_now
  where s.room_id = r.id and s.state = 'admitted' and exists (
    select from ticketing.ticket_holds h
    where h.user_id = s.user_id and h.event_id = r.event_id and h.status in ('active', 'converted') and h.created_at >= s.admitted_at);
  get diagnostics v_count = row_count; v_changed := v_changed or v_count > 0;
  update ticketing.waiting_spots s
    set state = case when s.missed_at is null and s.seen_at < s.admitted_at then 'waiting' else 'lapsed' end,
        ended_at = case when s.missed_at is null and s.seen_at < s.admitted_at then null else v_now end,
        missed_at = coalesce(s.missed_at, v_now)
  where s.room_id = r.id and s.state = 'admitted' and s.admission_ends_at <= v_now;
  get diagnostics v_count = row_count; v_changed := v_changed or v_count > 0;
  -- kept back for her address (step 5) and away since: her turn counts as missed from here
  update ticketing.waiting_spots s set missed_at = v_now
  where s.room_id = r.id and s.state = 'waiting' and s.number <= r.served and s.missed_at is null and s.seen_at <= v_here;
  update ticketing.waiting_spots s set state = 'missed', ended_at = v_now
  where s.room_id = r.id and s.state = 'waiting' and s.number <= r.served
    and s.missed_at <= v_now - interval '5 minutes' and s.seen_at <= v_here;
  get diagnostics v_count = row_count; v_changed := v_changed or v_count > 0;
  update ticketing.waiting_spots s set state = 'left', ended_at = v_now
  where s.room_id = r.id and s.user_id is null and s.ended_at is null;
  get diagnostics v_count = row_count; v_changed := v_changed or v_count > 0;

  -- 4. how many may come
  select count(*), coalesce(bool_or(s.admitted_at <= v_now - interval '1 minute'), false) into v_outstanding, v_turn_old
  from ticketing.waiting_spots s where s.room_id = r.id and s.state = 'admitted';
  select count(*) filter (where s.state = 'held') / 60.0, coalesce(bool_or(s.admitted_at <= v_now - interval '1 minute'), false) or v_turn_old
    into v_rate, v_measured
  from ticketing.waiting_spots s
  where s.room_id = r.id and s.ended_at > v_now - interval '1 minute' and s.admitted_at is not null;
  v_rate := case when v_measured then v_rate + 1 else p_least end;
  -- Her admission lives its five minutes, whether she gave her hold back or her turn up: she may still take places by it.
  -- Who paid is done.
  select v_outstanding + count(*) into v_outstanding from ticketing.waiting_spots s
  where s.room_id = r.id and s.ended_at > v_now - interval '5 minutes' and s.state in ('held', 'left') and s.admission_ends_at > v_now
    and s.user_id is not null and not exists (
      select from ticketing.ticket_holds h
      where h.user_id = s.user_id and h.event_id = r.event_id and h.status in ('active', 'converted') and h.created_at >= s.admitted_at);
  r.credit := case when r.paused_at is not null then 0 else least(r.credit + v_rate * least(v_elapsed, 5), v_rate * 5) end;
  v_most := case when r.paused_at is not null or v_free = 0 then 0
                 else greatest(0, least(floor(r.credit)::bigint, greatest(1, floor(1.5 * v_free)::bigint) - v_outstanding)) end;

  -- 5. call them in the order of their numbers: first those who were passed before and may come now, then the next. Passed, and
  -- kept, is who is away, and who has too many neighbours with a turn.
  if v_most > 0 then
    with line as (
      select a.id, a.number, a.address_key, true as is_here from ticketing.waiting_spots a
      where a.room_id = r.id and a.state = 'waiting' and a.number <= r.served and a.seen_at > v_here and a.user_id is not null
      union all
      (select a.id, a.number, a.address_key, a.seen_at > v_here from ticketing.waiting_spots a
       where a.room_id = r.id and a.state = 'waiting' and a.number > r.served order by a.number limit 2 * v_most + 1000)
    ), addresses as (
      select k.address_key, v_share + t.paid - t.running as turns
      from (select distinct l.address_key from line l where l.address_key is not null and l.is_here) k
      cross join lateral (
        select count(*) filter (where b.paid) as paid, count(*) filter (where not b.bought) as running
        from ticketing.waiting_spots s
        -- free tickets lose their address once their mailbox is confirmed (complete_orders_batch); until then they are no purchase
        cross join lateral (
          select coalesce(bool_or(h.unit_total_cents > 0 and h.address_key is not null), false) as paid, -- and not paid back
                 coalesce(bool_or(h.unit_total_cents > 0 or h.address_key is null), false) as bought
          from ticketing.ticket_holds h
          where h.user_id = s.user_id and h.event_id = r.event_id and h.status = 'converted' and h.created_at >= s.admitted_at) b
        where s.room_id = r.id and s.address_key = k.address_key and s.admitted_at > v_now - interval '15 minutes') t
    ), ranked as (
      select l.*, l.is_here and (
               l.address_key is null
               or row_number() over (partition by l.address_key, l.is_here order by l.number) <= n.turns) as may_come
      from line l
      left join addresses n on n.address_key = l.address_key
    ), ahead as (
      select k.*, count(*) filter (where k.may_come) over (order by k.number) as nth from ranked k
    ), called as (
      -- those behind the last one called are not passed
      select * from ahead where nth < v_most or (nth = v_most and may_come)
    ), moved as (
      update ticketing.waiting_spots s
        set state = case when c.is_here then 'admitted' else 'waiting' end,
            admitted_at = case when c.is_here then v_now end,
            admission_ends_at = case when c.is_here then v_now + interval '5 minutes' end,
            missed_at = case when c.is_here then s.missed_at else v_now end
      from called c where s.id = c.id and (c.may_come or not c.is_here)
    )
    select greatest(r.served, max(c.number)), count(*) filter (where c.number > r.served), count(*) filter (where c.may_come)
      into v_served, v_passed, v_called from called c;
    -- who left behind the last one called is not waited for
    if not exists (select from ticketing.waiting_spots s where s.room_id = r.id and s.state = 'waiting' and s.number > v_served) then
      v_served := r.last_number;
    end if;
    r.credit := r.credit - v_called;
    v_changed := v_changed or v_passed + v_called > 0;
  end if;

  -- 6. what everybody is told
  select count(*) into v_count from ticketing.waiting_spots s where s.room_id = r.id and s.state = 'waiting';
  r.pace := case when r.pace is null then nullif(v_passed / v_elapsed, 0)
                 else r.pace + (v_passed / v_elapsed - r.pace) * (1 - exp(-v_elapsed / 60)) end;
  v_changed := v_changed or v_served <> r.served or v_count <> r.waiting or (v_count > 0 and r.told_at < v_now - interval '5 seconds');
  update ticketing.waiting_rooms w
    set state = 'open', drawn_at = r.drawn_at, drawn = r.drawn, last_number = r.last_number, served = v_served, waiting = v_count,
        credit = r.credit, pace = r.pace, stepped_at = v_now,
        calm_since = case when v_count = 0 and v_outstanding + v_called = 0 then coalesce(w.calm_since, v_now) end,
        told_at = case when v_changed then v_now else w.told_at end,
        version = w.version + v_changed::int
  where w.id = r.id;
  return case when v_changed then 'moved' else 'still' end;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.suspend_tickets(p_order_id uuid, p_actor uuid DEFAULT NULL::uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_all text;
begin
  perform 1 from ticketing.tickets where order_id = p_order_id order by id for update;
  select case when ticketing.dispute_suspends(o.dispute_state, o.disputed_cents, o.refunded_cents, p.paid) then 'dispute'
              when r.pending > 0 and o.refunded_cents + r.pending + case when o.dispute_state = 'lost' then o.disputed_cents else 0 end >= p.paid then 'refund' end
    into v_all
  from ticketing.orders o
  cross join lateral (select coalesce(o.captured_cents, o.total_cents) as paid) p
  cross join lateral (select coalesce(sum(f.amount_cents), 0) as pending from ticketing.refunds f where f.order_id = o.id and f.status = 'pending') r
  where o.id = p_order_id;
  with meant as (
    select k.id, coalesce(v_all, case when exists (
             select from ticketing.refund_tickets x join ticketing.refunds f on f.id = x.refund_id where x.ticket_id = k.id and f.status = 'pending') then 'refund' end) as reason
    from ticketing.tickets k where k.order_id = p_order_id and k.status <> 'refunded'
  ), changed as (
    update ticketing.tickets k set suspended_reason = m.reason from meant m
    where k.id = m.id and k.suspended_reason is distinct from m.reason returning k.id, k.suspended_reason
  )
  insert into ticketing.ticket_events (ticket_id, kind, actor_user_id, detail)
  select c.id, case when c.suspended_reason is null then 'unsuspended' else 'suspended' end, p_actor, jsonb_strip_nulls(jsonb_build_object('reason', c.suspended_reason)) from changed c;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.tell_holds()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_count int; v_rows text;
begin
  select count(*), string_agg(s.row, ',') into v_count, v_rows from (
    select '{"user_id":"' || c.user_id || '","checkout_id":"' || c.checkout_id || '"}' as row from changed c limit 5001) s;
  if v_count > 0 then
    perform pg_logical_emit_message(true, 'liventix_feed',
      '{"t":"ticketing.ticket_holds","c":"' || lower(tg_op) || '","r":' || case when v_count > 5000 then 'null' else '[' || v_rows || ']' end || '}');
  end if;
  return null;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.unconfirmed_places(p_address_key bigint, p_tier_id uuid, p_share integer)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(sum(h.quantity), 0)::int from ticketing.ticket_holds h
  where h.address_key = p_address_key and h.status between 'converted' and 'converted' and h.ended_at > clock_timestamp() - interval '1 hour'
    and h.tier_id is not distinct from p_tier_id and h.unit_total_cents = 0
    and (h.quantity > p_share or h.ended_at > clock_timestamp() - interval '10 minutes')
$function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.undo_redeem(p_ticket_id uuid, p_event_id uuid, p_actor uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_ticket ticketing.tickets;
begin
  perform 1 from ticketing.event_counters c where c.event_id = p_event_id for update;
  update ticketing.tickets k set status = coalesce(k.status_before_redeem, 'issued'), redeemed_at = null, redeemed_by = null, gate = null, status_before_redeem = null
  where k.id = p_ticket_id and k.event_id is not distinct from p_event_id and k.status = 'redeemed' returning k.* into v_ticket;
  if not found then return jsonb_build_object('outcome', 'not_redeemed'); end if;
  insert into ticketing.ticket_events (ticket_id, kind, to_user_id, actor_user_id) values (v_ticket.id, 'undone', v_ticket.owner_user_id, p_actor);
  insert into analytics.scan_logs (event_id, ticket_id, outcome, scanned_by) values (p_event_id, v_ticket.id, 'undone', p_actor);
  update ticketing.event_counters set version = version + 1 where event_id = p_event_id;
  return jsonb_build_object('outcome', 'undone');
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.void_tickets(p_ticket_ids uuid[], p_actor uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_count int;
begin
  perform 1 from ticketing.ticket_tiers where id = any (array(select tier_id from ticketing.tickets where id = any (p_ticket_ids))) order by id for no key update;
  update ticketing.ticket_holds h set address_key = null where h.id in (
    select p.id from ticketing.tickets k join ticketing.orders o on o.id = k.order_id
      join ticketing.ticket_holds p on p.checkout_id = o.checkout_id and p.tier_id = k.tier_id
    where k.id = any (p_ticket_ids) and p.status = 'converted' and p.unit_total_cents > 0 and p.address_key is not null
    order by p.id for update of p);
  update ticketing.event_counters set version = version + 1 where event_id = any (array(select event_id from ticketing.tickets where id = any (p_ticket_ids)));
  perform 1 from ticketing.tickets where id = any (p_ticket_ids) order by id for update;
  with ended as (
    update ticketing.tickets set status = 'refunded', suspended_reason = null, refunded_at = clock_timestamp(), redeemed_at = null
    where id = any (p_ticket_ids) and status <> 'refunded' returning id, tier_id, event_id, owner_user_id
  ), noted as (
    insert into ticketing.ticket_events (ticket_id, kind, from_user_id, actor_user_id) select id, 'refunded', owner_user_id, p_actor from ended
  ), lowered as (
    update ticketing.ticket_tiers t
      set issued_quantity = t.issued_quantity - s.n,
          quantity = t.quantity - case when (select e.resell_refunded from events.events e where e.id = t.event_id) then 0 else s.n end
    from (select tier_id, count(*)::int as n from ended group by 1) s where t.id = s.tier_id returning s.n
  )
  select coalesce(sum(n), 0) into v_count from lowered;
  return v_count;
end $function$
-- owner liventix_owner
CREATE OR REPLACE FUNCTION ticketing.watch_hoarding()
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 SET search_path TO ''
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
begin
  return query
  with seen as materialized (
    select t.id, t.hoarded_since is not null as noted, t.quantity, i.idle
    from ticketing.ticket_tiers t
    cross join lateral (
      select coalesce(sum(h.quantity), 0)::int as idle
      from ticketing.ticket_holds h join auth.users u on u.id = h.user_id and u.is_anonymous
      where h.tier_id = t.id and h.status = 'active' and h.expires_at > clock_timestamp()
        and not exists (select from ticketing.orders o where o.checkout_id = h.checkout_id
                          and (o.captured_at is not null or o.payment_state in ('processing', 'succeeded')))) i
    where t.hoarded_since is not null or (t.reserved_quantity >= 20 and t.reserved_quantity * 5 >= t.quantity)
  ), turned as materialized (
    select t.id from ticketing.ticket_tiers t join seen s on s.id = t.id
    where case when s.noted then s.idle < 20 or s.idle * 10 < s.quantity else s.idle >= 20 and s.idle * 5 >= s.quantity end
    order by t.id for no key update of t skip locked
  )
  update ticketing.ticket_tiers t set hoarded_since = case when t.hoarded_since is null then clock_timestamp() end
  from turned where t.id = turned.id
  returning t.event_id;
end $function$

-- views
view ticketing.event_health owner liventix_owner with (security_invoker=true)
  event_id uuid
  title text
  tiers_drifted integer
  broken_capacity integer
  lapsed_holds integer
  lapsed_places integer
  stale_pending_orders integer
  paid_orders_without_tickets integer
  tickets_without_paid_order integer
  stuck_refunds integer
  like_drift integer
  comment_drift integer
  refunds_owed integer
  open_disputes integer
  score integer
  findings jsonb
  checked_at timestamp with time zone
view ticketing.event_readiness owner liventix_owner with (security_invoker=true)
  event_id uuid
  has_title boolean
  has_description boolean
  has_start boolean
  has_end boolean
  has_place boolean
  has_city boolean
  has_poster boolean
  has_tier boolean
  has_prices boolean
  has_sales_window boolean
  has_refund_policy boolean
  passed integer
  total integer
  ready boolean
view ticketing.event_violations owner liventix_owner with (security_invoker=true)
  event_id uuid
  code text
  rule text
  id uuid

-- triggers
CREATE TRIGGER tell_change AFTER UPDATE OF password ON auth.accounts FOR EACH ROW WHEN (((old.password IS NOT NULL) AND (old.password IS DISTINCT FROM new.password))) EXECUTE FUNCTION access.tell_change('password_changed')
CREATE TRIGGER tell_set AFTER INSERT ON auth.accounts FOR EACH ROW WHEN ((new.password IS NOT NULL)) EXECUTE FUNCTION access.tell_change('password_set')
CREATE TRIGGER keep_two_factor AFTER INSERT OR DELETE ON auth.passkeys FOR EACH ROW EXECUTE FUNCTION auth.keep_two_factor()
CREATE TRIGGER tell_added AFTER INSERT ON auth.passkeys FOR EACH ROW EXECUTE FUNCTION access.tell_change('factor_added')
CREATE TRIGGER tell_removed AFTER DELETE ON auth.passkeys FOR EACH ROW EXECUTE FUNCTION access.tell_change('factor_removed')
CREATE TRIGGER tell_renewed AFTER DELETE ON auth.recovery_codes FOR EACH ROW EXECUTE FUNCTION access.tell_change('codes_renewed')
CREATE TRIGGER tell_used AFTER UPDATE OF used_at ON auth.recovery_codes FOR EACH ROW WHEN (((old.used_at IS NULL) AND (new.used_at IS NOT NULL))) EXECUTE FUNCTION access.tell_change('recovery_code_used')
CREATE TRIGGER keep_two_factor AFTER INSERT OR DELETE OR UPDATE ON auth.two_factors FOR EACH ROW EXECUTE FUNCTION auth.keep_two_factor()
CREATE TRIGGER tell_added AFTER UPDATE OF verified ON auth.two_factors FOR EACH ROW WHEN ((new.verified AND (NOT old.verified))) EXECUTE FUNCTION access.tell_change('factor_added')
CREATE TRIGGER tell_removed AFTER DELETE ON auth.two_factors FOR EACH ROW WHEN (old.verified) EXECUTE FUNCTION access.tell_change('factor_removed')
CREATE TRIGGER end_reset_links AFTER UPDATE OF email ON auth.users FOR EACH ROW WHEN ((old.email IS DISTINCT FROM new.email)) EXECUTE FUNCTION auth.end_reset_links()
CREATE TRIGGER tell_erased AFTER UPDATE OF deleted_at ON auth.users FOR EACH ROW WHEN (((old.deleted_at IS NULL) AND (new.deleted_at IS NOT NULL))) EXECUTE FUNCTION access.tell_change('account_deleted')
CREATE TRIGGER tell_left AFTER UPDATE OF email ON auth.users FOR EACH ROW WHEN (((old.email IS DISTINCT FROM new.email) AND (new.deleted_at IS NULL))) EXECUTE FUNCTION access.tell_change('address_left')
CREATE TRIGGER tell_taken AFTER UPDATE OF email ON auth.users FOR EACH ROW WHEN (((old.email IS DISTINCT FROM new.email) AND (new.deleted_at IS NULL))) EXECUTE FUNCTION access.tell_change('address_taken')
CREATE TRIGGER touch BEFORE UPDATE ON auth.users FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at()
CREATE TRIGGER require_living_person BEFORE INSERT OR UPDATE OF user_id, mailbox ON events.event_alerts FOR EACH ROW EXECUTE FUNCTION access.require_living_person('user_id')
CREATE TRIGGER derive_times BEFORE INSERT OR UPDATE ON events.events FOR EACH ROW EXECUTE FUNCTION events.derive_times()
CREATE TRIGGER guard_event BEFORE UPDATE OF status, currency, deleted_at ON events.events FOR EACH ROW WHEN (((new.currency <> old.currency) OR ((new.deleted_at IS NOT NULL) AND (old.deleted_at IS NULL)) OR ((new.status = 'draft'::public.event_status) AND (old.status <> 'draft'::public.event_status)))) EXECUTE FUNCTION ticketing.guard_event()
CREATE TRIGGER log_transition AFTER UPDATE OF status ON events.events FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION ticketing.log_transition('event')
CREATE TRIGGER raise_edition BEFORE UPDATE OF title, summary, description, visibility, category, start_local, end_local, doors_local, start_at, end_at, doors_at, time_zone, venue, address, city, online_url, access_info, line_up, min_age, refund_policy, refund_keeps_fees, availability_display, max_per_person, currency, tax_included, resell_refunded, posts_by_verified, waiting_room, fee_bps, fee_fixed_cents, fee_cap_cents, fee_paid_by ON events.events FOR EACH ROW EXECUTE FUNCTION public.raise_edition()
CREATE TRIGGER recut_sales AFTER UPDATE OF time_zone ON events.events FOR EACH ROW WHEN ((old.time_zone IS DISTINCT FROM new.time_zone)) EXECUTE FUNCTION ticketing.recut_sales()
CREATE TRIGGER require_living_host BEFORE INSERT OR UPDATE OF status, owner_context_type, owner_context_id ON events.events FOR EACH ROW WHEN (((new.owner_context_type = 'user'::public.owner_context) AND (new.status = ANY (ARRAY['draft'::public.event_status, 'published'::public.event_status])))) EXECUTE FUNCTION events.require_living_host()
CREATE TRIGGER require_living_person BEFORE INSERT ON events.saved_events FOR EACH ROW EXECUTE FUNCTION access.require_living_person('user_id')
CREATE TRIGGER require_living_person BEFORE INSERT OR UPDATE OF invited_by ON organizations.org_invitations FOR EACH ROW EXECUTE FUNCTION access.require_living_person('invited_by')
CREATE TRIGGER require_living_person BEFORE INSERT OR UPDATE OF user_id, role ON organizations.org_memberships FOR EACH ROW EXECUTE FUNCTION access.require_living_person('user_id')
CREATE TRIGGER touch BEFORE UPDATE ON organizations.org_memberships FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at()
CREATE TRIGGER raise_edition BEFORE UPDATE OF name, city, description, palette, fee_bps, fee_fixed_cents, fee_cap_cents, fee_paid_by, contact_user_id ON organizations.organizations FOR EACH ROW EXECUTE FUNCTION public.raise_edition()
CREATE TRIGGER touch BEFORE UPDATE ON organizations.organizations FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at()
CREATE TRIGGER touch BEFORE UPDATE ON public.profiles FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at()
CREATE TRIGGER keep_post BEFORE UPDATE ON social.event_posts FOR EACH ROW EXECUTE FUNCTION social.keep_post()
CREATE CONSTRAINT TRIGGER raise_feed AFTER INSERT OR DELETE OR UPDATE ON social.event_posts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION social.raise_feed()
CREATE TRIGGER require_living_person BEFORE INSERT ON social.event_posts FOR EACH ROW EXECUTE FUNCTION access.require_living_person('author_user_id')
CREATE TRIGGER keep_counts AFTER INSERT OR DELETE OR UPDATE ON social.event_reactions FOR EACH ROW EXECUTE FUNCTION social.keep_counts()
CREATE TRIGGER require_living_person BEFORE INSERT ON social.event_reactions FOR EACH ROW EXECUTE FUNCTION access.require_living_person('user_id')
CREATE TRIGGER require_living_person BEFORE INSERT ON social.follows FOR EACH ROW EXECUTE FUNCTION access.require_living_person('user_id')
CREATE TRIGGER require_living_person BEFORE INSERT ON social.post_reports FOR EACH ROW EXECUTE FUNCTION access.require_living_person('reporter_user_id')
CREATE TRIGGER log_transition AFTER UPDATE OF status ON ticketing.disputes FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION ticketing.log_transition('dispute')
CREATE TRIGGER touch BEFORE UPDATE ON ticketing.disputes FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at()
CREATE TRIGGER keep_order BEFORE UPDATE ON ticketing.orders FOR EACH ROW EXECUTE FUNCTION ticketing.keep_order()
CREATE TRIGGER log_transition AFTER UPDATE OF status ON ticketing.orders FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION ticketing.log_transition('order')
CREATE TRIGGER note_delete AFTER DELETE ON ticketing.orders REFERENCING OLD TABLE AS changed_old FOR EACH STATEMENT EXECUTE FUNCTION access.note_orders()
CREATE TRIGGER note_insert AFTER INSERT ON ticketing.orders REFERENCING NEW TABLE AS changed_new FOR EACH STATEMENT EXECUTE FUNCTION access.note_orders()
CREATE TRIGGER note_update AFTER UPDATE ON ticketing.orders REFERENCING OLD TABLE AS changed_old NEW TABLE AS changed_new FOR EACH STATEMENT EXECUTE FUNCTION access.note_orders()
CREATE TRIGGER fill_refund BEFORE INSERT ON ticketing.refunds FOR EACH ROW WHEN ((new.event_id IS NULL)) EXECUTE FUNCTION ticketing.fill_refund()
CREATE TRIGGER log_transition AFTER UPDATE OF status ON ticketing.refunds FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION ticketing.log_transition('refund')
CREATE TRIGGER touch BEFORE UPDATE ON ticketing.refunds FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at()
CREATE TRIGGER fill_hold BEFORE INSERT ON ticketing.ticket_holds FOR EACH ROW WHEN ((new.event_id IS NULL)) EXECUTE FUNCTION ticketing.fill_hold()
CREATE TRIGGER guard_hold BEFORE UPDATE OF status ON ticketing.ticket_holds FOR EACH ROW WHEN (((old.status <> 'active'::public.hold_status) AND (new.status IS DISTINCT FROM old.status))) EXECUTE FUNCTION ticketing.guard_hold()
CREATE TRIGGER keep_hold BEFORE UPDATE ON ticketing.ticket_holds FOR EACH ROW EXECUTE FUNCTION ticketing.keep_hold()
CREATE TRIGGER tell_delete AFTER DELETE ON ticketing.ticket_holds REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ticketing.tell_holds()
CREATE TRIGGER tell_insert AFTER INSERT ON ticketing.ticket_holds REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ticketing.tell_holds()
CREATE TRIGGER tell_update AFTER UPDATE ON ticketing.ticket_holds REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ticketing.tell_holds()
CREATE TRIGGER keep_tier BEFORE INSERT OR UPDATE ON ticketing.ticket_tiers FOR EACH ROW EXECUTE FUNCTION ticketing.keep_tier()
CREATE TRIGGER raise_edition BEFORE UPDATE OF name, description, price_cents, quantity, sales_start, sales_end, min_per_order, max_per_order, tax_rate_bps ON ticketing.ticket_tiers FOR EACH ROW EXECUTE FUNCTION public.raise_edition()
CREATE TRIGGER log_transition AFTER UPDATE OF status ON ticketing.tickets FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION ticketing.log_transition('ticket')
CREATE TRIGGER note_delete AFTER DELETE ON ticketing.tickets REFERENCING OLD TABLE AS changed_old FOR EACH STATEMENT EXECUTE FUNCTION ticketing.note_tickets()
CREATE TRIGGER note_insert AFTER INSERT ON ticketing.tickets REFERENCING NEW TABLE AS changed_new FOR EACH STATEMENT EXECUTE FUNCTION ticketing.note_tickets()
CREATE TRIGGER note_update AFTER UPDATE ON ticketing.tickets REFERENCING OLD TABLE AS changed_old NEW TABLE AS changed_new FOR EACH STATEMENT EXECUTE FUNCTION ticketing.note_tickets()
CREATE TRIGGER touch BEFORE UPDATE ON ticketing.tickets FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at()

-- policies
analytics.event_metrics event_metrics_select: select to authenticated
  using access.may(event_id, 'totals'::text)
analytics.event_metrics event_metrics_service: all to service_role
  using true
  check true
analytics.page_views page_views_service: all to service_role
  using true
  check true
analytics.scan_logs scan_logs_select: select to authenticated
  using access.may(event_id, 'admit'::text)
analytics.scan_logs scan_logs_service: all to service_role
  using true
  check true
analytics.user_actions user_actions_service: all to service_role
  using true
  check true
auth.accounts accounts_auth: all to liventix_auth
  using true
  check true
auth.passkey_challenges passkey_challenges_auth: all to liventix_auth
  using true
  check true
auth.passkeys passkeys_auth: all to liventix_auth
  using true
  check true
auth.pending_moves pending_moves_auth: all to liventix_auth
  using true
  check true
auth.pending_moves pending_moves_service: all to service_role
  using true
  check true
auth.proof_tries proof_tries_auth: all to liventix_auth
  using true
  check true
auth.recovery_codes recovery_codes_auth: all to liventix_auth
  using true
  check true
auth.sessions sessions_auth: all to liventix_auth
  using true
  check true
auth.sessions sessions_service: all to service_role
  using true
  check true
auth.two_factors two_factors_auth: all to liventix_auth
  using true
  check true
auth.users users_auth: all to liventix_auth
  using true
  check true
auth.users users_service: all to service_role
  using true
  check true
auth.verifications verifications_auth: all to liventix_auth
  using true
  check true
events.event_alerts event_alerts_own: select to authenticated
  using (user_id = ( SELECT auth.uid() AS uid))
events.event_alerts event_alerts_service: all to service_role
  using true
  check true
events.events events_service: all to service_role
  using true
  check true
events.events events_visible_select: select to anon, authenticated
  using ((deleted_at IS NULL) AND (((status <> 'draft'::public.event_status) AND (visibility = ANY (ARRAY['public'::public.event_visibility, 'unlisted'::public.event_visibility]))) OR access.may_see_event(id)))
events.saved_events saved_events_own: all to authenticated
  using (user_id = ( SELECT auth.uid() AS uid))
  check ((user_id = ( SELECT auth.uid() AS uid)) AND access.may_see_event(event_id))
events.saved_events saved_events_service: all to service_role
  using true
  check true
jobs.tasks tasks_owner: select to liventix_owner
  using true
jobs.tasks tasks_service: all to service_role
  using true
  check true
jobs.workers workers_service: all to service_role
  using true
  check true
organizations.org_invitations invitations_select: select to authenticated
  using access.role_allows(access.org_role(org_id), 'team'::text)
organizations.org_invitations org_invitations_service: all to service_role
  using true
  check true
organizations.org_memberships members_select: select to authenticated
  using ((user_id = ( SELECT auth.uid() AS uid)) OR (access.org_role(org_id) IS NOT NULL))
organizations.org_memberships org_memberships_service: all to service_role
  using true
  check true
organizations.organizations organizations_public_select: select to anon, authenticated
  using (deleted_at IS NULL)
organizations.organizations organizations_service: all to service_role
  using true
  check true
organizations.role_notices role_notices_service: all to service_role
  using true
  check true
public.feed_beats feed_beats_service: all to service_role
  using true
  check true
public.profiles own_profile_select: select to authenticated
  using (id = ( SELECT auth.uid() AS uid))
public.profiles own_profile_update: update to authenticated
  using ((id = ( SELECT auth.uid() AS uid)) AND (deleted_at IS NULL))
  check (id = ( SELECT auth.uid() AS uid))
public.profiles profiles_service: all to service_role
  using true
  check true
public.restores restores_service: all to service_role
  using true
  check true
social.event_posts event_posts_select: select to anon, authenticated
  using ((deleted_at IS NULL) AND access.may_see_event(event_id) AND ((hidden_at IS NULL) OR (author_user_id = ( SELECT auth.uid() AS uid)) OR access.may(event_id, 'posts'::text)))
social.event_posts event_posts_service: all to service_role
  using true
  check true
social.event_reactions event_reactions_select: select to anon, authenticated
  using ((deleted_at IS NULL) AND ((kind = 'comment'::public.reaction_kind) OR (user_id = ( SELECT auth.uid() AS uid))) AND access.may_see_event(access.post_event(post_id)) AND ((hidden_at IS NULL) OR (user_id = ( SELECT auth.uid() AS uid)) OR access.may(access.post_event(post_id), 'posts'::text)))
social.event_reactions event_reactions_service: all to service_role
  using true
  check true
social.feed_counters feed_counters_service: all to service_role
  using true
  check true
social.follows follows_own: all to authenticated
  using (user_id = ( SELECT auth.uid() AS uid))
  check (user_id = ( SELECT auth.uid() AS uid))
social.follows follows_service: all to service_role
  using true
  check true
social.post_reports post_reports_service: all to service_role
  using true
  check true
social.uploads uploads_service: all to service_role
  using true
  check true
ticketing.disputes disputes_select: select to authenticated
  using access.may(event_id, 'orders'::text)
ticketing.disputes disputes_service: all to service_role
  using true
  check true
ticketing.erased_mailboxes erased_mailboxes_service: all to service_role
  using true
  check true
ticketing.event_changes event_changes_service: all to service_role
  using true
  check true
ticketing.event_counters event_counters_service: all to service_role
  using true
  check true
ticketing.event_sales event_sales_service: all to service_role
  using true
  check true
ticketing.event_totals event_totals_service: all to service_role
  using true
  check true
ticketing.hold_lapses hold_lapses_service: all to service_role
  using true
  check true
ticketing.hold_pressure hold_pressure_service: all to service_role
  using true
  check true
ticketing.order_items order_items_select: select to authenticated
  using (EXISTS ( SELECT
   FROM ticketing.orders o
  WHERE (o.id = order_items.order_id)))
ticketing.order_items order_items_service: all to service_role
  using true
  check true
ticketing.order_links order_links_service: all to service_role
  using true
  check true
ticketing.orders orders_insert_own_only: insert to authenticated
  check ((user_id = ( SELECT auth.uid() AS uid)) AND (status = 'pending'::public.order_status) AND (total_cents = 0) AND (subtotal_cents = 0) AND (fees_cents = 0) AND access.may_see_event(event_id))
ticketing.orders orders_service: all to service_role
  using true
  check true
ticketing.orders orders_update_service_role: update to service_role
  using true
  check true
ticketing.orders org_orders_select: select to authenticated
  using access.may(event_id, 'orders'::text)
ticketing.orders own_orders_select: select to authenticated
  using (user_id = ( SELECT auth.uid() AS uid))
ticketing.refund_tickets refund_tickets_service: all to service_role
  using true
  check true
ticketing.refunds refunds_select: select to authenticated
  using (EXISTS ( SELECT
   FROM ticketing.orders o
  WHERE (o.id = refunds.order_id)))
ticketing.refunds refunds_service: all to service_role
  using true
  check true
ticketing.state_log state_log_service: all to service_role
  using true
  check true
ticketing.ticket_events ticket_events_service: all to service_role
  using true
  check true
ticketing.ticket_holds own_holds_select: select to authenticated
  using (user_id = ( SELECT auth.uid() AS uid))
ticketing.ticket_holds ticket_holds_service: all to service_role
  using true
  check true
ticketing.ticket_tiers ticket_tiers_service: all to service_role
  using true
  check true
ticketing.ticket_tiers tiers_visible_select: select to anon, authenticated
  using ((deleted_at IS NULL) AND access.may_see_event(event_id))
ticketing.tickets org_tickets_select: select to authenticated
  using access.may(event_id, 'orders'::text)
ticketing.tickets own_tickets_select: select to authenticated
  using (owner_user_id = ( SELECT auth.uid() AS uid))
ticketing.tickets tickets_service: all to service_role
  using true
  check true
ticketing.waiting_rooms waiting_rooms_service: all to service_role
  using true
  check true
ticketing.waiting_rooms waiting_rooms_visible_select: select to anon, authenticated
  using access.may_see_event(event_id)
ticketing.waiting_spots waiting_spots_own: select to authenticated
  using (user_id = ( SELECT auth.uid() AS uid))
ticketing.waiting_spots waiting_spots_service: all to service_role
  using true
  check true
ticketing.webhook_events webhook_events_service: all to service_role
  using true
  check true

-- grants
schema access: usage to anon
schema access: usage to authenticated
schema access: usage to liventix_owner
schema analytics: usage to authenticated
schema analytics: usage to service_role
schema auth: usage to anon
schema auth: usage to authenticated
schema auth: usage to liventix_auth
schema auth: usage to service_role
schema events: usage to anon
schema events: usage to authenticated
schema events: usage to service_role
schema jobs: usage to service_role
schema organizations: usage to anon
schema organizations: usage to authenticated
schema organizations: usage to service_role
schema public: usage to anon
schema public: usage to authenticated
schema public: usage to liventix_auth
schema public: usage to public
schema public: usage to service_role
schema social: usage to anon
schema social: usage to authenticated
schema social: usage to service_role
schema ticketing: usage to anon
schema ticketing: usage to authenticated
schema ticketing: usage to service_role
analytics.event_metrics: delete, insert, select, update to service_role
analytics.event_metrics: select to authenticated
analytics.page_views: delete, insert, select, update to service_role
analytics.page_views_id_seq: usage to service_role
analytics.scan_logs: delete, insert, select, update to service_role
analytics.scan_logs: select to authenticated
analytics.user_actions: delete, insert, select, update to service_role
analytics.user_actions_id_seq: usage to service_role
auth.accounts: delete, insert, select, update to liventix_auth
auth.passkey_challenges: delete, insert, select, update to liventix_auth
auth.passkeys: delete, insert, select, update to liventix_auth
auth.pending_moves: delete, insert, select, update to liventix_auth
auth.pending_moves: delete, insert, select, update to service_role
auth.proof_tries: delete, insert, select, update to liventix_auth
auth.recovery_codes: delete, insert, select, update to liventix_auth
auth.sessions: delete, insert, select, update to liventix_auth
auth.sessions: delete, select to service_role
auth.two_factors: delete, insert, select, update to liventix_auth
auth.users: delete, insert, select, update to liventix_auth
auth.verifications: delete, insert, select, update to liventix_auth
events.event_alerts: delete, insert, select, update to service_role
events.event_alerts: select to authenticated
events.events: delete, insert, select, update to service_role
events.saved_events: delete, insert, select, update to service_role
events.saved_events: delete, select to authenticated
jobs.tasks: delete, insert, select, update to service_role
jobs.workers: delete, insert, select, update to service_role
organizations.org_invitations: delete, insert, select, update to service_role
organizations.org_memberships: delete, insert, select, update to service_role
organizations.org_memberships: select to authenticated
organizations.organizations: delete, insert, select, update to service_role
organizations.role_notices: delete, insert, select, update to service_role
public.feed_beats: delete, insert, select, update to service_role
public.profiles: delete, insert, select, update to service_role
public.profiles: select to authenticated
public.restores: delete, insert, select, update to service_role
public.schema_migrations: select to service_role
social.event_posts: delete, insert, select, update to service_role
social.event_reactions: delete, insert, select, update to service_role
social.feed_counters: delete, insert, select, update to service_role
social.follows: delete, insert, select, update to service_role
social.follows: delete, select to authenticated
social.post_reports: delete, insert, select, update to service_role
social.uploads: delete, insert, select, update to service_role
ticketing.disputes: delete, insert, select, update to service_role
ticketing.erased_mailboxes: delete, insert, select, update to service_role
ticketing.event_changes: delete, insert, select, update to service_role
ticketing.event_changes_id_seq: usage to service_role
ticketing.event_counters: delete, insert, select, update to service_role
ticketing.event_health: select to service_role
ticketing.event_readiness: select to service_role
ticketing.event_sales: delete, insert, select, update to service_role
ticketing.event_totals: delete, insert, select, update to service_role
ticketing.event_violations: select to service_role
ticketing.hold_lapses: delete, insert, select, update to service_role
ticketing.hold_pressure: delete, insert, select, update to service_role
ticketing.order_items: delete, insert, select, update to service_role
ticketing.order_items: select to authenticated
ticketing.order_links: delete, insert, select, update to service_role
ticketing.orders: delete, insert, select, update to service_role
ticketing.orders: select to authenticated
ticketing.refund_tickets: delete, insert, select, update to service_role
ticketing.refunds: delete, insert, select, update to service_role
ticketing.state_log: delete, insert, select, update to service_role
ticketing.state_log_id_seq: usage to service_role
ticketing.ticket_events: delete, insert, select, update to service_role
ticketing.ticket_holds: delete, insert, select, update to service_role
ticketing.ticket_holds: select to authenticated
ticketing.ticket_tiers: delete, insert, select, update to service_role
ticketing.tickets: delete, insert, select, update to service_role
ticketing.waiting_rooms: delete, insert, select, update to service_role
ticketing.waiting_spots: delete, insert, select, update to service_role
ticketing.webhook_events: delete, insert, select, update to service_role
auth.users (created_at, deleted_at, email, email_verified, id, image, is_anonymous, name, two_factor_enabled): select to service_role
events.events (access_info, address, availability_display, cancel_reason, cancelled_at, category, city, cover_image_url, created_at, currency, deleted_at, description, doors_at, doors_local, end_at, end_local, fee_bps, fee_cap_cents, fee_fixed_cents, fee_paid_by, id, line_up, max_per_person, min_age, owner_context_id, owner_context_type, poster, postponed_at, posts_by_verified, published_at, refund_keeps_fees, refund_policy, resell_refunded, sales_paused_at, search, slug, start_at, start_local, status, summary, tax_included, time_zone, title, venue, version, visibility, waiting_room): select to anon
events.events (access_info, address, availability_display, cancel_reason, cancelled_at, category, city, cover_image_url, created_at, currency, deleted_at, description, doors_at, doors_local, end_at, end_local, fee_bps, fee_cap_cents, fee_fixed_cents, fee_paid_by, id, line_up, max_per_person, min_age, owner_context_id, owner_context_type, poster, postponed_at, posts_by_verified, published_at, refund_keeps_fees, refund_policy, resell_refunded, sales_paused_at, search, slug, start_at, start_local, status, summary, tax_included, time_zone, title, venue, version, visibility, waiting_room): select to authenticated
events.saved_events (event_id, user_id): insert to authenticated
organizations.org_invitations (accepted_at, created_at, email, expires_at, id, org_id, role): select to authenticated
organizations.organizations (city, created_at, description, id, name, palette, slug): select to anon
organizations.organizations (city, created_at, description, id, name, palette, slug): select to authenticated
public.profiles (display_name, photo_url, settings): update to authenticated
social.event_posts (as_organization, author_user_id, comment_count, created_at, deleted_at, edited_at, event_id, hidden_at, hidden_reason, id, like_count, media_urls, pinned_at, text, version): select to anon
social.event_posts (as_organization, author_user_id, comment_count, created_at, deleted_at, edited_at, event_id, hidden_at, hidden_reason, id, like_count, media_urls, pinned_at, text, version): select to authenticated
social.event_reactions (created_at, deleted_at, edited_at, hidden_at, hidden_reason, id, kind, parent_id, post_id, text, user_id): select to anon
social.event_reactions (created_at, deleted_at, edited_at, hidden_at, hidden_reason, id, kind, parent_id, post_id, text, user_id): select to authenticated
social.follows (target_id, target_type, user_id): insert to authenticated
ticketing.disputes (amount_cents, closed_at, created_at, event_id, id, opened_at, order_id, reason, respond_by, status): select to authenticated
ticketing.orders (buyer_name, event_id, mailbox, user_id): insert to authenticated
ticketing.refunds (amount_cents, created_at, id, kind, order_id, reason, settled_at, status, taken_back_at): select to authenticated
ticketing.ticket_tiers (created_at, deleted_at, description, event_id, id, max_per_order, min_per_order, name, position, price_cents, sales_end, sales_start, tax_rate_bps): select to anon
ticketing.ticket_tiers (created_at, deleted_at, description, event_id, id, max_per_order, min_per_order, name, position, price_cents, sales_end, sales_start, tax_rate_bps): select to authenticated
ticketing.tickets (code, created_at, event_id, face_cents, fee_cents, gate, holder_name, id, order_id, owner_user_id, paid_cents, redeemed_at, refunded_at, rotation, sequence_number, status, suspended_reason, tax_cents, tier_id, updated_at): select to authenticated
ticketing.waiting_rooms (closed_at, closed_because, commitment, created_at, drawn, drawn_at, event_id, id, paused_at, served, state): select to anon
ticketing.waiting_rooms (closed_at, closed_because, commitment, created_at, drawn, drawn_at, event_id, id, paused_at, served, state): select to authenticated
ticketing.waiting_spots (admission_ends_at, admitted_at, arrived_at, ended_at, id, missed_at, number, room_id, state, user_id): select to authenticated
access.event_role(p_event_id uuid): execute to anon
access.event_role(p_event_id uuid): execute to authenticated
access.event_role(p_event_id uuid): execute to liventix_owner
access.has_ticket(p_event_id uuid): execute to anon
access.has_ticket(p_event_id uuid): execute to authenticated
access.has_ticket(p_event_id uuid): execute to liventix_owner
access.is_verified(): execute to anon
access.is_verified(): execute to authenticated
access.is_verified(): execute to liventix_owner
access.may(p_event_id uuid, p_permission text): execute to anon
access.may(p_event_id uuid, p_permission text): execute to authenticated
access.may(p_event_id uuid, p_permission text): execute to liventix_owner
access.may_post(p_event_id uuid): execute to anon
access.may_post(p_event_id uuid): execute to authenticated
access.may_post(p_event_id uuid): execute to liventix_owner
access.may_see_event(p_event_id uuid): execute to anon
access.may_see_event(p_event_id uuid): execute to authenticated
access.may_see_event(p_event_id uuid): execute to liventix_owner
access.newest_posts(p_most integer): execute to anon
access.newest_posts(p_most integer): execute to authenticated
access.newest_posts(p_most integer): execute to liventix_owner
access.note_orders(): execute to liventix_owner
access.online_url(p_event_id uuid): execute to anon
access.online_url(p_event_id uuid): execute to authenticated
access.online_url(p_event_id uuid): execute to liventix_owner
access.org_role(p_org_id uuid): execute to anon
access.org_role(p_org_id uuid): execute to authenticated
access.org_role(p_org_id uuid): execute to liventix_owner
access.post_event(p_post_id uuid): execute to anon
access.post_event(p_post_id uuid): execute to authenticated
access.post_event(p_post_id uuid): execute to liventix_owner
access.require_living_person(): execute to liventix_owner
access.role_allows(p_role public.org_role, p_permission text): execute to anon
access.role_allows(p_role public.org_role, p_permission text): execute to authenticated
access.role_allows(p_role public.org_role, p_permission text): execute to liventix_owner
access.tell_change(): execute to liventix_owner
auth.end_reset_links(): execute to anon
auth.end_reset_links(): execute to authenticated
auth.end_reset_links(): execute to liventix_auth
auth.end_reset_links(): execute to service_role
auth.keep_two_factor(): execute to anon
auth.keep_two_factor(): execute to authenticated
auth.keep_two_factor(): execute to liventix_auth
auth.keep_two_factor(): execute to service_role
auth.role(): execute to anon
auth.role(): execute to authenticated
auth.role(): execute to liventix_auth
auth.role(): execute to service_role
auth.uid(): execute to anon
auth.uid(): execute to authenticated
auth.uid(): execute to liventix_auth
auth.uid(): execute to service_role
events.derive_times(): execute to anon
events.derive_times(): execute to authenticated
events.derive_times(): execute to liventix_auth
events.derive_times(): execute to service_role
events.over_at(p_start timestamp with time zone, p_end timestamp with time zone): execute to anon
events.over_at(p_start timestamp with time zone, p_end timestamp with time zone): execute to authenticated
events.over_at(p_start timestamp with time zone, p_end timestamp with time zone): execute to liventix_auth
events.over_at(p_start timestamp with time zone, p_end timestamp with time zone): execute to service_role
events.require_living_host(): execute to anon
events.require_living_host(): execute to authenticated
events.require_living_host(): execute to liventix_auth
events.require_living_host(): execute to service_role
jobs.enqueue(p_task text, p_payload jsonb, p_run_at timestamp with time zone, p_job_key text, p_once boolean): execute to service_role
public.cleanup_expired_ticket_holds(p_event_id uuid, p_dry_run boolean, p_limit integer): execute to service_role
public.normal_mailbox(p text): execute to public
public.plain_text(p text): execute to public
public.short_code(p_length integer): execute to public
public.touch_updated_at(): execute to public
public.use_notify(p_on boolean): execute to service_role
public.uuid_v7(): execute to public
public.version_epoch(): execute to service_role
social.drop_upload(p_name text): execute to service_role
social.keep_counts(): execute to service_role
social.keep_post(): execute to service_role
social.keep_upload(p_user_id uuid, p_name text, p_bytes integer, p_quota_bytes bigint): execute to service_role
social.raise_feed(): execute to service_role
social.upload_shown(p_name text): execute to service_role
ticketing.address_places(p_address_key bigint, p_tier_id uuid): execute to service_role
ticketing.address_share(p_quantity integer): execute to service_role
ticketing.apply_dispute(p_order_id uuid, p_provider_dispute_id text, p_status text, p_amount_cents integer, p_reason text, p_opened_at timestamp with time zone, p_respond_by timestamp with time zone): execute to service_role
ticketing.begin_payment(p_order_id uuid, p_user_id uuid): execute to service_role
ticketing.cancel_lapsed_orders(p_event_id uuid, p_limit integer): execute to service_role
ticketing.checkout_key(p_checkout_id uuid): execute to service_role
ticketing.closed_reason(t ticketing.ticket_tiers, e events.events, p_now timestamp with time zone): execute to anon
ticketing.closed_reason(t ticketing.ticket_tiers, e events.events, p_now timestamp with time zone): execute to authenticated
ticketing.closed_reason(t ticketing.ticket_tiers, e events.events, p_now timestamp with time zone): execute to service_role
ticketing.complete_order_atomic(p_order_id uuid, p_provider_payment_id text, p_captured_cents bigint): execute to service_role
ticketing.complete_orders_batch(p_order_ids uuid[], p_payment_ids text[], p_captured_cents bigint[]): execute to service_role
ticketing.count_holding(p_event_id uuid): execute to service_role
ticketing.create_order(p_checkout_id uuid, p_user_id uuid, p_mailbox text, p_name text, p_names jsonb, p_show_first_name boolean, p_mailbox_key bytea): execute to service_role
ticketing.decide_checkouts(p_checkout_ids uuid[], p_tier_ids uuid[], p_user_ids uuid[], p_quantities integer[], p_replaces uuid[], p_address_keys bigint[], p_seen_cents bigint[]): execute to service_role
ticketing.dispute_suspends(p_state text, p_disputed integer, p_refunded integer, p_paid integer): execute to service_role
ticketing.enter_waiting_room(p_event_id uuid, p_user_ids uuid[], p_address_keys bigint[]): execute to service_role
ticketing.expire_tier_holds(p_tier_id uuid, p_limit integer): execute to service_role
ticketing.extend_checkout(p_checkout_id uuid, p_user_id uuid): execute to service_role
ticketing.extend_checkouts(p_checkout_ids uuid[], p_user_ids uuid[]): execute to service_role
ticketing.fees_kept(p_fees bigint, p_paid bigint, p_refunded bigint, p_disputed bigint): execute to service_role
ticketing.fill_hold(): execute to service_role
ticketing.fill_refund(): execute to service_role
ticketing.five_minutes(p_at timestamp with time zone): execute to service_role
ticketing.fold_event_totals(p_limit integer): execute to service_role
ticketing.guard_event(): execute to service_role
ticketing.guard_hold(): execute to service_role
ticketing.issue_tickets(p_order_ids uuid[]): execute to service_role
ticketing.keep_hold(): execute to service_role
ticketing.keep_order(): execute to service_role
ticketing.keep_tier(): execute to service_role
ticketing.leave_waiting_room(p_event_id uuid, p_user_id uuid): execute to service_role
ticketing.log_transition(): execute to service_role
ticketing.move_waiting_spots(p_from uuid, p_to uuid): execute to service_role
ticketing.note_outside_refund(p_order_id uuid, p_provider_refund_id text, p_amount_cents integer, p_reason text, p_at timestamp with time zone): execute to service_role
ticketing.note_tickets(): execute to service_role
ticketing.paid_in_time(p_checkout_id uuid, p_expires_at timestamp with time zone): execute to service_role
ticketing.pause_sales(p_event_id uuid, p_tier_id uuid, p_paused boolean): execute to service_role
ticketing.person_key(p_event_id uuid, p_user_id uuid): execute to service_role
ticketing.prepare_waiting_rooms(): execute to service_role
ticketing.public_availability(p_event_ids uuid[]): execute to service_role
ticketing.qr_code_of(p_ticket_id uuid, p_rotation integer): execute to anon
ticketing.qr_code_of(p_ticket_id uuid, p_rotation integer): execute to authenticated
ticketing.qr_code_of(p_ticket_id uuid, p_rotation integer): execute to service_role
ticketing.quote_of(p_face integer, p_fee_bps integer, p_fee_fixed integer, p_fee_cap integer, p_paid_by text, p_tax_bps integer, p_tax_included boolean, OUT face_cents integer, OUT fee_cents integer, OUT tax_cents integer, OUT total_cents integer): execute to anon
ticketing.quote_of(p_face integer, p_fee_bps integer, p_fee_fixed integer, p_fee_cap integer, p_paid_by text, p_tax_bps integer, p_tax_included boolean, OUT face_cents integer, OUT fee_cents integer, OUT tax_cents integer, OUT total_cents integer): execute to authenticated
ticketing.quote_of(p_face integer, p_fee_bps integer, p_fee_fixed integer, p_fee_cap integer, p_paid_by text, p_tax_bps integer, p_tax_included boolean, OUT face_cents integer, OUT fee_cents integer, OUT tax_cents integer, OUT total_cents integer): execute to service_role
ticketing.read_checkouts(p_checkout_ids uuid[], p_user_ids uuid[]): execute to service_role
ticketing.rebuild_event_totals(p_event_id uuid): execute to service_role
ticketing.reconcile_event_tickets(p_event_id uuid, p_dry_run boolean): execute to service_role
ticketing.reconcile_issued_quantity(p_event_id uuid, p_dry_run boolean): execute to service_role
ticketing.recut_sales(): execute to service_role
ticketing.redeem_ticket(p_qr_code text, p_event_id uuid, p_actor uuid, p_gate text): execute to service_role
ticketing.release_checkout(p_checkout_id uuid, p_user_id uuid, p_reason text): execute to service_role
ticketing.release_checkouts(p_checkout_ids uuid[], p_user_ids uuid[]): execute to service_role
ticketing.report_hold_pressure(p_event_id uuid, p_node text, p_requests double precision, p_drain double precision): execute to service_role
ticketing.request_refund(p_order_id uuid, p_reason text, p_actor uuid, p_keep_fees boolean, p_note text): execute to service_role
ticketing.reserve_batch(p_checkout_ids uuid[], p_tier_ids uuid[], p_user_ids uuid[], p_quantities integer[], p_replaces uuid[], p_address_keys bigint[], p_seen_cents bigint[]): execute to service_role
ticketing.reserve_refusals(p_tier_id uuid, p_checkout_ids uuid[], p_user_ids uuid[], p_quantities integer[]): execute to service_role
ticketing.sale_minutes(p_status public.order_status, p_paid_at timestamp with time zone, p_created_at timestamp with time zone): execute to service_role
ticketing.sale_width(p_width text, p_at timestamp with time zone, p_zone text): execute to service_role
ticketing.settle_refund(p_refund_id uuid, p_succeeded boolean, p_provider_refund_id text, p_failure text): execute to service_role
ticketing.step_waiting_room(p_room_id uuid, p_least double precision): execute to service_role
ticketing.suspend_tickets(p_order_id uuid, p_actor uuid): execute to service_role
ticketing.tell_holds(): execute to service_role
ticketing.unconfirmed_places(p_address_key bigint, p_tier_id uuid, p_share integer): execute to service_role
ticketing.undo_redeem(p_ticket_id uuid, p_event_id uuid, p_actor uuid): execute to service_role
ticketing.void_tickets(p_ticket_ids uuid[], p_actor uuid): execute to service_role
ticketing.watch_hoarding(): execute to service_role

-- publications
publication liventix_feed: auth.sessions (id, user_id, expires_at)
publication liventix_feed: auth.users (id)
publication liventix_feed: events.events (id, visibility, status, version, deleted_at)
publication liventix_feed: organizations.org_memberships (id, org_id, user_id, role)
publication liventix_feed: public.feed_beats (node, n)
publication liventix_feed: public.profiles (id, role)
publication liventix_feed: social.event_posts (id, event_id, version)
publication liventix_feed: social.feed_counters (event_id, version)
publication liventix_feed: ticketing.event_counters (event_id, version)
publication liventix_feed: ticketing.orders (id, event_id, user_id, status, checkout_id, version)
publication liventix_feed: ticketing.refunds (id, order_id, status)
publication liventix_feed: ticketing.ticket_tiers (id, event_id, version)
publication liventix_feed: ticketing.tickets (id, order_id, event_id, owner_user_id, status)
publication liventix_feed: ticketing.waiting_rooms (id, event_id, version)
