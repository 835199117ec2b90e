/** The virtual wire: what its options say happens, and one seed replays all of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Line, Wire, makeRandom } from './wire.ts';
import type { Party, WireOptions } from './wire.ts';

/** Sends `count` packets, one a millisecond; returns their arrivals. */
function pass(options: WireOptions, count: number, seed = 1): { arrivals: number[][]; wire: Wire } {
  const wire = new Wire(options, makeRandom(seed));
  const arrivals: number[][] = [];
  for (let atMs = 0; atMs < count; atMs += 1) {
    const bytes = new Uint8Array(1_000);
    new DataView(bytes.buffer).setUint32(0, atMs);
    wire.send(bytes, atMs);
    bytes.fill(0xff);
  }
  while (wire.arriveMs < Number.POSITIVE_INFINITY) {
    const atMs = wire.arriveMs;
    const bytes = wire.take(atMs) ?? new Uint8Array(4);
    arrivals.push([new DataView(bytes.buffer).getUint32(0), atMs]);
  }
  return { arrivals, wire };
}

test('a plain wire passes every packet on, in order, after its delay, as it was when it was sent', () => {
  const { arrivals } = pass({ delayMs: 20 }, 100);
  assert.deepEqual(
    arrivals,
    Array.from({ length: 100 }, (_, at) => [at, at + 20]),
  );
});

test('loss and repetition come at their rates, and each seed gives its own', () => {
  const options = { lossRate: 0.3, duplicateRate: 0.1 };
  const { wire, arrivals } = pass(options, 10_000);
  assert.ok(Math.abs(wire.counts.lost - 3_000) < 200, `${wire.counts.lost}`);
  assert.ok(Math.abs(wire.counts.duplicated - 700) < 120, `${wire.counts.duplicated}`);
  assert.equal(wire.counts.arrived, 10_000 - wire.counts.lost + wire.counts.duplicated);
  assert.deepEqual(pass(options, 10_000).arrivals, arrivals);
  assert.notDeepEqual(pass(options, 10_000, 2).arrivals, arrivals);
});

test('jitter lets packets overtake each other within it', () => {
  const { arrivals } = pass({ delayMs: 5, jitterMs: 10 }, 1_000);
  const delays = arrivals.map(([sentMs = 0, atMs = 0]) => atMs - sentMs);
  assert.ok(Math.min(...delays) >= 5 && Math.max(...delays) <= 15);
  assert.ok(arrivals.some(([sentMs = 0], at) => sentMs < (arrivals[at - 1]?.[0] ?? 0)));
});

test('the narrowest place passes its rate on, and what finds its queue full is lost', () => {
  const { arrivals, wire } = pass({ bytesPerMs: 500, queueBytes: 10_000 }, 100);
  assert.deepEqual(arrivals[1], [1, 4]);
  assert.ok(wire.counts.overflowed >= 35 && wire.counts.overflowed <= 45, `${wire.counts.overflowed}`);
});

/** Sends one packet at each whole multiple of `everyMs`. */
function makeTicker(everyMs: number): Party & { readonly heard: number[] } {
  let nextMs = everyMs;
  const heard: number[] = [];
  return {
    heard,
    receive: (_, nowMs) => heard.push(nowMs),
    next: (nowMs) => {
      if (nowMs < nextMs) return null;
      nextMs += everyMs;
      return new Uint8Array(1);
    },
    nextMs: () => nextMs,
  };
}

test('a line gives both parties their turns and runs what was put on its agenda, in time', () => {
  const [first, second] = [makeTicker(10), makeTicker(25)];
  const line = new Line(first, second, { there: { delayMs: 1 }, back: { delayMs: 2 }, seed: 1 });
  const done: number[] = [];
  line.at(33, () => done.push(line.nowMs));
  line.at(12.5, () => done.push(line.nowMs));
  assert.equal(line.run(52), false);
  assert.deepEqual(second.heard, [11, 21, 31, 41, 51]);
  assert.deepEqual(first.heard, [27, 52]);
  assert.deepEqual(done, [12.5, 33]);
  assert.equal(
    line.run(1_000, () => second.heard.length === 6),
    true,
  );
  assert.equal(line.nowMs, 61);
});

test('a party that asks for its turn and does nothing, or never ends, is found', () => {
  const quiet: Party = { receive: () => undefined, next: () => null, nextMs: () => null };
  const stuck: Party = { ...quiet, nextMs: () => 0 };
  assert.throws(() => new Line(stuck, quiet, { there: {}, seed: 1 }).run(10), /Expected a time after/);
  const endless: Party = { ...quiet, next: () => new Uint8Array(1) };
  assert.throws(() => new Line(endless, quiet, { there: {}, seed: 1 }).run(10), /at one instant/);
});
