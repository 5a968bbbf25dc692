/** Ends every session of a person but one; answers which, for the live layer to close. For features that end them with their own change. */
export { endOtherSessions } from './accounts.sql.ts';
