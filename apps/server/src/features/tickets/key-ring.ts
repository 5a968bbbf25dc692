import type { Env } from '../../env.ts';
import { type KeyRing, parseKeyRing } from '../documents/sign-ticket.ts';

const rings = new WeakMap<Env, KeyRing>();

// RFC 8410: a PKCS#8 Ed25519 key is this head and the 32 bytes themselves; an operator may give either.
const PKCS8_HEAD = '302e020100300506032b657004220420';

function seedOf(entry: string): string {
  const bytes = Buffer.from(entry, 'base64url');
  const wrapped = bytes.length === 48 && bytes.toString('hex', 0, 16) === PKCS8_HEAD;
  return wrapped ? bytes.subarray(16).toString('base64url') : entry;
}

/** The installation's ticket keys (`TICKET_SIGNING_KEY`): the first signs, all are honoured at the door. */
export function keyRingOf(env: Env): KeyRing {
  const known = rings.get(env);
  if (known) return known;
  const ring = parseKeyRing(env.TICKET_SIGNING_KEYS.map(seedOf).join(','));
  rings.set(env, ring);
  return ring;
}
