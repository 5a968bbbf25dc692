import sharp from 'sharp';

/**
 * How many pictures and documents one process draws at once. libvips, argon2 and files share libuv's four threads: with two
 * of them drawing, signing in still finds a free one.
 */
const DRAWINGS_AT_ONCE = 2;

// One thread for each drawing: the other core belongs to buyers.
sharp.concurrency(1);

let free = DRAWINGS_AT_ONCE;
const queue: Array<() => void> = [];

/** Runs work that draws, in order of arrival and two at a time in the whole process. Never call it inside itself. */
export async function drawInTurn<T>(work: () => Promise<T>): Promise<T> {
  if (free > 0) free--;
  else await new Promise<void>((resolve) => queue.push(resolve));
  try {
    return await work();
  } finally {
    const next = queue.shift();
    if (next) next();
    else free++;
  }
}
