import nodemailer from 'nodemailer';
import type { Logger } from './log.ts';

export interface Mail {
  to: string;
  subject: string;
  html: string;
  text: string;
  /** A stable id per thing mailed: the same mail sent twice by a retried job threads as one. */
  messageId?: string;
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
    async send(mail) {
      if (isPlaceholderAddress(mail.to)) return false;
      if (!transport) throw new Error('SMTP_URL is not set: mail cannot be sent');
      await transport.sendMail({ from: options.from, ...mail });
      return true;
    },
    close() {
      transport?.close();
    },
  };
}
