/** Loss and probes: each rule of RFC 9002 by a table of packets, and what a path that reorders teaches. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Flight } from '../../../../net/delivery/flight.ts';
import type { AckFrame } from '../../../../net/delivery/frames.ts';
import { RoundTrip } from '../../../../net/delivery/rtt.ts';

interface Bench {
  readonly flight: Flight;
  readonly roundTrip: RoundTrip;
  readonly acked: number[];
  readonly lost: number[];
  readonly probed: number[];
  readonly outages: number[];
  readonly send: (number: number, atMs: number, isUrgent?: boolean) => void;
  /** Ranges from, to (inclusive), descending. */
  readonly ack: (atMs: number, ...ranges: readonly (readonly [from: number, to: number])[]) => void;
}

function makeBench(): Bench {
  const roundTrip = new RoundTrip();
  const [acked, lost, probed, outages]: [number[], number[], number[], number[]] = [[], [], [], []];
  const flight = new Flight(roundTrip, {
    onPacketAcked: ({ number }) => acked.push(number),
    onPacketLost: ({ number }) => lost.push(number),
    onProbe: ({ number }) => probed.push(number),
    onPersistentLoss: () => outages.push(1),
  });
  const state = { deliveredBytes: 0, deliveredMs: 0, firstSentMs: 0, isAppLimited: false, pace: 'other' } as const;
  return {
    flight,
    roundTrip,
    acked,
    lost,
    probed,
    outages,
    send: (number, sentMs, isUrgent = false) => {
      const content = { fragments: [], credits: [], toldLargest: -1, isUrgent, state };
      flight.add({ number, sentMs, sizeBytes: 100, ...content, previous: null, next: null });
    },
    ack: (atMs, ...ranges) => {
      const bounds = Float64Array.from(ranges.flatMap(([from, to]) => [from, to + 1]));
      const frame: AckFrame = { bounds, count: bounds.length, largest: ranges[0]?.[1] ?? 0, delayMs: 0 };
      flight.acknowledge(frame, atMs);
    },
  };
}

/** A bench whose path takes 40 ms, steadily. */
function makeSteadyBench(): Bench {
  const bench = makeBench();
  for (let number = 0; number < 40; number += 1) bench.send(number, number * 40);
  for (let number = 0; number < 40; number += 1) bench.ack(number * 40 + 40, [number, number]);
  bench.acked.length = 0;
  return bench;
}

test('three packets later, a packet is lost; two later it is not', () => {
  const { flight, send, ack, lost, acked } = makeSteadyBench();
  for (let number = 40; number < 44; number += 1) send(number, 2_000);
  ack(2_040, [41, 42]);
  assert.deepEqual(lost, []);
  ack(2_040, [41, 43]);
  assert.deepEqual(lost, [40]);
  assert.deepEqual(acked, [41, 42, 43]);
  assert.equal(flight.inFlightBytes, 0);
  assert.equal(flight.lostCount, 1);
});

test('after nine eighths of the round trip, a packet before one that arrived is lost', () => {
  const { flight, send, ack, lost } = makeSteadyBench();
  send(40, 2_000);
  send(41, 2_000);
  ack(2_040, [41, 41]);
  assert.equal(Math.round(flight.timerMs), 2_045);
  flight.runTimers(flight.timerMs - 0.01);
  assert.deepEqual(lost, []);
  flight.runTimers(flight.timerMs);
  assert.deepEqual(lost, [40]);
});

test('nothing is lost while nothing sent after it arrived', () => {
  const { flight, send, lost, probed } = makeSteadyBench();
  send(40, 2_000);
  assert.ok(flight.runTimers(9_000) > 0);
  assert.deepEqual(lost, []);
  assert.deepEqual(probed, [40]);
});

test('a packet that arrives after it was given up makes both thresholds wider, for a while', () => {
  const { flight, send, ack, lost, acked } = makeSteadyBench();
  for (let number = 40; number < 52; number += 1) send(number, 2_000);
  ack(2_040, [41, 50]);
  assert.deepEqual(lost, [40]);
  const rateBefore = flight.lossRate;
  ack(2_041, [40, 50]);
  assert.equal(acked.at(-1), 40);
  assert.equal(flight.lostCount, 0);
  assert.ok(flight.lossRate < rateBefore);
  for (let number = 52; number < 64; number += 1) send(number, 2_100);
  ack(2_140, [53, 61], [40, 51]);
  assert.deepEqual(lost, [40], 'nine packets behind is near enough here');
  ack(2_141, [53, 63], [40, 51]);
  assert.deepEqual(lost, [40, 52]);
  for (let number = 64; number < 70; number += 1) send(number, 9_000);
  ack(9_040, [69, 69]);
  for (let number = 70; number < 74; number += 1) send(number, 9_100);
  ack(9_140, [71, 73]);
  assert.equal(lost.at(-1), 70, 'after five seconds in order, three are enough again');
});

