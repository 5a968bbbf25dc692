import type { ServerResponse } from 'node:http';

const QUIET_MS = 150;

/**
 * Tells open pages that something changed (server-sent events). It says *that*, not *what*: the page asks for itself again.
 * Bursts are folded into one message per 150 ms.
 */
export class LiveStream {
  #listeners = new Set<ServerResponse>();
  #timer: NodeJS.Timeout | null = null;

  add(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    response.write('retry: 1000\n\n');
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
  }

  changed(): void {
    if (this.#timer || this.#listeners.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      for (const listener of this.#listeners) listener.write('event: changed\ndata: {}\n\n');
    }, QUIET_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    for (const listener of this.#listeners) listener.end();
    this.#listeners.clear();
  }
}
