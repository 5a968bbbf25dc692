import { createClient, type RedisClientType } from '@redis/client';
import type { Logger } from './log.ts';

/** Longest pause between two tries to come back. */
const RETRY_MAX_MS = 1000;
const CONNECT_MS = 2000;
/** Redis answers in well under a millisecond; who waits longer than this is better off without it. */
const ANSWER_MS = 250;
/** After it was silent once, nobody else waits for it this long. */
const SILENT_MS = 1000;

/**
 * This process's line to Redis. Redis holds nothing that must not be lost: counts of tries, and notes between nodes about
 * single sockets. Every use of it has an answer for "away", and coming back is this module's business alone.
 */
export interface Redis {
  client: RedisClientType;
  /** Whether a command sent now would reach it. */
  readonly ready: boolean;
  /** The command's answer; rejects at once while Redis is away, and after 250 ms when it hangs (then at once for a second). */
  ask<T>(command: (client: RedisClientType) => Promise<T>): Promise<T>;
  /** Ends this line and every one that was made from it. */
  stop(): void;
}

/** Starts connecting and returns at once: no server waits for Redis, at its start or later. */
export function connectRedis(options: { url: string; log: Logger }): Redis {
  const { log } = options;
  let away = false;
  let silentUntil = 0;
  const lines: RedisClientType[] = [];

  function open(): RedisClientType {
    const line = createClient({
      url: options.url,
      RESP: 2,
      socket: {
        connectTimeout: CONNECT_MS,
        reconnectStrategy: (retries) => Math.min(RETRY_MAX_MS, 50 * 2 ** Math.min(retries, 10)),
      },
      pingInterval: 10_000,
    }) as unknown as RedisClientType;
    // An error nobody listens to ends the process; each line comes back by itself.
    line.on('error', () => {});
    // Trying ends only when the line is ended, or refused for good; whoever waits for it then (the adapter of Socket.IO lets
    // the promise go) waits on, instead of ending the process with a rejection that nobody handles.
    const connect = line.connect.bind(line);
    line.connect = () => connect().catch(() => new Promise<never>(() => {}));
    // Whoever wants a line of its own gets one that ends with the rest.
    line.duplicate = open as unknown as typeof line.duplicate;
    lines.push(line);
    return line;
  }

  const client = open();
  client.on('error', (err: Error & { code?: string }) => {
    // Once per outage; the address carries a password and stays out of the log.
    if (!away)
      log.warn({ reason: err.code ?? err.name }, 'Redis is away: each node counts for itself until it is back');
    away = true;
  });
  client.on('ready', () => {
    if (away) log.info('Redis is back');
    away = false;
  });
  // Refused for good (a wrong password): said above, and readyz names it until somebody mends it.
  void client.connect();

  return {
    client,
    get ready() {
      return client.isReady && performance.now() >= silentUntil;
    },
    async ask(command) {
      if (!client.isReady || performance.now() < silentUntil) throw new Error('Redis is away');
      let timer: NodeJS.Timeout | undefined;
      let answering: NodeJS.Immediate | undefined;
      const late = new Promise<never>((_, reject) => {
        const giveUp = () => {
          silentUntil = performance.now() + SILENT_MS;
          reject(new Error('Redis does not answer'));
        };
        // One turn more: after a blocked loop the answer may lie there unread, and it is not Redis that was silent.
        timer = setTimeout(() => {
          answering = setImmediate(giveUp);
        }, ANSWER_MS);
      });
      try {
        return await Promise.race([command(client), late]);
      } finally {
        clearTimeout(timer);
        clearImmediate(answering);
      }
    },
    stop() {
      for (const line of lines) if (line.isOpen) line.destroy();
    },
  };
}
