import type { InboxMessage, MailQuery } from './inbox.types.ts';

const MESSAGES_MAX = 500;
const WAIT_MS = 10_000;

interface Waiter {
  query: MailQuery;
  resolve: (message: InboxMessage) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

export function fitsQuery(message: InboxMessage, { to, subject, after }: MailQuery): boolean {
  if (to !== undefined && !message.to.includes(to.toLowerCase())) return false;
  if (typeof subject === 'string' && !message.subject.includes(subject)) return false;
  if (subject instanceof RegExp && !subject.test(message.subject)) return false;
  if (after instanceof Date) return message.receivedAt > after;
  return after === undefined || message.id > after.id;
}

/** The last 500 mails, and whoever waits for the next one. */
export class Mailbox {
  #messages: InboxMessage[] = [];
  #waiters = new Set<Waiter>();
  #numbers = 0;
  #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  add(mail: Omit<InboxMessage, 'id' | 'receivedAt'>): InboxMessage {
    this.#numbers += 1;
    const message = { id: this.#numbers, receivedAt: new Date(), ...mail };
    this.#messages.push(message);
    if (this.#messages.length > MESSAGES_MAX) this.#messages.shift();
    for (const waiter of this.#waiters) {
      if (!fitsQuery(message, waiter.query)) continue;
      this.#drop(waiter);
      waiter.resolve(message);
    }
    this.#onChange();
    return message;
  }

  find(id: number): InboxMessage | undefined {
    return this.#messages.find((message) => message.id === id);
  }

  /** Newest first. */
  list(query: MailQuery = {}): InboxMessage[] {
    return this.#messages.filter((message) => fitsQuery(message, query)).reverse();
  }

  clear(): void {
    this.#messages = [];
    this.#onChange();
  }

  /** The newest mail that fits, at once when it is here, else when it arrives; rejects after `withinMs` (10 s). */
  wait(query: MailQuery, withinMs = WAIT_MS): Promise<InboxMessage> {
    const [here] = this.list(query);
    if (here) return Promise.resolve(here);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#drop(waiter);
        const seen = this.list().map((message) => `${message.to.join(', ')}: ${message.subject}`);
        const wanted = `${query.to ?? 'anyone'}${query.subject ? ` about ${query.subject}` : ''}`;
        reject(new Error(`No mail to ${wanted} within ${withinMs} ms. Here are: ${seen.join(' | ') || 'none'}`));
      }, withinMs);
      const waiter: Waiter = { query, resolve, reject, timer };
      this.#waiters.add(waiter);
    });
  }

  stop(): void {
    for (const waiter of this.#waiters) {
      this.#drop(waiter);
      waiter.reject(new Error('The inbox was stopped while waiting for a mail.'));
    }
  }

  #drop(waiter: Waiter): void {
    clearTimeout(waiter.timer);
    this.#waiters.delete(waiter);
  }
}
