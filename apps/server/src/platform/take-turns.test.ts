import { describe, expect, it } from 'vitest';
import { type Party, takeTurns } from './take-turns.ts';
import { partyOf } from './turns.ts';

/** A line of one turn at a time whose first turn is held, and the names in the order in which the others had theirs. */
function heldLine(options: { waitMost?: number; ofOneMost?: number } = {}) {
  const turns = takeTurns({ atOnce: 1, waitMost: 160, ofOneMost: 64, ...options });
  const order: string[] = [];
  let letGo = () => {};
  const held = turns(['requests', 'home', 'Theo'], () => new Promise<void>((resolve) => (letGo = resolve)));
  const asked: Promise<string>[] = [];
  const ask = (party: Party, name = party.at(-1) as string) => {
    asked.push(
      turns(party, async () => void order.push(name)).then(
        () => 'done',
        (error: { code?: string }) => error.code ?? 'failed',
      ),
    );
  };
  const end = async () => {
    letGo();
    await held;
    return { answers: await Promise.all(asked), order };
  };
  return { ask, end };
}

const times = (count: number, work: (each: number) => void) => Array.from({ length: count }, (_, each) => work(each));

describe('turns', () => {
  it('come to who asks once before the second of a pile, and to a job beside a crowd of addresses', async () => {
    const line = heldLine();
    times(60, () => line.ask(['requests', 'den', 'Mallory']));
    times(20, (each) => line.ask(['requests', `den ${each}`, `Mallory ${each}`]));
    line.ask(['requests', 'flat', 'Mara']);
    line.ask(['jobs'], 'mail');
    const { order } = await line.end();
    expect(order.slice(0, 2)).toEqual(['Mallory', 'mail']);
    // One of each address that was there before, then she; and none of the sixty a second time.
    expect(order.indexOf('Mara')).toBe(22);
    expect(order.slice(0, 23).filter((name) => name === 'Mallory')).toHaveLength(1);
  });

  it('go round among the people of one address too, and stay in the order of arrival for one of them', async () => {
    const line = heldLine();
    times(3, (each) => line.ask(['requests', 'hall', 'Mallory'], `Mallory ${each}`));
    line.ask(['requests', 'hall', 'Mara']);
    expect((await line.end()).order).toEqual(['Mallory 0', 'Mara', 'Mallory 1', 'Mallory 2']);
  });

  it('are refused at once to who has enough waiting, and to no neighbour', async () => {
    const line = heldLine({ ofOneMost: 2 });
    times(5, () => line.ask(['requests', 'hall', 'Mallory']));
    line.ask(['requests', 'hall', 'Mara']);
    expect((await line.end()).answers).toEqual(['done', 'done', 'BUSY', 'BUSY', 'BUSY', 'done']);
  });

  it('are never all taken by one address, nor by as many as there are: there is room for one more', async () => {
    const line = heldLine({ waitMost: 16 });
    times(40, (each) => line.ask(['requests', 'den', `Mallory ${each}`]));
    times(40, (each) => line.ask(['requests', 'cellar', `Trudy ${each}`]));
    line.ask(['requests', 'flat', 'Mara']);
    line.ask(['jobs'], 'mail');
    const { answers, order } = await line.end();
    expect(answers.slice(-2)).toEqual(['done', 'done']);
    expect(order.filter((name) => name.startsWith('Mallory'))).toHaveLength(8);
    expect(order.filter((name) => name.startsWith('Trudy'))).toHaveLength(4);
  });

  it('come to a neighbour after one of a machine with a whole /48, whatever networks of it it asks from', async () => {
    const line = heldLine();
    times(60, (n) => line.ask(partyOf({ ip: `2001:db8:1:${n}::1`, actor: null }), 'machine'));
    line.ask(partyOf({ ip: '198.51.100.7', actor: { userId: 'Mara' } }), 'Mara');
    const { order } = await line.end();
    expect(order.slice(0, 2)).toEqual(['machine', 'Mara']);
  });

  it('go on after a work that failed, and nobody who comes in between goes ahead', async () => {
    const turns = takeTurns({ atOnce: 1, waitMost: 2, ofOneMost: 2 });
    const order: string[] = [];
    const failing = turns(['one'], () => Promise.reject(new Error('not today')));
    const waiting = turns(['two'], async () => void order.push('two'));
    await expect(failing).rejects.toThrow('not today');
    const late = turns(['three'], async () => void order.push('three'));
    await Promise.all([waiting, late]);
    await turns(['four'], async () => void order.push('four'));
    expect(order).toEqual(['two', 'three', 'four']);
  });
});
