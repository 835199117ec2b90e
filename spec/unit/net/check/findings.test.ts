/** What is made of each fact: who is named as the culprit, and that nobody is where all is well. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeEchoes } from '../../../../net/check/echo-findings.ts';
import type { Echo } from '../../../../net/check/echo-probe.ts';
import type { Finding } from '../../../../net/check/index.ts';
import { firewallAdvice } from '../../../../net/check/firewall-advice.ts';
import { judgeInterfaces } from '../../../../net/check/interface-findings.ts';
import { judgeSockets } from '../../../../net/check/socket-findings.ts';
import { judgeTraffic, SILENCE_COUNTS_MS } from '../../../../net/check/traffic-findings.ts';
import type { TrafficFacts } from '../../../../net/check/traffic-findings.ts';
import type { LocalAddress } from '../../../../net/transport/index.ts';
import { counters, ETH0, ETH0_IPV6, lanAddress, VPN, WELL } from './check-kit.ts';

const ADVICE = 'Look at the firewall.';

function names(findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => `${finding.kind} ${finding.severity}`);
}

function only(findings: readonly Finding[], kind: string): Finding {
  const found = findings.filter((finding) => finding.kind === kind);
  assert.equal(found.length, 1, `${kind}: ${JSON.stringify(findings)}`);
  return found[0] ?? assert.fail();
}

test('sockets that are open are well', () => {
  assert.deepEqual(names(judgeSockets(WELL)), ['session-port ok', 'discovery-port ok']);
  assert.deepEqual(names(judgeSockets({ ...WELL, wantedPort: 0, sessionPort: 50_000 })), [
    'session-port ok',
    'discovery-port ok',
  ]);
});

test('a session port that was taken is named, and the one in use', () => {
  const finding = only(judgeSockets({ ...WELL, sessionPort: 50_123 }), 'session-port');
  assert.equal(finding.severity, 'warning');
  assert.match(finding.message, /41975.*50123/);
});

test('a session port that was lost is a problem, of one family a warning', () => {
  const lost = [{ family: 'IPv4', failure: 'EADDRINUSE' } as const];
  assert.equal(only(judgeSockets({ ...WELL, session: lost }), 'session-port').severity, 'problem');
  const half = [...lost, { family: 'IPv6', failure: null } as const];
  assert.equal(only(judgeSockets({ ...WELL, session: half }), 'session-port').severity, 'warning');
});

test('a discovery port that cannot be had is a problem, of one family a warning', () => {
  const lost = { family: 'IPv4', failure: 'EACCES' } as const;
  const finding = only(judgeSockets({ ...WELL, discovery: [lost] }), 'discovery-port');
  assert.equal(finding.severity, 'problem');
  assert.match(finding.message, /41976.*EACCES/);
  const half = { ...WELL, discovery: [lost, { family: 'IPv6', failure: null } as const] };
  assert.equal(only(judgeSockets(half), 'discovery-port').severity, 'warning');
});

test('one address only is told', () => {
  assert.match(only(judgeSockets({ ...WELL, boundTo: '127.0.0.1' }), 'bound').message, /127\.0\.0\.1.*--bind/);
});

function judge(
  interfaces: readonly LocalAddress[],
  routeSource: string | null = null,
  mtu: [string, number][] = [],
): readonly Finding[] {
  return judgeInterfaces({ interfaces, routeSource, mtuBytes: new Map(mtu) });
}

test('a LAN is well, whatever else is there', () => {
  assert.deepEqual(names(judge([ETH0, VPN], '192.168.1.5', [['eth0', 1500]])), ['no-network ok']);
});

test('no network, and none but a VPN or containers, are problems that name what is there', () => {
  const loopback = lanAddress('127.0.0.1', { interfaceName: 'lo', isInternal: true, kind: 'loopback' });
  assert.match(only(judge([loopback]), 'no-network').message, /in no network/);
  const finding = only(
    judge([VPN, lanAddress('172.17.0.1', { interfaceName: 'docker0', kind: 'virtual' })]),
    'no-network',
  );
  assert.equal(finding.severity, 'problem');
  assert.match(finding.message, /tun0 \(a VPN\), docker0 \(containers or virtual machines\)/);
});

test('a VPN is named where the traffic leaves by it, and only there', () => {
  assert.match(only(judge([ETH0, VPN], VPN.address), 'vpn').message, /tun0/);
  assert.deepEqual(names(judge([ETH0, VPN], ETH0.address)), ['no-network ok']);
  assert.deepEqual(names(judge([ETH0, VPN], null)), ['no-network ok']);
  assert.deepEqual(names(judge([ETH0, VPN], '203.0.113.7')), ['no-network ok']);
});

test('an address that the machine gave itself is told, unless it has another', () => {
  const own = lanAddress('169.254.7.7');
  assert.match(only(judge([own, ETH0_IPV6]), 'self-assigned').message, /eth0.*169\.254\.7\.7/);
  assert.deepEqual(names(judge([own, ETH0])), ['no-network ok']);
  assert.deepEqual(names(judge([ETH0_IPV6])), ['no-network ok']);
});

test('an MTU below 1,228 is a problem, 1,228 is none, an unknown one neither', () => {
  assert.match(only(judge([ETH0], null, [['eth0', 1227]]), 'mtu').message, /1227/);
  assert.deepEqual(names(judge([ETH0], null, [['eth0', 1228]])), ['no-network ok']);
  assert.deepEqual(names(judge([ETH0])), ['no-network ok']);
});

function echo(from: LocalAddress, way: Echo['way'], isHeard: boolean): Echo {
  return { from, way, isHeard };
}

test('announcements that come back are well', () => {
  const echoes = [echo(ETH0, 'multicast', true), echo(ETH0, 'broadcast', true), echo(ETH0_IPV6, 'multicast', false)];
  const findings = judgeEchoes(echoes, WELL, ADVICE);
  assert.deepEqual(names(findings), ['echo ok']);
});

test('where none comes back the firewall is named', () => {
  const [finding] = judgeEchoes([echo(ETH0, 'multicast', false), echo(ETH0, 'broadcast', false)], WELL, ADVICE);
  assert.equal(finding?.severity, 'problem');
  assert.match(finding.message, /eth0 \(192\.168\.1\.5\).*firewall.*Look at the firewall\.$/);
});

test('where one way works the other is named', () => {
  const [noMulticast] = judgeEchoes([echo(ETH0, 'multicast', false), echo(ETH0, 'broadcast', true)], WELL, ADVICE);
  assert.equal(noMulticast?.severity, 'warning');
  assert.match(noMulticast.message, /^Multicast does not come back .*, broadcast does/);
  const [noBroadcast] = judgeEchoes([echo(ETH0, 'multicast', true), echo(ETH0, 'broadcast', false)], WELL, ADVICE);
  assert.match(noBroadcast?.message ?? '', /^Broadcast does not come back .*, multicast does/);
});

test('of an interface without IPv4 its IPv6 is judged; of a VPN, and of a port that is closed, nothing', () => {
  assert.deepEqual(names(judgeEchoes([echo(ETH0_IPV6, 'multicast', false)], WELL, ADVICE)), ['echo problem']);
  assert.deepEqual(judgeEchoes([echo(VPN, 'multicast', false)], WELL, ADVICE), []);
  const closed = { ...WELL, discovery: [{ family: 'IPv4', failure: 'EADDRINUSE' } as const] };
  assert.deepEqual(judgeEchoes([echo(ETH0, 'multicast', false)], closed, ADVICE), []);
});

function traffic(more: Partial<TrafficFacts>): readonly Finding[] {
  const facts: TrafficFacts = {
    counters: counters(),
    listenedMs: SILENCE_COUNTS_MS,
    isAnyExpected: true,
    isEchoHeard: true,
    doubles: [],
    repeaters: [],
    epochOffsets: [],
    ...more,
  };
  return judgeTraffic(facts, ADVICE);
}

test('silence of all others while somebody is expected points to a network that keeps devices apart', () => {
  const finding = only(traffic({}), 'isolation');
  assert.equal(finding.severity, 'warning');
  assert.match(finding.message, /isolation/);
});

test('silence says nothing early, where nobody is expected, or where the firewall is the culprit', () => {
  assert.deepEqual(traffic({ listenedMs: SILENCE_COUNTS_MS - 1 }), []);
  assert.deepEqual(traffic({ isAnyExpected: false }), []);
  assert.deepEqual(traffic({ isEchoHeard: false }), []);
  assert.deepEqual(names(traffic({ counters: counters({ receivedForeign: 1 }) })), ['isolation ok']);
});

test('sends that the system refuses are told, with how many; other errors are none', () => {
  const quiet = { isAnyExpected: false };
  const errors = new Map([
    ['send EPERM', 3],
    ['send EACCES', 2],
    ['send ENETUNREACH', 7],
  ]);
  const finding = only(traffic({ ...quiet, counters: counters({ errors }) }), 'refused');
  assert.equal(finding.severity, 'warning');
  assert.match(finding.message, /refused to send 5 datagrams/);
  assert.equal(only(traffic({ ...quiet, counters: counters({ errors, sent: 0 }) }), 'refused').severity, 'problem');
  assert.deepEqual(traffic({ ...quiet, counters: counters({ errors: new Map([['send ENETUNREACH', 7]]) }) }), []);
});

test('a doubled address and a repeater are named', () => {
  const quiet = { isAnyExpected: false };
  assert.match(only(traffic({ ...quiet, doubles: ['192.168.1.5'] }), 'address-doubled').message, /192\.168\.1\.5/);
  assert.match(only(traffic({ ...quiet, repeaters: ['192.168.1.1'] }), 'beacon-repeated').message, /192\.168\.1\.1/);
});

test('clocks that agree, or are but an epoch apart, are well', () => {
  const quiet = { isAnyExpected: false };
  for (const epochOffsets of [[], [0], [0, 1, -1]]) assert.deepEqual(traffic({ ...quiet, epochOffsets }), []);
});

test('a clock that differs from most is one’s own, one that differs alone is a peer’s', () => {
  const quiet = { isAnyExpected: false };
  assert.match(
    only(traffic({ ...quiet, epochOffsets: [8, 8, 9] }), 'clock').message,
    /^This machine's clock is about 2 hours behind/,
  );
  assert.match(only(traffic({ ...quiet, epochOffsets: [-4, -4] }), 'clock').message, /about an hour ahead/);
  assert.match(only(traffic({ ...quiet, epochOffsets: [0, 0, 12] }), 'clock').message, /^The clocks of 1 of 3 peers/);
  assert.match(only(traffic({ ...quiet, epochOffsets: [12] }), 'clock').message, /^The clocks of 1 of 1 peers/);
});

test('each platform has its advice', () => {
  assert.match(firewallAdvice('win32', 41_975, 41_976), /Private network/);
  assert.match(firewallAdvice('darwin', 41_975, 41_976), /Local Network/);
  assert.match(firewallAdvice('linux', 50_000, 41_976), /50000,41976/);
});
