/**
 * Figures of identity, codes, tags, words and requests on this machine: `npm run bench -- contacts`. What a stranger's
 * packet costs before it is dropped, what one that is opened costs, and what is computed for 256 peers at a start.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import { formatCode, makeRequestToken, parseCode } from '../../net/code/index.ts';
import { EPOCH_SECONDS } from '../../net/epoch.ts';
import { makeIdentity } from '../../net/identity/index.ts';
import { TagTable, safetyWords } from '../../net/pair/index.ts';
import { RequestDoor, sealRequest } from '../../net/request/index.ts';
import { deriveTokenKey } from '../../net/request/request-packet.ts';

const random = (sizeBytes: number) => new Uint8Array(randomBytes(sizeBytes));
const figures: { what: string; median: string; best: string }[] = [];

function show(ms = 0): string {
  return ms < 0.5 ? `${(ms * 1_000).toFixed(1)} µs` : `${ms.toFixed(1)} ms`;
}

/** Times of `rounds` runs; each run does its work `repeats` times, for what a clock cannot resolve. */
function measure(what: string, rounds: number, repeats: number, work: (round: number) => unknown): void {
  const timesMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startMs = performance.now();
    for (let repeat = 0; repeat < repeats; repeat += 1) work(round * repeats + repeat);
    timesMs.push((performance.now() - startMs) / repeats);
  }
  timesMs.sort((a, b) => a - b);
  figures.push({ what, median: show(timesMs[Math.floor(rounds / 2)]), best: show(timesMs[0]) });
}

const ann = makeIdentity(random);
const bob = makeIdentity(random);
const from = { address: '192.168.1.7', port: 41_975 };
measure('make an identity', 20, 1, () => makeIdentity(random));
measure('safety words', 20, 1, () => safetyWords(ann.peerId, bob.peerId));

const token = makeRequestToken(random);
const code = formatCode(bob.contact.publicKey, token);
measure('write a code', 20, 100, () => formatCode(bob.contact.publicKey, token));
measure('read a code', 20, 100, () => parseCode(code));

const keys = Array.from({ length: 256 }, () => random(32));
const startMs = Date.now();
function fill(): TagTable<number> {
  const table = new TagTable<number>('hint', startMs);
  for (const [owner, key] of keys.entries()) table.add(owner, key);
  return table;
}
measure('tags of 256 peers at a start', 10, 1, fill);
const table = fill();
measure('the same when an epoch begins', 20, 1, (round) => table.move(startMs + (round + 1) * EPOCH_SECONDS * 1_000));
measure('the same when the clock jumps by a year', 10, 1, (round) =>
  table.move(startMs + (round + 1) * 31_536_000_000),
);
const tag = random(8);
measure("look up a stranger's tag", 20, 10_000, () => table.find(tag));

const contents = { receiver: bob.contact.publicKey, token, name: 'Ann', note: 'Hello', secret: random(32) };
function seal(): Uint8Array {
  const packet = sealRequest({ ...contents, sentMs: Date.now() }, ann, random);
  if (packet === null) throw new RangeError('Expected a key of full order for the receiver');
  return packet;
}
measure('seal a request', 20, 2, seal);

/** A door that no bucket ever closes: each call is a minute later. */
function openDoor(tokens: number): (packet: Uint8Array, nowMs: number) => unknown {
  const door = new RequestDoor({ identity: bob, random, isMuted: () => false });
  const others = Array.from({ length: tokens - 1 }, () => makeRequestToken(random));
  door.setTokens([...others, token].map((each) => ({ token: each, expiresMs: null })));
  return (packet, nowMs) => door.receive(packet, from, nowMs, Date.now());
}
const sealed = Array.from({ length: 40 }, seal);
const knock = openDoor(17);
measure('open a request, 17 tokens', 20, 2, (round) => knock(sealed[round] ?? tag, round * 60_000));
measure('drop a replayed request', 20, 1_000, () => knock(sealed[0] ?? tag, 1e9));
for (const tokens of [1, 17]) {
  const door = openDoor(tokens);
  const noise = random(1_024);
  noise[0] = 1;
  measure(`drop random bytes, ${tokens} token${tokens === 1 ? '' : 's'}`, 20, 200, (round) =>
    door(noise, round * 60_000),
  );
}

/** 10,000 packets of distinct senders with one leaked token, all at once. */
const leaked = deriveTokenKey(token, bob.contact.publicKey);
const flood = Array.from({ length: 10_000 }, () => {
  const packet = random(1_024);
  packet[0] = 1;
  const mac = createHmac('sha256', leaked).update(packet.subarray(0, 17)).update(packet.subarray(33)).digest();
  packet.set(mac.subarray(0, 16), 17);
  return packet;
});
measure('10,000 requests with one leaked token of 17', 5, 1, () => {
  const door = openDoor(17);
  for (const packet of flood) door(packet, 0);
});

process.stdout.write(
  `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} threads, Node ${process.version}\n`,
);
console.table(figures);
