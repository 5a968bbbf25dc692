import { describe, expect, it } from 'vitest';
import type { Services } from '../../platform/context.ts';
import { holdPressure, Meter, underPressure } from './pressure.ts';

describe('the meter of requests', () => {
  it('counts what came in the last two seconds and forgets what came before', () => {
    const meter = new Meter();
    for (let ms = 10_000; ms < 12_000; ms += 10) meter.add(1, ms);
    expect(meter.perSecond(11_999)).toBeCloseTo(100, 0);
    expect(meter.perSecond(12_999)).toBeCloseTo(50, -1);
    expect(meter.perSecond(14_000)).toBe(0);
  });

  it('does not divide the first moments by two whole seconds', () => {
    const meter = new Meter();
    for (let ms = 1000; ms < 1500; ms += 10) meter.add(1, ms);
    expect(meter.perSecond(1500)).toBeCloseTo(100, 0);
  });
});

describe('the pressure of an event', () => {
  it('counts every request as asked and only the decided ones as drained', async () => {
    const services = { db: {} } as Services;
    expect(holdPressure(services, 'a')).toEqual({ requestsPerSecond: 0, drainPerSecond: 0 });
    await underPressure({ services }, 'a', async () => 'held');
    await expect(underPressure({ services }, 'a', () => Promise.reject(new Error('BUSY')))).rejects.toThrow('BUSY');
    const { requestsPerSecond, drainPerSecond } = holdPressure(services, 'a');
    expect(requestsPerSecond).toBe(2 * drainPerSecond);
    expect(drainPerSecond).toBeGreaterThan(0);
    expect(holdPressure(services, 'b').requestsPerSecond).toBe(0);
  });

  it('is none of who hangs up: one machine would open a waiting room by it', async () => {
    const services = { db: {} } as Services;
    const gone = { aborted: true, reason: new Error('gone') };
    await expect(underPressure({ services }, 'a', () => Promise.reject(gone.reason), gone)).rejects.toThrow('gone');
    const { requestsPerSecond, drainPerSecond } = holdPressure(services, 'a');
    expect(requestsPerSecond).toBe(drainPerSecond);
  });
});
