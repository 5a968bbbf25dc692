import type { CheckoutView } from '@liventix/contracts/orders';

/** How many places a checkout is about. */
export function placeCount(view: Pick<CheckoutView, 'lines'>): number {
  return view.lines.reduce((all, line) => all + line.quantity, 0);
}
