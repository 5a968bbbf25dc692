/** What stands for an address wherever visitors are counted by it: limits, sockets, views. */
import { isIP } from 'node:net';

/** Some proxies name the port too: `203.0.113.7:41822`, `[2001:db8::1]:443`. */
const WITH_PORT = /^\[([^\]]+)\](?::\d+)?$|^([\d.]+):\d+$/;

/**
 * The key an address is counted under. A household or a machine has a whole IPv6 /64 for itself, so its addresses are one key;
 * an IPv4 address is the same key when it comes as `::ffff:1.2.3.4`. What is no address stays as it is. Idempotent.
 */
export function limitKeyOf(address: string): string {
  if (!address.includes(':')) return address;
  const [, inBrackets, withPort] = WITH_PORT.exec(address) ?? [];
  if (withPort) return withPort;
  const plain = (inBrackets ?? address).split('%', 1)[0] as string;
  if (isIP(plain) !== 6) return plain;
  const groups = groupsOf(plain);
  const [high = 0, low = 0] = groups.slice(6);
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0))
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
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
