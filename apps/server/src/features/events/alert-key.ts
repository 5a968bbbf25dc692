import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signature in the link that confirms an alert. It is for this mailbox, and only the mail carries it. */
export function alertKey(secret: string, alert: { id: string; mailbox: string }): string {
  return createHmac('sha256', secret).update(`alert ${alert.id} ${alert.mailbox.toLowerCase()}`).digest('base64url');
}

/** Whether a link's signature is the one that was mailed, compared in constant time. */
export function isAlertKey(secret: string, alert: { id: string; mailbox: string }, key: string): boolean {
  const wanted = Buffer.from(alertKey(secret, alert));
  const given = Buffer.from(key);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}
