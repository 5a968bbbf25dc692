import { customType, pgSchema } from 'drizzle-orm/pg-core';

export const authSchema = pgSchema('auth');
export const eventsSchema = pgSchema('events');
export const ticketingSchema = pgSchema('ticketing');
export const organizationsSchema = pgSchema('organizations');
export const socialSchema = pgSchema('social');
export const analyticsSchema = pgSchema('analytics');
export const jobsSchema = pgSchema('jobs');

/** Raw bytes; hashes of secrets are kept in these. */
export const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** A search document, written by the database alone. */
export const searchDocument = customType<{ data: string }>({ dataType: () => 'tsvector' });
