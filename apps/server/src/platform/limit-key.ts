/** What stands for an address wherever visitors are counted by it: limits, sockets, views. */
import { type BlockList, isIP } from 'node:net';

/** Some proxies name the port too: `203.0.113.7:41822`, `[2001:db8::1]:443`. */
const WITH_PORT = /^\[([^\]]+)\](?::\d+)?$|^([\d.]+):\d+$/;

/**
 * IPv6 addresses that an IPv4 address comes with: by which groups they begin, at which group it stands in them, and what it is
 * combined with. Their first 64 bits are those of a relay, or 65,536 networks of whoever has the one IPv4 address.
 */
const CARRIERS: readonly { begins: readonly number[]; at: number; xor?: number }[] = [
  { begins: [0, 0, 0, 0, 0, 0xffff], at: 6 }, // ::ffff:1.2.3.4, as a socket of both kinds names it
  { begins: [0, 0, 0, 0, 0, 0], at: 6 }, // ::1.2.3.4, of old; `::1` and `::` are none
  { begins: [0x2002], at: 1 }, // 6to4, RFC 3056
  { begins: [0x64, 0xff9b, 0, 0, 0, 0], at: 6 }, // NAT64, RFC 6052
  { begins: [0x2001, 0], at: 6, xor: 0xffff }, // Teredo, RFC 4380
];

/**
 * The key an address is counted under. A household or a machine has a whole IPv6 /64 for itself, so its addresses are one key;
 * an IPv4 address is the same key in each IPv6 address that carries it. What is no address stays as it is. Idempotent.
 */
export function limitKeyOf(address: string): string {
  if (!address.includes(':')) return address;
  const [, inBrackets, withPort] = WITH_PORT.exec(address) ?? [];
  if (withPort) return withPort;
  const plain = (inBrackets ?? address).split('%', 1)[0] as string;
  if (isIP(plain) !== 6) return plain;
  const groups = groupsOf(plain);
  for (const { begins, at, xor = 0 } of CARRIERS) {
    if (!begins.every((group, index) => group === groups[index])) continue;
    const [high = 0, low = 0] = groups.slice(at, at + 2).map((group) => group ^ xor);
    if (high !== 0) return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/**
 * The network that an address key belongs to, for turns and for places: a home has 256 IPv6 keys and a machine at a provider 65,536,
 * and each is one in the line. What is no IPv6 key stays as it is.
 */
export function networkOf(limitKey: string): string {
  const [a, b, c] = limitKey.endsWith('::/64') ? limitKey.split(':') : [];
  return c === undefined ? limitKey : `${a}:${b}:${c}::/48`;
}

/** Whether the operator trusts an address: its people are not counted together. */
export function isTrusted(trusted: BlockList, given: string): boolean {
  const address = isIP(given) ? given : limitKeyOf(given);
  return isIP(address) > 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** The eight groups of an IPv6 address, however it is written. */
function groupsOf(address: string): number[] {
  const read = (part: string | undefined): number[] =>
    (part ? part.split(':') : []).flatMap((group) => {
      if (!group.includes('.')) return Number.parseInt(group, 16);
      const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
      return [a * 256 + b, c * 256 + d];
    });
  const [head, tail] = address.split('::');
  const [before, after] = [read(head), read(tail)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
