import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { TestApp, Visitor } from '@liventix/server/testing';
import { expect } from 'vitest';

export const PASSWORD = 'a-good-password';
export const address = () => `${randomUUID()}@corp.test`;
export const tokenIn = (text: string) =>
  new URL(/https?:\/\/\S+\?token=[\w.-]+/.exec(text)?.[0] ?? 'http://no').searchParams.get('token') ?? '';
export const codeIn = (subject: string) => /\d{6}/.exec(subject)?.[0] ?? '';

export interface Answer {
  status: number;
  text: string;
}

/** What the tests of the front door call the app with, and look for in its mails and locks. */
export function callersOf(appOf: () => TestApp) {
  /** A request exactly as it is written here; `fetch` would tidy the address up first. */
  function raw(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
    const { port } = new URL(appOf().url);
    return new Promise((resolve, reject) => {
      const request = http.request(
        {
          host: '127.0.0.1',
          port,
          method,
          path,
          headers: { origin: appOf().url, 'content-type': 'application/json', ...headers },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
        },
      );
      request.once('error', reject);
      request.end(body);
    });
  }

  async function mailOf(to: string, about: RegExp): Promise<{ text: string; subject: string }> {
    await expect
      .poll(() => appOf().mails.some((mail) => mail.to === to && about.test(mail.subject)), { timeout: 5000 })
      .toBe(true);
    return appOf().mails.findLast((mail) => mail.to === to && about.test(mail.subject)) as {
      text: string;
      subject: string;
    };
  }

  /** A guest who has bought a ticket with a mailbox. */
  async function buyer(mailbox: string): Promise<Visitor & { userId: string; ticketId: string }> {
    const guest = await appOf().guest();
    const userId = (await guest.actor())?.userId ?? '';
    const host = await appOf().signUp();
    const [row] = await appOf().admin<{ ticket: string }[]>`
      with event as (
        insert into events.events (title, owner_context_id, created_by, status) values ('A night', ${host.userId}, ${host.userId}, 'published') returning id
      ), tier as (
        insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity, issued_quantity) select id, 'General', 0, 10, 1 from event returning id, event_id
      ), ordered as (
        insert into ticketing.orders (event_id, user_id, status, total_cents, mailbox, buyer_name) select event_id, ${userId}, 'paid', 0, ${mailbox}, 'Vic' from tier returning id, event_id
      )
      insert into ticketing.tickets (order_id, event_id, tier_id, owner_user_id, qr_code, sequence_number)
      select o.id, o.event_id, t.id, ${userId}, ${randomUUID()}, 1 from ordered o, tier t returning id as ticket`;
    return { ...guest, userId, ticketId: row?.ticket ?? '' };
  }

  const ownerOf = async (ticketId: string) =>
    (
      await appOf().admin<
        { owner: string }[]
      >`select owner_user_id as owner from ticketing.tickets where id = ${ticketId}`
    )[0]?.owner;

  /** A call whose head is with the server; its body goes when the returned function is called. */
  async function late(who: Visitor, path: string, body: unknown): Promise<() => Promise<Answer>> {
    const text = JSON.stringify(body);
    const call = http.request({
      host: '127.0.0.1',
      port: new URL(appOf().url).port,
      method: 'POST',
      path,
      headers: {
        origin: appOf().url,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        cookie: who.jar.header ?? '',
        expect: '100-continue',
      },
    });
    const answered = once(call, 'response').then(async ([answer]: http.IncomingMessage[]) => ({
      status: answer?.statusCode ?? 0,
      text: Buffer.concat((await answer?.toArray()) ?? []).toString(),
    }));
    const taken = once(call, 'continue');
    call.flushHeaders();
    await taken;
    call.write(text.slice(0, 1));
    return () => {
      call.end(text.slice(1));
      return answered;
    };
  }

  /** How many statements about this wait for a lock. */
  const waiting = async (about: string) =>
    (
      await appOf()
        .admin`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like ${`%${about}%`} and datname = current_database()`
    ).length;

  return { raw, mailOf, buyer, ownerOf, late, waiting };
}
