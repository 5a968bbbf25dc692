import type { EventPageView } from '@liventix/contracts/events';
import { describe, expect, it } from 'vitest';
import { PricePanel, type Problem } from './price-panel.tsx';
import { anEvent, aTier, renderPart } from './render-page.test-data.tsx';

const panel = (event: EventPageView, problem: Problem | null = null) =>
  renderPart(
    <PricePanel
      event={event}
      snapshot={event.snapshot.data}
      version={event.snapshot.version}
      newCheckoutId="0190aaaa-0000-7000-8000-0000000000cc"
      problem={problem}
    />,
  );
const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const EXACT = { free: 6, inCheckout: 2, quantity: 20 };

describe('the price panel before JavaScript', () => {
  it('is a form that posts a quantity per kind of ticket and the id of the checkout it would make', () => {
    const html = panel(anEvent({ availability: [EXACT] }));
    expect(html).toMatch(/<form[^>]*method="post"/);
    expect(html).toContain(`name="places.${aTier().id}"`);
    expect(html).toContain('name="checkoutId" value="0190aaaa-0000-7000-8000-0000000000cc"');
    expect(html).toMatch(/<button[^>]*type="submit"[^>]*name="intent"[^>]*value="buy"/);
    expect(html).not.toMatch(/<button[^>]*type="submit"[^>]*disabled/);
  });

  it('shows what is paid, fees in, and the strip only where numbers are exact', () => {
    const exact = panel(anEvent({ availability: [EXACT] }));
    expect(words(exact)).toContain('€21');
    expect(exact).toContain('12 sold, 2 in checkout, 6 free');
    const low = panel(anEvent({ availability: [{ free: 6 }] }));
    expect(words(low)).toContain('6 left');
    expect(low).not.toContain('sold');
    expect(words(panel(anEvent()))).not.toMatch(/left|sold|in checkout/);
  });

  it('lets nobody choose more than is free, than an order may have, or than a person may', () => {
    expect(panel(anEvent({ availability: [{ free: 3 }] }))).toContain('max="3"');
    expect(panel(anEvent({ tiers: [aTier({ maxPerOrder: 4 })] }))).toContain('max="4"');
    expect(panel(anEvent({ maxPerPerson: 2 }))).toContain('max="2"');
  });

  it('offers the way back to a running checkout, and counts its places as free for its owner', () => {
    const checkout = {
      checkoutId: '0190aaaa-0000-7000-8000-0000000000dd',
      expiresAt: new Date(600_000),
      standsUntil: null,
      lines: [{ tierId: aTier().id, quantity: 2 }],
    };
    const html = panel(
      anEvent({ checkout, availability: [{ state: 'all_in_checkout', free: 0, inCheckout: 2, quantity: 20 }] }),
    );
    expect(words(html)).toContain('2 yours, 10:00 left');
    expect(html).toContain('href="/checkout/0190aaaa-0000-7000-8000-0000000000dd"');
    expect(html).toContain('name="replaces" value="0190aaaa-0000-7000-8000-0000000000dd"');
    expect(html).toContain('max="2"');
    expect(words(html)).not.toContain('Every place is in someone');
  });

  it('says a refusal in place, loudly once, with what is safe', () => {
    const html = panel(anEvent(), {
      code: 'TIER_NOT_ENOUGH',
      words: 'Only 1 left. Take fewer, or another kind of ticket.',
      details: {},
    });
    expect(html).toMatch(/role="alert".*Only 1 left/s);
  });
});

describe('the price panel while places are hoarded', () => {
  it('says how long a guest has, of the kinds of ticket it is true of', () => {
    expect(words(panel(anEvent()))).toContain('Yours for 15 minutes while you pay.');
    const html = words(panel(anEvent({ availability: [{ guestMinutes: 5 }] })));
    expect(html).toContain('Yours for 5 minutes, and 5 more once you begin to pay');
  });

  it('offers to sign in where buyers of one network wait for each other', () => {
    const html = panel(anEvent(), { code: 'NETWORK_LIMIT', words: 'In 9 min at the latest.', details: {} });
    expect(html).toMatch(/role="alert".*In 9 min at the latest\..*href="\/sign-in\?to=%2Fe%2Fvelvet-static"/s);
  });
});

describe('the faces of the price panel', () => {
  const face = (event: EventPageView) => words(panel(event));
  it('keeps "all in checkout" apart from "sold out"', () => {
    const waiting = face(
      anEvent({ availability: [{ state: 'all_in_checkout', free: 0, inCheckout: 2, quantity: 20 }] }),
    );
    expect(waiting).toContain('Every place is in someone’s checkout.');
    const gone = face(anEvent({ availability: [{ state: 'sold_out', free: 0, inCheckout: 0, quantity: 120 }] }));
    expect(gone).toContain('Sold out. 120 people will be there.');
    expect(gone).toContain('Tell me if one comes back');
    expect(face(anEvent({ availability: [{ state: 'sold_out' }] }))).not.toContain('people will be there');
  });
  it('counts down to a sale that has not opened, and offers to tell', () => {
    const html = face(anEvent({ availability: [{ state: 'not_yet', opensAt: 3 * 3_600_000 + 60_000 }] }));
    expect(html).toContain('3 h 1 min');
    expect(html).toContain('Tell me when it opens');
  });
  it('says paused, closed, over, cancelled and moved in words of their own, without a button that cannot work', () => {
    expect(face(anEvent({ availability: [{ state: 'paused' }] }))).toContain('Sales are paused. Back soon');
    expect(face(anEvent({ availability: [{ state: 'closed' }] }))).toContain('Sales have closed.');
    expect(face(anEvent({ data: { status: 'ended' } }))).toContain('More by Nordlicht Kollektiv');
    const off = anEvent({ data: { status: 'cancelled' }, cancelReason: 'The hall is flooded.' });
    expect(face(off)).toContain(
      'Velvet Static is cancelled. Everyone who paid is owed a full refund by the host, fees too.',
    );
    expect(panel(off)).not.toContain('<form');
    expect(face(anEvent({ data: { status: 'postponed' } }))).toContain('Tickets stay good');
  });
});
