import { describe, expect, it } from 'vitest';
import type { Receipt } from '../receipts.rules.ts';
import {
  accountChangedMail,
  changeAddressMail,
  emailCodeMail,
  magicLinkMail,
  organizationInvitationMail,
  passwordResetMail,
  signUpMail,
  verifyAddressMail,
} from './account-mails.tsx';
import {
  confirmAlertMail,
  eventCancelledMail,
  eventPostponedMail,
  placeBackMail,
  salesOpenedMail,
} from './event-mails.tsx';
import type { MailEvent } from './layout.tsx';
import {
  confirmationMail,
  freeTicketsEndedMail,
  latePaymentRefundedMail,
  orderLinkMail,
  refundSentMail,
} from './order-mails.tsx';
import type { Mail } from './render-mail.ts';

const event: MailEvent = {
  title: 'Rust & <b>Reverb</b>\r\nBcc: all@example.com',
  url: 'https://example.com/e/rust',
  startsAt: new Date('2026-11-29T20:00:00Z'),
  timeZone: 'Europe/Berlin',
  venue: 'Werk 12',
  city: 'Leipzig',
  hostName: 'Nordlicht Kollektiv',
  posterUrl: 'https://example.com/p.png',
};
const tickets = [
  { tierName: 'Floor', holderName: '<img src=x onerror=alert(1)>', sequenceNumber: 42 },
  { tierName: 'Balcony', holderName: null, sequenceNumber: 43 },
];
const receipt: Receipt = {
  orderCode: 'K7QM-2FXA',
  paidAt: new Date('2026-11-22T10:00:00Z'),
  currency: 'EUR',
  lines: [{ name: 'Floor', quantity: 2, unitFaceCents: 2000, unitFeeCents: 50, unitTaxCents: 0 }],
  taxIncluded: true,
  totalCents: 4100,
  refundedCents: 0,
  buyerName: null,
  buyerEmail: 'mara@example.com',
  sellerName: 'Nordlicht Kollektiv',
  sellerAddress: null,
  sellerTaxId: null,
  eventTitle: 'Rust & Reverb',
  paymentLabel: 'Visa ending 4242',
};
const orderCode = 'K7QM-2FXA';
const orderUrl = 'https://example.com/orders/1?a=1&b=2';
const link = { url: 'https://example.com/in?token=abc&x=1', minutes: 30 };
const money = { amountCents: 4100, currency: 'EUR' };

const confirm = (more: Partial<Parameters<typeof confirmationMail>[0]> = {}) =>
  confirmationMail({
    event,
    buyerName: 'Mara',
    orderCode,
    orderUrl,
    calendarUrl: null,
    tickets,
    receipt,
    pdfAttached: true,
    onHold: false,
    ...more,
  });

const every: Array<[string, () => Promise<Mail>, RegExp[]]> = [
  [
    'confirmation',
    confirm,
    [/2 places/, /No\. 0042/, /No\. 0043/, /€41\.00/, /K7QM-2FXA/, /orders\/1/, /Leipzig/, /21:00/],
  ],
  [
    'confirmation on hold',
    () => confirm({ onHold: true, pdfAttached: false }),
    [/tickets are on hold/, /lets nobody in/],
  ],
  ['order link', () => orderLinkMail(link), [/30 minutes/, /token=abc/]],
  [
    'account changed',
    () => accountChangedMail({ kind: 'factor_added', url: link.url }),
    [/second factor was added/, /token=abc/],
  ],
  [
    'refund',
    () => refundSentMail({ event, orderCode, orderUrl, ...money, feesKeptCents: 100, tickets, note: 'Sorry & thanks' }),
    [/€41/, /5–10 days/, /€1 of fees/, /Sorry & thanks/],
  ],
  [
    'free tickets taken back',
    () => freeTicketsEndedMail({ event, orderCode, tickets, note: 'Sorry & thanks' }),
    [/no longer let anyone in/, /Nothing was charged/, /Sorry & thanks/, /No\. 0042/],
  ],
  [
    'late payment',
    () => latePaymentRefundedMail({ event, orderCode, ...money, cause: 'places_gone', offersPlacesBack: true }),
    [/after your places had gone/, /all €41, fees too/, /5–10 days/, /first we tell/],
  ],
  [
    'wrong amount',
    () => latePaymentRefundedMail({ event, orderCode, ...money, cause: 'amount_mismatch', offersPlacesBack: false }),
    [/not the amount of your order/],
  ],
  [
    'postponed',
    () =>
      eventPostponedMail({
        event,
        formerStartsAt: event.startsAt,
        newStartsAt: new Date('2027-01-10T20:00:00Z'),
        returnUntil: new Date('2026-12-06T00:00:00Z'),
        orderCode,
        orderUrl,
        reason: null,
      }),
    [/stay good/, /Sunday 10 January 2027, 21:00/, /until Sunday 6 December 2026/],
  ],
  [
    'postponed without a date',
    () =>
      eventPostponedMail({
        event,
        formerStartsAt: event.startsAt,
        newStartsAt: null,
        returnUntil: null,
        orderCode,
        orderUrl,
        reason: 'A broken pipe.',
      }),
    [/will not be on Sunday 29 November 2026/, /New date to come/, /broken pipe/],
  ],
  [
    'cancelled',
    () => eventCancelledMail({ event, orderCode, orderUrl, ...money, reason: null }),
    [/€41, fees too/, /5–10 days/],
  ],
  [
    'cancelled, free',
    () => eventCancelledMail({ event, orderCode, orderUrl, amountCents: 0, currency: 'EUR', reason: null }),
    [/nothing to send back/],
  ],
  [
    'confirm an alert',
    () => confirmAlertMail({ event, kind: 'place_back', url: link.url }),
    [/someone asked/, /if a place comes back/, /Confirm alert/],
  ],
  [
    'on sale',
    () => salesOpenedMail({ event, fromCents: 380000, currency: 'JPY', stopUrl: link.url }),
    [/¥380,000/, /Get tickets/],
  ],
  [
    'a place came back',
    () => placeBackMail({ event, tierName: 'Floor', free: 1, priceCents: 1250, currency: 'GBP', stopUrl: link.url }),
    [/One place/, /£12\.50/, /isn’t held/],
  ],
  ['magic link', () => magicLinkMail(link), [/30 minutes/, /token=abc/]],
  [
    'sign-up',
    () => signUpMail({ ...link, code: '482913', codeMinutes: 10, known: false, forgotUrl: `${link.url}/forgot` }),
    [/482913/, /10 minutes/, /30 minutes/, /token=abc/, /Finish/],
  ],
  [
    'sign-up, known',
    () => signUpMail({ ...link, code: '482913', codeMinutes: 10, known: true, forgotUrl: `${link.url}/forgot` }),
    [/482913/, /token=abc/, /already have an account/, /\/forgot/],
  ],
  ['code', () => emailCodeMail({ code: '482913', minutes: 10, purpose: 'sign_in' }), [/482913/, /10 minutes/]],
  ['password', () => passwordResetMail(link), [/present password works/]],
  ['verify', () => verifyAddressMail({ ...link, minutes: 1440 }), [/24 hours/]],
  [
    'change, former',
    () => changeAddressMail({ ...link, newEmail: 'new@example.com', to: 'former' }),
    [/new@example\.com/],
  ],
  ['change, new', () => changeAddressMail({ ...link, newEmail: 'new@example.com', to: 'new' }), [/new@example\.com/]],
  [
    'invitation',
    () =>
      organizationInvitationMail({
        ...link,
        minutes: 10_080,
        organizationName: 'Common Room',
        inviterName: 'Theo <i>',
        roleLabel: 'scanner',
        roleWords: 'You can let people in at the door; you see no money.',
      }),
    [/Common Room/, /scanner/, /7 days/, /Theo <i>/],
  ],
];

