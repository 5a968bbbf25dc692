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

export function openLane(port: number): Promise<Lane> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let settle: { resolve(answer: Answer): void; reject(error: Error): void } | null = null;
    let rest: Buffer | null = null;
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
    socket.on('data', (chunk: Buffer) => {
      const bytes = rest ? Buffer.concat([rest, chunk]) : chunk;
      rest = bytes;
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = bytes.toString('latin1', 0, end);
      const body = bodyOf(bytes.subarray(end + 4), head);
      if (body === null) return;
      rest = null;
      const { resolve: done } = settle as NonNullable<typeof settle>;
      settle = null;
      done({ status: Number(head.slice(9, 12)), body });
    });
  });
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
