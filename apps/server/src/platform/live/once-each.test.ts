import { expect, it } from 'vitest';
import { onceEach } from './once-each.ts';

it('does what is asked for again while it waits once, and once more what is asked for while it runs', async () => {
  const run = onceEach(2);
  const done: string[] = [];
  const open: (() => void)[] = [];
  const ask = (key: string) =>
    run(key, () => {
      done.push(key);
      return new Promise((resolve) => open.push(resolve));
    });
  for (let round = 0; round < 1000; round++) for (const key of ['a', 'b', 'c', 'd']) ask(key);
  expect(done).toEqual(['a', 'b']);
  while (open.length > 0) {
    open.shift()?.();
    await new Promise(setImmediate);
  }
  // The two that ran when they were asked for again came once more, in the order of asking.
  expect(done).toEqual(['a', 'b', 'c', 'd', 'a', 'b']);
  ask('a');
  expect(done).toHaveLength(7);
});
