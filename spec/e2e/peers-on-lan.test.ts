/**
 * Three machines with a whole peer each come to talk without an address typed, and go on talking while the network changes
 * under them: each message arrives once and in order. Network namespaces; needs Linux and root.
 *
 *     alice ─┐             alice ─┐
 *     bob   ─┼─ br0        bob   ─┴─ br1 (for a while)
 *     carol ─┘
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LanPeer } from './lan-peer.ts';
import { openNamespaceLan } from './namespaces.ts';
import type { NamespaceHost } from './namespaces.ts';
import { NumberedTalk } from './numbered-talk.ts';
import { waitUntil } from './processes.ts';

const NAMES = ['alice', 'bob', 'carol'];
/** Three programs start at once on a machine that may be busy. */
const START_LIMIT_MS = 120_000;
/** For anything that follows a change. A quiet machine needs a third of it. */
const LIMIT_MS = 30_000;
/** Between two messages of one direction: 20 a second. */
const PERIOD_MS = 50;

/** Sets what the kernel of a namespace does about an interface, or about all: net.FAMILY.conf.DEVICE.NAME. */
async function setKernel(host: NamespaceHost, setting: string, value: number): Promise<void> {
  const path = `/proc/sys/net/${setting}`;
  assert.equal(await host.start('sh', ['-c', `echo ${value} > ${path}`]).exit, 0, `${path} of ${host.name}`);
}

function untilConnected(each: LanPeer, count: number): Promise<void> {
  const holds = ({ contacts }: LanPeer['state']): boolean =>
    contacts.filter(({ state }) => state === 'connected').length === count;
  return each.untilState(`${count} connected`, holds, LIMIT_MS);
}

