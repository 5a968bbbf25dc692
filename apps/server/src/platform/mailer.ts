import nodemailer from 'nodemailer';
import type { Logger } from './log.ts';

export interface Mail {
  to: string;
  subject: string;
  html: string;
  text: string;
  /** Names the thing mailed, e.g. `order-<id>`: the same mail sent again by a retried job carries the same Message-ID. */
  about?: string;
  /** Whom a reply reaches; the sender's own mailbox when absent. */
  replyTo?: string | undefined;
  /** Where the reader stops this kind of mail; a POST there is enough (RFC 8058). */
  stopUrl?: string;
  attachments?: { filename: string; content: Buffer; contentType: string; cid?: string }[];
}

export interface Mailer {
  /** Resolves to whether it was sent: placeholder addresses of guests are never mailed and answer false. Throws when SMTP fails. */
  send(mail: Mail): Promise<boolean>;
  close(): void;
}

/** Domain of the placeholder addresses that silent guests carry. */
export const GUEST_DOMAIN = 'guest.invalid';

/** Whether an address is only a placeholder (reserved `.invalid` domain) and must never be mailed or shown. */
export function isPlaceholderAddress(email: string): boolean {
  return email.toLowerCase().endsWith('.invalid');
}

/** The headers of every mail: a stable id in the sender's own domain, and the word that no machine should answer (RFC 3834). */
export function headersOfMail(from: string, { about, stopUrl }: Pick<Mail, 'about' | 'stopUrl'>) {
  const domain = /@([^\s<>@]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  return {
    ...(about === undefined ? {} : { messageId: `<${about}@${domain}>` }),
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...(stopUrl === undefined
        ? {}
        : { 'List-Unsubscribe': `<${stopUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
    },
  };
}

/** Mail over SMTP (in demo: the simulator's inbox). Without `smtpUrl` every mail fails loudly, so that its job is retried. */
export function createMailer(options: { smtpUrl: string | null; from: string; log: Logger }): Mailer {
  const transport = options.smtpUrl
    ? nodemailer.createTransport({
        url: options.smtpUrl,
        pool: true,
        maxConnections: 2,
        connectionTimeout: 5000,
        socketTimeout: 15_000,
      } as never)
    : null;
  return {
    async send({ about, stopUrl, ...mail }) {
      if (isPlaceholderAddress(mail.to)) return false;
      if (!transport) throw new Error('SMTP_URL is not set: mail cannot be sent');
      await transport.sendMail({ from: options.from, ...mail, ...headersOfMail(options.from, { about, stopUrl }) });
      return true;
    },
    close() {
      transport?.close();
    },
  };
}
