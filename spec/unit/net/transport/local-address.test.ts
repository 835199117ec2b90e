/** Interfaces of three platforms, what they probably are, and what is announced on. */
import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { test } from 'node:test';
import { guessInterfaceKind } from '../../../../net/transport/interface-kind.ts';
import {
  ANNOUNCED_ADDRESSES_LIMIT,
  LOCAL_ADDRESSES_LIMIT,
  listAnnounced,
  listLocalAddresses,
} from '../../../../net/transport/local-address.ts';

function ipv4(address: string, netmask = '255.255.255.0'): NetworkInterfaceInfo {
  return {
    address,
    netmask,
    family: 'IPv4',
    mac: '02:00:00:00:00:01',
    internal: address.startsWith('127.'),
    cidr: null,
  };
}

function ipv6(address: string, scopeid: number): NetworkInterfaceInfo {
  const netmask = 'ffff:ffff:ffff:ffff::';
  return {
    address,
    netmask,
    family: 'IPv6',
    mac: '02:00:00:00:00:01',
    internal: address === '::1',
    cidr: null,
    scopeid,
  };
}

test('the kind of an interface is guessed from its name', () => {
  const table = {
    lan: [
      'eth0',
      'enp3s0',
      'wlan0',
      'wlp2s0',
      'en0',
      'br0',
      'bond0',
      'bridge0',
      'Wi-Fi',
      'Ethernet 2',
      'WLAN',
      'vEthernet (LAN)',
    ],
    vpn: [
      'tun0',
      'tap3',
      'wg0',
      'wg-home',
      'utun4',
      'ppp0',
      'ztabcdef12',
      'tailscale0',
      'Tailscale',
      'NordLynx',
      'Hamachi',
    ],
    virtual: [
      'docker0',
      'br-0123456789ab',
      'veth1a2b3c',
      'virbr0',
      'vmnet8',
      'vboxnet0',
      'bridge100',
      'awdl0',
      'lxcbr0',
    ],
  };
  for (const [kind, names] of Object.entries(table)) {
    for (const name of names) assert.equal(guessInterfaceKind(name, '255.255.255.0', false), kind, name);
  }
  const windows = [
    'vEthernet (WSL)',
    'vEthernet (Default Switch)',
    'VMware Network Adapter VMnet8',
    'Local Area Connection* 9',
  ];
  for (const name of windows) assert.equal(guessInterfaceKind(name, '255.255.255.0', false), 'virtual', name);
  for (const name of ['OpenVPN TAP-Windows6', 'ZeroTier One [8056c2e21c000001]', 'Mullvad', 'Proton VPN'])
    assert.equal(guessInterfaceKind(name, '255.255.255.0', false), 'vpn', name);
});

test('a name that only begins like a tunnel is that of a network', () => {
  for (const name of ['Hamburg', 'tundra', 'wgnet', 'Protonen', 'Dockyard', 'zt'])
    assert.equal(guessInterfaceKind(name, '255.255.255.0', false), 'lan', name);
});

test('loopback and links to one machine are told by their flags and masks', () => {
  assert.equal(guessInterfaceKind('lo', '255.0.0.0', true), 'loopback');
  assert.equal(guessInterfaceKind('eth0', '255.255.255.255', false), 'point-to-point');
});

test('addresses are listed with broadcast and zone, real networks first', () => {
  const listed = listLocalAddresses(
    {
      lo: [ipv4('127.0.0.1', '255.0.0.0'), ipv6('::1', 0)],
      docker0: [ipv4('172.17.0.1', '255.255.0.0')],
      tun0: [ipv4('10.8.0.2', '255.255.255.255')],
      eth0: [ipv4('192.168.1.5'), ipv6('fe80::5', 3)],
      gone: undefined,
    },
    'linux',
  );
  assert.deepEqual(
    listed.map(({ address, broadcast, zone, kind }) => [address, broadcast, zone, kind]),
    [
      ['192.168.1.5', '192.168.1.255', '', 'lan'],
      ['fe80::5', null, 'eth0', 'lan'],
      ['127.0.0.1', '127.255.255.255', '', 'loopback'],
      ['::1', null, 'lo', 'loopback'],
      ['10.8.0.2', null, '', 'vpn'],
      ['172.17.0.1', '172.17.255.255', '', 'virtual'],
    ],
  );
});

test('the zone is the number of the interface on Windows', () => {
  const [only] = listLocalAddresses({ 'Wi-Fi': [ipv6('fe80::5', 17)] }, 'win32');
  assert.equal(only?.zone, '17');
  assert.equal(only.scopeId, 17);
});

test('announced is from every IPv4 address, and once an interface for IPv6, from its link-local address', () => {
  const listed = listLocalAddresses(
    {
      lo: [ipv4('127.0.0.1', '255.0.0.0'), ipv6('::1', 0)],
      eth0: [ipv4('192.168.1.5'), ipv4('10.0.0.5'), ipv6('fd00::5', 0), ipv6('fe80::5', 3), ipv6('2001:db8::5', 0)],
      eth1: [ipv6('fd00::6', 0)],
    },
    'linux',
  );
  const announced = listAnnounced(listed).map((address) => address.address);
  assert.deepEqual(announced.toSorted(), ['10.0.0.5', '127.0.0.1', '192.168.1.5', 'fd00::6', 'fe80::5']);
});

test('a machine with hundreds of containers announces on its real network and on few of the others', () => {
  const containers = Array.from({ length: 400 }, (_, index) => {
    return [`veth${index.toString(16)}a`, [ipv4(`10.${index >> 8}.${index & 255}.1`)]] as const;
  });
  const listed = listLocalAddresses({ ...Object.fromEntries(containers), eth0: [ipv4('192.168.1.5')] }, 'linux');
  assert.equal(listed.length, LOCAL_ADDRESSES_LIMIT);
  const announced = listAnnounced(listed);
  assert.equal(announced.length, ANNOUNCED_ADDRESSES_LIMIT);
  assert.equal(announced[0]?.address, '192.168.1.5');
});
