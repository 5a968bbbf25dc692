import type { AppLoadContext } from '@remix-run/node';
import { expect, it, vi } from 'vitest';
import { handleError } from './entry.server.tsx';

it('leaves what broke in a page to the log of the server, and not what nobody waits for', () => {
  const printed = vi.spyOn(console, 'error');
  const report = vi.fn();
  const context = { report } as unknown as AppLoadContext;
  const fault = new Error('in a loader');
  const leaving = new AbortController();
  handleError(fault, { request: new Request('http://x/'), context, params: {} });
  leaving.abort();
  handleError(fault, { request: new Request('http://x/', { signal: leaving.signal }), context, params: {} });
  expect(report.mock.calls).toEqual([[fault]]);
  expect(printed).not.toHaveBeenCalled();
});
