import { bigint, pgTable, text } from 'drizzle-orm/pg-core';

export const feedBeats = pgTable('feed_beats', {
  node: text('node').primaryKey(),
  n: bigint('n', { mode: 'number' }).notNull().default(0),
});
