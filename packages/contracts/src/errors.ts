/**
 * Every refusal the product can utter: `NOUN_STATE` -> HTTP status and the sentence a person reads.
 * The server throws them (`fail('HOLD_EXPIRED')`), the web reads `data.code`; a test keeps both complete.
 * A sentence says what happened and what is safe; `{braces}` are filled from the error's details.
 */
export const ERRORS = {
  INPUT_INVALID: { status: 400, words: 'Something in the form needs another look. Nothing was changed.' },
  NOT_FOUND: { status: 404, words: "This page isn't on the bill." },
  GONE: { status: 410, words: 'This is no longer here.' },
  INTERNAL: { status: 500, words: "That's on us. Nothing was charged. Reference {reference}." },
  BUSY: { status: 503, words: 'A lot of people are here right now. Nothing was lost; we try again in a moment.' },
  WORK_LOST: { status: 503, words: 'This could not be made just now. Nothing was lost. Try again in a moment.' },
  RATE_LIMITED: { status: 429, words: 'That was a lot of tries in a short time. Try again in {wait}.' },
  MAILS_LIMITED: {
    status: 429,
    words: 'Too many mails from your network. If we know this address, it has a link now. If not, wait {wait}.',
  },
  METHOD_UNKNOWN: { status: 405, words: 'This page can only be read, or sent a form.' },
  BODY_TOO_LARGE: { status: 413, words: 'That is more than this form takes. Nothing was changed.' },
  URL_TOO_LONG: { status: 414, words: 'This address is too long to be one of ours.' },
  TYPE_UNREADABLE: { status: 415, words: 'This page takes forms only. Nothing was changed.' },
  ORIGIN_REFUSED: { status: 403, words: 'This request came from another site, so we did nothing.' },
  SIGN_IN_REQUIRED: { status: 401, words: 'Sign in to go on. We keep what you typed.' },
  SESSION_EXPIRED: { status: 401, words: 'You were signed out. Sign in and carry on where you were.' },
  SECOND_FACTOR_REQUIRED: { status: 403, words: 'This needs a second factor on your account. Set it up and carry on.' },
  FRESH_SIGN_IN_REQUIRED: { status: 403, words: 'Confirm that it is you, and carry on. Nothing was changed yet.' },
  PROOF_WRONG: { status: 400, words: 'That is not right, or it was used already. Nothing was changed.' },
  PROOF_LOCKED: {
    status: 429,
    words: 'Too many wrong tries on this account. Wait {minutes} minutes, or use a passkey.',
  },
  ADDRESS_UNPROVEN: {
    status: 403,
    words: 'Confirm your email address first, by a link that we mail to it. Nothing was changed.',
  },
  MAILBOX_REQUIRED: {
    status: 403,
    words: 'Sign in by a mailed link or code first: a password alone is not enough for this.',
  },
  HOST_UNPROVEN: {
    status: 403,
    words: 'Confirm your email address first, by the link we mailed you. Buyers get mail in your event’s name.',
  },
  ADDRESS_TAKEN: { status: 409, words: 'Another account has this address by now. Yours keeps the one it has.' },
  PASSKEY_REFUSED: { status: 400, words: 'This passkey could not be checked. Nothing was changed. Try again.' },
  ROLE_REQUIRED: { status: 403, words: "Your role doesn't allow this. Ask an owner of the event." },

  EDIT_CONFLICT: {
    status: 409,
    words: 'Someone else changed this while you were editing. Nothing was overwritten: look at both.',
  },

  EVENT_NOT_ON_SALE: { status: 409, words: 'This event is not on sale.' },
  EVENT_ENDED: { status: 409, words: 'This event is over.' },
  EVENT_CANCELLED: { status: 409, words: 'This event was cancelled. Everyone gets all their money back.' },
  EVENT_NOT_READY: { status: 409, words: 'This event is not ready to be published yet.' },
  EVENT_HAS_ORDERS: { status: 409, words: 'People have bought tickets, so this can no longer change.' },
  SALES_PAUSED: { status: 409, words: 'Sales are paused. Back soon; this page moves when they are.' },
  LOCAL_TIME_MISSING: { status: 400, words: 'This local time does not exist: the clocks jump over it that night.' },
  LOCAL_TIME_DOUBLED: { status: 400, words: 'This local time happens twice that night. Say which one you mean.' },

  TIER_UNKNOWN: { status: 404, words: 'This kind of ticket does not exist here.' },
  TIER_CLOSED: { status: 409, words: 'This kind of ticket is not on sale right now.' },
  TIER_NOT_YET: { status: 409, words: 'Sales have not opened yet.' },
  TIER_SOLD_OUT: { status: 409, words: 'Sold out.' },
  TIER_ALL_IN_CHECKOUT: { status: 409, words: "Every place is in someone's checkout. Some may come back." },
  TIER_NOT_ENOUGH: { status: 409, words: 'Only {free} left. Take fewer, or another kind of ticket.' },
  TIER_QUANTITY_TOO_LOW: { status: 409, words: 'More places than that are sold or in checkout already.' },
  TIER_PRICE_INVALID: { status: 400, words: 'This price cannot be charged in this currency.' },

  PRICE_CHANGED: { status: 409, words: 'The price has just changed. Nothing was taken: look at the new one first.' },
  QUANTITY_INVALID: { status: 400, words: 'Choose between {min} and {max} tickets.' },
  PERSON_LIMIT: { status: 409, words: 'At most {max} places per person for this event; you have {have}.' },
  HOLD_COOLING_DOWN: {
    status: 429,
    words: 'Two of your checkouts ended without payment. You can take places again in {minutes} min.',
  },
  NETWORK_LIMIT: {
    status: 429,
    words:
      'You can go on as soon as others on your network have paid for {have} places, at the latest in {minutes} min.',
  },
  ORDER_TOO_LARGE: {
    status: 409,
    words: 'One order cannot cost that much: no payment can be that large. Take fewer places. Nothing was taken.',
  },

  WAITING_ROOM_AHEAD: {
    status: 409,
    words: 'A lot of people want this, so there is a waiting room. Take your spot there; it is kept for you.',
  },
  ADMISSION_ENDED: {
    status: 409,
    words: 'Your five minutes to choose have passed, so somebody else had their turn. The waiting room is still open.',
  },

  CHECKOUT_UNKNOWN: { status: 404, words: 'We could not find this checkout.' },
  CHECKOUT_ELSEWHERE: { status: 409, words: 'You already have a checkout for this event. Carry on with it.' },
  CHECKOUT_MISMATCH: { status: 409, words: 'This checkout was made with other places. Nothing was taken twice.' },
  HOLD_EXPIRED: { status: 409, words: 'Your time ran out, so the places went back. We kept what you typed.' },
  HOLD_ENDED: { status: 409, words: 'These places were given back.' },
  HOLD_EXTENDED_ALREADY: { status: 409, words: 'These places were extended once already.' },
  HOLD_TOO_LATE_TO_PAY: {
    status: 409,
    words: 'Less than ten seconds are left. Take the places again; nothing was charged.',
  },

  ORDER_NOT_PENDING: { status: 409, words: 'This order is closed. Nothing was charged.' },
  ORDER_PAID: { status: 409, words: 'This order is paid. Your tickets are here.' },
  ORDER_NOT_PAID: { status: 409, words: 'This order is not paid.' },
  PAYMENT_UNAVAILABLE: {
    status: 503,
    words: 'Payment cannot be reached right now. Nothing was charged. Your places are safe.',
  },
  PAYMENT_REFUSED: {
    status: 409,
    words: 'The payment provider does not take this order. Nothing was charged. Choose fewer tickets, or ask the host.',
  },
  PAYMENT_DECLINED: { status: 402, words: 'Your bank said no to this card. Nothing was charged.' },

  REFUND_TOO_MUCH: { status: 409, words: 'More than was paid cannot be sent back.' },
  ORDER_DISPUTED: {
    status: 409,
    words: "The buyer's bank has asked for this payment back, so it cannot be refunded. Nothing was changed.",
  },
  REFUND_PENDING: { status: 409, words: 'A refund of this order is on its way already.' },

  TICKET_FORGED: { status: 409, words: 'Not one of our tickets.' },
  TICKET_STALE: { status: 409, words: 'This code was replaced. Ask for the new one.' },
  TICKET_SUSPENDED: { status: 409, words: 'This ticket is on hold: its refund is under way.' },
  TICKET_DISPUTED: { status: 409, words: 'This ticket is on hold: its payment is disputed at the bank.' },
  TICKET_REFUNDED: { status: 409, words: 'This ticket was refunded.' },
  TICKET_REDEEMED: { status: 409, words: 'Already admitted at {at}.' },
  TICKET_WRONG_EVENT: { status: 409, words: 'This ticket is for another event.' },
  TICKET_WRONG_DAY: { status: 409, words: 'This ticket is for another day.' },

  POST_NOT_ALLOWED: { status: 403, words: 'People with a ticket can post here.' },
  COMMENT_NOT_ALLOWED: { status: 403, words: 'Confirm your email address first, then you can answer here.' },
  POST_UNKNOWN: { status: 404, words: 'This post is gone.' },
  UPLOAD_TOO_LARGE: { status: 413, words: 'That picture is over 15 MB. A smaller export of it will do.' },
  // The reason is the sentence: see `clean-upload.ts`.
  UPLOAD_REFUSED: { status: 400, words: '{words}' },
  UPLOAD_QUOTA: {
    status: 409,
    words: 'Your pictures fill 200 MB, the most an account keeps. Delete a post with photos first.',
  },

  ORGANIZATION_LAST_OWNER: { status: 409, words: 'The last owner cannot leave. Make someone else an owner first.' },
  EVENTS_WITHOUT_HOST: {
    status: 409,
    words: 'You host events that still sell tickets or owe refunds. Delete the account when they are over.',
  },
  PAYMENT_UNDER_WAY: {
    status: 409,
    words: 'A payment of yours is under way. Finish it, or give the places back, then try again. Nothing was deleted.',
  },
  MEMBER_KNOWN: { status: 409, words: 'This person is in the team already.' },
  EMAIL_TAKEN: { status: 409, words: 'There is an account with this address.' },
  LINK_FOREIGN: { status: 403, words: 'This link belongs to the account of {email}. Sign in to it first.' },
  LINK_EXPIRED: { status: 410, words: 'This link has been used or is too old. Ask for a new one.' },
} as const satisfies Record<string, { status: number; words: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** What every tRPC error carries in `data`, beside tRPC's own fields. */
export interface ErrorData {
  code: ErrorCode;
  details: Record<string, unknown>;
  /** Short reference a person can read out to support, e.g. K7QM-2FXA; only for INTERNAL. */
  reference?: string;
  /** Seconds after which trying again makes sense. */
  retryAfterSeconds?: number;
}

/** How long to wait, as one says it and never too short: "40 seconds", "4 minutes", "2 hours". */
export function waitWords(seconds: number): string {
  const [count, unit] =
    seconds < 60
      ? [Math.ceil(seconds), 'second']
      : seconds <= 5400
        ? [Math.ceil(seconds / 60), 'minute']
        : [Math.ceil(seconds / 3600), 'hour'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** The sentence for a code with `{name}` filled from details. */
export function wordsFor(code: ErrorCode, details: Record<string, unknown> = {}): string {
  return ERRORS[code].words.replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole));
}
