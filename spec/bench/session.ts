/**
 * Figures of sessions on this machine: `npm run bench -- session`. What a handshake costs either side, what data packets cost through
 * two hubs joined in memory, and what strangers cost who is listening. Medians of many rounds, on one core.
 */
import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import process from 'node:process';
import { generateKeyPair } from '../../net/noise/index.ts';
import { derivePairKeys } from '../../net/pair/pair-keys.ts';
import { toPeerId } from '../../net/peer-id.ts';
import type { PeerId } from '../../net/peer-id.ts';
import { SessionHub, plainBytesLimit } from '../../net/session/index.ts';
import { makeFirst } from '../../net/session/first-packet.ts';
import { tagAt } from '../../net/pair/index.ts';
import type { Endpoint } from '../../net/world.ts';

const random = (sizeBytes: number): Uint8Array => new Uint8Array(randomBytes(sizeBytes));
const endpoints = { ada: { address: '10.0.0.1', port: 1 }, bob: { address: '10.0.0.2', port: 1 } } as const;
const keys = { ada: generateKeyPair(random), bob: generateKeyPair(random) };
const ids = { ada: toPeerId(keys.ada.publicKey), bob: toPeerId(keys.bob.publicKey) };
const secret = random(32);
const figures: { readonly what: string; readonly median: string; readonly best: string }[] = [];

type Name = keyof typeof ids;
let offsetMs = 0;
let heard = 0;
let stamp = Date.now();
/** Datagrams under way. */
const wire: { readonly bytes: Uint8Array; readonly from: Endpoint; readonly to: Name }[] = [];

function makeHub(name: Name, peer: Name): SessionHub {
  const pair = derivePairKeys(secret, keys[name].publicKey, keys[peer].publicKey);
  const hints = new Map<string, PeerId>();
  const hub = new SessionHub({
    identity: keys[name],
    bootId: random(8),
    random,
    clock: { unixMs: () => Date.now(), elapsedMs: () => performance.now() + offsetMs },
    hints: {
      lookup: (hint, unixMs) => {
        const text = Buffer.from(tagAt(pair.hintIn, 'hint', unixMs)).toString('latin1');
        if (!hints.has(text)) hints.set(text, ids[peer]);
        return hints.get(Buffer.from(hint).toString('latin1')) ?? null;
      },
    },
    send: (bytes) => wire.push({ bytes, from: endpoints[name], to: peer }),
    takeStamp: () => Promise.resolve(true),
    stampToSend: () => {
      stamp += 1;
      return Promise.resolve(stamp);
    },
    onPlain: () => (heard += 1),
    onUp: () => undefined,
    onDown: () => undefined,
    onRoam: () => undefined,
  });
  hub.setPeer(ids[peer], [pair]);
  return hub;
}

const hubs = { ada: makeHub('ada', 'bob'), bob: makeHub('bob', 'ada') };

/** Delivers what is under way, and returns the time that each took, ms. */
async function deliver(): Promise<Record<Name, number>> {
  const times = { ada: 0, bob: 0 };
  for (let datagram = wire.shift(); datagram !== undefined; datagram = wire.shift()) {
    const startMs = performance.now();
    hubs[datagram.to].receive(datagram.bytes, datagram.from);
    // The stamp resolves at once, so what follows from it is done after this.
    await Promise.resolve().then(() => Promise.resolve());
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
    times[datagram.to] += performance.now() - startMs;
  }
  return times;
}

function show(ms = 0): string {
  return ms < 0.5 ? `${(ms * 1_000).toFixed(1)} µs` : `${ms.toFixed(2)} ms`;
}

function note(what: string, timesMs: readonly number[]): void {
  const sorted = timesMs.toSorted((a, b) => a - b);
  figures.push({ what, median: show(sorted[Math.floor(sorted.length / 2)]), best: show(sorted[0]) });
}

