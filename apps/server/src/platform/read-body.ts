import type { IncomingMessage } from 'node:http';
import { fail } from './errors.ts';
import { limitKeyOf } from './limit-key.ts';

/** Whoever sends half a body and waits loses the connection then: it is memory for as long. */
export const BODY_LATE_MS = 20_000;
/** Sixteen of the largest calls, or thousands of what a hall full of buyers sends. */
const OF_ADDRESS_BYTES = 4 * 1024 * 1024;

/** The whole body of a request, of at most `most` bytes by those that come: BODY_TOO_LARGE beyond, BUSY beside too many others. */
export type ReadBody = (request: IncomingMessage, most: number) => Promise<Buffer>;

export interface BodiesOptions {
  addressOf(request: IncomingMessage): string;
  lateMs?: number;
  /** How many bytes of one address may be under way at once, by what their requests say. */
  ofAddressBytes?: number;
}

/** Reads bodies. What is kept of bodies that never end is bounded by time, and by address. */
export function createBodies(options: BodiesOptions): ReadBody {
  const { addressOf, lateMs = BODY_LATE_MS, ofAddressBytes = OF_ADDRESS_BYTES } = options;
  const underWay = new Map<string, number>();
  return async (request, most) => {
    const said = request.headers['content-length'];
    if (Number(said) > most) fail('BODY_TOO_LARGE');
    const from = limitKeyOf(addressOf(request));
    const bytes = said === undefined ? most : Number(said);
    const before = underWay.get(from) ?? 0;
    if (before + bytes > ofAddressBytes) fail('BUSY');
    underWay.set(from, before + bytes);
    try {
      return await readAll(request, most, lateMs);
    } finally {
      const left = (underWay.get(from) ?? 0) - bytes;
      if (left > 0) underWay.set(from, left);
      else underWay.delete(from);
    }
  };
}

function readAll(request: IncomingMessage, most: number, lateMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const late = setTimeout(() => request.destroy(), lateMs);
    request.once('close', () => {
      clearTimeout(late);
      reject(new Error('the connection ended before the body'));
    });
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes <= most) return void chunks.push(chunk);
      request.off('data', take).pause();
      try {
        fail('BODY_TOO_LARGE');
      } catch (error) {
        reject(error);
      }
    };
    request.on('data', take);
    request.once('end', () => {
      clearTimeout(late);
      resolve(Buffer.concat(chunks));
    });
    request.once('error', reject);
  });
}
