import { PaymentElement } from './payment-element.ts';
import type { ApiError, Appearance, ElementsOptions } from './stripe-js.types.ts';

/** What `stripe.elements(options)` gives: the group that holds the payment element. */
export class Elements {
  readonly options: ElementsOptions;
  #elements = new Map<string, PaymentElement>();

  constructor(options: ElementsOptions = {}) {
    this.options = { ...options };
  }

  create(type: string): PaymentElement {
    const element = new PaymentElement(type, this.options);
    this.#elements.set(type, element);
    return element;
  }

  getElement(type: string): PaymentElement | null {
    return this.#elements.get(type) ?? null;
  }

  update(changes: ElementsOptions & { appearance?: Appearance }): void {
    Object.assign(this.options, changes);
    if (changes.appearance) for (const element of this.#elements.values()) element.restyle(changes.appearance);
  }

  /** Checks the form and shows what is wrong with it; the server is not asked. */
  async submit(): Promise<{ error?: ApiError; selectedPaymentMethod?: string }> {
    const error = this.check();
    return error ? { error } : { selectedPaymentMethod: 'card' };
  }

  fetchUpdates(): Promise<{ error?: ApiError }> {
    return Promise.resolve({});
  }

  on(): this {
    return this;
  }

  off(): this {
    return this;
  }

  /** The first mistake as Stripe words it, shown in the form; undefined when the card can be sent. */
  check(): ApiError | undefined {
    const form = this.#paymentForm();
    if (!form) return integrationError('The payment element is not mounted.');
    const [first] = form.mistakes();
    if (!first) return undefined;
    form.showMistakes();
    return { type: 'validation_error', code: first.code, message: first.message };
  }

  /** The card as fields of an API call, to put under `payment_method_data`. */
  cardFields(prefix = 'payment_method_data'): Record<string, string> {
    const entry = this.#paymentForm()?.read();
    if (!entry) return {};
    const digits = entry.expiry.replace(/\D/g, '');
    const name = (path: string) => {
      const [first, ...rest] = path.split('.');
      return `${prefix ? `${prefix}[${first}]` : first}${rest.map((step) => `[${step}]`).join('')}`;
    };
    return {
      [name('type')]: 'card',
      [name('card.number')]: entry.number.replace(/\s/g, ''),
      [name('card.exp_month')]: String(Number(digits.slice(0, 2))),
      [name('card.exp_year')]: `20${digits.slice(2, 4)}`,
      [name('card.cvc')]: entry.cvc,
      [name('billing_details.address.country')]: entry.country,
    };
  }

  #paymentForm() {
    return (this.getElement('payment') ?? this.getElement('card'))?.form ?? null;
  }
}

export function integrationError(message: string): ApiError {
  return { type: 'invalid_request_error', message };
}
