/** What a test card does when it is asked to pay. */
export type CardOutcome =
  | { kind: 'pays' }
  | { kind: 'declines'; code: string; declineCode?: string; message: string }
  | { kind: 'challenges'; ends: 'pays' | 'declines' }
  | { kind: 'processes'; ends: 'pays' | 'fails' };

/** How a refund to the card ends. Stripe's own failing card says "succeeded" first and takes it back. */
export type RefundOutcome = 'succeeds' | 'pending-then-succeeds' | 'pending-then-fails' | 'succeeds-then-fails';

export interface TestCard {
  number: string;
  /** PaymentMethod ids that stand for the card in server code. */
  tokens: readonly string[];
  brand: string;
  label: string;
  outcome: CardOutcome;
  refund: RefundOutcome;
  disputed: boolean;
}

const pays: CardOutcome = { kind: 'pays' };
const declines = (code: string, message: string, declineCode?: string): CardOutcome => ({
  kind: 'declines',
  code,
  declineCode,
  message,
});
export const GENERIC_DECLINE = {
  code: 'card_declined',
  declineCode: 'generic_decline',
  message: 'Your card was declined.',
} as const;

function card(number: string, token: string, label: string, outcome: CardOutcome, more: Partial<TestCard> = {}) {
  const tokens = token.split(' ').filter(Boolean);
  return { number, tokens, label, outcome, brand: 'visa', refund: 'succeeds', disputed: false, ...more } as TestCard;
}

/**
 * Stripe's test cards with Stripe's outcomes, except where marked "ours".
 * 7726 is ours in one respect: at Stripe its pending refund succeeds, here it fails; for a pending refund that
 * succeeds use `pm_card_pendingRefund`.
 */
export const TEST_CARDS: readonly TestCard[] = [
  card('4242424242424242', 'pm_card_visa', 'Pays', pays),
  card('4000056655665556', 'pm_card_visa_debit', 'Pays (Visa debit)', pays),
  card('5555555555554444', 'pm_card_mastercard', 'Pays (Mastercard)', pays, { brand: 'mastercard' }),
  card('2223003122003222', '', 'Pays (Mastercard, 2-series)', pays, { brand: 'mastercard' }),
  card('378282246310005', 'pm_card_amex', 'Pays (American Express)', pays, { brand: 'amex' }),
  card(
    '4000000000000002',
    'pm_card_chargeDeclined pm_card_visa_chargeDeclined',
    'Declined',
    declines('card_declined', 'Your card was declined.', 'generic_decline'),
  ),
  card(
    '4000000000009995',
    'pm_card_chargeDeclinedInsufficientFunds pm_card_visa_chargeDeclinedInsufficientFunds',
    'Declined: insufficient funds',
    declines('card_declined', 'Your card has insufficient funds.', 'insufficient_funds'),
  ),
  card(
    '4000000000000069',
    'pm_card_chargeDeclinedExpiredCard',
    'Declined: expired card',
    declines('expired_card', 'Your card has expired.'),
  ),
  card(
    '4000000000000127',
    'pm_card_chargeDeclinedIncorrectCvc',
    'Declined: wrong security code',
    declines('incorrect_cvc', "Your card's security code is incorrect."),
  ),
  card(
    '4000000000000119',
    'pm_card_chargeDeclinedProcessingError',
    'Declined: processing error',
    declines('processing_error', 'An error occurred while processing your card. Try again in a little bit.'),
  ),
  card('4000002500003155', 'pm_card_authenticationRequired', 'Asks 3D Secure', { kind: 'challenges', ends: 'pays' }),
  card('4000000000003220', 'pm_card_threeDSecure2Required', 'Asks 3D Secure 2', { kind: 'challenges', ends: 'pays' }),
  card('4000008400001629', 'pm_card_threeDSecureRequiredChargeDeclined', 'Asks 3D Secure, then declined', {
    kind: 'challenges',
    ends: 'declines',
  }),
  card('4000000000000259', 'pm_card_createDispute', 'Pays, then is disputed', pays, { disputed: true }),
  card('4000000000005126', 'pm_card_refundFail', 'Pays; a refund succeeds, then fails', pays, {
    refund: 'succeeds-then-fails',
  }),
  card('4000000000007726', 'pm_sim_refundFails', 'Pays; a refund is pending, then fails (ours)', pays, {
    refund: 'pending-then-fails',
  }),
  card('', 'pm_card_pendingRefund', 'Pays; a refund is pending, then succeeds', pays, {
    refund: 'pending-then-succeeds',
  }),
  card('4000000000000077', 'pm_sim_async', 'Processing, then pays (ours)', { kind: 'processes', ends: 'pays' }),
  card('4000000000000085', 'pm_sim_asyncFails', 'Processing, then fails (ours)', { kind: 'processes', ends: 'fails' }),
];

const BY_NUMBER = new Map(TEST_CARDS.filter((entry) => entry.number).map((entry) => [entry.number, entry]));
const BY_TOKEN = new Map(TEST_CARDS.flatMap((entry) => entry.tokens.map((token) => [token, entry] as const)));

export function findCardByNumber(number: string): TestCard | undefined {
  return BY_NUMBER.get(number.replace(/\s/g, ''));
}

export function findCardByToken(token: string): TestCard | undefined {
  return BY_TOKEN.get(token);
}

/** Luhn's check digit, as every card number carries it. */
export function isCardNumber(number: string): boolean {
  const digits = number.replace(/\s/g, '');
  if (!/^\d{12,19}$/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += index % 2 === 1 ? doubled : digit;
  }
  return sum % 10 === 0;
}
