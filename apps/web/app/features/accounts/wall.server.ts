import type { AppLoadContext } from '@remix-run/node';
import type { WallPoster } from './enter-page.tsx';

/** A dozen posters of what is on, for the wall; none when they cannot be read: nobody is kept out by decoration. */
export async function readWall({ api }: AppLoadContext): Promise<WallPoster[]> {
  const found = await api.events.discover({}).catch(() => null);
  return (found?.events ?? [])
    .slice(0, 12)
    .map(({ id, title, palette, posterVersion }) => ({ id, title, palette, posterVersion }));
}

/** How many tickets a guest holds on this device; null for strangers and accounts. */
export async function countGuestTickets({ api, actor }: AppLoadContext): Promise<number | null> {
  if (!actor?.isAnonymous) return null;
  const wallet = await api.tickets.mine();
  return [...wallet.coming, ...wallet.past].reduce((sum, night) => sum + night.tickets.length, 0);
}
