import type { IncomingMessage } from 'node:http';

const BODY_BYTES_MAX = 1_000_000;

/** Reads a request body as text; rejects when it is longer than a megabyte or the client goes away. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = chunk as Buffer;
    bytes += buffer.length;
    if (bytes > BODY_BYTES_MAX) throw new Error('The request body is too large.');
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
