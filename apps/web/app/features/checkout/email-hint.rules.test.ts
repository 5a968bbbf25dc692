import { describe, expect, it } from 'vitest';
import { makeCheckoutId } from './checkout-id.ts';
import { emailHint } from './email-hint.rules.ts';

describe('the hint about an address', () => {
  it('finds the domain that was meant', () => {
    expect(emailHint('mara@gmial.com')).toBe('mara@gmail.com');
    expect(emailHint('mara@gmail.con')).toBe('mara@gmail.com');
    expect(emailHint('m.lind@hotmial.co.uk')).toBe('m.lind@hotmail.co.uk');
    expect(emailHint('mara@wbe.de')).toBe('mara@web.de');
  });

  it('says nothing about a domain it knows or one of its own', () => {
    for (const fine of [
      'mara@gmail.com',
      'mara@example.org',
      'mara@gmx.net',
      'mara@me.com',
      'mara@ox.ac.uk',
      'mara',
      'mara@',
      '@gmail.com',
    ]) {
      expect(emailHint(fine)).toBeNull();
    }
  });
});

describe('a checkout id', () => {
  it('is a uuid v7 that carries its time', () => {
    const id = makeCheckoutId(1_796_000_000_000);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(1_796_000_000_000);
    expect(makeCheckoutId()).not.toBe(makeCheckoutId());
  });
});
