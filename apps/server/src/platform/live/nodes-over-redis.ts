import { randomUUID } from 'node:crypto';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { Namespace } from 'socket.io';
import type { Redis } from '../redis.ts';
import type { AcrossNodes, NodeMessage } from './across-nodes.ts';

/** The one event between servers; clients never see it. */
const SAID = 'node:said';

/**
 * The other nodes, reached over Redis by Socket.IO's own adapter. Only notes about single people travel: room snapshots
 * are sent with `io.local`, so Redis carries nothing per ticket sold, and while it is away every number stays true.
 */
export function nodesOverRedis(redis: Redis): AcrossNodes {
  const me = randomUUID();
  const line = redis.client.duplicate();
  const send = line.publish.bind(line);
  // The adapter lets this promise go; without Redis it is rejected, and that is an answer, not an accident.
  Object.assign(line, { publish: (...given: Parameters<typeof send>) => send(...given).catch(() => 0) });
  void line.connect();
  const create = createAdapter(line, { streamName: 'liventix', channelPrefix: 'liventix', blockTimeInMs: 1000 });
  const adapters: { close(): void }[] = [];
  let say: ((message: NodeMessage) => void) | null = null;

  // Not an arrow: Socket.IO calls it with `new`.
  function adapterOf(namespace: Namespace) {
    const adapter = create(namespace);
    adapters.push(adapter);
    return adapter;
  }

  return {
    adapter: adapterOf,
    start(io, hear) {
      io.on(SAID, (message: NodeMessage, node: string) => hear(message, node));
      say = (message) => io.serverSideEmit(SAID, message, me);
    },
    publish(message) {
      // Kept for later it would be a lie by then; whoever comes back asks the database.
      if (line.isReady) say?.(message);
    },
    async stop() {
      say = null;
      for (const adapter of adapters) adapter.close();
    },
  };
}
