import { type ComponentType, lazy, Suspense, useState } from 'react';
import emptyState from '~/ui/empty-state/empty-state.module.css';
import skeleton from '~/ui/skeleton/skeleton.module.css';
import composer from './composer.module.css';
import eventFeed from './event-feed.module.css';
import { EventFeed, type EventFeedProps } from './event-feed.tsx';
import likeButton from './like-button.module.css';
import photos from './photos.module.css';
import post from './post.module.css';
import postList from './post-list.module.css';
import thread from './thread.module.css';

/**
 * The styles come with the page, before the code: what the server wrote is dressed from the first paint. Their names
 * are read below, because the build drops a style sheet of which nothing is read.
 */
const styles = [emptyState, skeleton, composer, eventFeed, likeButton, photos, postList, post, thread];

/** At hand on the server; in a browser once it was loaded, so that going back to the page shows it at once. */
let known: ComponentType<EventFeedProps> | null = import.meta.env.SSR ? EventFeed : null;

const load = () =>
  import('./event-feed.tsx').then((module) => {
    known = module.EventFeed;
    return { default: module.EventFeed };
  });
const Late = lazy(load);

// Reached from another page: the code comes while the page's data does.
if (typeof document !== 'undefined' && document.readyState === 'complete') void load().catch(() => undefined);

/**
 * The feed on the event's page, written by the server and taken over after the buttons above it: the page is there to
 * buy on, and what people say stands below. `EventFeed` is imported for the server alone; the browser's build drops it.
 */
export function LateEventFeed(props: EventFeedProps) {
  const [Feed] = useState<ComponentType<EventFeedProps>>(() => known ?? Late);
  if (!styles.every(Boolean)) return null;
  return (
    <Suspense fallback={null}>
      <Feed {...props} />
    </Suspense>
  );
}
