import { smallint, text } from 'drizzle-orm/pg-core';
import { jobsSchema } from './schemas.ts';

export const tasks = jobsSchema.table('tasks', {
  name: text('name').primaryKey(),
  priority: smallint('priority').notNull().default(20),
});
