import type { LoadContext } from '@liventix/server/router';

declare module '@remix-run/node' {
  /** What every loader and action gets as `context`. Declared by the server, known here as a type only. */
  interface AppLoadContext extends LoadContext {}
}
