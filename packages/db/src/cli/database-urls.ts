import path from 'node:path';
import { type DatabaseUrls, databaseNameOf, loginPasswords, loginUrls } from '../bootstrap.ts';
import { runningPostgres } from '../embedded.ts';
import { repositoryRoot } from '../repository.ts';

/**
 * The four addresses for a command on the terminal: named one by one, derived from DATABASE_URL and LIVENTIX_SECRET, or
 * those of the embedded server that `npm start` is running on DATA_DIR.
 */
export function databaseUrls(env: NodeJS.ProcessEnv = process.env): DatabaseUrls {
  const {
    DATABASE_OWNER_URL: owner,
    DATABASE_API_URL: api,
    DATABASE_AUTH_URL: auth,
    DATABASE_ENGINE_URL: engine,
  } = env;
  if (owner && api && auth && engine) return { owner, api, auth, engine };
  const admin = adminAddress(env);
  return loginUrls(admin.adminUrl, databaseNameOf(admin.adminUrl), loginPasswords(admin.secret));
}

/** The administrator's address and the secret that the logins' passwords are derived from. */
export function adminAddress(env: NodeJS.ProcessEnv = process.env): { adminUrl: string; secret: string } {
  if (env.DATABASE_URL) {
    if (!env.LIVENTIX_SECRET) throw new Error('DATABASE_URL needs LIVENTIX_SECRET: the logins are derived from it.');
    return { adminUrl: env.DATABASE_URL, secret: env.LIVENTIX_SECRET };
  }
  const dataDir = path.join(env.DATA_DIR ?? path.join(repositoryRoot(), '.data'), 'postgres');
  const running = runningPostgres(dataDir);
  if (!running) throw new Error(`No database runs on ${dataDir}: run "npm start" beside this, or set DATABASE_URL.`);
  return { adminUrl: running.adminUrl(), secret: running.secret };
}
