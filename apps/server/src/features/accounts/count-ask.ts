import type { Env } from '../../env.ts';
import { fail } from '../../platform/errors.ts';
import { limitKeyOf } from '../../platform/limit-key.ts';
import { limitMailbox, MAIL_BUDGETS, takeMail } from '../../platform/mail-budget.ts';
import type { RateLimit, RateLimits } from '../../platform/rate-limits.ts';
import type { AuthDoor, ReadSession } from '../../platform/sessions.ts';
import type { Standing } from './accounts.sql.ts';
import type { BrowserMarks } from './auth-cookies.ts';
import type { Door } from './auth-doors.ts';

/** Tries at one door from one address: a hall full of buyers signs in within the minute before the sale. */
const BY_ADDRESS: RateLimit = { name: 'auth.address', points: 120, perSeconds: 60, by: 'address' };
/** Wrong answers for one account, from wherever they come: over all its codes, and at its password. Right ones are not counted. */
const GUESSES = {
  password: { name: 'auth.wrong-password', points: 10, perSeconds: 300 },
  code: { name: 'auth.wrong-code', points: 20, perSeconds: 3600 },
} as const satisfies Record<string, RateLimit>;
/** Over all browsers that an account knows: whoever has its password could make himself as many as he likes. */
const IN_ALL = {
  mails: { name: 'auth.mails-in-all', points: 40, perSeconds: 3600 },
  guesses: { name: 'auth.wrong-in-all', points: 60, perSeconds: 3600 },
} as const satisfies Record<string, RateLimit>;

/** Somebody who asks at a door. */
export interface Ask {
  path: AuthDoor;
  body: unknown;
  caller: { cookie: string | undefined; userAgent: string | undefined; address: string };
}

/** A counted ask, for what follows once its answer is known. */
export interface Counted {
  /** The browser is one that the account knows, and has counts of its own. */
  isKnown: boolean;
  /** The guess was right: it counts for nothing. */
  giveBack(): Promise<void>;
}

export interface CountAsksOptions {
  env: Env;
  limits: RateLimits;
  marks: BrowserMarks;
  readSession: ReadSession;
  /** The mails of an address are used up: beside the answer, which never says who is known, whoever is gets a link all the same. */
  mailIfKnown(mailbox: string, address: string): void;
}

/** What counts asks at the doors, before the sign-in library hears of them. Errors of all: RATE_LIMITED, MAILS_LIMITED. */
export function countAsks(options: CountAsksOptions) {
  const { limits, marks, readSession } = options;
  const refuse = (wait: number | null) => {
    if (wait !== null) fail('RATE_LIMITED', { retryAfterSeconds: wait });
  };
  const take = async (limit: RateLimit, key: string, { address }: Ask['caller']) =>
    refuse(await limits.take(limit, key, 1, address));
  /** Under whose name is counted: a browser that this account knows has counts of its own, all others share its mailbox's. */
  const counterOf = async ({ path, caller }: Ask, mailbox: string | null, standing: Standing | null) => {
    if (mailbox === null) return `${path} ${(await readSession(caller.cookie))?.userId ?? limitKeyOf(caller.address)}`;
    return (standing?.stamp && marks.read('known', mailbox, caller.cookie, standing.stamp)) || limitMailbox(mailbox);
  };
  return {
    /** Comes before the body is read: one address at one door. */
    byAddress: ({ path, caller }: Ask) => take(BY_ADDRESS, `${path} ${limitKeyOf(caller.address)}`, caller),

    /** What the door costs the mailbox, or the session, that it is asked for. */
    async byDoor(ask: Ask, door: Door, mailbox: string | null, standing: Standing | null): Promise<Counted> {
      const { path, caller } = ask;
      const counter = door.sends || door.guesses ? await counterOf(ask, mailbox, standing) : '';
      const whole = mailbox === null || counter === limitMailbox(mailbox) ? null : limitMailbox(mailbox);
      const actor = door.mailsCaller ? await readSession(caller.cookie) : null;
      if (actor) await take(MAIL_BUDGETS.others, `${path} ${actor.userId}`, caller);
      // Counted is what is mailed: else whoever mails nothing could use a mailbox up. A proven account is asked at its own address first.
      if (actor?.emailVerified) {
        // `openAddressLink` counts the new one when it is written to.
      } else if (door.sends && whole) {
        await take(MAIL_BUDGETS[door.sends], counter, caller);
        await take(IN_ALL.mails, whole, caller);
      } else if (door.sends && mailbox !== null) {
        const refusal = await takeMail(options, { purpose: door.sends, mailbox, address: caller.address });
        if (refusal?.of === 'address' && !door.mailsCaller) {
          options.mailIfKnown(mailbox, caller.address);
          fail('MAILS_LIMITED', { retryAfterSeconds: refusal.wait });
        }
        refuse(refusal?.wait ?? null);
      }
      if (door.guesses) await take(GUESSES[door.guesses], counter, caller);
      if (door.guesses && whole) await take(IN_ALL.guesses, whole, caller);
      return {
        isKnown: whole !== null,
        async giveBack() {
          if (!door.guesses) return;
          await limits.giveBack(GUESSES[door.guesses], counter, 1, caller.address);
          if (whole) await limits.giveBack(IN_ALL.guesses, whole, 1, caller.address);
        },
      };
    },
  };
}
