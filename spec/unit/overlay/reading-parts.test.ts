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
  /** What was asked of the reader, in order. */
  readonly asked: readonly string[];
  readonly clock: { nowMs: number };
  readonly errors: readonly unknown[];
  readonly finishOne: (outcome?: boolean | Error) => Promise<void>;
  readonly takenCount: () => number;
} {
  const asked: string[] = [];
  const errors: unknown[] = [];
  const clock = { nowMs: 0 };
  const ends: { readonly resolve: (isMore: boolean) => void; readonly reject: (error: Error) => void }[] = [];
  let taken = 0;
  const feed = new RegionFeed({
    look: ({ tMs }) => {
      if (tMs < 0) throw new RangeError('a mistake');
      asked.push(`look ${tMs}`);
    },
    read: () => {
      asked.push('read');
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
    asked,
    clock,
    errors,
    finishOne: async (outcome = false) => {
      const end = ends.shift();
      if (outcome instanceof Error) end?.reject(outcome);
      else end?.resolve(outcome);
      // One turn for what ended, one before the next reading.
      for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
    },
    takenCount: () => taken,
  };
}

test('each frame is looked at as it comes, also while the engine starts or reads; one reading goes on at a time', async () => {
  const { feed, asked, finishOne, takenCount } = makeFeed();
  feed.offer(frame(1));
  feed.offer(frame(2));
  assert.deepEqual(asked, ['look 1', 'look 2']);
  feed.start();
  feed.offer(frame(3));
  assert.deepEqual(asked, ['look 1', 'look 2', 'read', 'look 3']);
  assert.equal(takenCount(), 3);
  await finishOne();
  assert.deepEqual(asked.slice(4), ['read'], 'what came during the reading is read next');
  await finishOne(true);
  assert.deepEqual(asked.slice(4), ['read', 'read'], 'more was due');
  await finishOne();
  await feed.idle();
  assert.equal(asked.length, 6);
  feed.offer(frame(4));
  assert.deepEqual(asked.slice(6), ['look 4', 'read']);
});

test('a reader that waits for nobody, and has much to read, lets frames in', async () => {
  const order: string[] = [];
  let left = 40;
  const feed = new RegionFeed({
    look: ({ tMs }) => void order.push(`look ${tMs}`),
    read: () => {
      order.push('read');
      return Promise.resolve(--left > 0);
    },
    onTaken: () => {},
    onError: (error) => assert.fail(String(error)),
    elapsedMs: () => 0,
  });
  feed.start();
  // As they come from a port: in a turn of their own.
  setImmediate(() => feed.offer(frame(7)));
  await feed.idle();
  assert.ok(order.indexOf('look 7') > 0 && order.indexOf('look 7') < 10, order.join(', '));
});

test('it tells how long a reading takes already, and lets other work in between two readings only', async () => {
  const { feed, clock, finishOne } = makeFeed();
  const order: string[] = [];
  feed.start();
  await finishOne();
  feed.interject(() => order.push('at once'));
  assert.equal(feed.busyMs, 0);
  feed.offer(frame(1));
  clock.nowMs = 21_000;
  assert.equal(feed.busyMs, 21_000);
  feed.interject(() => order.push('after the reading'));
  assert.deepEqual(order, ['at once']);
  await finishOne();
  await feed.idle();
  assert.deepEqual(order, ['at once', 'after the reading']);
  assert.equal(feed.busyMs, 0);
});

test('a reader that throws is reported, while looking and while reading', async () => {
  const { feed, errors, finishOne, takenCount } = makeFeed();
  feed.start();
  await finishOne(new RangeError('a mistake in reading'));
  await feed.idle();
  feed.offer(frame(-1));
  assert.deepEqual(errors.map(String), ['RangeError: a mistake in reading', 'RangeError: a mistake']);
  assert.equal(takenCount(), 0);
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
