import type { ErrorData } from '@liventix/contracts/errors';
import { type AnyTRPCRouter, getErrorShape, initTRPC, TRPCError } from '@trpc/server';
import type { ZodMiniType } from 'zod/mini';
import type { Gone } from './combine.ts';
import type { Actor, Ctx } from './context.ts';
import { fail, LiventixError, sqlState, toLiventixError } from './errors.ts';
import { consume, type RateLimit } from './rate-limits.ts';
import { isThere, requireSecondFactor } from './standing.ts';
import { hasWaited, partyOf } from './turns.ts';
import { wire } from './wire.ts';

const t = initTRPC
  .context<Ctx>()
  .meta<{ hot?: HotParts }>()
  .create({
    transformer: wire,
    isDev: false, // a stack never leaves the process
    errorFormatter({ shape, error }) {
      const refusal = toLiventixError(error);
      const data: ErrorData & { httpStatus: number; path?: string } = {
        code: refusal.code,
        details: refusal.details,
        httpStatus: refusal.status,
      };
      if (shape.data.path !== undefined) data.path = shape.data.path;
      if (refusal.reference !== undefined) data.reference = refusal.reference;
      if (refusal.retryAfterSeconds !== undefined) data.retryAfterSeconds = refusal.retryAfterSeconds;
      return { code: shape.code, message: refusal.message, data };
    },
  });

const TRPC_CODES: Record<number, TRPCError['code']> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  402: 'PAYMENT_REQUIRED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  410: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
  503: 'SERVICE_UNAVAILABLE',
};

/** The TRPCError, its `cause` a LiventixError, that leaves a procedure for whatever was thrown in it; what nobody foresaw is logged. */
export function refusalOf(thrown: unknown, { log }: Pick<Ctx, 'log'>, path: string): TRPCError {
  const refusal = toLiventixError(thrown);
  if (refusal.reference) log.error({ reference: refusal.reference, path, err: refusal.cause }, 'procedure failed');
  else if (refusal.code === 'BUSY') log.warn({ path, err: refusal.cause }, 'procedure busy');
  else if (sqlState(refusal.cause)) log.warn({ path, err: refusal.cause }, 'the database refused a value');
  const code = TRPC_CODES[refusal.status] ?? 'INTERNAL_SERVER_ERROR';
  if (thrown instanceof TRPCError && thrown.cause === refusal && thrown.code === code) return thrown;
  return new TRPCError({ code, message: refusal.message, cause: refusal });
}

/** What the wire says of a request that was refused before any procedure heard of it. Of a batch the client reads it as the answer to each. */
export function refusedOnTheWire(router: AnyTRPCRouter, refusal: LiventixError): unknown {
  const config = router._def._config;
  const code = TRPC_CODES[refusal.status] ?? 'INTERNAL_SERVER_ERROR';
  const error = new TRPCError({ code, message: refusal.message, cause: refusal });
  const shape = getErrorShape({ config, error, type: 'unknown', path: undefined, input: undefined, ctx: undefined });
  return { error: config.transformer.output.serialize(shape) };
}

const refusals = t.middleware(async ({ next, ctx, path }) => {
  const result = await next();
  return result.ok ? result : { ...result, error: refusalOf(result.error, ctx, path) };
});

/** Rate limit of one route: `publicProcedure.use(limited({ name: 'accounts.resend', points: 5, perSeconds: 60 }))`. */
export function limited(limit: RateLimit) {
  return t.middleware(async ({ next, ctx }) => {
    await consume(ctx, limit);
    return next();
  });
}

export const router = t.router;
export const mergeRouters = t.mergeRouters;
export const createCallerFactory = t.createCallerFactory;

/** Under every procedure, so that no route is without a limit. */
const WIDE: RateLimit = { name: 'trpc', points: 3000, perSeconds: 60 };

/** Queries read, mostly from the database: a pile of one address delays nobody at another. */
const inTurns = t.middleware(({ next, ctx, type, signal }) => {
  if (type !== 'query') return next();
  const askedMs = performance.now();
  return ctx.services.turns.queries(partyOf(ctx), async () => {
    if (signal?.aborted) fail('BUSY'); // nobody waits for it any more
    if (ctx.actor && hasWaited(askedMs) && !(await isThere(ctx.db.engine.sql, ctx.actor))) ctx.actor = null;
    return next();
  });
});

/** Anybody, for a query with turns of its own: who waits for those keeps no turn of other queries meanwhile. */
export const ownTurnsProcedure = t.procedure.use(refusals).use(limited(WIDE));

/** Anybody. */
export const publicProcedure = ownTurnsProcedure.use(inTurns);

// Below, `next` is told a type and given no context: tRPC would go on with a copy, and the context is an object with a life.

/** Somebody: `ctx.actor` is there, a silent guest is enough. */
export const personProcedure = publicProcedure.use(({ next, ctx }) => {
  somebody(ctx);
  return next<PersonCtx>({});
});

/** Somebody with an account: a silent guest is asked to sign in. */
export const accountProcedure = publicProcedure.use(({ next, ctx }) => {
  if (!ctx.actor || ctx.actor.isAnonymous) fail('SIGN_IN_REQUIRED');
  return next<PersonCtx>({});
});

/** The platform's own staff, with a second factor. Strangers learn nothing: 404. */
export const adminProcedure = publicProcedure.use(async ({ next, ctx }) => {
  if (ctx.actor?.role !== 'admin') fail('NOT_FOUND');
  await requireSecondFactor(ctx, ctx.actor);
  return next<PersonCtx>({});
});

export type PersonCtx = Ctx & { actor: Actor };

/** Who may call a hot mutation: a visitor whom the verb signs in, if it must. */
export const anybody = (ctx: Ctx): Ctx => ctx;

/** Who may call a hot mutation: a person, be it a silent guest. */
export function somebody(ctx: Ctx): PersonCtx {
  if (!ctx.actor) fail('SIGN_IN_REQUIRED');
  return ctx as PersonCtx;
}

/** A mutation that everybody calls in the same second. */
export interface HotMutation<C extends Ctx, I, O> {
  who: (ctx: Ctx) => C;
  limit: RateLimit;
  input: ZodMiniType<I>;
  verb: (ctx: C, input: I, gone?: Gone) => Promise<O>;
}

/** The parts of a hot mutation as the hot path gets to see them. */
export type HotParts = HotMutation<Ctx, unknown, unknown>;

/**
 * A mutation for the stock adapter and for the hot path. tRPC copies the call and the context for each of its layers, which in a
 * rush is a third of a call's cost: the hot path takes the same parts, in the same order, from `meta` (`callHot`).
 */
export function hotMutation<C extends Ctx, I, O>({ who, limit, input, verb }: HotMutation<C, I, O>) {
  return publicProcedure
    .meta({ hot: { who, limit, input, verb } as unknown as HotParts })
    .use(({ next, ctx }) => {
      who(ctx);
      return next();
    })
    .use(limited(limit))
    .input(input)
    .mutation(({ ctx, input, signal }) => verb(ctx as Ctx as C, input as I, signal));
}

/** Calls a hot mutation without tRPC's layers: limits, person, input, verb. Throws what any of them throws. */
export async function callHot(parts: HotParts, ctx: Ctx, read: () => unknown, gone: Gone): Promise<unknown> {
  await consume(ctx, WIDE);
  const caller = parts.who(ctx);
  await consume(ctx, parts.limit);
  return parts.verb(caller, parts.input.parse(read()), gone);
}

export { LiventixError };
