import type { Socket as TcpSocket } from 'node:net';

/**
 * One frame, encoded once, written straight to each connected socket. Socket.IO's own room emit walks packet objects,
 * callbacks and buffers per socket; at ten thousand sockets and ten snapshots a second that alone fills a core
 * (4-performance). What is written is byte for byte what Socket.IO would have written (a test compares).
 */

/** The insides of Socket.IO, Engine.IO and ws that this relies on; `directWire` checks each before it is used. */
interface Insides {
  conn?: {
    readyState?: string;
    writeBuffer?: unknown[];
    transport?: {
      name?: string;
      perMessageDeflate?: unknown;
      socket?: {
        readyState?: number;
        extensions?: string;
        isServer?: boolean;
        _isServer?: boolean;
        _socket?: TcpSocket;
      };
    };
  };
}

/** A socket that frames can be written to directly. */
export interface DirectWire {
  /** Whether nothing is waiting to be sent: what is written now leaves now, and after all that was sent before. */
  isClear(): boolean;
  write(frame: Buffer): void;
  /** Calls back when all that waits has been handed to the network, or the socket is gone. */
  whenClear(then: () => void): void;
}

const OPEN = 1;
const NOTHING = Buffer.alloc(0);

/** The direct way to a socket, or null when its insides are not as expected: then the ordinary emit is used. */
export function directWire(socket: unknown): DirectWire | null {
  const { conn } = socket as Insides;
  const transport = conn?.transport;
  const web = transport?.socket;
  const tcp = web?._socket;
  if (!conn || !web || !tcp || !Array.isArray(conn.writeBuffer)) return null;
  if (transport.name !== 'websocket' || transport.perMessageDeflate || web.extensions !== '' || !web._isServer)
    return null;
  if (typeof tcp.write !== 'function' || typeof tcp.writableLength !== 'number' || web.readyState !== OPEN) return null;
  return {
    isClear: () => web.readyState === OPEN && tcp.writableLength === 0 && conn.writeBuffer?.length === 0,
    write: (frame) => void tcp.write(frame),
    whenClear: (then) => void tcp.write(NOTHING, then),
  };
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
