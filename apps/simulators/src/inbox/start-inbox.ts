import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { InboxMessage, MailQuery } from './inbox.types.ts';
import { Mailbox } from './mailbox.ts';

const LOOPBACK = '127.0.0.1';

export interface InboxControls {
  /** Resolves with the newest mail that fits, at once or on arrival; rejects after `withinMs` (10 s) saying what is there. */
  waitForMail(query: MailQuery & { withinMs?: number }): Promise<InboxMessage>;
  /** Newest first. */
  messages(query?: MailQuery): InboxMessage[];
  clear(): void;
  /** The next `count` mails are refused: with 451 (try again) or, when `forever`, 550. */
  refuseNext(count: number, options?: { forever?: boolean }): void;
}

export interface Inbox {
  port: number;
  mailbox: Mailbox;
  controls: InboxControls;
  stop(): Promise<void>;
}

/** Starts the SMTP server on loopback: takes every mail from anyone to anyone, and sends none on. */
export async function startInbox(options: { port: number; onChange: () => void }): Promise<Inbox> {
  const mailbox = new Mailbox(options.onChange);
  let refusals = { left: 0, forever: false };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    closeTimeout: 100,
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'anyone' }),
    onMailFrom: (_address, _session, done) => {
      if (refusals.left === 0) return done();
      refusals.left -= 1;
      const error = new Error(refusals.forever ? 'Mailbox unavailable' : 'Try again later');
      done(Object.assign(error, { responseCode: refusals.forever ? 550 : 451 }));
    },
    onData: (stream, session, done) => {
      simpleParser(stream).then(
        (mail) => {
          mailbox.add(toMessage(mail, session));
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  // A client that goes away mid-sentence is its own affair.
  server.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port, LOOPBACK, () => resolve());
  });
  const controls: InboxControls = {
    waitForMail: ({ withinMs, ...query }) => mailbox.wait(query, withinMs),
    messages: (query) => mailbox.list(query),
    clear: () => mailbox.clear(),
    refuseNext: (count, { forever = false } = {}) => {
      refusals = { left: count, forever };
    },
  };
  return {
    port: (server.server.address() as AddressInfo).port,
    mailbox,
    controls,
    stop: () => {
      mailbox.stop();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function toMessage(mail: ParsedMail, session: SMTPServerSession): Omit<InboxMessage, 'id' | 'receivedAt'> {
  const headers: Record<string, string> = {};
  for (const { key, line } of mail.headerLines) headers[key] = line.slice(line.indexOf(':') + 1).trim();
  const sender = session.envelope.mailFrom;
  return {
    from: mail.from?.text ?? (sender ? sender.address : ''),
    to: session.envelope.rcptTo.map((recipient) => recipient.address.toLowerCase()),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || null,
    headers,
    attachments: mail.attachments.map((attachment, index) => ({
      filename: attachment.filename ?? `attachment-${index + 1}`,
      contentType: attachment.contentType,
      size: attachment.size,
      content: attachment.content,
    })),
  };
}
