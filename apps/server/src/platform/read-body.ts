import type { IncomingMessage } from 'node:http';
import { fail } from './errors.ts';

const BODY_MS = 20_000;

/**
 * The whole body of a request, of at most `most` bytes by those that come: BODY_TOO_LARGE beyond. Whoever sends half of one and waits
 * loses the connection after twenty seconds, because half a body is memory for as long.
 */
export async function readBody(request: IncomingMessage, most: number): Promise<Buffer> {
  if (Number(request.headers['content-length']) > most) fail('BODY_TOO_LARGE');
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const late = setTimeout(() => request.destroy(), BODY_MS);
    request.once('close', () => clearTimeout(late));
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
