/**
 * Programs that are killed, clocks that jump, and whatever else may happen to two devices in any order: they always come to talk
 * again. Each run follows from the seed that is printed when it fails.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { areUp, canTalk, makeConnected, makeTwo } from './hub-kit.ts';
import { badWire } from './lan-kit.ts';

const yearMs = 365 * 24 * 3_600_000;
const minuteMs = 60_000;
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 }).map(String);

test('one side is killed at any moment; it starts, dials, and both talk again', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, fc.nat({ max: 900 }), fc.boolean(), async (seed, atMs, isDialler) => {
      const { lan, ada, bob } = makeTwo(seed, { ...badWire, lossRate: 0.1 });
      ada.dial(bob);
      await lan.run(atMs);
      const [killed, other] = isDialler ? [ada, bob] : [bob, ada];
      killed.restart();
      killed.dial(other);
      assert.ok(await lan.runUntil(() => areUp(ada, bob), minuteMs));
      assert.ok(await canTalk(ada, bob, minuteMs));
      const boots = other.ups.map(({ up }) => Buffer.from(up.bootId).toString('hex'));
      assert.equal(new Set(boots).size, boots.length, 'each boot is told once');
    }),
    { numRuns: 30 },
  );
});

test('clocks on the wall jump by years, either way, at either side; sessions go on and are made', async () => {
  await fc.assert(
    fc.asyncProperty(
      seeds,
      fc.integer({ min: -40, max: 200 }),
      fc.integer({ min: -40, max: 200 }),
      async (seed, adaYears, bobYears) => {
        const { lan, ada, bob } = await makeConnected(seed);
        ada.unixOffsetMs = adaYears * yearMs;
        bob.unixOffsetMs = bobYears * yearMs;
        ada.say(bob, 'still here');
        await lan.run(5 * minuteMs);
        assert.deepEqual([bob.plains[0]?.text, ada.downs, bob.downs], ['still here', [], []]);
        assert.ok(ada.count('sessionsMade') >= 3);
        ada.unixOffsetMs = 0;
        ada.restart();
        bob.dial(ada);
        ada.dial(bob);
        assert.ok(await lan.runUntil(() => areUp(ada, bob), minuteMs));
        assert.ok(await canTalk(ada, bob, 5_000));
      },
    ),
    { numRuns: 12 },
  );
});

/** What may happen to two devices. */
const happening = fc.record({
  kind: fc.constantFrom('dial', 'stop', 'restart', 'jump', 'roam', 'cut', 'end', 'say', 'forget', 'slow disk'),
  isAda: fc.boolean(),
  waitMs: fc.oneof(fc.nat({ max: 400 }), fc.nat({ max: 20_000 }), fc.nat({ max: 200_000 })),
});

test('whatever happened, two that dial on a wire that works come to talk', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, fc.array(happening, { minLength: 1, maxLength: 12 }), async (seed, happenings) => {
      const { lan, ada, bob } = makeTwo(seed, { ...badWire });
      for (const { kind, isAda, waitMs } of happenings) {
        const [one, other] = isAda ? [ada, bob] : [bob, ada];
        if (kind === 'dial') one.dial(other);
        else if (kind === 'stop') one.hub.stopDialling(other.id);
        else if (kind === 'restart') one.restart();
        else if (kind === 'jump') one.unixOffsetMs = (waitMs % 100) * yearMs - 30 * yearMs;
        else if (kind === 'roam') one.endpoint = { address: `10.0.9.${waitMs % 250}`, port: isAda ? 1_001 : 1_002 };
        else if (kind === 'cut') lan.wire.lossRate = lan.wire.lossRate === 1 ? badWire.lossRate : 1;
        else if (kind === 'end') one.hub.endSession(other.id);
        else if (kind === 'say') one.say(other, `${lan.nowMs}`);
        else if (kind === 'slow disk') one.diskMs = waitMs % 900;
        else {
          one.hub.removePeer(other.id);
          one.hub.setPeer(other.id, one.pairs.get(other.id) ?? []);
        }
        await lan.run(waitMs);
      }
      lan.wire.lossRate = 0;
      lan.wire.corruptRate = 0;
      const { length } = lan.sent;
      ada.dial(bob);
      bob.dial(ada);
      assert.ok(await lan.runUntil(() => areUp(ada, bob), minuteMs), 'both are up');
      assert.ok(await canTalk(ada, bob, 10_000), 'both hear each other');
      assert.ok(lan.sent.length - length < 200, 'and it took few packets');
    }),
    { numRuns: 40 },
  );
});