/** Times of `rounds` runs of `repeats` each; the first quarter is for the compiler. */
function measure(what: string, rounds: number, repeats: number, work: () => void): void {
  const timesMs: number[] = [];
  for (let round = 0; round < rounds * 1.25; round += 1) {
    const startMs = performance.now();
    for (let repeat = 0; repeat < repeats; repeat += 1) work();
    if (round >= rounds / 4) timesMs.push((performance.now() - startMs) / repeats);
  }
  note(what, timesMs);
}

const handshakes = { ada: [] as number[], bob: [] as number[] };
for (let round = 0; round < 80; round += 1) {
  // Each handshake finds both hubs at rest.
  offsetMs += 1_500;
  const startMs = performance.now();
  hubs.ada.dial(ids.bob, [endpoints.bob]);
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
  const dialMs = performance.now() - startMs;
  const times = await deliver();
  if (round < 20) continue;
  handshakes.ada.push(dialMs + times.ada);
  handshakes.bob.push(times.bob);
}
if (hubs.bob.counters.get('sessionsMade') !== 80) throw new Error('Expected 80 sessions');
note('handshake, the side that dials', handshakes.ada);
note('handshake, the side that answers', handshakes.bob);

const plain = random(plainBytesLimit);
const small = random(32);
measure('1,171 bytes: send', 40, 500, () => {
  hubs.ada.send(ids.bob, plain);
  wire.length = 0;
});
for (const [what, bytes] of [
  ['1,171 bytes: send and receive', plain],
  ['32 bytes: send and receive', small],
] as const) {
  measure(what, 40, 500, () => {
    hubs.ada.send(ids.bob, bytes);
    const datagram = wire.pop();
    if (datagram !== undefined) hubs.bob.receive(datagram.bytes, datagram.from);
  });
}
if (heard !== 2 * 50 * 500) throw new Error(`Expected every text but received ${heard}`);

hubs.ada.send(ids.bob, plain);
const last = wire.pop()?.bytes ?? random(0);
const forged = Uint8Array.from(last);
forged[1_199] = (forged[1_199] ?? 0) ^ 1;
measure('1,200 forged bytes of data refused', 40, 500, () => hubs.bob.receive(forged, endpoints.ada));
hubs.bob.receive(last, endpoints.ada);
measure('replayed data refused', 40, 5_000, () => hubs.bob.receive(last, endpoints.ada));
const noise = random(1_200);
noise[0] = 5;
measure('data of no session refused', 40, 5_000, () => hubs.bob.receive(noise, endpoints.ada));
const pair = derivePairKeys(secret, keys.ada.publicKey, keys.bob.publicKey);
const fields = { senderIndex: 1, nonce: random(12), outer: random(32), stamp: 1, noise: random(112), cookie: null };
const known = makeFirst({ ...fields, hint: tagAt(pair.hintOut, 'hint', Date.now()) });
const unknown = makeFirst({ ...fields, hint: random(8) });
measure('forged first message of a known hint refused', 40, 500, () => hubs.bob.receive(known, endpoints.ada));
measure('first message of an unknown hint refused', 40, 500, () => hubs.bob.receive(unknown, endpoints.ada));

const startMs = performance.now();
const packets = 50_000;
for (let count = 0; count < packets; count += 1) {
  hubs.ada.send(ids.bob, plain);
  const datagram = wire.pop();
  if (datagram !== undefined) hubs.bob.receive(datagram.bytes, datagram.from);
}
const seconds = (performance.now() - startMs) / 1_000;
process.stdout.write(`${cpus()[0]?.model ?? ''}, ${cpus().length} cores, Node ${process.version}\n`);
console.table(figures);
const perSecond = packets / seconds;
const megabytes = (perSecond * plainBytesLimit) / 1e6;
process.stdout.write(
  `${perSecond.toFixed(0)} packets of 1,171 bytes a second sent and received, ${megabytes.toFixed(1)} MB/s\n`,
);