describe.each(every)('the mail %s', (_name, write, facts) => {
  it('says its facts in words and in HTML, escapes what people typed, and has a subject of one line', async () => {
    const mail = await write();
    const words = mail.text.replace(/\s+/g, ' ');
    for (const fact of facts) expect(words).toMatch(fact);
    expect(mail.subject.length).toBeGreaterThan(5);
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.html).not.toMatch(/<b>Reverb|<img src=x|Theo <i>|undefined|NaN|\[object/);
    expect(mail.text).not.toMatch(/undefined|NaN|\[object/);
    expect(mail.subject + mail.html + mail.text).not.toContain('\u0000');
    expect(mail.html).toContain('You get this because');
    // All that is shown stands inside the body.
    expect(mail.html).toMatch(/<\/head>\s*(<!--\$-->)?\s*<body/);
    expect(mail.html).not.toMatch(/!<\/|Oops|Hurry|successfully/);
  });
});

describe('an invitation', () => {
  it('quotes the words of strangers, and cuts them at forty letters', async () => {
    const mail = await organizationInvitationMail({
      ...link,
      minutes: 10_080,
      organizationName: 'Your account is locked: write to us at once or lose it',
      inviterName: 'The bank\r\nBcc: all@example.com',
      roleLabel: 'scanner',
      roleWords: 'You can let people in at the door; you see no money.',
    });
    expect(mail.subject).toBe(
      '“The bank Bcc: all@example.com” asks you to join “Your account is locked: write to us at …”',
    );
  });
});

describe('the confirmation', () => {
  it('lets people’s words run in their own direction, and names the city once', async () => {
    const { html, text } = await confirm({
      event: { ...event, title: 'מופע 2027: לילה לבן!', venue: 'היכל התרבות, תל אביב', city: 'תל אביב' },
      tickets: [{ tierName: 'קומה', holderName: 'נועה', sequenceNumber: 1 }],
    });
    expect(html).toMatch(/<p[^>]*dir="auto"[^>]*>מופע 2027: לילה לבן!/);
    expect(html).toMatch(/<td[^>]*dir="auto"[^>]*>קומה/);
    expect(html).toContain('<bdi>היכל התרבות, תל אביב</bdi>');
    expect(text).toContain('היכל התרבות, תל אביב');
    expect(text).not.toContain('תל אביב, תל אביב');
  });

  it('of one ticket speaks of one, and of a free order shows no receipt', async () => {
    const mail = await confirm({
      tickets: tickets.slice(0, 1),
      receipt: { ...receipt, totalCents: 0, lines: [], paymentLabel: null },
      calendarUrl: 'https://example.com/c.ics',
      pdfAttached: false,
    });
    expect(mail.subject).toMatch(/^Your 1 ticket for/);
    expect(mail.text).toContain('Your place is yours');
    expect(mail.text).not.toContain('attached');
    expect(mail.text).not.toContain('Total');
    expect(mail.text).toContain('https://example.com/c.ics');
  });

  it('keeps addresses whole', async () => {
    const mail = await confirm();
    expect(mail.html).toContain('href="https://example.com/orders/1?a=1&amp;b=2"');
    expect(mail.text).toContain('https://example.com/orders/1?a=1&b=2');
  });
});
