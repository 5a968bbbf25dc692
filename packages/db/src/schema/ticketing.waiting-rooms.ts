import { sql } from 'drizzle-orm';
import { bigint, doublePrecision, integer, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { events } from './events.events.ts';
import { bytes, ticketingSchema } from './schemas.ts';

export const waitingRooms = ticketingSchema.table('waiting_rooms', {
  id: uuid('id').primaryKey().default(sql`gen_random_uuid()`),
  eventId: uuid('event_id')
    .notNull()
    .references(() => events.id, { onDelete: 'cascade' }),
  state: text('state').notNull().default('gathering'),
  openedBy: text('opened_by').notNull().default('organizer'),
  seed: bytes('seed').notNull().default(sql`sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))`),
  commitment: text('commitment').generatedAlwaysAs(sql`encode(sha256(seed), 'hex')`),
  drawnAt: timestamp('drawn_at', { withTimezone: true }),
  drawn: integer('drawn').notNull().default(0),
  lastNumber: integer('last_number').notNull().default(0),
  served: integer('served').notNull().default(0),
  waiting: integer('waiting').notNull().default(0),
  pausedAt: timestamp('paused_at', { withTimezone: true }),
  credit: doublePrecision('credit').notNull().default(0),
  pace: doublePrecision('pace'),
  steppedAt: timestamp('stepped_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  toldAt: timestamp('told_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  calmSince: timestamp('calm_since', { withTimezone: true }),
  closedAt: timestamp('closed_at', { withTimezone: true }),
  closedBecause: text('closed_because'),
  version: bigint('version', { mode: 'number' }).notNull().default(1),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
