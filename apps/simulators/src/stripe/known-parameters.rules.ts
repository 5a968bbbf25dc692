import type { Form } from './parse-form.ts';
import { refuseInput } from './stripe-refusal.ts';

const INTENT_SHARED = `allowed_payment_method_types amount_details capture_method confirmation_token
  excluded_payment_method_types expand hooks payment_details payment_method payment_method_data payment_method_options
  radar_options receipt_email setup_future_usage shipping`;
const INTENT_WRITTEN = `amount currency application_fee_amount customer customer_account description metadata
  payment_method_configuration statement_descriptor statement_descriptor_suffix transfer_data transfer_group`;
const INTENT_CONFIRMED = 'error_on_requires_action mandate mandate_data off_session return_url use_stripe_sdk';

const words = (...texts: string[]) => new Set(texts.join(' ').split(/\s+/));

/** Top-level parameters of API version 2026-10-28.endive; anything else is refused, as Stripe does. */
export const KNOWN_PARAMETERS = {
  createIntent: words(
    INTENT_SHARED,
    INTENT_WRITTEN,
    INTENT_CONFIRMED,
    'automatic_payment_methods confirm confirmation_method on_behalf_of',
  ),
  updateIntent: words(INTENT_SHARED, INTENT_WRITTEN),
  confirmIntent: words(INTENT_SHARED, INTENT_CONFIRMED, 'amount_to_confirm client_secret key'),
  cancelIntent: words('cancellation_reason expand'),
  captureIntent: words(
    `amount_details amount_to_capture application_fee_amount expand final_capture hooks metadata payment_details
     statement_descriptor statement_descriptor_suffix transfer_data`,
  ),
  createRefund: words(
    `amount charge currency customer expand instructions_email metadata origin payment_intent reason
     refund_application_fee reverse_transfer`,
  ),
};

export function requireKnown(form: Form, known: Set<string>): void {
  const unknown = Object.keys(form).find((key) => !known.has(key));
  if (unknown) refuseInput('parameter_unknown', `Received unknown parameter: ${unknown}`, unknown);
}
