import { describe, expect, it } from 'vitest';
import { kindsOf, lookOf, withLive } from './night.rules.ts';

const ticket = {
  id: 'a',
  eventId: 'e',
  orderId: 'o',
  checkoutId: 'c',
  orderCode: 'K7QM2FXA',
  tierName: 'Floor',
  holderName: 'Mara',
  sequenceNumber: 1,
  shortCode: 'ABCD2345',
  status: 'issued' as const,
  suspendedReason: null,
  redeemedAt: null,
  gate: null,
  code: 'LV1.x',
};

describe('a ticket on screen', () => {
  it('is what matters most: refunded before cancelled, admitted before on hold', () => {
    expect(lookOf(ticket, { status: 'published' })).toBe('issued');
    expect(lookOf(ticket, { status: 'cancelled' })).toBe('cancelled');
    expect(lookOf({ ...ticket, status: 'refunded' }, { status: 'cancelled' })).toBe('refunded');
    expect(lookOf({ ...ticket, status: 'redeemed', suspendedReason: 'dispute' }, { status: 'published' })).toBe(
      'redeemed',
    );
    expect(lookOf({ ...ticket, suspendedReason: 'refund' }, { status: 'published' })).toBe('suspended');
  });

  it('loses its code the moment the door admitted it', () => {
    const after = withLive(ticket, {
      id: 'a',
      eventId: 'e',
      status: 'redeemed',
      redeemedAt: 1_796_000_000_000,
      gate: 'Gate B',
    });
    expect(after).toMatchObject({ status: 'redeemed', gate: 'Gate B', code: null });
    expect(after.redeemedAt).toEqual(new Date(1_796_000_000_000));
  });

  it('stays as it is when the room has nothing newer', () => {
    expect(withLive(ticket, undefined)).toBe(ticket);
    expect(withLive(ticket, { id: 'a', eventId: 'e', status: 'issued', redeemedAt: null, gate: null })).toBe(ticket);
  });

  it('is counted by its kind', () => {
    expect(kindsOf([ticket, { tierName: 'Balcony' }, ticket])).toEqual([
      { name: 'Floor', count: 2 },
      { name: 'Balcony', count: 1 },
    ]);
  });
});
