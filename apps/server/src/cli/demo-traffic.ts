/**
 * `pnpm demo:traffic [seconds]`: the loud version of the demo's breathing. Strangers hold, order and pay through the same
 * HTTP API, webhook and payment simulator as everybody; bounded in time and number, loopback only.
 */
import { randomUUID } from 'node:crypto';
import superjson from 'superjson';

const url = `http://localhost:${process.env.PORT ?? 4900}`;
const seconds = Math.min(Number(process.argv[2] ?? 60) || 60, 300);
const BUYERS_AT_ONCE = 6;
const until = Date.now() + seconds * 1000;
const tally = new Map<string, number>();

interface Buyer {
  cookie: string;
}

async function call<T>(buyer: Buyer, name: string, input: unknown, query = false): Promise<T> {
  const body = JSON.stringify(superjson.serialize(input));
  const headers = { 'content-type': 'application/json', origin: url, cookie: buyer.cookie };
  const answer = query
    ? await fetch(`${url}/trpc/${name}?input=${encodeURIComponent(body)}`, { headers })
    : await fetch(`${url}/trpc/${name}`, { method: 'POST', headers, body });
  for (const line of answer.headers.getSetCookie()) buyer.cookie = line.split(';', 1)[0] ?? buyer.cookie;
  const read = (await answer.json()) as { result?: { data: never }; error?: never };
  if (read.result) return superjson.deserialize<T>(read.result.data);
  const error = superjson.deserialize(read.error as never) as { data?: { code?: string } };
  throw new Error(error.data?.code ?? String(answer.status));
}

interface Card {
  slug: string;
}
interface EventPage {
  id: string;
  tiers: { id: string; state?: string }[];
}

async function buy(): Promise<string> {
  const buyer: Buyer = { cookie: '' };
  const { events } = await call<{ events: Card[] }>(buyer, 'events.discover', {}, true);
  const card = events[Math.floor(Math.random() * events.length)];
  if (!card) return 'nothing on sale';
  const page = await call<EventPage>(buyer, 'events.bySlug', { slug: card.slug }, true);
  const tier = page.tiers[Math.floor(Math.random() * page.tiers.length)];
  if (!tier) return 'nothing on sale';
  const checkoutId = randomUUID();
  await call(buyer, 'holds.place', {
    eventId: page.id,
    checkoutId,
    lines: [{ tierId: tier.id, quantity: 1 + Math.floor(Math.random() * 2) }],
  });
  if (Math.random() < 0.15) return 'thought better of it';
  const email = `traffic-${checkoutId.slice(0, 8)}@example.org`;
  const { order, totalCents } = await call<{ order: { id: string } | null; totalCents: number }>(
    buyer,
    'orders.create',
    {
      checkoutId,
      email,
      name: 'Traffic',
      showFirstName: false,
    },
  );
  if (!order || totalCents === 0) return 'free ticket';
  const { clientSecret } = await call<{ clientSecret: string }>(buyer, 'payments.start', { orderId: order.id });
  const paid = await fetch(`${url}/simulators/stripe/controls/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({
      intent: clientSecret.split('_secret_')[0],
      card: Math.random() < 0.04 ? '4000000000000002' : '4242424242424242',
    }),
  });
  return paid.ok ? 'paid' : `payment ${paid.status}`;
}

async function crowd(): Promise<void> {
  while (Date.now() < until) {
    const outcome = await buy().catch((error: Error) => error.message);
    tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
    await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 800));
  }
}

process.stdout.write(`Traffic on ${url} for ${seconds} s. Watch a page.\n`);
await Promise.all(Array.from({ length: BUYERS_AT_ONCE }, crowd));
for (const [outcome, count] of [...tally].sort((a, b) => b[1] - a[1]))
  process.stdout.write(`${String(count).padStart(6)}  ${outcome}\n`);
