/** A client of pages in a process of its own, so that reading an answer takes nothing from the server that makes it. */
import { openLane } from './http-lane.ts';
import { percentile } from './measure-calls.ts';
import { serveParent } from './start-child.ts';

export interface FetchInput {
  port: number;
  /** Fetched in turn, one at a time. */
  addresses: string[];
  turns: number;
  warmUp: number;
}

serveParent({
  /** Milliseconds from the request to the whole answer, the median of each address. */
  async fetch({ port, addresses, turns, warmUp }: FetchInput): Promise<number[]> {
    const lane = await openLane(port);
    const times: number[][] = addresses.map(() => []);
    for (let turn = -warmUp; turn < turns; turn++) {
      for (const [index, address] of addresses.entries()) {
        // As a proxy tells it: nobody reads a thousand pages a minute, many people together do.
        const from = `198.51.100.${turn & 255}`;
        const request = Buffer.from(
          `GET ${address} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx-forwarded-for: ${from}\r\naccept: text/html\r\n\r\n`,
        );
        const since = performance.now();
        const { status, body } = await lane.ask(request);
        if (turn >= 0) times[index]?.push(performance.now() - since);
        if (status !== 200 || !body.includes('</html>')) throw new Error(`${address} answered ${status}`);
      }
    }
    lane.close();
    return times.map((taken) =>
      percentile(
        taken.sort((a, b) => a - b),
        0.5,
      ),
    );
  },
});
