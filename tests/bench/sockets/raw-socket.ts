/** A WebSocket of a few lines on a plain TCP socket: it counts frames and nothing else, so that ten thousand cost little. */
import { randomUUID } from 'node:crypto';
import net from 'node:net';

export interface RawSocketOptions {
  port: number;
  /** Each socket comes from an address of its own in 127/8, as its own household would. */
  address: string | null;
  /** The room to join over Socket.IO; null connects to plain ws. */
  room: { kind: string; id: string } | null;
  origin?: string;
  guest?: { cookie: string; address: string };
  /** Called with the bytes of each snapshot; `from` and `to` bound its text. */
  heard(bytes: Buffer, from: number, to: number): void;
  /** Called once when the connection ends after it had been open. */
  lost?(): void;
}

/** What any of this process's sockets has just read: looked at in place, before the next one reads. */
const READ = Buffer.allocUnsafe(64 * 1024);
const PATIENCE_MS = 90_000;
const AGAIN_MS = 400;

/** Opens a socket and joins its room; refusals are waited out as the server says. */
export async function openRawSocket(options: RawSocketOptions): Promise<net.Socket> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await attempt(options);
    if (answer instanceof net.Socket) return answer;
    if (performance.now() > deadline) throw new Error(`a socket was not let in: ${answer.said}`);
    await new Promise((resolve) => setTimeout(resolve, answer.afterMs));
  }
}

interface Refused {
  afterMs: number;
  said: string;
}

function refused(said: string): Refused {
  const asked = /"(?:afterMs|retryAfterMs)":\s*(\d+)/.exec(said)?.[1];
  return { afterMs: asked ? Number(asked) : AGAIN_MS * (0.5 + Math.random()), said };
}

function attempt({
  port,
  address,
  room,
  heard,
  lost,
  guest,
  ...more
}: RawSocketOptions): Promise<net.Socket | Refused> {
  return new Promise((resolve) => {
    const socket = net.connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      ...(address ? { localAddress: address } : {}),
      onread: {
        buffer: READ,
        callback: (count) => {
          if (rest) hear(Buffer.concat([rest, READ.subarray(0, count)]), rest.length + count);
          else hear(READ, count);
          return true;
        },
      },
    });
    let open = false;
    let joined = false;
    let rest: Buffer | null = null;
    const give = (answer: net.Socket | Refused) => {
      clearTimeout(late);
      if (!(answer instanceof net.Socket)) socket.destroy();
      resolve(answer);
    };
    const late = setTimeout(() => give(refused('no answer')), 20_000);
    const text = (bytes: Buffer, from: number, to: number): void => {
      // Engine.IO: 0 open, 2 ping, 4 message; Socket.IO inside of 4: 0 connected, 2 event, 3 answer, 4 refused
      const first = bytes[from];
      if (first === 0x32) return void socket.write(frame('3'));
      if (first === 0x30) return void socket.write(frame(`40${JSON.stringify({ visitor: randomUUID() })}`));
      if (first !== 0x34) return;
      const second = bytes[from + 1];
      // 42["room:snapshot"
      if (second === 0x32 && bytes[from + 9] === 0x73) {
        heard(bytes, from, to);
        return;
      }
      const said = bytes.toString('latin1', from, Math.min(to, from + 300));
      if (second === 0x30) socket.write(frame(`420${JSON.stringify(['room:join', room])}`));
      else if (second === 0x33 && said.includes('"ok":true')) {
        joined = true;
        give(socket);
      } else if (second === 0x33 || second === 0x34 || said.includes('"room:later"')) give(refused(said));
    };
    socket.once('error', () => {
      give(refused('connection error'));
    });
    socket.once('close', () => {
      give(refused('closed'));
      if (joined) lost?.();
    });
    socket.once('connect', () =>
      socket.write(
        `GET ${room ? '/socket.io/?EIO=4&transport=websocket' : '/'} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${more.origin ?? `http://127.0.0.1:${port}`}\r\n` +
          (guest ? `Cookie: ${guest.cookie}\r\nX-Forwarded-For: ${guest.address}\r\n` : '') +
          'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      ),
    );
    const hear = (bytes: Buffer, end: number): void => {
      rest = null;
      let at = 0;
      if (!open) {
        const body = bytes.subarray(0, end).indexOf('\r\n\r\n');
        if (body < 0) {
          rest = Buffer.from(bytes.subarray(0, end));
          return;
        }
        const head = bytes.toString('latin1', 0, body);
        if (!head.startsWith('HTTP/1.1 101'))
          return void give(refused(`${head} ${bytes.toString('latin1', body, end)}`));
        open = true;
        at = body + 4;
        if (!room) {
          joined = true;
          give(socket);
        }
      }
      while (end - at >= 2) {
        const short = (bytes[at + 1] as number) & 0x7f;
        const head = short === 126 ? 4 : short === 127 ? 10 : 2;
        if (end - at < head) break;
        const length =
          short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short;
        if (end - at < head + length) break;
        const opcode = (bytes[at] as number) & 0x0f;
        if (opcode === 9) socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
        else if (opcode === 1) text(bytes, at + head, at + head + length);
        at += head + length;
      }
      if (at < end) rest = Buffer.from(bytes.subarray(at, end));
    };
  });
}

/** A masked text frame, as clients must send them; the mask is zero. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0])
      : Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
}
