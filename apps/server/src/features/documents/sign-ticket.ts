/**
 * The code that people show at the door: `LV1.<qr_code>.<key id>.<Ed25519 signature>`. Its first half is written by
 * SQL; the signature is made here, whenever a ticket is shown, mailed or printed, so that nobody who can only read the
 * database can make a ticket.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export const CODE_PREFIX = 'LV1';

export interface KeyRing {
  current: { id: string; privateKey: KeyObject };
  /** By key id: the current key and those that are still honoured. Scanners hold these. */
  public: Map<string, KeyObject>;
}

// The fixed DER heads of an Ed25519 key (RFC 8410); what follows is the 32 bytes themselves.
const PRIVATE_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

const rawPublic = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(PUBLIC_HEAD.length);

/** A key is named by its own hash: an id can never point at the wrong key. */
const keyId = (publicKey: KeyObject): string =>
  createHash('sha256').update(rawPublic(publicKey)).digest('base64url').replace(/[-_]/g, '').slice(0, 6);

const decode32 = (text: string): Buffer => {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== 32 || bytes.toString('base64url') !== text) {
    throw new Error('TICKET_SIGNING_KEY: each key is 32 bytes as base64url (43 characters)');
  }
  return bytes;
};

/**
 * Makes a new signing key.
 * @returns `secret`: what goes into TICKET_SIGNING_KEY; `publicKey`: what replaces it there, once it no longer signs
 *   but its tickets are still out (`pub_…`); `id`: the part of each code that names it.
 */
export function createSigningKey(): { id: string; secret: string; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PRIVATE_HEAD.length);
  return {
    id: keyId(publicKey),
    secret: seed.toString('base64url'),
    publicKey: `pub_${rawPublic(publicKey).toString('base64url')}`,
  };
}

/**
 * Reads TICKET_SIGNING_KEY: keys separated by commas, the signing one first. Any further one (a former secret, or its
 * `pub_…` half) still verifies, which is how a rotation is done without voiding tickets.
 * @throws Error that never repeats the value, when a key is not 32 bytes or the first cannot sign
 */
export function parseKeyRing(value: string): KeyRing {
  const entries = value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const ring: { current: KeyRing['current'] | null; public: KeyRing['public'] } = { current: null, public: new Map() };
  for (const [index, entry] of entries.entries()) {
    if (entry.startsWith('pub_')) {
      if (index === 0) throw new Error('TICKET_SIGNING_KEY: the first key must be a secret, not a public half');
      const publicKey = createPublicKey({
        key: Buffer.concat([PUBLIC_HEAD, decode32(entry.slice(4))]),
        format: 'der',
        type: 'spki',
      });
      ring.public.set(keyId(publicKey), publicKey);
      continue;
    }
    const privateKey = createPrivateKey({
      key: Buffer.concat([PRIVATE_HEAD, decode32(entry)]),
      format: 'der',
      type: 'pkcs8',
    });
    const publicKey = createPublicKey(privateKey);
    const id = keyId(publicKey);
    ring.public.set(id, publicKey);
    if (index === 0) ring.current = { id, privateKey };
  }
  if (!ring.current) throw new Error('TICKET_SIGNING_KEY is empty');
  return { current: ring.current, public: ring.public };
}

/**
 * The code of a ticket, signed with the current key. Give it to the ticket's owner only; never log or export it.
 * @param qrCode `tickets.qr_code`, as SQL wrote it
 */
export function signTicket(ring: KeyRing, qrCode: string): string {
  const unsigned = `${CODE_PREFIX}.${qrCode}.${ring.current.id}`;
  return `${unsigned}.${sign(null, Buffer.from(unsigned), ring.current.privateKey).toString('base64url')}`;
}
