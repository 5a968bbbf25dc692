import type { ErrorData } from '@liventix/contracts/errors';
import { initTRPC, TRPCError } from '@trpc/server';
import type { Actor, Ctx } from './context.ts';
import { fail, LiventixError, toLiventixError } from './errors.ts';
import { consume, type RateLimit } from './rate-limits.ts';
import { wire } from './wire.ts';

const t = initTRPC.context<Ctx>().create({
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
  429: 'TOO_MANY_REQUESTS',
  503: 'SERVICE_UNAVAILABLE',
};

/** Every error leaves a procedure as a TRPCError whose `cause` is a LiventixError; what nobody foresaw is logged once. */
const refusals = t.middleware(async ({ next, ctx, path }) => {
  const result = await next();
  if (result.ok) return result;
  const refusal = toLiventixError(result.error);
  if (refusal.reference) ctx.log.error({ reference: refusal.reference, path, err: refusal.cause }, 'procedure failed');
  else if (refusal.code === 'BUSY') ctx.log.warn({ path, err: refusal.cause }, 'procedure busy');
  if (result.error.cause === refusal) return result;
  const code = TRPC_CODES[refusal.status] ?? 'INTERNAL_SERVER_ERROR';
  return { ...result, error: new TRPCError({ code, message: refusal.message, cause: refusal }) };
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

/** Anybody. Under every procedure lies a wide limit, so that no route is without one. */
export const publicProcedure = t.procedure.use(refusals).use(limited({ name: 'trpc', points: 3000, perSeconds: 60 }));

/** Somebody: `ctx.actor` is there, a silent guest is enough. */
export const personProcedure = publicProcedure.use(({ next, ctx }) => {
  if (!ctx.actor) fail('SIGN_IN_REQUIRED');
  return next({ ctx: withActor(ctx, ctx.actor) });
});

/** Somebody with an account: a silent guest is asked to sign in. */
export const accountProcedure = publicProcedure.use(({ next, ctx }) => {
  if (!ctx.actor || ctx.actor.isAnonymous) fail('SIGN_IN_REQUIRED');
  return next({ ctx: withActor(ctx, ctx.actor) });
});

/** The platform's own staff. Strangers learn nothing: 404. */
export const adminProcedure = publicProcedure.use(({ next, ctx }) => {
  if (ctx.actor?.role !== 'admin') fail('NOT_FOUND');
  return next({ ctx: withActor(ctx, ctx.actor) });
});

export type PersonCtx = Ctx & { actor: Actor };

// tRPC copies the context object; `read` and `ensurePerson` must keep working on the request's own one.
function withActor(ctx: Ctx, actor: Actor): PersonCtx {
  return Object.assign(ctx, { actor });
}

export { LiventixError };
