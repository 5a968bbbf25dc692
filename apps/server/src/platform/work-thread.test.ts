import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createLog } from './log.ts';
import { createWorkThread, type WorkThread, type WorkThreadOptions } from './work-thread.ts';

const file = new URL('./work-thread.test-data.ts', import.meta.url);
const log = createLog({ level: 'silent' });
const threads: WorkThread[] = [];

function open(options: Partial<WorkThreadOptions> = {}): WorkThread {
  const thread = createWorkThread({ file, log, ...options });
  threads.push(thread);
  return thread;
}

const closedGate = () => new Int32Array(new SharedArrayBuffer(4));
function openGate(gate: Int32Array): void {
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
}

afterEach(() => Promise.all(threads.splice(0).map((thread) => thread.close())));

describe('a work thread', () => {
  it('takes data and gives data, in the order of arrival', async () => {
    const thread = open();
    const given = { text: 'é', at: new Date(0), bytes: new Uint8Array([1, 2, 3]), none: null };
    expect(await thread.run('echo', given)).toEqual(given);
    const order: unknown[] = [];
    await Promise.all([1, 2, 3, 4, 5].map((one) => thread.run('echo', one).then((value) => order.push(value))));
    expect(order).toEqual([1, 2, 3, 4, 5]);
  });

  it('leaves the loop free while a work holds it up', async () => {
    const gate = closedGate();
    let ended = false;
    const held = open()
      .run('hold', { gate })
      .finally(() => {
        ended = true;
      });
    for (let turn = 0; turn < 100; turn++) await setImmediate();
    expect(ended).toBe(false);
    openGate(gate);
    expect(await held).toBe('held');
  });

  it('refuses with BUSY what would wait behind too many, and takes more when those are done', async () => {
    const gate = closedGate();
    const thread = open({ atOnce: 2, waitMost: 3 });
    // Two are in hand, three wait.
    const taken = [thread.run('hold', { gate }), ...[1, 2, 3, 4].map((one) => thread.run('echo', one))];
    await expect(thread.run('echo', 5)).rejects.toMatchObject({ code: 'BUSY', status: 503 });
    openGate(gate);
    expect(await Promise.all(taken)).toEqual(['held', 1, 2, 3, 4]);
    expect(await thread.run('echo', 6)).toBe(6);
  });

  it.each(['die', 'throwOutside', 'fillMemory'])(
    'that dies (%s) answers WORK_LOST, and the next one does what waited',
    async (how) => {
      const thread = open({ atOnce: 2, memoryMb: 32 });
      const gate = closedGate();
      const [first, ...others] = [
        thread.run('hold', { gate }),
        thread.run(how, null),
        ...[1, 2, 3].map((one) => thread.run('echo', one)),
      ];
      const lost = expect(others.shift()).rejects.toMatchObject({ code: 'WORK_LOST', status: 503 });
      openGate(gate);
      await Promise.allSettled([first]);
      await lost;
      const ends = await Promise.allSettled(others);
      for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'WORK_LOST' });
      expect(ends.at(-1)).toEqual({ status: 'fulfilled', value: 3 });
      expect(await thread.run('echo', 'next')).toBe('next');
    },
  );

  it('that does not answer is replaced: what it had is lost, what comes later is done', async () => {
    const thread = open({ patienceMs: 1000 });
    await expect(thread.run('neverEnd', null)).rejects.toMatchObject({ code: 'WORK_LOST' });
    // A machine that is busy may need longer than that to start the next one.
    const ask = (): Promise<unknown> => thread.run('echo', 1).catch(ask);
    expect(await ask()).toBe(1);
  });

  it('throws what a work throws, and a name that it does not know, and lives on', async () => {
    const thread = open();
    await expect(thread.run('refuse', null)).rejects.toThrow(new RangeError('not with me'));
    await expect(thread.run('nothing', null)).rejects.toThrow('there is no work called nothing');
    expect(await thread.run('echo', 1)).toBe(1);
  });

  it('that is closed ends at once, refuses, and was none where nothing was asked', async () => {
    const thread = open();
    const gate = closedGate();
    const held = expect(thread.run('hold', { gate })).rejects.toMatchObject({ code: 'WORK_LOST' });
    await thread.close();
    await held;
    await expect(thread.run('echo', 1)).rejects.toMatchObject({ code: 'BUSY' });
    await open().close();
  });
});
