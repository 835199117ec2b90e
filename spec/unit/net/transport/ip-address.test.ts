/** Addresses as text and as bytes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  directedBroadcast,
  isLinkLocal,
  isOnSubnet,
  isUnspecified,
  parseAddress,
  withoutZone,
  zoneOf,
} from '../../../../net/transport/ip-address.ts';

function hex(text: string): string | null {
  const bytes = parseAddress(text);
  return bytes === null ? null : Buffer.from(bytes).toString('hex');
}

test('addresses of both families become 16 bytes', () => {
  const table = {
    '192.168.1.5': '00000000000000000000ffffc0a80105',
    '::ffff:192.168.1.5': '00000000000000000000ffffc0a80105',
    '0.0.0.0': '00000000000000000000ffff00000000',
    '::': '00000000000000000000000000000000',
    '::1': '00000000000000000000000000000001',
    'fe80::fc:ff:fe00:1%eth0': 'fe8000000000000000fc00fffe000001',
    'FE80::1%7': 'fe800000000000000000000000000001',
    '1:2:3:4:5:6:7:8': '00010002000300040005000600070008',
    '1::': '00010000000000000000000000000000',
    '64:ff9b::1.2.3.4': '0064ff9b000000000000000001020304',
  };
  for (const [text, expected] of Object.entries(table)) assert.equal(hex(text), expected, text);
});

test('what is no address is none', () => {
  for (const text of [
    '',
    'localhost',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    ':::',
    '1:2:3',
    'fe80::1::2',
    '%eth0',
    '1.2.3.4 ',
  ])
    assert.equal(parseAddress(text), null, text);
});

test('every way to write an IPv6 address that the system knows gives the same bytes', () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const full = groups.map((each) => each.toString(16)).join(':');
      // The URL parser of Node writes the canonical form, with the longest run of zeros as `::`.
      const canonical = new URL(`http://[${full}]/`).hostname.slice(1, -1);
      const expected = groups.map((each) => each.toString(16).padStart(4, '0')).join('');
      assert.equal(hex(full), expected);
      assert.equal(hex(canonical), expected);
    }),
  );
});

test('the directed broadcast of a subnet has all host bits set', () => {
  assert.equal(directedBroadcast('192.168.1.5', '255.255.255.0'), '192.168.1.255');
  assert.equal(directedBroadcast('10.1.2.3', '255.0.0.0'), '10.255.255.255');
  assert.equal(directedBroadcast('172.16.5.9', '255.255.255.252'), '172.16.5.11');
  assert.equal(directedBroadcast('127.0.0.1', '255.0.0.0'), '127.255.255.255');
});

test('subnets of one or two addresses, and what is no subnet, have no broadcast', () => {
  assert.equal(directedBroadcast('100.64.0.1', '255.255.255.255'), null);
  assert.equal(directedBroadcast('10.0.0.0', '255.255.255.254'), null);
  assert.equal(directedBroadcast('fe80::1', 'ffff:ffff:ffff:ffff::'), null);
  assert.equal(directedBroadcast('10.0.0.1', 'mask'), null);
});

test('an address is on a subnet where the bits under the mask are the same', () => {
  assert.ok(isOnSubnet('192.168.1.200', '192.168.1.5', '255.255.255.0'));
  assert.ok(!isOnSubnet('192.168.2.200', '192.168.1.5', '255.255.255.0'));
  assert.ok(isOnSubnet('10.255.0.1', '10.0.0.1', '255.0.0.0'));
  assert.ok(isOnSubnet('fe80::9%eth0', 'fe80::1', 'ffff:ffff:ffff:ffff::'));
  assert.ok(!isOnSubnet('fe81::9', 'fe80::1', 'ffff:ffff:ffff:ffff::'));
  assert.ok(!isOnSubnet('::ffff:192.168.1.7', '192.168.1.5', '255.255.255.0'));
  assert.ok(!isOnSubnet('nonsense', '192.168.1.5', '255.255.255.0'));
});

test('link-local and unspecified addresses are told from others', () => {
  for (const text of ['fe80::1%eth0', 'febf::1', '169.254.9.9']) assert.ok(isLinkLocal(text), text);
  for (const text of ['fec0::1', 'fd00::1', '169.253.9.9', '::1', 'x']) assert.ok(!isLinkLocal(text), text);
  for (const text of ['0.0.0.0', '::']) assert.ok(isUnspecified(text), text);
  for (const text of ['0.0.0.1', '::1', '::ffff:0.0.0.0', 'x']) assert.ok(!isUnspecified(text), text);
});

test('a zone is what follows the per cent sign', () => {
  assert.equal(withoutZone('fe80::1%eth0.5'), 'fe80::1');
  assert.equal(zoneOf('fe80::1%eth0.5'), 'eth0.5');
  assert.equal(withoutZone('10.0.0.1'), '10.0.0.1');
  assert.equal(zoneOf('10.0.0.1'), '');
});
