import { type Form, formOf } from './parse-form.ts';
import { refuseInput } from './stripe-refusal.ts';
import type { Metadata } from './wire.types.ts';

const KEYS_MAX = 50;
const KEY_LENGTH_MAX = 40;
const VALUE_LENGTH_MAX = 500;

/** Merges the form's metadata over what is there, within Stripe's limits; an empty value takes a key away. */
export function readMetadata(form: Form, existing: Metadata = {}): Metadata {
  const merged: Metadata = { ...existing };
  for (const [key, value] of Object.entries(formOf(form, 'metadata'))) {
    if (typeof value !== 'string') refuseInput(undefined, 'Metadata values must be strings.', `metadata[${key}]`);
    if (key.length > KEY_LENGTH_MAX) {
      refuseInput(undefined, `Metadata keys must be under ${KEY_LENGTH_MAX} characters.`, 'metadata');
    }
    if (value.length > VALUE_LENGTH_MAX) {
      refuseInput(undefined, `Metadata values must be under ${VALUE_LENGTH_MAX} characters.`, `metadata[${key}]`);
    }
    if (value === '') delete merged[key];
    else merged[key] = value;
  }
  if (Object.keys(merged).length > KEYS_MAX) {
    refuseInput(undefined, `You can have at most ${KEYS_MAX} metadata keys.`, 'metadata');
  }
  return merged;
}
