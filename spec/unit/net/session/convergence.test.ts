/**
 * Two devices on a bad wire: they always come to a session, and what is lost is what the wire lost. Each run follows from the
 * seed that is printed when it fails.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { areUp, canTalk, makeConnected, makeTwo } from './hub-kit.ts';
import { badWire, perfectWire } from './lan-kit.ts';
import type { Wire } from './lan-kit.ts';

const minuteMs = 60_000;
/** Delays beyond the first two waits of the schedule. */
const slowWire: Wire = { lossRate: 0.1, duplicateRate: 0.1, corruptRate: 0.02, delayMs: [150, 900] };
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 }).map(String);

for (const [name, wire] of [
  ['loses, repeats, changes and reorders', badWire],
  ['is slower than the schedule of first messages', slowWire],
] as const) {
  test(`both dial on a wire that ${name}, and come to a session`, async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.nat({ max: 600 }), async (seed, laterMs) => {
        const { lan, ada, bob } = makeTwo(seed, wire);
        ada.dial(bob);
        await lan.run(laterMs);
        bob.dial(ada);
        assert.ok(await lan.runUntil(() => areUp(ada, bob), minuteMs), 'both are up');
        assert.ok(await canTalk(ada, bob, minuteMs), 'both hear each other');
      }),
      { numRuns: 25 },
    );
  });
}

test('one dials on a bad wire, and both come to a session', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const { lan, ada, bob } = makeTwo(seed, badWire);
      ada.dial(bob);
      assert.ok(await lan.runUntil(() => areUp(ada, bob), 2 * minuteMs));
    }),
    { numRuns: 25 },
  );
});

test('through many renewals on a bad wire nothing is lost but what the wire lost, and nothing comes twice', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const { lan, ada, bob } = await makeConnected(seed, { ...perfectWire });
      Object.assign(lan.wire, badWire);
      const said: string[] = [];
      for (let count = 0; count < 1_200; count += 1) {
        for (const [from, to] of [
          [ada, bob],
          [bob, ada],
        ] as const) {
          if (from.say(to, `${from.name} ${count}`)) said.push(`${from.name} ${count}`);
        }
        await lan.run(500);
      }
      await lan.run(1_000);
      const heard = [...ada.plains, ...bob.plains].map((plain) => plain.text);
      assert.equal(new Set(heard).size, heard.length);
      assert.deepEqual([...heard, ...lan.lostLabels].toSorted(), said.toSorted());
      assert.deepEqual([said.length, ada.downs.length, bob.downs.length], [2_400, 0, 0]);
      assert.ok(ada.count('sessionsMade') >= 4);
    }),
    { numRuns: 3 },
  );
});
