import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSigningKey, parseKeyRing, signTicket } from './sign-ticket.ts';
import { decodeQrCode, verifyTicket } from './verify-ticket.ts';

/** What SQL writes: 16 bytes of the ticket's id, 4 of its rotation. */
const writeQrCode = (ticketId: string, rotation: number): string => {
  const bytes = Buffer.alloc(20);
  bytes.write(ticketId.replaceAll('-', ''), 'hex');
  bytes.writeUInt32BE(rotation, 16);
  return bytes.toString('base64url');
};
const ticketId = '0198a3c2-7e5f-7a10-b3c4-d5e6f7a8b9c0';
const secret = createSigningKey().secret;
const ring = parseKeyRing(secret);

describe('the code of a ticket', () => {
  it('says which ticket it is and at which rotation, whatever the ticket', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 0, max: 0xffffffff }), (id, rotation) => {
        const qrCode = writeQrCode(id, rotation);
        expect(decodeQrCode(qrCode)).toEqual({ ticketId: id, rotation });
        expect(verifyTicket(ring.public, signTicket(ring, qrCode))).toEqual({
          ok: true,
          ticketId: id,
          rotation,
          qrCode,
          keyId: ring.current.id,
        });
      }),
      { numRuns: 300 },
    );
  });

  it('is never accepted when anything of it was changed: 20,000 mutations', () => {
    const code = signTicket(ring, writeQrCode(ticketId, 1));
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ';
    const character = fc.nat(alphabet.length - 1).map((index) => alphabet[index] as string);
    const place = fc.nat(code.length - 1);
    const mutated = fc.oneof(
      fc.tuple(place, character).map(([at, put]) => code.slice(0, at) + put + code.slice(at + 1)),
      fc.tuple(place, character).map(([at, put]) => code.slice(0, at) + put + code.slice(at)),
      place.map((at) => code.slice(0, at) + code.slice(at + 1)),
      fc.tuple(place, place).map(([from, to]) => code.slice(0, Math.min(from, to)) + code.slice(Math.max(from, to))),
      fc.string().map((text) => code + text),
    );
    fc.assert(
      fc.property(mutated, (other) => {
        fc.pre(other !== code);
        expect(verifyTicket(ring.public, other).ok).toBe(false);
      }),
      { numRuns: 20_000 },
    );
  });

  it('has one spelling only: spare bits at the end of its parts are not free to choose', () => {
    const code = signTicket(ring, writeQrCode(ticketId, 1));
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const letter of alphabet) {
      const other = code.slice(0, -1) + letter;
      if (other !== code) expect(verifyTicket(ring.public, other).ok).toBe(false);
    }
    expect(decodeQrCode(`${writeQrCode(ticketId, 1).slice(0, -1)}F`)).toBeNull();
  });

  it('of one ticket does not fit another', () => {
    const parts = signTicket(ring, writeQrCode(ticketId, 1)).split('.');
    parts[1] = writeQrCode(ticketId, 2);
    expect(verifyTicket(ring.public, parts.join('.'))).toEqual({ ok: false, reason: 'forged' });
  });

  it.each([
    ['https://example.com', 'not_ours'],
    ['', 'not_ours'],
    ['LV2.a.b.c', 'not_ours'],
    ['LV1.a.b.c', 'malformed'],
    ['LV1....', 'malformed'],
    [`LV1.${'A'.repeat(5000)}`, 'not_ours'],
  ])('%j is refused as %s', (code, reason) => {
    expect(verifyTicket(ring.public, code.slice(0, 6000))).toEqual({ ok: false, reason });
  });
});

describe('the keys', () => {
  it('two are honoured during a rotation, and the former can be kept as its public half', () => {
    const next = createSigningKey();
    const former = signTicket(ring, writeQrCode(ticketId, 1));
    const both = parseKeyRing(`${next.secret}, ${secret}`);
    expect(both.current.id).toBe(next.id);
    expect(verifyTicket(both.public, former).ok).toBe(true);
    expect(verifyTicket(both.public, signTicket(both, writeQrCode(ticketId, 1))).ok).toBe(true);
    const keys = createSigningKey();
    const code = signTicket(parseKeyRing(keys.secret), writeQrCode(ticketId, 1));
    expect(verifyTicket(parseKeyRing(`${next.secret},${keys.publicKey}`).public, code).ok).toBe(true);
  });

  it('one that was dropped is not honoured any more', () => {
    const code = signTicket(ring, writeQrCode(ticketId, 1));
    const { public: others } = parseKeyRing(createSigningKey().secret);
    expect(verifyTicket(others, code)).toEqual({ ok: false, reason: 'unknown_key' });
  });

  it.each(['', '  ,', 'short', `${'A'.repeat(42)}=`, createSigningKey().publicKey])(
    'a bad value stops the start, and the message does not repeat it (%#)',
    (value) => {
      expect(() => parseKeyRing(value)).toThrow(/TICKET_SIGNING_KEY/);
      try {
        parseKeyRing(value);
      } catch (error) {
        if (value.trim().length > 3) expect(String(error)).not.toContain(value.trim());
      }
    },
  );
});