async function runPhases(
  context: { diagnostic(text: string): void },
  [alice, bob, carol]: readonly [LanPeer, LanPeer, LanPeer],
): Promise<void> {
  const all = [alice, bob, carol];
  const phase = async (what: string, run: () => Promise<void>): Promise<void> => {
    const startMs = performance.now();
    try {
      await run();
    } catch (problem) {
      throw new Error(`In the phase "${what}"`, { cause: problem });
    }
    context.diagnostic(`${what}: ${Math.round(performance.now() - startMs)} ms`);
  };
  /** What was changed is done; resolves when messages that are sent from here on arrive in each direction. */
  const recover = async (what: string, some: readonly NumberedTalk[]): Promise<void> => {
    const times = await Promise.all(some.map((talk) => talk.arrives(LIMIT_MS)));
    const figures = some.map(({ name }, at) => `${name} ${Math.round(times[at] ?? 0)} ms`);
    context.diagnostic(`  flows again after ${what}: ${figures.join(', ')}`);
  };

  await phase('programs started', async () => {
    await Promise.all(all.map((each) => each.ready(START_LIMIT_MS)));
  });

  await phase('asked by code, accepted, connected', async () => {
    const { code } = alice.state.me;
    await Promise.all(
      [bob, carol].map(async (each) => {
        await each.call('people.ask', { code, note: '', address: null });
        await alice.untilState('a request', ({ requests }) => requests.some(({ peer }) => peer === each.id), LIMIT_MS);
        await alice.call('people.accept', { peer: each.id });
      }),
    );
    await Promise.all([untilConnected(alice, 2), untilConnected(bob, 1), untilConnected(carol, 1)]);
  });

  const withBob = [new NumberedTalk(alice, bob, PERIOD_MS), new NumberedTalk(bob, alice, PERIOD_MS)];
  const withCarol = [new NumberedTalk(alice, carol, PERIOD_MS), new NumberedTalk(carol, alice, PERIOD_MS)];
  const talks = [...withBob, ...withCarol];
  await phase('they talk', () => recover('the first word', talks));

  await phase('a second interface, and the first one vanishes', async () => {
    await alice.host.plug('eth1', 'br1', ['10.88.0.1/24']);
    await bob.host.plug('eth1', 'br1', ['10.88.0.2/24']);
    await recover('a second interface', talks);
    await bob.host.pull('eth0');
    await recover('the first one was pulled', talks);
  });

  await phase('the first interface returns, and the second one vanishes', async () => {
    await bob.host.plug('eth0', 'br0', ['10.77.0.2/24']);
    await recover('the first one came back', talks);
    await bob.host.pull('eth1');
    await alice.host.pull('eth1');
    await recover('the second one was pulled', talks);
  });

  await phase('the only interface goes down and up', async () => {
    await carol.host.ip('link', 'set', 'eth0', 'down');
    // So long that it is taken for away: it is found and dialled anew.
    const isAway = ({ contacts }: LanPeer['state']): boolean =>
      contacts.some(({ peer, state }) => peer === carol.id && state !== 'connected');
    await alice.untilState('carol gone', isAway, LIMIT_MS);
    await recover('it went down, to the other', withBob);
    await carol.host.ip('link', 'set', 'eth0', 'up');
    await recover('it came up', talks);
  });

  await phase('no IPv6 any more', async () => {
    for (const { host } of all) await setKernel(host, 'ipv6/conf/eth0/disable_ipv6', 1);
    await recover('IPv6 went', talks);
  });

  await phase('addresses change', async () => {
    await bob.host.ip('addr', 'del', '10.77.0.2/24', 'dev', 'eth0');
    await bob.host.ip('addr', 'add', '10.77.0.22/24', 'brd', '+', 'dev', 'eth0');
    await recover('one address changed', talks);
    // Both have gone before either has come to another: neither hears from the other where it went.
    await alice.host.ip('addr', 'del', '10.77.0.1/24', 'dev', 'eth0');
    await carol.host.ip('addr', 'del', '10.77.0.3/24', 'dev', 'eth0');
    await alice.host.ip('addr', 'add', '10.77.0.11/24', 'brd', '+', 'dev', 'eth0');
    await carol.host.ip('addr', 'add', '10.77.0.33/24', 'brd', '+', 'dev', 'eth0');
    await recover('both addresses changed', talks);
  });

  await phase('an address that two machines have', async () => {
    // A machine that says by ARP that the address is its own, as one does that gets a lease.
    await setKernel(carol.host, 'ipv4/conf/eth0/arp_notify', 1);
    await carol.host.ip('link', 'set', 'eth0', 'down');
    await carol.host.ip('addr', 'flush', 'dev', 'eth0');
    await carol.host.ip('addr', 'add', '10.77.0.22/24', 'brd', '+', 'dev', 'eth0');
    await carol.host.ip('link', 'set', 'eth0', 'up');
    await recover('it was taken, to the taker', withCarol);
    await carol.host.ip('addr', 'flush', 'dev', 'eth0');
    await carol.host.ip('addr', 'add', '10.77.0.3/24', 'brd', '+', 'dev', 'eth0');
    await recover('it was given back', talks);
  });

  await phase('packets of 1,280 bytes', async () => {
    for (const { host } of all) await host.setMtu('eth0', 1280);
    await recover('the MTU fell', talks);
  });

  await phase('every message arrived once and in order', async () => {
    await Promise.all(talks.map((talk) => talk.stop(LIMIT_MS)));
    await Promise.all(talks.map((talk) => talk.check()));
    for (const talk of talks) await waitUntil(`all to be kept, ${talk.name}`, () => talk.isKept(), LIMIT_MS);
    assert.match(await alice.command('status'), /2 contacts, 2 connected/);
    context.diagnostic(`  ${talks.map(({ name, sentCount }) => `${name} ${sentCount}`).join(', ')}`);
  });
}

test('three peers on one LAN talk without an address typed, whatever changes under them', async (context) => {
  const startMs = performance.now();
  const opened = await openNamespaceLan(NAMES, ['br0', 'br1']);
  if (!opened.ok) return context.skip(opened.why);
  const lan = opened.value;
  const folder = await mkdtemp(join(tmpdir(), 'lobbykeep-lan-'));
  try {
    for (const [at, host] of lan.hosts.entries()) await host.plug('eth0', 'br0', [`10.77.0.${at + 1}/24`]);
    const [alice, bob, carol] = lan.hosts.map((host) => new LanPeer(host, folder));
    assert.ok(alice && bob && carol);
    try {
      await runPhases(context, [alice, bob, carol]);
    } finally {
      for (const each of [alice, bob, carol]) each.close();
    }
    context.diagnostic(`all: ${Math.round(performance.now() - startMs)} ms`);
  } finally {
    await lan.close();
    await rm(folder, { recursive: true, force: true });
  }
});
