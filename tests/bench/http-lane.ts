/** One keep-alive connection that sends a request and waits for its answer: light enough to load a server from one process. */
import net from 'node:net';

export interface Answer {
  status: number;
  body: string;
}

export interface Lane {
  ask(request: Buffer): Promise<Answer>;
  close(): void;
}

/** What any of this process's sockets has just read: looked at in place, before the next one reads. */
const READ = Buffer.allocUnsafe(64 * 1024);

export function openLane(port: number): Promise<Lane> {
  return new Promise((resolve, reject) => {
    let settle: { resolve(answer: Answer): void; reject(error: Error): void } | null = null;
    let rest: Buffer | null = null;
    const hear = (read: Buffer): void => {
      const bytes = rest ? Buffer.concat([rest, read]) : read;
      const answer = answerOf(bytes);
      if (!answer) {
        rest = Buffer.from(bytes);
        return;
      }
      rest = null;
      const waiting = settle;
      settle = null;
      waiting?.resolve(answer);
    };
    const socket = net.connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: READ,
        callback: (count) => {
          hear(READ.subarray(0, count));
          return true;
        },
      },
    });
    const fail = (error: Error): void => {
      settle?.reject(error);
      settle = null;
      reject(error);
    };
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('the server closed a connection')));
    socket.once('connect', () =>
      resolve({
        ask: (request) =>
          new Promise((done, failed) => {
            settle = { resolve: done, reject: failed };
            socket.write(request);
          }),
        close: () => {
          socket.destroy();
        },
      }),
    );
  });
}

/** Null while some of it is still under way. */
function answerOf(bytes: Buffer): Answer | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end);
  const body = bodyOf(bytes.subarray(end + 4), head);
  return body === null ? null : { status: Number(head.slice(9, 12)), body };
}

/** Null while some of it is still under way. */
function bodyOf(bytes: Buffer, head: string): string | null {
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (length !== undefined) return bytes.length < Number(length) ? null : bytes.toString('utf8', 0, Number(length));
  if (!/\r\ntransfer-encoding: chunked/i.test(head)) return bytes.toString('utf8');
  if (!bytes.subarray(-5).equals(Buffer.from('0\r\n\r\n'))) return null;
  let text = '';
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    if (size === 0) return text;
    text += bytes.toString('utf8', line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}

export function postOf(
  port: number,
  path: string,
  cookie: string | null,
  json: unknown,
  more: Record<string, string> = {},
): Buffer {
  const body = JSON.stringify({ json });
  const origin = `http://127.0.0.1:${port}`;
  const lines = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    ...(more.origin ? [] : [`origin: ${origin}`]),
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(cookie ? [`cookie: ${cookie}`] : []),
    ...Object.entries(more).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
