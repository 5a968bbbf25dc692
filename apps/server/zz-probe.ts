import { startDatabase } from './src/platform/start-database.ts';
import { readEnv } from './src/env.ts';
import { openDatabases } from '@liventix/db/client';
import { createMailer } from './src/platform/mailer.ts';
import { createLog } from './src/platform/log.ts';
import { mailTickets } from './src/features/tickets/mail-tickets.ts';
const env = readEnv();
const database = await startDatabase(env, console.log);
const db = openDatabases(database.urls);
const mailer = { send: async (m: unknown) => { console.log('MAIL', (m as {to:string; subject: string}).to, (m as {subject: string}).subject); return true; }, close() {} };
const rows = await db.engine.sql`select id from ticketing.orders where status='paid' and confirmation_mailed_at is null and created_at > now() - interval '20 min' limit 3`;
for (const r of rows) { try { await mailTickets({ services: { env, mailer } as never, db, log: createLog({level:'warn'}), live: {} as never }, { orderId: r['id'] as string }); } catch (e) { console.log(e); } }
process.exit(0);
