import { describe, expect, it } from 'vitest';
import { limitKeyOf, networkOf } from './limit-key.ts';
import { createRateLimits } from './rate-limits.ts';

describe('the key an address is counted under', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:41822', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['2002:c633:640a::1', '198.51.100.10'], // 6to4: its owner has 65,536 networks
    ['2002:c633:640a:77::2', '198.51.100.10'],
    ['64:ff9b::c633:640a', '198.51.100.10'], // NAT64
    ['64:ff9b::198.51.100.10', '198.51.100.10'],
    ['2001:0:4136:e378:8000:63bf:39cc:9bf5', '198.51.100.10'], // Teredo, inverted
    ['2001:0:4136:e378:1:1:39cc:9bf5', '198.51.100.10'],
    ['::c633:640a', '198.51.100.10'],
    ['64:ff9b:1::c633:640a', '64:ff9b:1:0::/64'],
    ['2001:1::c633:640a', '2001:1:0:0::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['', ''],
    ['unknown', 'unknown'],
    ['a:b', 'a:b'],
  ])('of %s is %s', (address, key) => {
    expect(limitKeyOf(address)).toBe(key);
    expect(limitKeyOf(key)).toBe(key);
  });

  it('is one for the two hundred addresses of a network, so their tries are counted together', async () => {
    const limits = createRateLimits();
    const limit = { name: 'tries', points: 60, perSeconds: 60, by: 'address' } as const;
    const granted: boolean[] = [];
    for (let at = 0; at < 200; at++)
      granted.push((await limits.take(limit, `2001:db8:7:7::${at.toString(16)}`)) === null);
    expect(granted.filter(Boolean)).toHaveLength(60);
    expect(await limits.take(limit, '2001:db8:7:8::1')).toBeNull();
  });
});

it('is one of a network: a machine with a /48 has one place in a line, an IPv4 address its own', () => {
  expect(networkOf(limitKeyOf('2001:db8:1:2::1'))).toBe('2001:db8:1::/48');
  expect(networkOf(limitKeyOf('2001:db8:1:ffff::9'))).toBe('2001:db8:1::/48');
  expect(networkOf(limitKeyOf('2001:db8:2:2::1'))).toBe('2001:db8:2::/48');
  expect(networkOf(limitKeyOf('198.51.100.7'))).toBe('198.51.100.7');
});
