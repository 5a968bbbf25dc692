import { Email } from '@liventix/contracts/email';
import { PersonName } from '@liventix/contracts/orders';
import { type ActionFunctionArgs, data, redirect, replace } from '@remix-run/node';
import { readLines } from '~/features/events/take-places.ts';
import { paths } from '~/platform/paths.ts';
import { type Refusal, refusalOf } from './refusal.ts';

export type CheckoutIntent = 'change' | 'again' | 'extend' | 'details' | 'release';

/** What a form of the checkout hears when nothing was changed. */
export interface CheckoutAnswer {
  intent: CheckoutIntent;
  ok: boolean;
  /** Fields that need another look. */
  fields?: { name?: true; email?: true };
  /** What came with the form, for the page that is made anew before JavaScript. */
  typed?: { name: string; email: string };
  refusal?: Refusal;
}

/** Names per ticket from fields named `n:<tier id>`, in the order of the places. */
function namesOf(form: FormData): Record<string, string[]> {
  const names: Record<string, string[]> = {};
  for (const [name, value] of form.entries()) {
    if (!name.startsWith('n:')) continue;
    const tierId = name.slice(2);
    names[tierId] = [...(names[tierId] ?? []), String(value).trim()];
  }
  return Object.fromEntries(Object.entries(names).filter(([, typed]) => typed.some(Boolean)));
}

/**
 * Everything a checkout's forms do, as plain posts: they work before JavaScript. Ids of new checkouts come with the
 * form, so that sending it twice is doing it once.
 */
export async function actOnCheckout({ request, params, context }: ActionFunctionArgs) {
  const { api } = context;
  const checkoutId = params.checkoutId ?? '';
  const form = await request.formData();
  const intent = String(form.get('intent')) as CheckoutIntent;
  const next = String(form.get('next') ?? '');
  const eventId = String(form.get('event') ?? '');
  try {
    if (intent === 'change') {
      const lines = readLines(form);
      if (lines.length === 0) {
        await api.holds.release({ checkoutId });
        return { intent, ok: true } satisfies CheckoutAnswer;
      }
      const { checkoutId: placed } = await api.holds.place({ eventId, checkoutId: next, lines, replaces: checkoutId });
      return replace(paths.checkout(placed));
    }
    if (intent === 'again') {
      const { checkoutId: placed } = await api.holds.place({ eventId, checkoutId: next, lines: readLines(form) });
      return redirect(paths.checkout(placed));
    }
    if (intent === 'extend') {
      await api.holds.extend({ checkoutId });
      return { intent, ok: true } satisfies CheckoutAnswer;
    }
    if (intent === 'release') {
      await api.holds.release({ checkoutId });
      return { intent, ok: true } satisfies CheckoutAnswer;
    }
    const name = String(form.get('name') ?? '').trim();
    const email = String(form.get('email') ?? '').trim();
    const fields = {
      ...(PersonName.safeParse(name).success ? {} : { name: true as const }),
      ...(Email.safeParse(email).success ? {} : { email: true as const }),
    };
    if (fields.name || fields.email)
      return data({ intent: 'details', ok: false, fields, typed: { name, email } } satisfies CheckoutAnswer, {
        status: 400,
      });
    await api.orders.create({
      checkoutId,
      name,
      email,
      attendeeNames: namesOf(form),
      showFirstName: form.get('show') !== null,
    });
    return { intent: 'details', ok: true } satisfies CheckoutAnswer;
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (!refusal) throw thrown;
    const { status, ...told } = refusal;
    // One checkout per person and event: whoever asks for a second one is brought to the first.
    if (refusal.code === 'CHECKOUT_ELSEWHERE' && typeof refusal.details.checkoutId === 'string') {
      return redirect(paths.checkout(refusal.details.checkoutId));
    }
    return data({ intent, ok: false, refusal: told } satisfies CheckoutAnswer, { status });
  }
}
