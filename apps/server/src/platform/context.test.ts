import { expect, it } from 'vitest';
import { createContext, type Services } from './context.ts';

it('a context has no getter of its own: each would have a shape of its own, and stay until the next full collection', () => {
  const services = { env: { PUBLIC_URL: 'http://localhost' } } as Services;
  const ctx = createContext(services, { actor: null, requestId: 'one', ip: '' });
  const own = Object.entries(Object.getOwnPropertyDescriptors(ctx));
  expect(own.filter(([, property]) => property.get || typeof property.value === 'function')).toEqual([]);
  expect(ctx.requestHeaders).toBe(ctx.requestHeaders);
});
