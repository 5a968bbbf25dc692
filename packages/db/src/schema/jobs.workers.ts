import { sql } from 'drizzle-orm';
import { text, timestamp } from 'drizzle-orm/pg-core';
import { jobsSchema } from './schemas.ts';

export const workers = jobsSchema.table('workers', {
  workerId: text('worker_id').primaryKey(),
  beatAt: timestamp('beat_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
