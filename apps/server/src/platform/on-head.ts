import type { ServerResponse } from 'node:http';

/** Calls back in the last moment in which headers can be set: before the answer begins. */
export function onHead(response: ServerResponse, callback: () => void): void {
  const writeHead = response.writeHead;
  response.writeHead = function (this: ServerResponse, ...args: unknown[]) {
    callback();
    return (writeHead as (...given: unknown[]) => ServerResponse).apply(this, args);
  } as typeof response.writeHead;
}
