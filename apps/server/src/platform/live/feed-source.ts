import type { HeardRow } from './pgoutput.rules.ts';

/** One way of hearing what others commit: `replication-source.ts` or `notify-source.ts`; `feed.ts` watches over it. */
export interface FeedSource {
  /** Ends it and whatever the server keeps for it. Never throws. */
  close(): Promise<void>;
}

export interface FeedSourceOptions {
  engineUrl: string;
  /** A connection of the engine for the source's own questions. */
  ask: import('postgres').Sql;
  /** Rows of one committed transaction that every new statement can see. */
  onRows(rows: readonly HeardRow[]): void;
  /** A transaction too large to be told row by row was committed. */
  onFlood(): void;
  /** It hears nothing any more; told once. Not after `close`. */
  onLost(why: string): void;
}

/** Resolves when whatever is committed from now on is heard. Waits as long as that takes, unless the signal ends it. */
export type OpenFeedSource = (options: FeedSourceOptions, signal: AbortSignal) => Promise<FeedSource>;

export function reasonOf(error: unknown): string {
  if (error instanceof Error) return (error as Error & { code?: string }).code ?? error.message;
  return String(error);
}
