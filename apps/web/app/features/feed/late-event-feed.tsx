import { type ComponentType, lazy, Suspense, useState } from 'react';
// The styles come with the page, before the code: what the server wrote is dressed from the first paint.
import '~/ui/empty-state/empty-state.module.css';
import '~/ui/skeleton/skeleton.module.css';
import './composer.module.css';
import './event-feed.module.css';
import './like-button.module.css';
import './photos.module.css';
import './post-list.module.css';
import './post.module.css';
import './thread.module.css';
import { EventFeed, type EventFeedProps } from './event-feed.tsx';

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
  return (
    <Suspense fallback={null}>
      <Feed {...props} />
    </Suspense>
  );
}
