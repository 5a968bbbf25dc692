import type { WaitingRoomRef } from '@liventix/contracts/waiting-room';
import type { Sql } from '@liventix/db/client';
import type { Ctx } from '../../platform/context.ts';
import type { Logger } from '../../platform/log.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { perProcess } from '../inventory/per-process.ts';
import { keepSeen } from './waiting-room.sql.ts';

const GATHER_MS = 500;

/** Who was seen, gathered for half a second and written in one statement. What is lost with a process is seen again soon. */
class Seen {
  #people = new Map<string, { eventId: string; userId: string }>();
  #timer: NodeJS.Timeout | null = null;

  constructor(
    readonly sql: Sql,
    readonly log: Logger,
  ) {}

  note(eventId: string, userId: string): void {
    this.#people.set(`${eventId}:${userId}`, { eventId, userId });
    this.#timer ??= setTimeout(() => this.#write(), GATHER_MS).unref();
  }

  #write(): void {
    const people = [...this.#people.values()];
    this.#people.clear();
    this.#timer = null;
    keepSeen(
      this.sql,
      people.map((one) => one.eventId),
      people.map((one) => one.userId),
    ).catch((err) => this.log.warn({ err }, 'who was seen in waiting rooms could not be written'));
  }
}

const seenOf = perProcess(({ db, log }) => new Seen(db.engine.sql, log));

/** Notes that a person is there, soon. */
export function seenIn(ctx: Pick<Ctx, 'services'>, eventId: string, userId: string): void {
  seenOf(ctx).note(eventId, userId);
}

/** An open page says that its person is still there; who is absent when her turn comes is passed, and kept for one more round. */
export async function stayInRoom(ctx: PersonCtx, { eventId }: WaitingRoomRef): Promise<void> {
  seenIn(ctx, eventId, ctx.actor.userId);
}
