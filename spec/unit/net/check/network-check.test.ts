/** The whole check: on this machine as it is, and on a LAN that carries what the test lets through. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createSystemFacts, NetworkCheck } from '../../../../net/check/index.ts';
import type { Finding, SystemFacts } from '../../../../net/check/index.ts';
import { OwnBeacons } from '../../../../net/discovery/index.ts';
import { openDatagrams } from '../../../../net/transport/index.ts';
import { HandClock, findFreePort, systemClock } from '../transport/datagrams-kit.ts';
import { EchoLan, ETH0, ETH0_IPV6, VPN, WELL } from './check-kit.ts';

const random = (sizeBytes: number): Uint8Array => new Uint8Array(randomBytes(sizeBytes));
const quiet = { isAnyExpected: false, epochOffsets: [] };
const noSystem: SystemFacts = { routeSource: () => Promise.resolve(null), mtuBytes: () => Promise.resolve(null) };

function check(lan: EchoLan, own: OwnBeacons | null = null, clock = new HandClock()): NetworkCheck {
  return new NetworkCheck({
    datagrams: lan,
    own,
    system: noSystem,
    clock,
    random,
    platform: 'linux',
    wait: async (durationMs) => clock.move(durationMs),
  });
}

function names(findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => `${finding.kind} ${finding.severity}`);
}

test('on this machine it takes less than three seconds and ends with sentences', async (context) => {
  const opened = await openDatagrams({ clock: systemClock, sessionPort: 0, discoveryPort: await findFreePort() });
  assert.ok(opened.ok);
  context.after(() => opened.value.close());
  const system = createSystemFacts(process.platform);
  const checking = new NetworkCheck({
    datagrams: opened.value,
    own: null,
    system,
    clock: systemClock,
    random,
    platform: process.platform,
    wait: async (durationMs) => {
      await wait(durationMs);
    },
  });
  const startMs = performance.now();
  const findings = await checking.run(quiet);
  const tookMs = performance.now() - startMs;
  assert.ok(tookMs < 3000, `${tookMs} ms`);
  const kinds = new Set(findings.map((finding) => finding.kind));
  for (const kind of ['session-port', 'discovery-port', 'no-network'] as const) assert.ok(kinds.has(kind), kind);
  for (const finding of findings) assert.match(finding.message, /\.$/);
  context.diagnostic(`${Math.round(tookMs)} ms: ${names(findings).join(', ')}`);
});

test('the way out is found without a packet, and the MTU of loopback where the system tells', async () => {
  const system = createSystemFacts(process.platform);
  const source = await system.routeSource();
  assert.ok(source === null || /^\d+\.\d+\.\d+\.\d+$/.test(source), String(source));
  const mtuBytes = await system.mtuBytes('lo');
  assert.ok(process.platform === 'linux' ? Number(mtuBytes) >= 1280 : mtuBytes === null);
  for (const name of ['../../../etc', '.', 'no-such-if', 'a name with blanks'])
    assert.equal(await system.mtuBytes(name), null);
});

test('on a LAN that carries all, all is well, and one round is enough', async () => {
  const lan = new EchoLan([ETH0, ETH0_IPV6], () => true);
  const clock = new HandClock();
  const startMs = clock.elapsedMs();
  const findings = await check(lan, null, clock).run(quiet);
  assert.deepEqual(names(findings), ['session-port ok', 'discovery-port ok', 'no-network ok', 'echo ok']);
  assert.equal(lan.rescans, 1);
  assert.equal(lan.sent.length, 3);
  assert.equal(clock.elapsedMs() - startMs, 400);
});

test('what is lost once is sent again, what was heard is not', async () => {
  const lan = new EchoLan([ETH0], (_from, way, attempt) => way === 'broadcast' || attempt === 2);
  const findings = await check(lan).run(quiet);
  assert.ok(findings.some((finding) => finding.kind === 'echo' && finding.severity === 'ok'));
  assert.deepEqual(lan.sent, ['192.168.1.5 multicast', '192.168.1.5 broadcast', '192.168.1.5 multicast']);
});

test('a firewall is named first, and it takes 1.2 s to be sure', async () => {
  const lan = new EchoLan([ETH0], () => false);
  const clock = new HandClock();
  const startMs = clock.elapsedMs();
  const findings = await check(lan, null, clock).run(quiet);
  assert.equal(names(findings)[0], 'echo problem');
  assert.equal(clock.elapsedMs() - startMs, 1200);
});

test('a network without multicast is a warning', async () => {
  const lan = new EchoLan([ETH0], (_from, way) => way === 'broadcast');
  assert.equal(names(await check(lan).run(quiet))[0], 'echo warning');
});

test('another program’s beacons, and copies with another port, are no echo', async () => {
  const lan: EchoLan = new EchoLan([ETH0], () => false);
  const checking = check(lan);
  const running = checking.run(quiet);
  lan.hear(random(1033), ETH0.address, lan.sessionPort);
  assert.equal(names(await running)[0], 'echo problem');
});

test('isolation is suspected once it listened long enough, and sleep begins the time anew', async () => {
  const lan = new EchoLan([ETH0], () => true);
  const clock = new HandClock();
  const checking = check(lan, null, clock);
  const expecting = { isAnyExpected: true, epochOffsets: [] };
  assert.ok(!names(await checking.run(expecting)).includes('isolation warning'));
  clock.move(120_000);
  assert.equal(names(await checking.run(expecting))[0], 'isolation warning');
  lan.wake();
  assert.ok(!names(await checking.run(expecting)).includes('isolation warning'));
});

test('the check’s own beacons are no doubled address', async () => {
  const own = new OwnBeacons();
  const lan = new EchoLan([ETH0], () => true);
  lan.onDatagram((bytes, from) => own.judge(bytes, from, from.address === ETH0.address, lan.sessionPort));
  const findings = await check(lan, own).run(quiet);
  assert.ok(findings.every((finding) => finding.kind !== 'address-doubled'));
  lan.hear(Uint8Array.from([6, ...random(1032)]), ETH0.address, lan.sessionPort);
  assert.equal(names(await check(lan, own).run(quiet))[0], 'address-doubled warning');
});

test('a machine in a VPN alone and with its port taken hears both, problems first', async () => {
  const lan = new EchoLan([VPN], () => false, { ...WELL, wantedPort: 41_970 });
  assert.deepEqual(names(await check(lan).run(quiet)), [
    'no-network problem',
    'session-port warning',
    'discovery-port ok',
  ]);
});

test('two checks at once are one', async () => {
  const lan = new EchoLan([ETH0], () => true);
  const checking = check(lan);
  const both = [checking.run(quiet), checking.run(quiet)] as const;
  assert.equal(await both[0], await both[1]);
  assert.equal(lan.rescans, 1);
});
