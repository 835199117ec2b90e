/**
 * How soon and how fast over which wire, in virtual time: the bounds are the targets of the design, with room; what is measured:
 * spec/bench/delivery.ts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIVE } from '../../../../net/delivery/index.ts';
import type { WireOptions } from '../wire.ts';
import { makePair, quantile, runTraffic } from './delivery-kit.ts';

const home = { delayMs: 20, bytesPerMs: 5_000, queueBytes: 64_000 };

const traffics: readonly (readonly [
  name: string,
  wire: WireOptions,
  hasHistory: boolean,
  p50Ms: number,
  p99Ms: number,
])[] = [
  ['no loss, alone', home, false, 25, 30],
  ['no loss, beside history', home, true, 30, 100],
  ['10 % loss, alone', { ...home, lossRate: 0.1 }, false, 30, 200],
  ['10 % loss, beside history', { ...home, lossRate: 0.1 }, true, 50, 300],
  ['30 % loss, alone', { ...home, lossRate: 0.3 }, false, 40, 500],
  ['30 % loss, beside history', { ...home, lossRate: 0.3 }, true, 60, 700],
  ['a slow wire that loses 10 %, beside history', { ...home, bytesPerMs: 300, lossRate: 0.1 }, true, 150, 700],
  ['jitter, beside history', { ...home, jitterMs: 20, lossRate: 0.05 }, true, 70, 300],
];

test('live records arrive in time, 20 ms away, with and without history beside them', () => {
  for (const [name, there, hasHistory, p50Ms, p99Ms] of traffics) {
    const { liveMs, pair } = runTraffic({ there, hasHistory, seed: 11, seconds: 6, everyMs: 20 });
    const figures = `${name}: p50 ${quantile(liveMs, 0.5)}, p99 ${quantile(liveMs, 0.99)} ${JSON.stringify(pair.first.delivery.stats())}`;
    assert.equal(liveMs.length, 250, figures);
    assert.ok(quantile(liveMs, 0.5) <= p50Ms, figures);
    assert.ok(quantile(liveMs, 0.99) <= p99Ms, figures);
  }
});

const floods: readonly (readonly [name: string, wire: WireOptions, leastBytesPerMs: number])[] = [
  ['no loss', home, 4_500],
  ['1 % loss', { ...home, lossRate: 0.01 }, 4_200],
  ['10 % loss', { ...home, lossRate: 0.1 }, 2_800],
  ['30 % loss', { ...home, lossRate: 0.3 }, 1_200],
  ['a wire of a LAN', { delayMs: 0.3, bytesPerMs: 10_000, queueBytes: 100_000 }, 8_500],
  ['a wire with a short queue', { ...home, queueBytes: 12_000 }, 4_000],
  ['a wire that reorders', { delayMs: 3, jitterMs: 5, bytesPerMs: 5_000, queueBytes: 64_000 }, 4_000],
];

test('history fills the wire, also where it loses at random', () => {
  for (const [name, there, leastBytesPerMs] of floods) {
    const { historyBytesPerMs, pair } = runTraffic({ there, hasHistory: true, seed: 3, seconds: 5, everyMs: 100 });
    assert.ok(
      historyBytesPerMs >= leastBytesPerMs,
      `${name}: ${historyBytesPerMs} ${JSON.stringify(pair.first.delivery.stats())}`,
    );
  }
});

test('history keeps little in a deep queue: live records do not wait there', () => {
  const there = { delayMs: 1, bytesPerMs: 1_000, queueBytes: 1_000_000 };
  const { liveMs, historyBytesPerMs } = runTraffic({ there, hasHistory: true, seed: 4, seconds: 8, everyMs: 50 });
  assert.ok(historyBytesPerMs > 900, `${historyBytesPerMs}`);
  // The queue could hold a second of history.
  assert.ok(quantile(liveMs, 0.99) < 60, `${quantile(liveMs, 0.99)}`);
});

test('little is lost in a short queue that no one else fills', () => {
  const there = { ...home, queueBytes: 32_000 };
  const { pair } = runTraffic({ there, hasHistory: true, seed: 5, seconds: 8, everyMs: 100 });
  const { overflowed, sent } = pair.line.there.counts;
  assert.ok(overflowed / sent < 0.08, `${overflowed} of ${sent}`);
});

test('a flood of live records does not burst beyond its window either', () => {
  const { first, second, line } = makePair({ there: home, seed: 6, timerMs: 1 });
  first.flood(LIVE, 50_000);
  second.keeps = false;
  line.run(4_000);
  const { overflowed, sent } = line.there.counts;
  assert.ok(overflowed / sent < 0.15, `${overflowed} of ${sent}`);
  assert.ok(second.delivery.stats().received > 10_000);
});
