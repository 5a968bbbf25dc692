import { expect, it } from 'vitest';
import { drawInTurn } from './draw-in-turn.ts';

it('two drawings at once, the others in order of arrival, and a failed one gives its turn back', async () => {
  const order: number[] = [];
  let busy = 0;
  let busiest = 0;
  const works = Array.from({ length: 9 }, (_, index) =>
    drawInTurn(async () => {
      order.push(index);
      busiest = Math.max(busiest, ++busy);
      await new Promise((resolve) => setImmediate(resolve));
      busy--;
      if (index === 0) throw new Error('broken');
    }),
  );
  const ends = await Promise.allSettled(works);
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect(busiest).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});
