/** The small parts around the reader: the bounded frame queue, the restarts, the one state out of many. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Frame } from '../../../capture/index.ts';
import { captureStatus } from '../../../overlay/main/capture-status.ts';
import type { CaptureParts } from '../../../overlay/main/capture-status.ts';
import { RestartPolicy } from '../../../overlay/main/restart-policy.ts';
import { RegionFeed } from '../../../overlay/reader/region-feed.ts';

function frame(tMs: number): Frame {
  return { tMs, width: 1, height: 1, pixels: new Uint8Array(4) };
}

/** A reader that reads when it is told to. */
function makeFeed(): {
  readonly feed: RegionFeed;
  readonly pushed: readonly number[];
  readonly clock: { nowMs: number };
  readonly errors: readonly unknown[];
  readonly finishOne: (error?: Error) => void;
  readonly takenCount: () => number;
} {
  const pushed: number[] = [];
  const errors: unknown[] = [];
  const clock = { nowMs: 0 };
  const ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  let taken = 0;
  const feed = new RegionFeed({
    push: ({ tMs }) => {
      pushed.push(tMs);
      return new Promise((resolve, reject) => ends.push({ resolve, reject }));
    },
    onTaken: () => {
      taken += 1;
    },
    onError: (error) => errors.push(error),
    elapsedMs: () => clock.nowMs,
  });
  return {
    feed,
    pushed,
    clock,
    errors,
    finishOne: (error) => {
      const end = ends.shift();
      if (error === undefined) end?.resolve();
      else end?.reject(error);
    },
    takenCount: () => taken,
  };
}

test('one frame is read at a time; of those that wait the newest wins and the others are counted', async () => {
  const { feed, pushed, finishOne, takenCount } = makeFeed();
  for (const tMs of [1, 2, 3, 4]) feed.offer(frame(tMs));
  assert.deepEqual(pushed, [1]);
  finishOne();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(pushed, [1, 4]);
  assert.equal(feed.dropped, 2);
  assert.equal(takenCount(), 2);
  finishOne();
  await feed.idle();
});

test('it tells how long a frame has been in work, and lets other work in between two frames only', async () => {
  const { feed, clock, finishOne } = makeFeed();
  const order: string[] = [];
  feed.interject(() => order.push('at once'));
  assert.equal(feed.busyMs, 0);
  feed.offer(frame(1));
  clock.nowMs = 21_000;
  assert.equal(feed.busyMs, 21_000);
  feed.interject(() => order.push('after the frame'));
  assert.deepEqual(order, ['at once']);
  finishOne();
  await feed.idle();
  assert.deepEqual(order, ['at once', 'after the frame']);
  assert.equal(feed.busyMs, 0);
});

test('a reader that throws is reported', async () => {
  const { feed, errors, finishOne } = makeFeed();
  feed.offer(frame(1));
  finishOne(new RangeError('a mistake'));
  await feed.idle();
  assert.match(String(errors[0]), /a mistake/);
});

test('a child that ends again and again is given up; one that ends seldom never is', () => {
  const often = new RestartPolicy();
  const delays = [0, 1, 2, 3, 4, 5].map((second) => often.ended(second * 1_000));
  assert.deepEqual(delays, [200, 500, 1_000, 2_000, 4_000, null]);
  often.forgive();
  assert.equal(often.ended(6_000), 200);
  const seldom = new RestartPolicy();
  for (let hour = 0; hour < 100; hour += 1) assert.equal(seldom.ended(hour * 61_000), 200);
});

const fine: CaptureParts = {
  hasTarget: true,
  regions: 1,
  running: true,
  failure: null,
  stream: 'live',
  tooSmall: null,
  readers: [{ kind: 'reading' }],
};
for (const [name, change, status] of [
  ['nothing chosen', { hasTarget: false }, { kind: 'idle' }],
  ['no region', { regions: 0 }, { kind: 'idle' }],
  ['paused', { running: false, failure: 'x' }, { kind: 'paused' }],
  ['given up', { failure: 'It ended.' }, { kind: 'failed', message: 'It ended.' }],
  ['all well', {}, { kind: 'running', reader: { kind: 'reading' } }],
  ['no reader yet', { readers: [] }, { kind: 'running', reader: { kind: 'starting' } }],
  ['no frames', { stream: 'no-frames' }, { kind: 'running', reader: { kind: 'no-frames' } }],
  [
    'one of two regions is black',
    { regions: 2, readers: [{ kind: 'reading' }, { kind: 'black' }] },
    { kind: 'running', reader: { kind: 'black' } },
  ],
  [
    'a region of three pixels',
    { readers: [], tooSmall: { widthPx: 4, heightPx: 4 } },
    { kind: 'running', reader: { kind: 'region-too-small', widthPx: 4, heightPx: 4 } },
  ],
] as const) {
  test(`the state shown with ${name}`, () => {
    assert.deepEqual(captureStatus({ ...fine, ...change }), status);
  });
}
