import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from '@liventix/contracts/errors';
import { fail } from './errors.ts';
import { limitKeyOf } from './limit-key.ts';

/** Whoever sends half a body and waits loses the connection then: it is memory for as long. */
export const BODY_LATE_MS = 20_000;
/** Sixteen of the largest calls. */
const OF_ADDRESS_BYTES = 4 * 1024 * 1024;
/** What a hall full of buyers sends is never more: it has room whatever a neighbour sends. */
const SMALL_BYTES = 16 * 1024;

/** The whole body of a request, of at most `most` bytes by those that come: `tooLarge` beyond, BUSY beside too many others. */
export type ReadBody = (request: IncomingMessage, most: number) => Promise<Buffer>;

export interface BodiesOptions {
  addressOf(request: IncomingMessage): string;
  /** A body ends when fewer than `leastBytes` of it came in so long a time. Default: all of it has to. */
  lateMs?: number;
  leastBytes?: number;
  /** How many bytes of one address may be under way at once, of those that came; the first of each body are not counted. */
  ofAddressBytes?: number;
  /** The same of all addresses together. */
  ofAllBytes?: number;
  smallBytes?: number;
  tooLarge?: ErrorCode;
}

/** Reads bodies. What is kept of bodies that never end is bounded by time, and by address. One that does not come takes nothing. */
export function createBodies(options: BodiesOptions): ReadBody {
  const {
    addressOf,
    ofAddressBytes = OF_ADDRESS_BYTES,
    smallBytes = SMALL_BYTES,
    tooLarge = 'BODY_TOO_LARGE',
  } = options;
  const {
    lateMs = BODY_LATE_MS,
    leastBytes = Number.POSITIVE_INFINITY,
    ofAllBytes = Number.POSITIVE_INFINITY,
  } = options;
  const underWay = new Map<string, number>();
  let ofAll = 0;
  return async (request, most) => {
    if (Number(request.headers['content-length']) > most) fail(tooLarge);
    const from = limitKeyOf(addressOf(request));
    let counted = 0;
    const count = (bytes: number): void => {
      if (bytes > most) fail(tooLarge);
      const more = Math.max(0, bytes - smallBytes) - counted;
      if (more <= 0) return;
      const all = (underWay.get(from) ?? 0) + more;
      if (all > ofAddressBytes || ofAll + more > ofAllBytes) fail('BUSY');
      underWay.set(from, all);
      ofAll += more;
      counted += more;
    };
    try {
      return await readAll(request, count, { lateMs, leastBytes });
    } finally {
      ofAll -= counted;
      const left = (underWay.get(from) ?? 0) - counted;
      if (left > 0) underWay.set(from, left);
      else underWay.delete(from);
    }
  };
}

interface Pace {
  lateMs: number;
  leastBytes: number;
}

/** @param count told how many bytes have come so far; may refuse them by throwing */
function readAll(request: IncomingMessage, count: (bytes: number) => void, pace: Pace): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let before = 0;
    const late = setInterval(() => {
      if (bytes - before < pace.leastBytes) request.destroy();
      before = bytes;
    }, pace.lateMs);
    request.once('close', () => {
      clearInterval(late);
      reject(new Error('the connection ended before the body'));
    });
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      try {
        count(bytes);
        chunks.push(chunk);
      } catch (error) {
        request.off('data', take).pause();
        reject(error);
      }
    };
    request.on('data', take);
    request.once('end', () => {
      clearInterval(late);
      resolve(Buffer.concat(chunks));
    });
    request.once('error', reject);
  });
}
