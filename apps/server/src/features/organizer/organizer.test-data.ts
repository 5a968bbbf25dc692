import { randomUUID } from 'node:crypto';
import type { OrgRole } from '@liventix/contracts/organizations';
import type { TestApp, Visitor } from '../../testing/index.ts';

export type Person = Visitor & { email: string; userId: string };
export type Team = Record<OrgRole | 'stranger', Person> & { orgId: string };

/** An organization with one person in each role, and somebody who has nothing to do with it. */
export async function makeTeam(app: TestApp): Promise<Team> {
  const names = ['owner', 'admin', 'editor', 'scanner', 'viewer', 'stranger'] as const;
  const people = await Promise.all(
    names.map((name) =>
      app.signUp({ name: `${name} of the team`, verified: true, secondFactor: name === 'owner' || name === 'admin' }),
    ),
  );
  const [owner, admin, editor, scanner, viewer, stranger] = people as [Person, Person, Person, Person, Person, Person];
  const org = await owner.api.organizations.create({ name: `Nordlicht ${randomUUID().slice(0, 6)}`, city: 'Berlin' });
  for (const [role, person] of [
    ['admin', admin],
    ['editor', editor],
    ['scanner', scanner],
    ['viewer', viewer],
  ] as const) {
    await app.admin`insert into organizations.org_memberships (org_id, user_id, role) values (${org.id}, ${person.userId}, ${role})`;
  }
  return { owner, admin, editor, scanner, viewer, stranger, orgId: org.id };
}

const DESCRIPTION =
  'Two tape machines, one kettle and four people who have been promising a quiet record since 2019 and have not made it.';

/** An event with everything it takes to be published, two weeks from now. */
export async function makeReadyEvent(
  by: Person,
  change: { orgId?: string; tiers?: { name: string; priceCents: number; quantity: number }[] } = {},
) {
  const { eventId } = await by.api.organizer.createEvent({
    title: 'Velvet Static',
    ...(change.orgId ? { organizationId: change.orgId } : {}),
  });
  const day = new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10);
  await by.api.organizer.updateEvent({
    eventId,
    description: DESCRIPTION,
    venue: 'Saal Amrum',
    city: 'Berlin',
    startLocal: `${day}T20:00`,
    endLocal: `${day}T23:30`,
    doorsLocal: `${day}T19:00`,
    refundPolicy: 'until_1d',
  });
  let tiers: { id: string; name: string }[] = [];
  for (const tier of change.tiers ?? [{ name: 'Floor', priceCents: 1800, quantity: 120 }]) {
    tiers = await by.api.organizer.tiers.create({ eventId, ...tier });
  }
  return { eventId, tierIds: tiers.map((tier) => tier.id) };
}

/** One buyer, one order, paid: answers the order. */
export async function buy(
  app: TestApp,
  eventId: string,
  lines: { tierId: string; quantity: number }[],
  name = 'Mara Lindqvist',
  showFirstName = true,
) {
  const buyer = await app.guest();
  const checkoutId = randomUUID();
  await buyer.api.holds.place({ eventId, checkoutId, lines });
  const view = await buyer.api.orders.create({
    checkoutId,
    email: `${randomUUID()}@example.test`,
    name,
    showFirstName,
  });
  const order = view.order ?? { id: '', code: '' };
  if (view.totalCents > 0) {
    await app.db.engine
      .sql`select ticketing.complete_order_atomic(${order.id}, ${`pi_${randomUUID().slice(0, 8)}`}, ${view.totalCents}::bigint)`;
  }
  return { buyer, checkoutId, orderId: order.id, code: order.code, totalCents: view.totalCents };
}
