/** When beacons are sent, and to whom when there are too many peers for one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { BeaconSchedule, SLOT_COUNT, Turns } from '../../../../net/discovery/index.ts';
import { createRandom } from './beacon-kit.ts';

/** Times at which beacons go out when `due` is asked whenever `nextMs` says. */
function run(schedule: BeaconSchedule, fromMs: number, untilMs: number): readonly number[] {
  const sent: number[] = [];
  for (let nextMs = schedule.nextMs(); nextMs !== null && nextMs < untilMs; nextMs = schedule.nextMs()) {
    const nowMs = Math.max(fromMs, nextMs);
    if (schedule.due(nowMs)) sent.push(nowMs);
  }
  return sent;
}

test('before it begins nothing is due', () => {
  const schedule = new BeaconSchedule(createRandom('none'));
  assert.equal(schedule.nextMs(), null);
  assert.equal(schedule.due(1e9), false);
});

test('a start sends at once and five times more within ten seconds, and then no more when all are connected', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const schedule = new BeaconSchedule(createRandom(seed));
      schedule.begin(1000);
      const sent = run(schedule, 1000, 3_600_000);
      assert.equal(sent.length, 6);
      assert.equal(sent[0], 1000);
      assert.ok((sent[5] ?? Infinity) <= 11_000);
    }),
  );
});

test('while a peer is not connected a beacon goes out every 30 s, more or less a fifth', () => {
  const schedule = new BeaconSchedule(createRandom('period'));
  schedule.setWanted(true, 0);
  const sent = run(schedule, 0, 3_600_000);
  const pauses = sent.slice(1).map((atMs, index) => atMs - (sent[index] ?? 0));
  assert.ok(
    pauses.every((pauseMs) => pauseMs >= 24_000 && pauseMs <= 36_000),
    pauses.join(' '),
  );
  assert.ok(new Set(pauses).size > 50, 'the pauses differ');
  assert.ok(sent.length > 100 && sent.length < 150, `${sent.length}`);
});

test('when the last peer is connected the period ends, and begins anew when one goes', () => {
  const schedule = new BeaconSchedule(createRandom('ends'));
  schedule.setWanted(true, 0);
  schedule.setWanted(false, 10_000);
  assert.equal(schedule.nextMs(), null);
  schedule.setWanted(true, 20_000);
  schedule.setWanted(true, 30_000);
  const nextMs = schedule.nextMs() ?? 0;
  assert.ok(nextMs >= 44_000 && nextMs <= 56_000, `${nextMs}`);
});

test('after sleep one beacon is sent and none of those that were missed', () => {
  const schedule = new BeaconSchedule(createRandom('sleep'));
  schedule.begin(0);
  schedule.setWanted(true, 0);
  assert.ok(schedule.due(0));
  assert.ok(schedule.due(3_600_000));
  assert.equal(schedule.due(3_600_000), false);
  assert.equal(schedule.due(3_601_000), false);
});

test('an interface that comes and goes all the time does not make a flood of beacons', () => {
  const schedule = new BeaconSchedule(createRandom('flap'));
  let count = 0;
  for (let nowMs = 0; nowMs < 60_000; nowMs += 10) {
    schedule.begin(nowMs);
    if (schedule.due(nowMs)) count += 1;
  }
  assert.ok(count <= 150, `${count} in a minute`);
});

test('64 peers or fewer are in every beacon', () => {
  const peers = Array.from({ length: SLOT_COUNT }, (_, index) => index);
  const turns = new Turns<number>();
  assert.deepEqual(turns.next(peers), peers);
  assert.deepEqual(turns.next(peers), peers);
  assert.deepEqual(turns.next([]), []);
});

test('with more peers each has its turn, also when some come and go', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 65, max: 256 }),
      fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 5 }),
      (count, gone) => {
        const peers = Array.from({ length: count }, (_, index) => index);
        const turns = new Turns<number>();
        turns.next(peers);
        const rest = peers.filter((peer) => !gone.includes(peer));
        const seen = new Set<number>();
        // One turn more than fit, for what went may be where the round stood.
        for (let turn = 0; turn <= Math.ceil(rest.length / SLOT_COUNT); turn += 1) {
          const chosen = turns.next(rest);
          assert.equal(chosen.length, Math.min(rest.length, SLOT_COUNT));
          assert.equal(new Set(chosen).size, chosen.length);
          for (const peer of chosen) seen.add(peer);
        }
        assert.equal(seen.size, rest.length);
      },
    ),
  );
});
