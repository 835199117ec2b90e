/** The bounds between sockets and program: a budget of time a turn, a bound on what waits, turns for each socket. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Intake, TURN_BUDGET_MS, WAITING_LIMIT } from '../../../../net/transport/intake.ts';
import type { IntakeChannel } from '../../../../net/transport/intake.ts';

const from = { address: '10.0.0.1', port: 1 };

class Loop {
  nowMs = 0;
  dropped = 0;
  readonly #deferred: (() => void)[] = [];
  readonly intake = new Intake({
    nowMs: () => this.nowMs,
    defer: (run) => this.#deferred.push(run),
    onDropped: () => {
      this.dropped += 1;
    },
  });

  /** A socket whose program takes `costMs` a datagram and writes it down. */
  connect(delivered: number[], costMs: number): IntakeChannel {
    return this.intake.connect((bytes) => {
      delivered.push(bytes[0] ?? -1);
      this.nowMs += costMs;
    });
  }

  /** One check phase of the event loop; false when nothing was deferred. */
  turn(): boolean {
    const runs = this.#deferred.splice(0);
    for (const run of runs) run();
    return runs.length > 0;
  }
}

test('a datagram is handed on at once while there is time', () => {
  const loop = new Loop();
  const delivered: number[] = [];
  const channel = loop.connect(delivered, 1);
  channel(Uint8Array.of(1), from);
  channel(Uint8Array.of(2), from);
  assert.deepEqual(delivered, [1, 2]);
});

test('no half turn runs longer than the budget and one datagram', () => {
  const loop = new Loop();
  const delivered: number[] = [];
  const channel = loop.connect(delivered, 0.4);
  for (let index = 0; index < 200; index += 1) channel(Uint8Array.of(index), from);
  assert.ok(loop.nowMs <= TURN_BUDGET_MS + 0.4, `${loop.nowMs} ms`);
  for (;;) {
    const before = loop.nowMs;
    if (!loop.turn()) break;
    assert.ok(loop.nowMs - before <= TURN_BUDGET_MS + 0.4, `${loop.nowMs - before} ms`);
  }
  assert.deepEqual(
    delivered,
    Array.from({ length: 200 }, (_, index) => index),
  );
});

test('what comes while 1,024 wait is dropped and counted', () => {
  const loop = new Loop();
  const delivered: number[] = [];
  const channel = loop.connect(delivered, TURN_BUDGET_MS);
  for (let index = 0; index < WAITING_LIMIT + 11; index += 1) channel(Uint8Array.of(7), from);
  assert.equal(loop.dropped, 10);
  while (loop.turn());
  assert.equal(delivered.length, WAITING_LIMIT + 1);
});

test('a flood at one socket does not starve the other', () => {
  const loop = new Loop();
  const flooded: number[] = [];
  const quiet: number[] = [];
  const flood = loop.connect(flooded, 1);
  const session = loop.connect(quiet, 1);
  for (let index = 0; index < 900; index += 1) flood(Uint8Array.of(0), from);
  session(Uint8Array.of(1), from);
  loop.turn();
  assert.deepEqual(quiet, [1]);
});

test('a program that throws loses its datagram and no other', () => {
  const loop = new Loop();
  const delivered: number[] = [];
  const channel = loop.intake.connect((bytes) => {
    loop.nowMs += TURN_BUDGET_MS;
    if (bytes[0] === 2) throw new Error('broken');
    delivered.push(bytes[0] ?? -1);
  });
  for (const value of [1, 2, 3]) channel(Uint8Array.of(value), from);
  assert.throws(() => loop.turn(), /broken/);
  while (loop.turn());
  assert.deepEqual(delivered, [1, 3]);
});

test('after closing nothing is handed on, not even what waited', () => {
  const loop = new Loop();
  const delivered: number[] = [];
  const channel = loop.connect(delivered, TURN_BUDGET_MS);
  for (const value of [1, 2, 3]) channel(Uint8Array.of(value), from);
  loop.intake.close();
  channel(Uint8Array.of(4), from);
  while (loop.turn());
  assert.deepEqual(delivered, [1]);
});

test('whatever comes when, each socket is heard in order and what is missing was counted', () => {
  const step = fc.oneof(
    fc.record({ socket: fc.constantFrom(0, 1), count: fc.integer({ min: 1, max: 700 }) }),
    fc.constant('turn' as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.double({ min: 0, max: 6, noNaN: true }), (steps, costMs) => {
      const loop = new Loop();
      const heard: [number[], number[]] = [[], []];
      const orders = [0, 0];
      const channels = heard.map((list) =>
        loop.intake.connect((bytes) => {
          list.push(new DataView(bytes.buffer).getUint32(0));
          loop.nowMs += costMs;
        }),
      );
      for (const each of steps) {
        if (each === 'turn') loop.turn();
        else {
          for (let index = 0; index < each.count; index += 1) {
            const bytes = new Uint8Array(4);
            new DataView(bytes.buffer).setUint32(0, orders[each.socket] ?? 0);
            orders[each.socket] = (orders[each.socket] ?? 0) + 1;
            channels[each.socket]?.(bytes, from);
          }
        }
      }
      while (loop.turn());
      for (const list of heard)
        assert.deepEqual(
          list,
          list.toSorted((a, b) => a - b),
        );
      assert.equal(heard[0].length + heard[1].length + loop.dropped, (orders[0] ?? 0) + (orders[1] ?? 0));
    }),
    { numRuns: 50 },
  );
});
