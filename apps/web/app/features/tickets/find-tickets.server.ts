import { FindOrders } from '@liventix/contracts/tickets';
import type { ActionFunctionArgs } from '@remix-run/node';
import { refusalOf } from '~/features/checkout/refusal.ts';

export type FoundOrders =
  | { outcome: 'sent'; minutes: number; which: string }
  | { outcome: 'invalid'; which: string }
  | { outcome: 'refused'; words: string; which: string };

/** The action behind the form: an address or an order's code, whichever was typed. */
export async function findTickets({ request, context }: ActionFunctionArgs): Promise<FoundOrders> {
  const which = String((await request.formData()).get('which') ?? '').trim();
  const by = FindOrders.safeParse(which.includes('@') ? { email: which } : { code: which.replace(/[\s-]/g, '') });
  if (!by.success) return { outcome: 'invalid', which };
  try {
    const { minutes } = await context.api.tickets.findOrders(by.data);
    return { outcome: 'sent', minutes, which };
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (!refusal) throw thrown;
    return { outcome: 'refused', words: refusal.words, which };
  }
}
