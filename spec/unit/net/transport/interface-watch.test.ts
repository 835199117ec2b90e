/** Interfaces that come and go, and sleep, noticed by comparing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InterfaceWatch } from '../../../../net/transport/interface-watch.ts';
import type { LocalAddress } from '../../../../net/transport/local-address.ts';
import { HandClock } from './datagrams-kit.ts';

const eth0: LocalAddress = {
  interfaceName: 'eth0',
  address: '192.168.1.5',
  family: 'IPv4',
  netmask: '255.255.255.0',
  broadcast: '192.168.1.255',
  scopeId: 0,
  zone: '',
  isInternal: false,
  kind: 'lan',
};
const eth1: LocalAddress = { ...eth0, interfaceName: 'eth1', address: '10.0.0.5', broadcast: '10.0.0.255' };

function watch(clock = new HandClock()): { look: () => string; list: LocalAddress[]; clock: HandClock } {
  const list: LocalAddress[] = [];
  const watched = new InterfaceWatch(() => [...list], clock, 2000);
  const look = (): string => {
    const { addresses, isChanged, isWoken } = watched.look();
    return `${addresses.length} ${isChanged ? 'changed' : 'same'}${isWoken ? ' woken' : ''}`;
  };
  return { look, list, clock };
}

test('an interface that comes, goes, or gets another address is a change', () => {
  const { look, list } = watch();
  assert.equal(look(), '0 same');
  list.push(eth0);
  assert.equal(look(), '1 changed');
  assert.equal(look(), '1 same');
  list.push(eth1);
  assert.equal(look(), '2 changed');
  list[0] = { ...eth0, address: '192.168.1.6' };
  assert.equal(look(), '2 changed');
  list.shift();
  assert.equal(look(), '1 changed');
});

test('another mask or another number of the interface is a change, another order is none', () => {
  const { look, list } = watch();
  list.push(eth0, eth1);
  assert.equal(look(), '2 changed');
  list.reverse();
  assert.equal(look(), '2 same');
  list[0] = { ...eth1, netmask: '255.0.0.0' };
  assert.equal(look(), '2 changed');
  list[0] = { ...eth1, netmask: '255.0.0.0', scopeId: 9 };
  assert.equal(look(), '2 changed');
});

test('sleep is noticed where only Unix time went on, and where both did', () => {
  const { look, clock } = watch();
  clock.move(2000);
  assert.equal(look(), '0 same');
  clock.move(60_000, 2000);
  assert.equal(look(), '0 same woken');
  clock.move(2000);
  assert.equal(look(), '0 same');
  clock.move(60_000);
  assert.equal(look(), '0 same woken');
});

test('a busy machine and a clock that is set back are no sleep', () => {
  const { look, clock } = watch();
  clock.move(9000);
  assert.equal(look(), '0 same');
  clock.move(-3_600_000, 2000);
  assert.equal(look(), '0 same');
});
