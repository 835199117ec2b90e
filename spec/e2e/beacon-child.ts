/**
 * A neighbour on a LAN, for network.test.ts: `beacon-child.ts NAME PEER…` opens the real sockets and sends beacons to its
 * peers once it gets SIGUSR2; at SIGHUP it checks its network. It greets whom it hears with a datagram of the full length,
 * at the address that it heard, and prints what happens, one line each.
 */
import { createHash, randomBytes } from 'node:crypto';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { createSystemFacts, NetworkCheck } from '../../net/check/index.ts';
import {
  announceBeacon,
  BEACON_TYPE,
  BeaconPeers,
  BeaconReader,
  BeaconSchedule,
  OwnBeacons,
} from '../../net/discovery/index.ts';
import { derivePairKeys } from '../../net/pair/index.ts';
import type { PairKeys } from '../../net/pair/index.ts';
import { DATAGRAM_BYTES_LIMIT, openDatagrams } from '../../net/transport/index.ts';
import type { Clock } from '../../net/world.ts';

/** No packet of Lobbykeep: the greeting's first byte. */
const GREETING = 0xff;
const RESCAN_MS = 300;
const LOOK_MS = 50;

const clock: Clock = { unixMs: () => Date.now(), elapsedMs: () => performance.now() };
const random = (sizeBytes: number): Uint8Array => new Uint8Array(randomBytes(sizeBytes));
const [name = 'nobody', ...peers] = process.argv.slice(2);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** 32 bytes that both sides know by the names. */
function named(use: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(use).digest());
}

function deriveFor(peer: string): PairKeys {
  const secret = named(`secret ${[name, peer].sort().join(' ')}`);
  return derivePairKeys(secret, named(`contact ${name}`), named(`contact ${peer}`));
}

const opened = await openDatagrams({ clock, rescanMs: RESCAN_MS });
if (!opened.ok) throw new Error(opened.error.message);
const datagrams = opened.value;
const table = new BeaconPeers<string>(clock.unixMs());
for (const peer of peers) table.add(peer, deriveFor(peer));
const reader = new BeaconReader(table);
const own = new OwnBeacons();
const schedule = new BeaconSchedule(random);

datagrams.onDatagram((bytes, from, via) => {
  if (bytes[0] === GREETING) {
    const length = bytes.indexOf(0);
    say(`greeted ${Buffer.from(bytes.subarray(1, length)).toString()} ${from.address} ${bytes.length} ${via}`);
  }
  if (bytes[0] !== BEACON_TYPE) return;
  for (const { owner } of reader.read(bytes, from, clock.unixMs(), clock.elapsedMs())) {
    say(`heard ${owner} ${from.address}`);
    const greeting = new Uint8Array(DATAGRAM_BYTES_LIMIT);
    greeting.set([GREETING, ...Buffer.from(name)]);
    datagrams.send(greeting, from);
  }
});
datagrams.onInterfaces((interfaces, reason) => {
  say(`interfaces ${reason} ${interfaces.map((each) => each.address).join(' ')}`);
  if (reason !== 'first') schedule.begin(clock.elapsedMs());
});

const check = new NetworkCheck({
  datagrams,
  own,
  system: createSystemFacts(process.platform),
  clock,
  random,
  platform: process.platform,
  wait: async (durationMs) => {
    await wait(durationMs);
  },
});
process.on('SIGHUP', () => {
  void check.run({ isAnyExpected: true, epochOffsets: [] }).then((findings) => {
    say(`findings ${findings.map((finding) => `${finding.kind}:${finding.severity}`).join(' ')}`);
    return null;
  });
});
process.on('SIGUSR2', () => schedule.begin(clock.elapsedMs()));

setInterval(() => {
  // The test was killed: nobody is there to end this.
  if (process.ppid === 1) process.exit(1);
  if (!schedule.due(clock.elapsedMs())) return;
  announceBeacon({ datagrams, own, keys: table.keysOut(table.owners), unixMs: clock.unixMs(), random });
}, LOOK_MS);
say(`ready ${datagrams.sessionPort}`);
