import type postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { findByAxe } from '../axe.ts';
import { browserMissing } from '../browser.ts';
import { anotherTab, letLapse, openOffice, take } from './buyer.ts';
import { live, type Person, visit, visitAs } from './people.ts';

/** An event of Ines with one place, a room in front of it, and sales an hour from now. */
async function stage(sql: postgres.Sql): Promise<{ eventId: string; slug: string; tierId: string }> {
  const [event] = await sql<{ id: string; slug: string }[]>`
    insert into events.events (title, city, venue, start_at, status, published_at, waiting_room, availability_display, owner_context_id, created_by)
    select 'Paper Tigers, once more', 'Berlin', 'Saal Amrum', clock_timestamp() + interval '20 days', 'published', clock_timestamp(), 'on', 'exact', u.id, u.id
      from auth.users u where u.email = 'ines@liventix.test' returning id, slug`;
  const [tier] = await sql<{ id: string }[]>`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity, sales_start)
    values (${event?.id as string}, 'Floor', 2400, 1, clock_timestamp() + interval '1 hour') returning id`;
  return { eventId: event?.id as string, slug: event?.slug as string, tierId: tier?.id as string };
}

/** The worker looks at rooms once a second. */
const SOON = { timeout: 20_000, interval: 100 };
const heading = (page: Person, name: string) => page.getByRole('heading', { level: 2, name });
const turn = (page: Person) => heading(page, 'It’s your turn.');
const stands = (page: Person) => page.getByRole('heading', { level: 2, name: /^Where you stand/ });

async function expectNoViolations(page: Person): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Only colours differ in the dark.
    expect(await findByAxe(page, colorScheme === 'dark' ? ['color-contrast'] : undefined)).toEqual([]);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
}

describe.skipIf(browserMissing)('the waiting room', () => {
  const office = openOffice();

  it('gathers two people in two windows, draws them, and lets one go in after the other', async () => {
    const { browser, books: sql, here } = office;
    const { eventId, slug, tierId } = await stage(sql);
    const room = `/e/${slug}/waiting-room`;
    await expect
      .poll(async () => (await sql`select from ticketing.waiting_rooms where event_id = ${eventId}`).length, SOON)
      .toBe(1);

    // One finds it from the event's page and takes a spot with the keyboard, the other comes by the address.
    const ada = await here(visit(browser, `/e/${slug}`));
    await ada.getByRole('link', { name: 'To the waiting room' }).click();
    await ada.waitForURL(`**${room}`);
    await ada.getByRole('button', { name: 'Take a spot' }).focus();
    await ada.keyboard.press('Enter');
    await heading(ada, 'You’re in.').waitFor();
    const ben = await here(visit(browser, room, { width: 'desktop' }));
    await expectNoViolations(ben);
    await ben.getByRole('button', { name: 'Take a spot' }).click();
    await heading(ben, 'You’re in.').waitFor();
    await ada.getByText('2 people are here').waitFor();
    // Her second tab is the same spot: nobody was added.
    const tab = await anotherTab(ada, room);
    await heading(tab, 'You’re in.').waitFor();
    await tab.getByText('2 people are here').waitFor();

    // Ines sees them, and pauses the line before it starts.
    const ines = await here(visitAs(browser, 'ines', `/organizer/${eventId}`, { width: 'desktop' }));
    const part = ines.getByRole('region', { name: 'Waiting room' });
    await part.getByRole('button', { name: 'Pause the line' }).click();
    await ada.getByText('The line stands still for a moment.').waitFor();
    await sql`update ticketing.ticket_tiers set sales_start = clock_timestamp() - interval '1 second' where id = ${tierId}`;
    await part.getByRole('button', { name: 'Resume the line' }).click();

    // One place: one is called, in both of her tabs; the other is next, and stays so through a reload.
    await Promise.race([turn(ada).waitFor(), turn(ben).waitFor()]);
    const adaFirst = await turn(ada).isVisible();
    const [first, second] = adaFirst ? [ada, ben] : [ben, ada];
    if (adaFirst) await turn(tab).waitFor();
    expect(await first.title()).toMatch(/^Your turn: /);
    await stands(second).waitFor();
    await second.getByText('You’re next.').waitFor();
    await second.reload();
    await second.getByText('You’re next.').waitFor();
    await live(second);
    await expectNoViolations(second);
    await expectNoViolations(first);
    // The event's own page is no way round.
    const around = await anotherTab(second, `/e/${slug}`);
    await around.getByRole('link', { name: 'Back to the line' }).waitFor();
    expect(await around.getByRole('button', { name: /^Get / }).count()).toBe(0);
    await around.close();

    // She takes the place; the other is told the truth about it.
    await first.getByRole('link', { name: 'Choose tickets' }).click();
    await first.waitForURL(`**/e/${slug}#tickets`);
    const checkoutId = await take(first, 'Floor');
    await second.getByText('0 free, 1 in checkout: some will come back').waitFor();

    // It comes back, and it is the other's turn; then it is sold, and nobody waits any longer.
    await expect
      .poll(
        async () =>
          (
            await sql`select from ticketing.waiting_spots s join ticketing.waiting_rooms w on w.id = s.room_id where w.event_id = ${eventId} and s.state = 'held'`
          ).length,
        SOON,
      )
      .toBe(1);
    await letLapse(sql, checkoutId);
    // So has the admission by which she took it.
    await sql`
      update ticketing.waiting_spots set admitted_at = admitted_at - interval '16 minutes',
             admission_ends_at = admission_ends_at - interval '16 minutes', ended_at = ended_at - interval '16 minutes'
      where state = 'held' and room_id in (select id from ticketing.waiting_rooms where event_id = ${eventId})`;
    await turn(second).waitFor();
    await part.getByText('Choosing now: 1').waitFor();
    await sql`update ticketing.ticket_tiers set issued_quantity = 1 where id = ${tierId} and reserved_quantity = 0`;
    await heading(second, 'Sold out.').waitFor();
    // No ticket stands behind that sale: the books are left in order.
    await sql`update ticketing.ticket_tiers set issued_quantity = 0 where id = ${tierId}`;
  });
});
