import { describe, expect, it } from 'vitest';
import { Admission } from './admission.ts';

/** A door whose clock the test turns, and whose work the test ends. */
function door(options: { atOnce?: number; waitMs?: number; perSecond?: number } = {}) {
  let now = 0;
  const inside: (() => void)[] = [];
  const admission = new Admission({ ...options, nowMs: () => now, random: () => 0.5 });
  return {
    admission,
    inside,
    knock: (from?: string) =>
      admission.pass(() => new Promise<string>((resolve) => inside.push(() => resolve('in'))), from),
    tick: (ms: number) => {
      now += ms;
    },
  };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a door that many come to at once', () => {
  it('lets some in, lets some wait, and gives each of the others a time of her own, one after the other', async () => {
    const { knock, inside, admission } = door({ atOnce: 2, waitMs: 100, perSecond: 20 });
    const first = [knock(), knock(), knock(), knock()]; // two inside, two in line: a tenth of a second at 20/s
    const later = await Promise.all([knock(), knock(), knock()]);
    expect(inside).toHaveLength(2);
    expect(later).toEqual([{ afterMs: 250 }, { afterMs: 300 }, { afterMs: 350 }]);
    while (inside.length > 0) {
      inside.shift()?.();
      await turn();
    }
    expect(await Promise.all(first)).toEqual(Array.from({ length: 4 }, () => ({ done: 'in' })));
    expect(admission.perSecond).toBe(20);
  });

  it('measures how fast it moves while it is full, and spreads those who come back by that', async () => {
    const { knock, inside, admission, tick } = door({ atOnce: 1, waitMs: 1000, perSecond: 10 });
    const passed = Array.from({ length: 10 }, () => knock());
    for (let i = 0; i < 10; i++) {
      tick(10); // a hundred a second
      inside.shift()?.();
      await turn();
    }
    await Promise.all(passed);
    expect(admission.perSecond).toBe(10); // too short to know
    const more = Array.from({ length: 11 }, () => knock());
    for (let i = 0; i < 11; i++) {
      tick(30);
      inside.shift()?.();
      await turn();
    }
    await Promise.all(more);
    expect(admission.perSecond).toBeGreaterThan(15);
  });

  it('lets addresses take turns: a thousand of one keep nobody of another waiting, however many were sent away', async () => {
    const { knock, inside } = door({ atOnce: 2, waitMs: 100, perSecond: 100 });
    const entered: string[] = [];
    const come = async (from: string) => {
      const answer = await knock(from);
      if ('done' in answer) entered.push(from);
      return answer;
    };
    const crowd = Array.from({ length: 1000 }, () => come('crowd'));
    const honest = [come('ada'), come('ben'), come('ada')];
    await turn();
    for (let i = 0; i < 7; i++) {
      inside.shift()?.();
      await turn();
    }
    expect(entered).toEqual(['crowd', 'crowd', 'crowd', 'ada', 'ben', 'crowd', 'ada']);
    expect(await Promise.all(honest)).toEqual(honest.map(() => ({ done: 'in' })));
    for (let i = 0; i < 12; i++) {
      inside.shift()?.();
      await turn();
    }
    const sent = (await Promise.all(crowd)).flatMap((answer) => ('afterMs' in answer ? answer.afterMs : []));
    expect(sent.length).toBeGreaterThan(900);
  });

  it('is free again after somebody failed inside', async () => {
    const { admission } = door({ atOnce: 1 });
    await expect(admission.pass(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await admission.pass(async () => 'in')).toEqual({ done: 'in' });
  });

  it('never sends anybody away for longer than twenty seconds', async () => {
    const { knock } = door({ atOnce: 1, waitMs: 0, perSecond: 10 });
    void knock();
    const waits = await Promise.all(Array.from({ length: 1000 }, () => knock()));
    for (const wait of waits) expect((wait as { afterMs: number }).afterMs).toBeLessThanOrEqual(20_000);
  });
});
