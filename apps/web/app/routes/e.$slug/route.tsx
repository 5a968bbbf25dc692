import { EventSlug } from '@liventix/contracts/events';
import { placeLine } from '@liventix/contracts/places';
import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { newCheckoutId } from '~/features/events/checkout-id.ts';
import { EventPage } from '~/features/events/event-page.tsx';
import type { Problem } from '~/features/events/price-panel.tsx';
import { eventJsonLd } from '~/features/events/structured-data.ts';
import { asCheckoutId, readLines, SPENT_CODES } from '~/features/events/take-places.ts';
import { LateEventFeed } from '~/features/feed/late-event-feed.tsx';
import { formatDate } from '~/platform/format.ts';
import words from '~/platform/i18n/en/event.json';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { JsonLd, pageMeta } from '~/platform/seo.tsx';

function slugOf(params: { slug?: string | undefined }): string {
  const slug = EventSlug.safeParse(params);
  if (!slug.success) throw data({ code: 'NOT_FOUND', words: null, reference: null }, { status: 404 });
  return slug.data.slug;
}

/** What the link of a mail just did to an alert. */
function alertNews(request: Request): 'confirmed' | 'stopped' | null {
  const news = new URL(request.url).searchParams.get('alert');
  return news === 'confirmed' || news === 'stopped' ? news : null;
}

export async function loader({ params, request, context }: LoaderFunctionArgs) {
  const { api } = context;
  const event = await load(api.events.bySlug({ slug: slugOf(params) }));
  const [feed, room] = await Promise.all([
    load(api.feed.posts({ eventId: event.id })),
    load(api.waitingRoom.glance({ eventId: event.id })),
  ]);
  return {
    event,
    feed,
    room,
    newCheckoutId: newCheckoutId(),
    alert: alertNews(request),
    origin: context.origin,
  };
}

/** What a refusal means for the form: the page stays, with the words of the box office in place. */
function problemOf(thrown: unknown): Problem | null {
  let each = thrown;
  for (let depth = 0; depth < 5 && typeof each === 'object' && each !== null; depth++) {
    const { code, status, message, details } = each as Record<string, unknown>;
    if (typeof code === 'string' && typeof status === 'number' && status < 500) {
      return {
        code,
        words: typeof message === 'string' ? message : null,
        details: (details as Record<string, unknown>) ?? {},
      };
    }
    each = (each as { cause?: unknown }).cause;
  }
  return null;
}

/** Refusals that lead to the waiting room; whoever came without an admission has a spot there when she arrives. */
const ROOM_CODES: ReadonlySet<string> = new Set(['WAITING_ROOM_AHEAD', 'ADMISSION_ENDED']);

const refused = (problem: Problem) => data({ problem }, { status: 409 });

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { api } = context;
  const slug = slugOf(params);
  const form = await request.formData();
  const intent = form.get('intent');
  const event = await load(api.events.bySlug({ slug }));
  try {
    if (intent === 'save') await api.events.save({ eventId: event.id });
    else if (intent === 'unsave') await api.events.unsave({ eventId: event.id });
    else if (intent === 'tell' || intent === 'untell') {
      const kind = form.get('kind') === 'on_sale' ? 'on_sale' : 'place_back';
      const email = String(form.get('email') ?? '').trim();
      if (intent === 'tell') {
        const { state } = await api.events.tellMe({ eventId: event.id, kind, ...(email ? { email } : {}) });
        return data({ problem: null, asked: state === 'asked' });
      }
      await api.events.untellMe({ eventId: event.id, kind });
    } else {
      const lines = readLines(form);
      if (lines.length === 0)
        return refused({ code: 'QUANTITY_INVALID', words: words.problem.none_chosen, details: {} });
      const ask = {
        eventId: event.id,
        lines,
        ...(form.has('currency') ? { currency: String(form.get('currency')) } : {}),
        ...(asCheckoutId(form.get('replaces')) ? { replaces: asCheckoutId(form.get('replaces')) } : {}),
      };
      const given = asCheckoutId(form.get('checkoutId'));
      const checkout = await api.holds
        .place({ ...ask, checkoutId: given ?? newCheckoutId() })
        .catch((thrown: unknown) => {
          const problem = problemOf(thrown);
          if (given && problem && SPENT_CODES.has(problem.code))
            return api.holds.place({ ...ask, checkoutId: newCheckoutId() });
          throw thrown;
        });
      return redirect(paths.checkout(checkout.checkoutId), 303);
    }
  } catch (thrown) {
    if (thrown instanceof Response) throw thrown;
    const problem = problemOf(thrown);
    if (!problem) throw thrown;
    if (problem.code === 'WAITING_ROOM_AHEAD') await load(api.waitingRoom.enter({ eventId: event.id }));
    if (ROOM_CODES.has(problem.code)) return redirect(paths.waitingRoom(slug), 303);
    return refused(problem);
  }
  return data({ problem: null });
}

/** Says who has what: never kept by a cache between. */
export const headers: HeadersFunction = () => ({ 'Cache-Control': 'private, no-cache' });

/** A summary that ends without a stop gets one before the next sentence. */
const endSentence = (words: string) => (/[.!?…。！？؟]$/u.test(words.trim()) ? words.trim() : `${words.trim()}.`);

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  if (!data) return [];
  const { event, origin } = data;
  const when = event.startAt ? formatDate(event.startAt.getTime(), event.timeZone, 'short') : '';
  const place = placeLine({ venue: event.venue, city: event.city });
  const line = words.description
    .replace('{{title}}', event.title)
    .replace('{{when}}', when)
    .replace('{{place}}', place);
  return pageMeta({
    title: [event.title, event.city].filter(Boolean).join(', '),
    description: event.summary ? `${endSentence(event.summary)} ${line}` : line,
    origin,
    path: paths.event(event.slug),
    image: paths.shareImage(event.id),
    noindex: event.visibility !== 'public' || event.status === 'draft',
  });
};

export default function Event() {
  const { event, feed, room, newCheckoutId, alert, origin } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <>
      <EventPage
        event={event}
        room={room}
        newCheckoutId={newCheckoutId}
        problem={answer?.problem ?? null}
        alert={alert}
        feed={
          <LateEventFeed
            eventId={event.id}
            slug={event.slug}
            title={event.title}
            palette={event.palette}
            initial={feed}
          />
        }
      />
      {event.visibility === 'public' && event.status !== 'draft' && <JsonLd data={eventJsonLd(event, origin)} />}
    </>
  );
}