test('silence is probed after the round trip and its spread, and soon again, then ever later, to 2 s at the most', () => {
  const { flight, roundTrip, send } = makeSteadyBench();
  send(40, 2_000);
  const gaps: number[] = [];
  for (let probe = 0, last = 2_000; probe < 9; probe += 1) {
    const atMs = flight.timerMs;
    gaps.push(Math.round((atMs - last) / roundTrip.probeAfterMs(false)));
    assert.ok(flight.runTimers(atMs) > 0);
    last = atMs;
    if (probe === 8) assert.equal(Math.round(flight.timerMs - atMs), 2_000);
  }
  assert.deepEqual(gaps.slice(0, 5), [1, 1, 2, 4, 8]);
});

test('an answer makes the next silence short again', () => {
  const { flight, roundTrip, send, ack } = makeSteadyBench();
  send(40, 2_000);
  for (let probe = 0; probe < 6; probe += 1) flight.runTimers(flight.timerMs);
  send(41, 8_960);
  ack(9_000, [40, 41]);
  send(42, 9_000);
  assert.equal(flight.timerMs, 9_000 + roundTrip.probeAfterMs(false));
});

test('after a packet that the peer acknowledges at once, a probe does not wait for its delay', () => {
  const { flight, roundTrip, send } = makeSteadyBench();
  send(40, 2_000, true);
  assert.ok(flight.timerMs - 2_000 < roundTrip.smoothedMs + 4);
});

test('a probe repeats the oldest packets, those of control and live records first', () => {
  const { flight, send, probed } = makeSteadyBench();
  send(40, 2_000);
  send(41, 2_000);
  send(42, 2_000, true);
  assert.equal(flight.runTimers(2_500), 2);
  assert.deepEqual(probed, [42, 40]);
});

test('a long run of nothing but losses makes the path unknown, a short one does not', () => {
  const short = makeSteadyBench();
  for (let number = 40; number < 45; number += 1) short.send(number, 2_000 + number);
  short.send(45, 2_100);
  short.ack(2_140, [45, 45]);
  assert.deepEqual(short.lost, [40, 41, 42, 43, 44]);
  assert.deepEqual(short.outages, []);
  const long = makeSteadyBench();
  for (let number = 40; number < 45; number += 1) long.send(number, 2_000 + (number - 40) * 90);
  long.send(45, 2_900);
  long.ack(2_940, [45, 45]);
  assert.deepEqual(long.outages, [1]);
  const broken = makeSteadyBench();
  for (let number = 40; number < 45; number += 1) broken.send(number, 2_000 + (number - 40) * 90);
  broken.send(45, 2_900);
  broken.ack(2_940, [45, 45], [42, 42]);
  assert.deepEqual(broken.lost, [40, 41, 43, 44]);
  assert.deepEqual(broken.outages, []);
});

test('how long the peer owes an answer counts from the first packet that it could have answered', () => {
  const { flight, send, ack } = makeSteadyBench();
  assert.equal(flight.unansweredMs(5_000), 0);
  send(40, 5_000);
  send(41, 5_500);
  assert.equal(flight.unansweredMs(6_000), 1_000);
  ack(6_100, [40, 40]);
  assert.equal(flight.unansweredMs(6_200), 100);
  ack(6_300, [40, 41]);
  assert.equal(flight.unansweredMs(9_000), 0);
});

test('packets that nobody answers do not pile up without end', () => {
  const { flight, send } = makeSteadyBench();
  let number = 40;
  for (let probe = 0; probe < 6_000; probe += 1) {
    send((number += 1), 2_000 + probe * 2_000);
    flight.runTimers(4_000 + probe * 2_000);
  }
  assert.ok(flight.inFlightBytes / 100 <= 4_097, `${flight.inFlightBytes / 100} packets`);
});

test('the loss rate follows what is lost', () => {
  const { flight, send, ack } = makeSteadyBench();
  assert.equal(flight.lossRate, 0);
  for (let number = 40; number < 1_040; number += 1) send(number, 2_000);
  for (let number = 40; number < 1_040; number += 1) if (number % 5 !== 0) ack(2_040, [number, number]);
  assert.ok(Math.abs(flight.lossRate - 0.2) < 0.04, `${flight.lossRate}`);
});
