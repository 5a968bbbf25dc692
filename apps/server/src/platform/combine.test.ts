import { describe, expect, it } from 'vitest';
import { Combiner } from './combine.ts';

interface Wish {
  id: string;
  n: number;
}

/** A database that answers when it is told to, and remembers what it was asked. */
function desk(answer: (batch: Wish[], call: number) => number[] = (batch) => batch.map((wish) => wish.n * 10)) {
  const calls: Wish[][] = [];
  const waiting: (() => void)[] = [];
  let isOpen = true;
  const combiner = new Combiner<Wish, number>({
    maxBatch: 4,
    maxInFlight: 2,
    keyOf: (wish) => wish.id,
    isSame: (a, b) => a.n === b.n,
    async flush(batch) {
      calls.push(batch);
      const call = calls.length;
      if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
      return answer(batch, call);
    },
  });
  return {
    combiner,
    calls,
    close: () => {
      isOpen = false;
    },
    open: () => {
      isOpen = true;
      for (const resolve of waiting.splice(0)) resolve();
    },
    ask: (n: number, id = String(n), signal?: AbortSignal) => combiner.submit({ id, n }, signal),
  };
}

const sqlError = (code: string) => Object.assign(new Error(code), { code });
const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('the combiner', () => {
  it('sends a lone request at once, gathers while a flush is under way, and sends a full batch behind it, in order', async () => {
    const { ask, calls, close, open } = desk();
    expect(await ask(1)).toBe(10);
    close();
    const answers = [ask(2)];
    await tick();
    answers.push(ask(3));
    await tick();
    expect(calls.map((batch) => batch.map((wish) => wish.n))).toEqual([[1], [2]]);
    for (let n = 4; n <= 9; n++) answers.push(ask(n));
    await tick();
    expect(calls.map((batch) => batch.map((wish) => wish.n))).toEqual([[1], [2], [3, 4, 5, 6]]);
    open();
    expect(await Promise.all(answers)).toEqual([20, 30, 40, 50, 60, 70, 80, 90]);
    expect(calls.slice(3).map((batch) => batch.map((wish) => wish.n))).toEqual([[7, 8, 9]]);
  });

  it('sends a second batch as soon as it is half full, and no third', async () => {
    const { ask, calls, close, open } = desk();
    close();
    const answers = [ask(1)];
    await tick();
    answers.push(ask(2));
    await tick();
    expect(calls).toHaveLength(1);
    for (let n = 3; n <= 7; n++) {
      answers.push(ask(n));
      await tick();
    }
    expect(calls.map((batch) => batch.map((wish) => wish.n))).toEqual([[1], [2, 3]]);
    open();
    await Promise.all(answers);
    expect(calls.slice(2).map((batch) => batch.map((wish) => wish.n))).toEqual([[4, 5, 6, 7]]);
  });

  it('asks once for a request that was sent twice, and apart for another one under the same id', async () => {
    const { ask, calls } = desk();
    expect(await Promise.all([ask(1, 'a'), ask(1, 'a'), ask(2, 'a'), ask(3, 'b')])).toEqual([10, 10, 20, 30]);
    expect(calls.map((batch) => batch.map((wish) => wish.n))).toEqual([[1, 3], [2]]);
  });

  it('lets one bad row fail alone', async () => {
    const { ask } = desk((batch) => {
      if (batch.some((wish) => wish.n === 3)) throw sqlError('23503');
      return batch.map((wish) => wish.n * 10);
    });
    const answers = await Promise.allSettled([1, 2, 3, 4].map((n) => ask(n)));
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : answer.reason.code))).toEqual([
      10,
      20,
      '23503',
      40,
    ]);
  });

  it.each(['40001', '40P01', '57P01', '08006', 'CONNECTION_CLOSED'])(
    'sends the same requests again after %s',
    async (code) => {
      const { ask, calls } = desk((batch, call) => {
        if (call < 3) throw sqlError(code);
        return batch.map((wish) => wish.n * 10);
      });
      expect(await Promise.all([ask(1), ask(2)])).toEqual([10, 20]);
      expect(calls).toHaveLength(3);
      expect(calls[2]).toEqual(calls[0]);
    },
  );

  it('hands any other error to all who asked, without trying again', async () => {
    const { ask, calls } = desk(() => {
      throw sqlError('42703');
    });
    const answers = await Promise.allSettled([ask(1), ask(2)]);
    expect(answers.map((answer) => answer.status)).toEqual(['rejected', 'rejected']);
    expect(calls).toHaveLength(1);
  });

  it('drops a request whose client went away before its flush', async () => {
    const { ask, calls, close, open } = desk();
    close();
    const kept = [ask(1)];
    await tick();
    kept.push(ask(2));
    await tick();
    const gone = new AbortController();
    const lost = ask(3, '3', gone.signal);
    kept.push(ask(4));
    gone.abort();
    open();
    await expect(lost).rejects.toThrow();
    expect(await Promise.all(kept)).toEqual([10, 20, 40]);
    expect(calls.flat().map((wish) => wish.n)).toEqual([1, 2, 4]);
  });

  it('says it is busy, and for how long (ten seconds at most), when the queue is full', async () => {
    const { ask, close, open } = desk();
    close();
    const kept: Promise<number>[] = [];
    let refused: unknown;
    for (let n = 0; n < 5000 && !refused; n++) {
      try {
        kept.push(ask(n));
      } catch (error) {
        refused = error;
      }
    }
    expect(refused).toMatchObject({ code: 'BUSY', status: 503, retryAfterSeconds: 10 });
    open();
    expect(await Promise.all(kept)).toHaveLength(2048);
  });
});
