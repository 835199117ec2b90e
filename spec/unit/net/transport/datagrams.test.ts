/** Whole sets of sockets, real ones, on loopback: two programs of one machine and what happens to their interfaces. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { LISTENERS_LIMIT, openDatagrams } from '../../../../net/transport/index.ts';
import type { NetworkInterfaces } from '../../../../net/transport/index.ts';
import { HandClock, findFreePort, listen, loopbackOnly, systemClock, textBytes } from './datagrams-kit.ts';

async function openRaw(
  context: TestContext,
  port: number,
  address = '127.0.0.1',
): Promise<ReturnType<typeof createSocket>> {
  const socket = createSocket('udp4');
  socket.bind(port, address);
  await once(socket, 'listening');
  context.after(async () => {
    socket.close();
    await once(socket, 'close');
  });
  return socket;
}

test('two programs on one machine hear each other announce, at a port that both have', async (context) => {
  const discoveryPort = await findFreePort();
  const alice = await listen(context, { discoveryPort });
  const bob = await listen(context, { discoveryPort });
  assert.notEqual(alice.datagrams.sessionPort, bob.datagrams.sessionPort);
  alice.datagrams.announce((from, way) => textBytes(`alice ${from.address} ${way}`));
  bob.datagrams.announce((from, way) => textBytes(`bob ${from.address} ${way}`));
  for (const way of ['multicast', 'broadcast']) {
    const byBob = await bob.hear(({ text }) => text === `alice 127.0.0.1 ${way}`);
    assert.deepEqual(byBob.from, { address: '127.0.0.1', port: alice.datagrams.sessionPort });
    assert.equal(byBob.via, 'discovery');
    const byAlice = await alice.hear(({ text }) => text === `bob 127.0.0.1 ${way}`);
    assert.deepEqual(byAlice.from, { address: '127.0.0.1', port: bob.datagrams.sessionPort });
  }
  assert.equal(alice.datagrams.counters.announced, 2);
});

test('a program bound to loopback and one bound to all addresses hear each other', async (context) => {
  const discoveryPort = await findFreePort();
  const narrow = await listen(context, { discoveryPort });
  const wide = await listen(context, { discoveryPort, bind: { address: '0.0.0.0', port: 0 } });
  narrow.datagrams.announce(() => textBytes('narrow'));
  wide.datagrams.announce(() => textBytes('wide'));
  await wide.hear(({ text }) => text === 'narrow');
  await narrow.hear(({ text }) => text === 'wide');
});

test('an answer goes from session socket to session socket', async (context) => {
  const alice = await listen(context);
  const bob = await listen(context);
  const to = { address: '127.0.0.1', port: bob.datagrams.sessionPort };
  alice.datagrams.send(textBytes('hello'), to);
  const heard = await bob.hear(({ text }) => text === 'hello');
  assert.deepEqual(heard.from, { address: '127.0.0.1', port: alice.datagrams.sessionPort });
  assert.equal(heard.via, 'session');
  assert.equal(bob.datagrams.counters.received, 1);
  assert.equal(bob.datagrams.counters.receivedForeign, 0);
});

test('IPv4 and IPv6 have the same port', async (context) => {
  const sessionPort = await findFreePort();
  const opened = await openDatagrams({ clock: systemClock, sessionPort, interfaces: loopbackOnly });
  assert.ok(opened.ok);
  context.after(() => opened.value.close());
  const report = opened.value.report();
  assert.equal(report.sessionPort, sessionPort);
  if (report.session.length === 1) return context.skip('this machine has no IPv6');
  const sender = createSocket('udp6');
  const heard = new Promise<string>((resolve) => {
    opened.value.onDatagram((bytes, from) => resolve(`${Buffer.from(bytes).toString()} from ${from.address}`));
  });
  sender.send('six', sessionPort, '::1');
  assert.equal(await heard, 'six from ::1');
  sender.close();
  await once(sender, 'close');
});

test('where the port is taken another is chosen, and the report tells', async (context) => {
  const sessionPort = await findFreePort();
  await openRaw(context, sessionPort, '0.0.0.0');
  const opened = await openDatagrams({ clock: systemClock, sessionPort, interfaces: loopbackOnly });
  assert.ok(opened.ok);
  context.after(() => opened.value.close());
  const report = opened.value.report();
  assert.equal(report.wantedPort, sessionPort);
  assert.notEqual(report.sessionPort, sessionPort);
  assert.ok(report.session.every((socket) => socket.failure === null));
});

test('a port that is free for IPv4 and taken for IPv6 is not used', async (context) => {
  const sessionPort = await findFreePort();
  const taken = createSocket({ type: 'udp6', ipv6Only: true });
  taken.bind(sessionPort, '::');
  const [event] = await Promise.race([
    once(taken, 'listening').then(() => ['listening'] as const),
    once(taken, 'error').then(() => ['error'] as const),
  ]);
  if (event === 'error') return context.skip('this machine has no IPv6');
  context.after(() => taken.close());
  const opened = await openDatagrams({ clock: systemClock, sessionPort, interfaces: loopbackOnly });
  assert.ok(opened.ok);
  context.after(() => opened.value.close());
  assert.notEqual(opened.value.sessionPort, sessionPort);
  assert.equal(opened.value.report().session.length, 2);
});

test('where nothing can be bound, a sentence says so', async () => {
  const bind = { address: '198.51.100.77', port: 0 };
  const opened = await openDatagrams({ clock: systemClock, bind, interfaces: loopbackOnly });
  assert.ok(!opened.ok);
  assert.equal(opened.error.kind, 'no-socket');
  assert.match(opened.error.message, /198\.51\.100\.77.*then start again\.$/);
});

test('a name to bind to, or a port beyond 65,535, is a mistake', async () => {
  const rest = { clock: systemClock, interfaces: loopbackOnly };
  await assert.rejects(openDatagrams({ ...rest, bind: { address: 'localhost', port: 0 } }), RangeError);
  await assert.rejects(openDatagrams({ ...rest, sessionPort: 65_536 }), RangeError);
  await assert.rejects(openDatagrams({ ...rest, discoveryPort: 1.5 }), RangeError);
});

test('a discovery port that is another program alone keeps no session from working, and is had once it is free', async (context) => {
  const discoveryPort = await findFreePort();
  const thief = createSocket('udp4');
  thief.bind(discoveryPort, '0.0.0.0');
  await once(thief, 'listening');
  const alice = await listen(context, { discoveryPort });
  assert.deepEqual(alice.datagrams.report().discovery, [{ family: 'IPv4', failure: 'EADDRINUSE' }]);
  alice.datagrams.send(textBytes('self'), { address: '127.0.0.1', port: alice.datagrams.sessionPort });
  await alice.hear(({ text }) => text === 'self');
  thief.close();
  await once(thief, 'close');
  const isHeard = alice.hear(({ via }) => via === 'discovery');
  const timer = setInterval(() => alice.datagrams.announce(() => textBytes('again')), 50);
  await isHeard;
  clearInterval(timer);
  assert.deepEqual(alice.datagrams.report().discovery, [{ family: 'IPv4', failure: null }]);
});

test('interfaces are told at once, when they change, and when the machine wakes', async (context) => {
  let interfaces: NetworkInterfaces = {};
  const clock = new HandClock();
  const bind = { address: '0.0.0.0', port: 0 };
  const { datagrams } = await listen(context, { bind, clock, interfaces: () => interfaces, rescanMs: 3_600_000 });
  const told: string[] = [];
  datagrams.onInterfaces((addresses, reason) => {
    told.push(`${reason} ${addresses.map((address) => address.address).join(' ')}`.trim());
  });
  datagrams.rescan();
  interfaces = { lo: loopbackV4() };
  datagrams.rescan();
  datagrams.rescan();
  clock.move(7_200_000);
  datagrams.rescan();
  interfaces = {};
  datagrams.rescan();
  assert.deepEqual(told, ['first', 'changed 127.0.0.1', 'woke 127.0.0.1', 'changed']);
  assert.equal(datagrams.counters.errors.size, 0);
});

test('an interface that appears is joined and announced on', async (context) => {
  const discoveryPort = await findFreePort();
  let interfaces: NetworkInterfaces = {};
  const bind = { address: '0.0.0.0', port: 0 };
  const alice = await listen(context, { bind, discoveryPort, interfaces: () => interfaces, rescanMs: 20 });
  alice.datagrams.announce(() => textBytes('too early'));
  const isThere = new Promise<void>((resolve) => {
    alice.datagrams.onInterfaces((addresses) => {
      if (addresses.length > 0) resolve();
    });
  });
  interfaces = { lo: loopbackV4() };
  await isThere;
  alice.datagrams.announce((_from, way) => textBytes(way));
  await alice.hear(({ text }) => text === 'multicast');
  await alice.hear(({ text }) => text === 'broadcast');
  assert.ok(alice.heard.every(({ text }) => text !== 'too early'));
});

test('a system that cannot list its interfaces is counted, and what was known stays', async (context) => {
  let isBroken = false;
  const interfaces = (): NetworkInterfaces => {
    if (isBroken) throw Object.assign(new Error('broken'), { code: 'EPERM' });
    return { lo: loopbackV4() };
  };
  const alice = await listen(context, { interfaces });
  isBroken = true;
  alice.datagrams.rescan();
  assert.equal(alice.datagrams.counters.errors.get('interfaces EPERM'), 1);
  alice.datagrams.announce(() => textBytes('still here'));
  await alice.hear(({ text }) => text === 'still here');
});

test('what is empty or too long is dropped and counted, and cannot be sent', async (context) => {
  const alice = await listen(context);
  const raw = await openRaw(context, 0);
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(1201), Buffer.alloc(1200, 'x')])
    raw.send(bytes, alice.datagrams.sessionPort, '127.0.0.1');
  await alice.hear(({ text }) => text.length === 1200);
  assert.equal(alice.datagrams.counters.droppedSize, 2);
  const to = { address: '127.0.0.1', port: 9 };
  assert.throws(() => alice.datagrams.send(new Uint8Array(0), to), RangeError);
  assert.throws(() => alice.datagrams.send(new Uint8Array(1201), to), RangeError);
  assert.throws(() => alice.datagrams.announce(() => new Uint8Array(1201)), RangeError);
});

test('a program bound to one address does not hear what comes from another network', async (context) => {
  const discoveryPort = await findFreePort();
  // As if 127.0.0.1 were alone in its network: then 127.0.0.2 is a machine elsewhere.
  const info = {
    address: '127.0.0.1',
    netmask: '255.255.255.255',
    family: 'IPv4',
    mac: '',
    internal: true,
    cidr: null,
  } as const;
  const alice = await listen(context, { discoveryPort, interfaces: () => ({ lo: [info] }) });
  const near = await openRaw(context, 0);
  const far = await openRaw(context, 0, '127.0.0.2').catch(() => null);
  if (far === null) return context.skip('this system has one loopback address');
  far.send('far', discoveryPort, '127.0.0.1');
  await once(far, 'message', { signal: AbortSignal.timeout(50) }).catch(() => null);
  near.send('near', discoveryPort, '127.0.0.1');
  await alice.hear(({ text }) => text === 'near');
  assert.equal(alice.datagrams.counters.droppedOffLink, 1);
  assert.equal(alice.heard.length, 1);
});

test('a datagram of another machine is counted as foreign', async (context) => {
  const clock = new HandClock();
  const alice = await listen(context, {
    clock,
    bind: { address: '0.0.0.0', port: 0 },
    interfaces: () => ({ lo: loopbackV4() }),
  });
  const raw = await openRaw(context, 0, '127.0.0.2').catch(() => null);
  if (raw === null) return context.skip('this system has one loopback address');
  assert.equal(alice.datagrams.counters.lastForeignMs, null);
  raw.send('stranger', alice.datagrams.sessionPort, '127.0.0.1');
  await alice.hear(({ text }) => text === 'stranger');
  assert.equal(alice.datagrams.counters.receivedForeign, 1);
  assert.equal(alice.datagrams.counters.lastForeignMs, clock.elapsedMs());
});

test('a ninth listener is refused', async (context) => {
  const { datagrams } = await listen(context);
  for (let count = 1; count < LISTENERS_LIMIT; count += 1) datagrams.onDatagram(() => {});
  assert.throws(() => datagrams.onDatagram(() => {}), RangeError);
  for (let count = 0; count < LISTENERS_LIMIT; count += 1) datagrams.onInterfaces(() => {});
  assert.throws(() => datagrams.onInterfaces(() => {}), RangeError);
});

test('closing leaves no handle behind, twice is once, and nothing happens after it', async () => {
  // The sockets of the tests before go from the list two turns after they said that they are closed.
  await passTurns();
  const before = listHandles();
  const opened = await openDatagrams({ clock: systemClock, sessionPort: 0, discoveryPort: await findFreePort() });
  assert.ok(opened.ok);
  assert.ok(listHandles().length > before.length);
  opened.value.announce(() => textBytes('farewell'));
  await Promise.all([opened.value.close(), opened.value.close()]);
  opened.value.send(textBytes('x'), { address: '127.0.0.1', port: 9 });
  opened.value.announce(() => assert.fail('an announcement was made'));
  opened.value.rescan();
  await passTurns();
  assert.deepEqual(listHandles(), before);
});

function listHandles(): readonly string[] {
  return process.getActiveResourcesInfo().filter((name) => /UDP|Timeout|Immediate/.test(name));
}

async function passTurns(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

function loopbackV4(): NonNullable<NetworkInterfaces[string]> {
  return Object.values(loopbackOnly()).flatMap((infos) => (infos ?? []).filter((info) => info.family === 'IPv4'));
}
