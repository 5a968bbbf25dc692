import type { HoldLine } from '@liventix/contracts/holds';

/**
 * The lines that a form which takes places asks for, on the event's page and in the checkout: one `places.<tier id>` field
 * per kind of ticket, and in `seen.<tier id>` what one cost on that page. Empty and zero fields are left out.
 */
export function readLines(form: FormData): HoldLine[] {
  const lines: HoldLine[] = [];
  for (const [name, value] of form) {
    if (!name.startsWith('places.') || typeof value !== 'string') continue;
    const quantity = Number.parseInt(value, 10);
    if (!Number.isInteger(quantity) || quantity <= 0) continue;
    const tierId = name.slice('places.'.length);
    const seenCents = Number.parseInt(String(form.get(`seen.${tierId}`)), 10);
    lines.push({ tierId, quantity, ...(Number.isInteger(seenCents) && seenCents >= 0 ? { seenCents } : {}) });
  }
  return lines;
}

/** Refusals that say: this checkout id has had its life. A form that lay in a tab is sent again with a fresh one. */
export const SPENT_CODES: ReadonlySet<string> = new Set(['CHECKOUT_MISMATCH', 'HOLD_ENDED', 'HOLD_EXPIRED']);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const asCheckoutId = (value: FormDataEntryValue | null): string | undefined =>
  typeof value === 'string' && UUID.test(value) ? value : undefined;
