import type { CheckoutView } from '@liventix/contracts/orders';
import { describe, expect, it } from 'vitest';
import { renderPart } from '~/features/events/render-page.test-data.tsx';
import { readLines } from '~/features/events/take-places.ts';
import { EndedPanel } from './ended-panel.tsx';
import { TicketsPart } from './tickets-part.tsx';

const line = (tierId: string, quantity: number, unitTotalCents: number): CheckoutView['lines'][number] => ({
  tierId,
  name: 'Floor',
  quantity,
  unitFaceCents: unitTotalCents,
  unitFeeCents: 0,
  unitTaxCents: 0,
  unitTotalCents,
  minPerOrder: 1,
  maxPerOrder: 10,
});

function aView(change: Partial<CheckoutView>): CheckoutView {
  return {
    checkoutId: '0190aaaa-0000-7000-8000-0000000000dd',
    event: { id: '0190aaaa-0000-7000-8000-000000000001', slug: 'e', title: 'E', currency: 'EUR', status: 'published' },
    state: 'holding',
    lines: [line('floor', 2, 2150), line('balcony', 1, 900)],
    order: null,
    tickets: [],
    owedCents: 0,
    refundedCents: 0,
    refundingCents: 0,
    freeNow: null,
    ...change,
  } as CheckoutView;
}

/** What a browser would post. */
function formIn(html: string): FormData {
  const form = new FormData();
  for (const [input] of html.matchAll(/<input[^>]*>/g)) {
    const [, name = ''] = /name="([^"]*)"/.exec(input) ?? [];
    const [, value = ''] = /value="([^"]*)"/.exec(input) ?? [];
    if (name) form.append(name, value);
  }
  return form;
}

describe('a form of the checkout that takes places', () => {
  const nextId = '0190aaaa-0000-7000-8000-0000000000ee';
  it.each([
    ['changes them', <TicketsPart key="1" view={aView({})} nextId={nextId} busy={false} />],
    ['takes them again', <EndedPanel key="2" view={aView({ state: 'expired', freeNow: 9 })} nextId={nextId} />],
  ])('and %s says at which price its buyer saw each', (_what, part) => {
    expect(readLines(formIn(renderPart(part)))).toEqual([
      { tierId: 'floor', quantity: 2, seenCents: 2150 },
      { tierId: 'balcony', quantity: 1, seenCents: 900 },
    ]);
  });
});
