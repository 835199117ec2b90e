/** Joining a multicast group on every interface, and what the system says to it. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { GroupMemberships } from '../../../../net/transport/group-memberships.ts';
import type { LocalAddress } from '../../../../net/transport/local-address.ts';
import { TransportCounters } from '../../../../net/transport/transport-counters.ts';

const GROUP = '239.255.41.97';

function at(address: string): LocalAddress {
  const rest = {
    netmask: '255.255.255.0',
    broadcast: null,
    scopeId: 0,
    zone: '',
    isInternal: false,
    kind: 'lan',
  } as const;
  return { interfaceName: 'x', address, family: 'IPv4', ...rest };
}

/** A system that knows some interfaces and remembers what was joined. */
class System {
  readonly interfaces = new Set<string>();
  readonly members = new Set<string>();

  addMembership(_group: string, name: string): void {
    if (!this.interfaces.has(name)) throw Object.assign(new Error('no such interface'), { code: 'ENODEV' });
    if (this.members.has(name)) throw Object.assign(new Error('a member'), { code: 'EADDRINUSE' });
    this.members.add(name);
  }

  dropMembership(_group: string, name: string): void {
    if (!this.interfaces.has(name)) throw Object.assign(new Error('no such interface'), { code: 'ENODEV' });
    this.members.delete(name);
  }
}

test('a real socket joins on loopback, twice is once, and an interface that is not there is one counted error', async () => {
  const socket = createSocket('udp4');
  socket.bind(0, '0.0.0.0');
  await once(socket, 'listening');
  try {
    const counters = new TransportCounters();
    const memberships = new GroupMemberships(GROUP, counters);
    for (let look = 0; look < 3; look += 1) memberships.update(socket, [at('127.0.0.1'), at('198.51.100.77')]);
    assert.deepEqual([...memberships.joined], ['127.0.0.1']);
    assert.deepEqual([...counters.errors.values()], [1]);
    memberships.refresh(socket, [at('127.0.0.1')]);
    assert.deepEqual([...memberships.joined], ['127.0.0.1']);
    assert.ok(!memberships.isStale);
  } finally {
    socket.close();
    await once(socket, 'close');
  }
});

test('an interface that was given a fresh start between two looks is joined again', () => {
  const system = new System();
  system.interfaces.add('10.0.0.1');
  const memberships = new GroupMemberships(GROUP, new TransportCounters());
  memberships.update(system, [at('10.0.0.1')]);
  system.members.clear();
  memberships.update(system, [at('10.0.0.1')]);
  assert.deepEqual([...system.members], ['10.0.0.1']);
});

test('an interface that goes is left, and one that failed is counted again only after it went', () => {
  const system = new System();
  system.interfaces.add('10.0.0.1');
  const counters = new TransportCounters();
  const memberships = new GroupMemberships(GROUP, counters);
  memberships.update(system, [at('10.0.0.1'), at('10.0.0.2')]);
  memberships.update(system, [at('10.0.0.2')]);
  assert.deepEqual([...system.members], []);
  memberships.update(system, []);
  memberships.update(system, [at('10.0.0.2')]);
  assert.equal(counters.errors.get('join ENODEV'), 2);
});

test('a socket with many memberships of interfaces that are gone is stale, until it is a fresh one', () => {
  const system = new System();
  const memberships = new GroupMemberships(GROUP, new TransportCounters());
  for (let index = 0; index < 6; index += 1) {
    assert.ok(!memberships.isStale);
    system.interfaces.add(`10.0.0.${index}`);
    memberships.update(system, [at(`10.0.0.${index}`)]);
    system.interfaces.clear();
    memberships.update(system, []);
  }
  assert.ok(memberships.isStale);
  memberships.reset();
  assert.ok(!memberships.isStale);
});

test('waking leaves and joins again, so that switches hear of it', () => {
  const system = new System();
  system.interfaces.add('10.0.0.1');
  const memberships = new GroupMemberships(GROUP, new TransportCounters());
  memberships.update(system, [at('10.0.0.1')]);
  const calls: string[] = [];
  const watched = {
    addMembership: (group: string, name: string): void => {
      calls.push('add');
      system.addMembership(group, name);
    },
    dropMembership: (group: string, name: string): void => {
      calls.push('drop');
      system.dropMembership(group, name);
    },
  };
  memberships.refresh(watched, [at('10.0.0.1')]);
  assert.deepEqual(calls, ['drop', 'add']);
  assert.deepEqual([...system.members], ['10.0.0.1']);
});
