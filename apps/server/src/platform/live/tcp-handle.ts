import type { Socket as TcpSocket } from 'node:net';

/**
 * A connection's own write call, below its stream. For each write the stream makes a request, a tick and a change of state,
 * whether the kernel has taken the bytes or not: a tenth of what a frame costs. These are insides of Node. They are used in
 * the versions they were tried in, on plain TCP; elsewhere the stream writes.
 */
export interface TcpHandle {
  writeBuffer(request: WriteRequest, bytes: Buffer): number;
}

/** Whoever writes, to be told when what had to wait has left: 0, or a negative errno. */
export interface Writer {
  sent(status: number): void;
}

interface WriteRequest {
  oncomplete(status: number): void;
  bytes?: Buffer;
}
interface NodeStreams {
  WriteWrap: new () => WriteRequest;
  streamBaseState: Int32Array;
  kLastWriteWasAsync: number;
}

const TRIED_IN = [20, 22, 24];

const streams = nodeStreams();
/** Serves every write that ends at once. One that waits keeps it, and the next get another. */
let request = streams && new streams.WriteWrap();

function nodeStreams(): NodeStreams | null {
  if (!TRIED_IN.includes(Number.parseInt(process.versions.node, 10))) return null;
  try {
    return (process as unknown as { binding(name: string): NodeStreams }).binding('stream_wrap');
  } catch {
    return null; // not among the permissions it was started with
  }
}

/** The handle of a plain TCP connection, or null: then its stream is to write. */
export function handleOf(tcp: TcpSocket): TcpHandle | null {
  const handle = (tcp as unknown as { _handle?: TcpHandle | null })._handle;
  if (!streams || handle?.constructor.name !== 'TCP' || typeof handle.writeBuffer !== 'function') return null;
  return handle;
}

/** Hands bytes to the kernel, after all that was written to the connection before. */
export function writeTo(handle: TcpHandle, bytes: Buffer, writer: Writer): 'left' | 'waits' | 'failed' {
  if (!streams || !request || handle.writeBuffer(request, bytes) !== 0) return 'failed';
  if (streams.streamBaseState[streams.kLastWriteWasAsync] === 0) return 'left';
  request.bytes = bytes; // kept until they have left
  request.oncomplete = (status) => writer.sent(status);
  request = new streams.WriteWrap();
  return 'waits';
}
