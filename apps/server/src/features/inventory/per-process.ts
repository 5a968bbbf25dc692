import type { WorkCtx } from '../../platform/context.ts';

/** What lives as long as the process's services and is made at its first use: queues, mostly. */
export function perProcess<T>(make: (services: WorkCtx['services']) => T): (ctx: Pick<WorkCtx, 'services'>) => T {
  const made = new WeakMap<object, T>();
  return ({ services }) => {
    let one = made.get(services.db);
    if (one === undefined) {
      one = make(services);
      made.set(services.db, one);
    }
    return one;
  };
}
