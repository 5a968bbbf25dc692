/** What a person typed into the card form. */
export interface CardEntry {
  number: string;
  expiry: string;
  cvc: string;
  country: string;
}

export type CardField = 'number' | 'expiry' | 'cvc';

export interface CardMistake {
  field: CardField;
  code: string;
  message: string;
}

const digitsOf = (text: string) => text.replace(/\D/g, '');

export function isAmex(number: string): boolean {
  return /^3[47]/.test(digitsOf(number));
}

/** "4242 4242 4242 4242"; American Express in groups of 4, 6 and 5. */
export function formatNumber(text: string): string {
  const digits = digitsOf(text).slice(0, isAmex(text) ? 15 : 19);
  if (isAmex(digits)) return [digits.slice(0, 4), digits.slice(4, 10), digits.slice(10)].filter(Boolean).join(' ');
  return digits.replace(/(\d{4})(?=\d)/g, '$1 ');
}

/** "12 / 34": a first digit above 1 can only be a month of one digit. */
export function formatExpiry(text: string): string {
  const typed = digitsOf(text);
  const digits = (/^[2-9]/.test(typed) ? `0${typed}` : typed).slice(0, 4);
  return digits.length > 2 ? `${digits.slice(0, 2)} / ${digits.slice(2)}` : digits;
}

export function formatCvc(text: string, number: string): string {
  return digitsOf(text).slice(0, isAmex(number) ? 4 : 3);
}

/** Month and full year, or null while incomplete. */
export function readExpiry(text: string): { month: number; year: number } | null {
  const digits = digitsOf(text);
  if (digits.length !== 4) return null;
  return { month: Number(digits.slice(0, 2)), year: 2000 + Number(digits.slice(2)) };
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += index % 2 === 1 ? doubled : digit;
  }
  return sum % 10 === 0;
}

/** Everything wrong with the entry, in the order of the form, in Stripe's codes and words. */
export function findMistakes(entry: CardEntry, today: Date): CardMistake[] {
  const mistakes: CardMistake[] = [];
  const number = digitsOf(entry.number);
  const whole = isAmex(number) ? 15 : 16;
  if (number.length < whole) {
    mistakes.push({ field: 'number', code: 'incomplete_number', message: 'Your card number is incomplete.' });
  } else if (!passesLuhn(number)) {
    mistakes.push({ field: 'number', code: 'invalid_number', message: 'Your card number is invalid.' });
  }
  const expiry = readExpiry(entry.expiry);
  if (!expiry || expiry.month < 1 || expiry.month > 12) {
    const message = "Your card's expiration date is incomplete.";
    mistakes.push({ field: 'expiry', code: 'incomplete_expiry', message });
  } else if (expiry.year < today.getFullYear()) {
    const message = "Your card's expiration year is in the past.";
    mistakes.push({ field: 'expiry', code: 'invalid_expiry_year_past', message });
  } else if (expiry.year === today.getFullYear() && expiry.month < today.getMonth() + 1) {
    const message = "Your card's expiration date is in the past.";
    mistakes.push({ field: 'expiry', code: 'invalid_expiry_month_past', message });
  }
  if (digitsOf(entry.cvc).length < (isAmex(number) ? 4 : 3)) {
    mistakes.push({ field: 'cvc', code: 'incomplete_cvc', message: "Your card's security code is incomplete." });
  }
  return mistakes;
}
