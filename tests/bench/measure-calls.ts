export interface CallFigures {
  perSecond: number;
  p50: number;
  p99: number;
  answered: number;
  /** How many of them got what they asked for, the warm-up's included. */
  granted: number;
  seconds: number;
}

/**
 * A closed loop: each caller asks again as soon as it is answered, until the requests or the time are used up. The first
 * `warmUp` answers are not timed.
 * @param call answers whether the request was granted
 */
export async function measureCalls<T>(
  call: (request: T) => Promise<boolean>,
  requests: readonly T[],
  options: { callers: number; forMs: number; warmUp?: number },
): Promise<CallFigures> {
  const { callers, forMs, warmUp = 0 } = options;
  let next = 0;
  let granted = 0;
  const loop = async (until: number, deadline: number, times: number[] | null): Promise<void> => {
    while (next < until) {
      const request = requests[next++] as T;
      const since = performance.now();
      if (since > deadline) {
        next--;
        return;
      }
      if (await call(request)) granted++;
      times?.push(performance.now() - since);
    }
  };
  const all = (until: number, deadline: number, times: number[] | null) =>
    Promise.all(Array.from({ length: callers }, () => loop(until, deadline, times)));
  await all(Math.min(warmUp, requests.length), Number.POSITIVE_INFINITY, null);
  const times: number[] = [];
  const since = performance.now();
  await all(requests.length, since + forMs, times);
  const seconds = (performance.now() - since) / 1000;
  times.sort((a, b) => a - b);
  return {
    perSecond: times.length / seconds,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    answered: times.length,
    granted,
    seconds,
  };
}

/** Of sorted values. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
