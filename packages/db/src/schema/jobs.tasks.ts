import { text } from 'drizzle-orm/pg-core';
import { jobsSchema } from './schemas.ts';

export const tasks = jobsSchema.table('tasks', {
  name: text('name').primaryKey(),
});
