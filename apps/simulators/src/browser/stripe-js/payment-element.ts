import { dress } from './appearance.ts';
import { buildCardForm, type CardForm } from './card-form.ts';
import type { Appearance, ElementsOptions, Listener } from './stripe-js.types.ts';

/** One mounted element; React mounts, unmounts and mounts again, so every step may be repeated. */
export class PaymentElement {
  readonly type: string;
  #options: ElementsOptions;
  #listeners = new Map<string, Set<Listener>>();
  #form: CardForm | null = null;

  constructor(type: string, options: ElementsOptions) {
    this.type = type;
    this.#options = options;
  }

  get form(): CardForm | null {
    return this.#form;
  }

  mount(target: string | HTMLElement): void {
    const place = typeof target === 'string' ? document.querySelector<HTMLElement>(target) : target;
    if (!place) throw new Error(`The selector you specified (${String(target)}) applies to no DOM elements.`);
    this.unmount();
    const form = buildCardForm(this.#locale(), () => this.#changed());
    this.#form = form;
    dress(form.root, this.#options.appearance);
    form.root.addEventListener('focusin', () => this.#emit('focus', { elementType: this.type }));
    form.root.addEventListener('focusout', () => this.#emit('blur', { elementType: this.type }));
    form.root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#emit('escape', { elementType: this.type });
    });
    place.replaceChildren(form.root);
    // Listeners are attached after mounting; they hear of it in the next turn.
    setTimeout(() => {
      if (this.#form !== form) return;
      this.#emit('ready', { elementType: this.type });
      this.#changed();
    });
  }

  on(event: string, listener: Listener): this {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return this;
  }

  once(event: string, listener: Listener): this {
    const onlyOnce: Listener = (detail) => {
      this.off(event, onlyOnce);
      listener(detail);
    };
    return this.on(event, onlyOnce);
  }

  off(event: string, listener?: Listener): this {
    if (listener) this.#listeners.get(event)?.delete(listener);
    else this.#listeners.delete(event);
    return this;
  }

  restyle(appearance: Appearance): void {
    if (this.#form) dress(this.#form.root, appearance);
  }

  /** Options of the element (layout, fields) change nothing here: there is one form. */
  update(): void {}
  collapse(): void {}

  unmount(): void {
    this.#form?.root.remove();
    this.#form = null;
  }

  destroy(): void {
    this.unmount();
    this.#listeners.clear();
  }

  focus(): void {
    this.#form?.focus();
  }

  blur(): void {
    if (document.activeElement instanceof HTMLElement && this.#form?.root.contains(document.activeElement)) {
      document.activeElement.blur();
    }
  }

  clear(): void {
    this.#form?.clear();
    this.#changed();
  }

  #locale(): string {
    const asked = this.#options.locale;
    return asked && asked !== 'auto' ? asked : document.documentElement.lang || navigator.language;
  }

  #changed(): void {
    if (!this.#form) return;
    const { number, expiry, cvc } = this.#form.read();
    this.#emit('change', {
      elementType: this.type,
      collapsed: false,
      complete: this.#form.mistakes().length === 0,
      empty: !number && !expiry && !cvc,
      value: { type: 'card' },
    });
  }

  #emit(event: string, detail: unknown): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(detail);
  }
}
