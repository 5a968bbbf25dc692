import type { Bench, Measured } from '../bench.ts';
import { expectFiles, startCrowds } from '../sockets/crowd.ts';
import type { Sent, ServerInput } from '../sockets/server-process.ts';
import { type Child, startChild } from '../start-child.ts';

const KINDS = ['product', 'socket.io', 'ws'] as const;

/**
 * What one message costs the sender: delivered messages by the processor time it used, at ten snapshots a second. The
 * product (rooms, versions, coalescing), a stock Socket.IO room and plain ws send the same bytes to as many sockets.
 */
export async function run(bench: Bench): Promise<Measured> {
  const count = bench.size(5000);
  const seconds = bench.quick ? 2 : 5;
  expectFiles(count);
  const database = await bench.database();
  const { api, engine, auth } = database.urls;
  const rounds: Record<(typeof KINDS)[number], number[]> = { product: [], 'socket.io': [], ws: [] };
  const servers = new Map<string, { child: Child; port: number }>();
  for (const kind of KINDS) {
    const child = await startChild('tests/bench/sockets/server-process.ts');
    bench.atEnd(() => child.stop());
    const port = await child.ask<number>('open', { kind, urls: { api, engine, auth } } satisfies ServerInput);
    servers.set(kind, { child, port });
  }
  const enter = await startCrowds(bench, count, 0);
  for (let round = 0; round < bench.rounds; round++) {
    for (const [kind, { child, port }] of servers) {
      const room = await child.ask<{ kind: string; id: string }>('room');
      const crowd = await enter({ port, room: kind === 'ws' ? null : room, mark: null });
      await child.ask('send', { seconds: 1 }); // warm
      await crowd.listen();
      const sent = await child.ask<Sent>('send', { seconds });
      const { frames, lost } = await crowd.tell();
      if (lost > 0) throw new Error(`${kind}: ${lost} sockets were lost`);
      if (frames < sent.snapshots * count * 0.98)
        bench.note(`${kind}: ${frames} of ${sent.snapshots * count} messages arrived`);
      rounds[kind as (typeof KINDS)[number]].push(frames / sent.cpuSeconds);
      bench.note(
        `${kind}: ${(sent.snapshots / sent.seconds).toFixed(1)} snapshots/s, ${((100 * sent.cpuSeconds) / sent.seconds).toFixed(0)} % of a core`,
      );
      await crowd.close();
    }
  }
  const against = (peer: 'socket.io' | 'ws') =>
    rounds.product.map((value, round) => ({ value, peer: rounds[peer][round] as number }));
  return { vs_socket_io: against('socket.io'), vs_ws: against('ws') };
}
