import { describe, expect, it } from 'vitest';
import { newCheckoutId } from './checkout-id.ts';
import { nextMoment, tierChoices, totalOf, trimChosen } from './price-panel.rules.ts';
import { anEvent, aTier } from './render-page.test-data.tsx';
import { eventJsonLd, onItsClock } from './structured-data.ts';
import { asCheckoutId, readLines } from './take-places.ts';

describe('choosing', () => {
  const child = aTier({
    id: '0190aaaa-0000-7000-8000-000000000002',
    name: 'Child',
    faceCents: 0,
    feeCents: 0,
    totalCents: 0,
  });
  const event = anEvent({
    tiers: [aTier({ taxCents: 168, totalCents: 2268 }), child],
    availability: [{ free: 5 }, { free: 9 }],
  });
  const choices = tierChoices(event.tiers, event.snapshot.data, null, 10);

  it('sums an order plainly, fee and tax apart', () => {
    expect(totalOf(choices, { [aTier().id]: 2, [child.id]: 3 })).toEqual({
      count: 5,
      faceCents: 3800,
      feeCents: 400,
      taxCents: 336,
      totalCents: 4536,
    });
  });

  it('never keeps more chosen than there is, however the numbers fall meanwhile', () => {
    expect(trimChosen(choices, { [aTier().id]: 8, [child.id]: 1 })).toEqual({ [aTier().id]: 5, [child.id]: 1 });
  });

  it('wakes for the next moment at which the clock changes the sale', () => {
    const opens = new Date('2026-11-23T09:00:00Z');
    const now = new Date('2026-11-22T18:00:00Z').getTime();
    expect(nextMoment(anEvent({ tiers: [aTier({ salesStart: opens })] }), now)).toBe(opens.getTime());
    expect(nextMoment(anEvent(), new Date('2027-01-01').getTime())).toBeNull();
  });
});

describe('what the buy form sends', () => {
  it('becomes lines; empty, zero and odd fields are nothing', () => {
    const form = new FormData();
    form.set('places.a', '2');
    form.set('places.b', '0');
    form.set('places.c', '');
    form.set('places.d', 'many');
    form.set('intent', 'buy');
    expect(readLines(form)).toEqual([{ tierId: 'a', quantity: 2 }]);
  });

  it('takes checkout ids that are uuid v7 and nothing else', () => {
    const id = newCheckoutId(1_795_371_163_862);
    expect(asCheckoutId(id)).toBe(id);
    expect(newCheckoutId(1_795_371_163_862)).not.toBe(id);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(1_795_371_163_862);
    expect(asCheckoutId('0190aaaa-0000-4000-8000-000000000000')).toBeUndefined();
  });
});

describe('structured data', () => {
  it('carries prices and states, and no count of places, shown or hidden', () => {
    const event = anEvent({ availability: [{ free: 777, inCheckout: 333, quantity: 999 }] });
    const text = JSON.stringify(eventJsonLd(event, 'https://liventix.example'));
    expect(text).toContain('"price":"21.00"');
    expect(text).toContain('InStock');
    for (const canary of ['777', '333', '999']) expect(text).not.toContain(canary);
  });

  it('says times on the clock of the event, the address in its parts, and who plays', () => {
    const at = (iso: string, timeZone: string) => onItsClock(new Date(iso), timeZone);
    expect(at('2027-06-04T19:00:00Z', 'Europe/London')).toBe('2027-06-04T20:00:00+01:00');
    expect(at('2027-01-04T23:30:00Z', 'Europe/Berlin')).toBe('2027-01-05T00:30:00+01:00');
    expect(at('2027-01-04T20:00:00Z', 'Europe/London')).toBe('2027-01-04T20:00:00+00:00');
    expect(at('2027-01-04T20:00:00Z', 'Asia/Kathmandu')).toBe('2027-01-05T01:45:00+05:45');
    const event = anEvent({ address: 'Weir Lane', city: 'Leeds', lineUp: [{ name: 'Moth Choir' }] });
    expect(eventJsonLd(event, '')).toMatchObject({
      location: { address: { '@type': 'PostalAddress', streetAddress: 'Weir Lane', addressLocality: 'Leeds' } },
      performer: [{ name: 'Moth Choir' }],
    });
  });

  it('sells nothing anywhere while sales are paused', () => {
    const paused = anEvent({ availability: [{ state: 'paused' }] });
    expect(JSON.stringify(eventJsonLd(paused, ''))).toMatch(/"availability":"https:\/\/schema\.org\/OutOfStock"/);
  });

  it('writes a currency without decimals without them, and sells nothing for what is cancelled', () => {
    const yen = anEvent({ currency: 'JPY', tiers: [aTier({ faceCents: 3800, feeCents: 0, totalCents: 3800 })] });
    expect(JSON.stringify(eventJsonLd(yen, ''))).toContain('"price":"3800"');
    expect(eventJsonLd(anEvent({ status: 'cancelled' }), '')).not.toHaveProperty('offers');
  });
});
