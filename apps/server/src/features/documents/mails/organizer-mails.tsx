/** Mails to the people who answer for an event's money. */
import { writeMoney } from '../write-money.ts';
import { writeDay } from '../write-when.ts';
import { Action, Layout, type MailEvent, Small, Words } from './layout.tsx';
import { type Mail, renderMail } from './render-mail.ts';

const WHY = 'You get this because you are an owner of this event.';

export interface DisputeMailData {
  event: Pick<MailEvent, 'title' | 'timeZone'>;
  status: 'inquiry' | 'open' | 'won' | 'lost' | 'closed';
  orderCode: string;
  orderUrl: string;
  buyerName: string | null;
  amountCents: number;
  currency: string;
  /** The bank's reason, as words in a sentence. */
  reason: string;
  /** Until when evidence can be handed in. */
  respondBy: Date | null;
  /** How many tickets it is about. */
  tickets: number;
  /** Whether they are refused at the door for a dispute of the order. */
  onHold: boolean;
}

/** A buyer's bank has asked for a payment back, or has decided. */
export function disputeMail(data: DisputeMailData): Promise<Mail> {
  const { event, status, orderCode, orderUrl, buyerName, amountCents, currency, reason, respondBy, tickets, onHold } =
    data;
  const amount = writeMoney(amountCents, currency);
  const order = `order ${orderCode}${buyerName ? ` (${buyerName})` : ''}`;
  const these = tickets === 1 ? 'Its ticket is' : `Its ${tickets} tickets are`;
  const until = respondBy ? ` until ${writeDay(respondBy, event.timeZone)}` : '';
  const told = {
    inquiry: {
      title: `A bank asks about ${amount}`,
      words: [
        `The bank of the buyer of ${order} asks about this payment: ${reason}. No money has moved and the tickets stay good.`,
        `You can answer${until} in the payment provider’s dashboard, or refund the order: either may end it.`,
      ],
    },
    open: {
      title: `${amount} is disputed`,
      words: [
        `The bank of the buyer of ${order} has taken back ${amount}: ${reason}.`,
        `The money is out of your net until the bank decides.${tickets > 0 ? ` ${these} on hold and refused at the door.` : ''} The order cannot be refunded meanwhile.`,
        `To keep the money, hand in evidence${until} in the payment provider’s dashboard.`,
      ],
    },
    won: {
      title: `You won: ${amount} is back`,
      words: [
        `The bank decided the dispute of ${order} for you. The ${amount} is in your net again.`,
        ...(tickets > 0 && !onHold ? [`${these} good again.`] : []),
      ],
    },
    lost: {
      title: `You lost: ${amount} stays with the buyer`,
      words: [
        `The bank decided the dispute of ${order} for the buyer. The ${amount} stays out of your net.`,
        ...(tickets === 0
          ? []
          : [onHold ? `${these} refused at the door.` : `The rest is paid: ${these.toLowerCase()} good.`]),
      ],
    },
    closed: {
      title: `The question about ${amount} is closed`,
      words: [`The bank has dropped its question about ${order}. No money has moved and the tickets stay good.`],
    },
  }[status];
  return renderMail(
    `${told.title}: ${event.title}`,
    <Layout preview={told.words[0] ?? ''} title={told.title} why={WHY}>
      {told.words.map((words) => (
        <Words key={words}>{words}</Words>
      ))}
      <Action href={orderUrl}>See the order</Action>
      <Small>Order {orderCode}</Small>
    </Layout>,
  );
}

export interface RefundFailedMailData {
  event: Pick<MailEvent, 'title'>;
  orderCode: string;
  orderUrl: string;
  buyerName: string | null;
  amountCents: number;
  currency: string;
  /** What the buyer is still to be paid; 0 when the tickets are simply good again. */
  owedCents: number;
}

/** A refund did not arrive: at once, or days after it had succeeded. */
export function refundFailedMail(data: RefundFailedMailData): Promise<Mail> {
  const { event, orderCode, orderUrl, buyerName, amountCents, currency, owedCents } = data;
  const amount = writeMoney(amountCents, currency);
  const buyer = buyerName ?? 'The buyer';
  const title = `A refund of ${amount} did not arrive`;
  return renderMail(
    `${title}: ${event.title}`,
    <Layout preview={`Order ${orderCode}.`} title={title} why={WHY}>
      <Words>
        The bank did not take the refund of order {orderCode}, so the {amount} is back in your net.
      </Words>
      {owedCents > 0 ? (
        <Words>
          {buyer} is still owed {writeMoney(owedCents, currency)}, and the order’s tickets admit nobody. Send it again
          from the order, or ask the buyer for another way: the card may have been closed.
        </Words>
      ) : (
        <Words>
          Nothing else has changed: the order’s tickets are good again. You can send it again from the order.
        </Words>
      )}
      <Action href={orderUrl}>See the order</Action>
      <Small>Order {orderCode}</Small>
    </Layout>,
  );
}
