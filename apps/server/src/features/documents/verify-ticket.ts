import { type KeyObject, verify } from 'node:crypto';
import { CODE_PREFIX } from './sign-ticket.ts';

export interface QrCode {
  ticketId: string;
  /** Raised by each transfer: a code with a former rotation is stale. */
  rotation: number;
}

const CODE_BYTES = 20;
const SIGNATURE_BYTES = 64;

/** Only the one spelling that an encoder gives: spare bits at the end must not make a second code of the same ticket. */
const decodeExactly = (text: string, length: number): Buffer | null => {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === length && bytes.toString('base64url') === text ? bytes : null;
};

/** Reads `tickets.qr_code`: base64url of the ticket's 16 bytes and 4 bytes rotation, big-endian. Null when it is none. */
export function decodeQrCode(qrCode: string): QrCode | null {
  const bytes = decodeExactly(qrCode, CODE_BYTES);
  if (!bytes) return null;
  const hex = bytes.toString('hex', 0, 16);
  return {
    ticketId: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
    rotation: bytes.readUInt32BE(16),
  };
}

export type TicketVerdict =
  | { ok: true; ticketId: string; rotation: number; qrCode: string; keyId: string }
  /**
   * not_ours: no code of this house, for example another ticket or a web address. malformed: ours, but damaged or
   * typed wrongly. unknown_key: signed by a key that is not honoured here. forged: the signature does not fit.
   */
  | { ok: false; reason: 'not_ours' | 'malformed' | 'unknown_key' | 'forged' };

/**
 * Whether this house signed a code. Says nothing about the ticket's state: whether it is void, stale, of this event
 * or already used is decided by the database when it is redeemed.
 */
export function verifyTicket(keys: ReadonlyMap<string, KeyObject>, code: string): TicketVerdict {
  if (code.length > 400 || !code.startsWith(`${CODE_PREFIX}.`)) return { ok: false, reason: 'not_ours' };
  const parts = code.split('.');
  const [, qrCode = '', keyId = '', signatureText = ''] = parts;
  const decoded = decodeQrCode(qrCode);
  const signature = decodeExactly(signatureText, SIGNATURE_BYTES);
  if (parts.length !== 4 || !decoded || !signature) return { ok: false, reason: 'malformed' };
  const key = keys.get(keyId);
  if (!key) return { ok: false, reason: 'unknown_key' };
  const unsigned = Buffer.from(`${CODE_PREFIX}.${qrCode}.${keyId}`);
  if (!verify(null, unsigned, key, signature)) return { ok: false, reason: 'forged' };
  return { ok: true, ...decoded, qrCode, keyId };
}
