import postgres from 'postgres';
import type { FeedCommand, FeedRow } from './define-room.ts';
import { type OpenFeedSource, reasonOf } from './feed-source.ts';

const CHANNEL = 'liventix_feed';

interface Told {
  t: string;
  c: FeedCommand;
  r: FeedRow;
}

/**
 * LISTEN/NOTIFY by triggers, for servers whose `wal_level` cannot be logical. Every committer that changes a published
 * table queues for one lock of the whole server through its flush: independent commits run at about a third
 * (4-performance), so this is switched on by configuration only, and `public.use_notify(false)` takes it off again.
 */
export const openNotify: OpenFeedSource = async (options, signal) => {
  await options.ask`select public.use_notify(true)`;
  let over = false;
  const lose = (why: string): void => {
    if (over) return;
    over = true;
    options.onLost(why);
  };
  const internal = {
    // Not in the library's types: its own `listen` is built on it, and comes back by itself without saying so.
    onnotify(_channel: string, payload: string) {
      if (over) return;
      try {
        const { t, c, r } = JSON.parse(payload) as Told;
        options.onRows([{ table: t, row: r, old: c === 'delete' ? r : null, command: c }]);
      } catch (error) {
        lose(reasonOf(error));
      }
    },
  };
  const sql = postgres(options.engineUrl, {
    max: 1,
    fetch_types: false,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
    onclose: () => lose('the connection closed'),
    connection: { application_name: 'liventix-feed' },
    ...internal,
  });
  const close = async (): Promise<void> => {
    over = true;
    await sql.end({ timeout: 0 }).catch(() => {});
  };
  try {
    await sql.unsafe(`listen ${CHANNEL}`);
    if (signal.aborted || over) throw new Error('ended');
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
};
