import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type BodiesOptions, createBodies } from './read-body.ts';

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that answers with what it read, or the code of the refusal; who sends says where from. */
async function serve(options: Partial<BodiesOptions>) {
  const readBody = createBodies({ addressOf: (request) => String(request.headers.from), ...options });
  const ends: string[] = [];
  const server = http.createServer((request, response) => {
    readBody(request, 100)
      .then(
        (body) => body.toString(),
        (error: { code?: string }) => error.code ?? 'gone',
      )
      .then((end) => {
        ends.push(end);
        response.end(end);
      });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  /** Sends a head and the first part of a body, and waits until the server has read the head. */
  const begin = async (from: string, length: number, part: string) => {
    const socket = net.connect(port, '127.0.0.1');
    const closed = once(socket, 'close');
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    const arrived = once(server, 'request');
    // In one piece, so that what was begun has come when the head is read.
    socket.write(
      `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nFrom: ${from}\r\nContent-Length: ${length}\r\n\r\n${part}`,
    );
    await arrived;
    return { end: (rest: string) => socket.write(rest), answer: closed.then(() => heard.split('\r\n\r\n')[1] ?? '') };
  };
  return { begin, ends };
}

describe('a body', () => {
  it('that stops half-way loses its connection', async () => {
    const { begin, ends } = await serve({ lateMs: 20 });
    expect(await (await begin('home', 8, 'half')).answer).toBe('');
    expect(ends).toEqual(['gone']);
  });

  it('that trickles loses its connection too', async () => {
    const { begin, ends } = await serve({ lateMs: 20, leastBytes: 5 });
    expect(await (await begin('home', 8, 'half')).answer).toBe('');
    expect(ends).toEqual(['gone']);
  });

  it('has room beside those of all addresses together only for so many bytes', async () => {
    const { begin } = await serve({ ofAllBytes: 102, smallBytes: 0 });
    const one = await begin('den', 61, 'o'.repeat(60));
    expect(await (await begin('flat', 43, 't'.repeat(43))).answer).toBe('BUSY');
    one.end('o');
    expect(await one.answer).toBe('o'.repeat(61));
    expect(await (await begin('flat', 43, 't'.repeat(43))).answer).toBe('t'.repeat(43));
  });

  it('has room beside others of its address only for so many bytes, whatever other addresses send', async () => {
    const { begin } = await serve({ ofAddressBytes: 102, smallBytes: 0 });
    const [one, two] = [await begin('den', 61, 'o'.repeat(60)), await begin('den', 41, 't'.repeat(40))];
    expect(await (await begin('den', 9, 'you')).answer).toBe('BUSY');
    expect(await (await begin('flat', 3, 'yes')).answer).toBe('yes');
    one.end('o');
    expect(await one.answer).toBe('o'.repeat(61));
    expect(await (await begin('den', 3, 'yes')).answer).toBe('yes');
    two.end('t');
    expect(await two.answer).toBe('t'.repeat(41));
  });

  it('that is small has room always, and one that has not come takes none, whatever its head says', async () => {
    const { begin } = await serve({ ofAddressBytes: 50, smallBytes: 5 });
    const waiting = [await begin('den', 99, ''), await begin('den', 99, 'x'), await begin('den', 60, 'y'.repeat(55))];
    expect(await (await begin('den', 5, 'hello')).answer).toBe('hello');
    expect(await (await begin('den', 7, 'goodbye')).answer).toBe('BUSY');
    waiting[2]?.end('y'.repeat(5));
    expect(await waiting[2]?.answer).toBe('BUSY');
    expect(await (await begin('den', 7, 'goodbye')).answer).toBe('goodbye');
  });
});
