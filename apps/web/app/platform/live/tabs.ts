/** What the tabs of one browser tell each other, and the name they share while nobody is signed in. */

const CHANNEL = 'liventix-session';
const VISITOR = 'liventix-visitor';

let channel: BroadcastChannel | null = null;

function open(): BroadcastChannel | null {
  try {
    if (!channel && typeof BroadcastChannel === 'function') channel = new BroadcastChannel(CHANNEL);
  } catch {
    // storage is shut: each tab is on its own
  }
  return channel;
}

/** Says to the other tabs whom the cookie names now: a visitor became a guest, somebody signed in or out. */
export function tellTabs(userId: string | null): void {
  open()?.postMessage({ userId });
}

/** Calls back when another tab said so; answers how to stop. A channel never hears its own messages. */
export function hearTabs(changed: (userId: string | null) => void): () => void {
  const tabs = open();
  const listen = ({ data }: MessageEvent<{ userId: string | null }>) => changed(data.userId);
  tabs?.addEventListener('message', listen);
  return () => tabs?.removeEventListener('message', listen);
}

/** One person's tabs are counted as one person, before she is anybody. */
export function visitorId(): string {
  try {
    const known = localStorage.getItem(VISITOR);
    if (known) return known;
    const fresh = crypto.randomUUID();
    localStorage.setItem(VISITOR, fresh);
    return fresh;
  } catch {
    return ''; // storage is shut: each tab counts for itself
  }
}
