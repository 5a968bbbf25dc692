import type { Socket as TcpSocket } from 'node:net';
import { handleOf, type TcpHandle, type Writer, writeTo } from './tcp-handle.ts';

/**
 * One frame, encoded once, written straight to each connected socket. Socket.IO's own room emit walks packet objects,
 * callbacks and buffers per socket; at ten thousand sockets and ten snapshots a second that alone fills a core
 * (4-performance). What is written is byte for byte what Socket.IO would have written (a test compares).
 */

/** The insides of Socket.IO, Engine.IO, ws and streams that this relies on; `directWire` checks each before it is used. */
interface Insides {
  conn?: Conn & { transport?: { name?: string; perMessageDeflate?: unknown; socket?: Partial<Web> } };
}
interface Conn {
  /** Packets that Engine.IO has yet to hand to ws. */
  writeBuffer: unknown[];
}
interface Web {
  _readyState: number;
  extensions: string;
  _isServer: boolean;
  _socket: Tcp;
}
type Tcp = TcpSocket & { _writableState?: { length?: number } };

const OPEN = 1;
const NOTHING = Buffer.alloc(0);

/**
 * A socket that frames can be written to directly. Ten thousand of them are visited ten times a second and each is cold by
 * then, so it holds what it looks at in itself: a getter or a closure on the way is one more wait for memory.
 */
export class DirectWire implements Writer {
  #conn: Conn;
  #web: Web;
  #tcp: Tcp;
  #stream: { length: number };
  #handle: TcpHandle | null;
  #waiting = false;

  constructor(conn: Conn, web: Web) {
    this.#conn = conn;
    this.#web = web;
    this.#tcp = web._socket;
    this.#stream = web._socket._writableState as { length: number };
    this.#handle = handleOf(web._socket);
  }

  /** Whether nothing is waiting to be sent: what is written now leaves now, and after all that was sent before. */
  isClear(): boolean {
    return (
      !this.#waiting &&
      this.#web._readyState === OPEN &&
      this.#stream.length === 0 &&
      this.#conn.writeBuffer.length === 0
    );
  }

  write(frame: Buffer): void {
    if (!this.#handle) return void this.#tcp.write(frame);
    const result = writeTo(this.#handle, frame, this);
    if (result === 'waits') this.#waiting = true;
    else if (result === 'failed') this.#tcp.destroy(); // as the stream would
  }

  sent(status: number): void {
    this.#waiting = false;
    if (status < 0) this.#tcp.destroy();
  }

  /** Calls back when all that waits has been handed to the network, or the socket is gone. */
  whenClear(then: () => void): void {
    this.#tcp.write(NOTHING, then);
  }
}

/** One for each connection, however many rooms it is in: what waits for one room waits for all. */
const wires = new WeakMap<Tcp, DirectWire>();

/** The direct way to a socket, or null when its insides are not as expected: then the ordinary emit is used. */
export function directWire(socket: unknown): DirectWire | null {
  const { conn } = socket as Insides;
  const transport = conn?.transport;
  const web = transport?.socket;
  const tcp = web?._socket;
  if (!conn || !web || !tcp || !Array.isArray(conn.writeBuffer)) return null;
  if (transport.name !== 'websocket' || transport.perMessageDeflate || web.extensions !== '' || !web._isServer)
    return null;
  if (typeof tcp.write !== 'function' || typeof tcp._writableState?.length !== 'number' || web._readyState !== OPEN)
    return null;
  const known = wires.get(tcp);
  if (known) return known;
  const wire = new DirectWire(conn, web as Web);
  wires.set(tcp, wire);
  return wire;
}

/** A Socket.IO event as one unmasked WebSocket text frame. */
export function frameOf(event: string, value: unknown): Buffer {
  const text = `42${JSON.stringify([event, value])}`; // 4: Engine.IO message, 2: Socket.IO event
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x81; // whole message, text
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, head);
  return frame;
}
