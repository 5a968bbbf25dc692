import { sql } from 'drizzle-orm';
import { bigint, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { ticketingSchema } from './schemas.ts';

export const stateLog = ticketingSchema.table('state_log', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  entity: text('entity').notNull(),
  entityId: uuid('entity_id').notNull(),
  fromState: text('from_state').notNull(),
  toState: text('to_state').notNull(),
  actorUserId: uuid('actor_user_id'),
  at: timestamp('at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
