/** Records on their way out: numbers without gaps, credit, what is sent again, what can still be withdrawn. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Fifo } from '../../../../net/delivery/fifo.ts';
import {
  CREDIT_WINDOW_BYTES,
  HISTORY,
  LIVE,
  MAX_RECORDS_AHEAD,
  MAX_RECORD_BYTES,
  QUEUE_BYTES,
  chargeOf,
} from '../../../../net/delivery/limits.ts';
import { OutgoingClass } from '../../../../net/delivery/outgoing.ts';
import type { Fragment } from '../../../../net/delivery/outgoing.ts';
import { Repeats } from '../../../../net/delivery/repeats.ts';

function mustCut(outgoing: OutgoingClass, room = 1_000): Fragment {
  const fragment = outgoing.cut(room);
  if (fragment === null) throw new Error('Expected a fragment but there was none');
  return fragment;
}

const brief = ({ record, from, to }: Fragment) => `${record.number}:${from}-${to}`;

function cutAll(outgoing: OutgoingClass, room = 1_000): readonly Fragment[] {
  const fragments: Fragment[] = [];
  for (let cut = outgoing.cut(room); cut !== null; cut = outgoing.cut(room)) fragments.push(cut);
  return fragments;
}

test('a queue keeps its order over any pushes, shifts and withdrawals', () => {
  const steps = fc.array(fc.constantFrom('push', 'push', 'shift', 'drop'), { maxLength: 400 });
  fc.assert(
    fc.property(steps, (steps) => {
      const fifo = new Fifo<number>();
      let plain: number[] = [];
      for (const [index, step] of steps.entries()) {
        if (step === 'push') {
          fifo.push(index);
          plain.push(index);
        } else if (step === 'shift') assert.equal(fifo.shift(), plain.shift());
        else {
          assert.deepEqual(
            fifo.takeOut((item) => item % 7 === 0),
            plain.filter((item) => item % 7 === 0),
          );
          plain = plain.filter((item) => item % 7 !== 0);
        }
        assert.equal(fifo.length, plain.length);
        assert.equal(fifo.peek(), plain[0]);
      }
    }),
  );
});

test('records are cut in order, the next one beginning where the packet has room', () => {
  const outgoing = new OutgoingClass(LIVE);
  outgoing.queue(new Uint8Array(1_500));
  outgoing.queue(new Uint8Array(10));
  assert.deepEqual(cutAll(outgoing, 1_008).map(brief), ['0:0-1000', '0:1000-1500', '1:0-10']);
  assert.equal(outgoing.hasWork, false);
});

test('a record is whole at the peer once all its bytes are, however they were cut, and only once', () => {
  const outgoing = new OutgoingClass(LIVE);
  outgoing.queue(new Uint8Array(2_000));
  const [first, second, third] = cutAll(outgoing, 800);
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  assert.equal(outgoing.acknowledge(third), false);
  assert.equal(outgoing.acknowledge(first), false);
  assert.equal(outgoing.acknowledge(first), false);
  assert.equal(outgoing.acknowledge(second), true);
  assert.equal(outgoing.acknowledge(second), false);
  assert.equal(outgoing.bufferedBytes, 0);
  assert.equal(first.record.bytes.length, 0, 'the bytes are let go');
});

test('what is lost goes again before what is new, the oldest record first, without what is acknowledged', () => {
  const outgoing = new OutgoingClass(HISTORY);
  for (let record = 0; record < 3; record += 1) outgoing.queue(new Uint8Array(1_500));
  const [a, b, c] = [mustCut(outgoing, 1_008), mustCut(outgoing, 1_008), mustCut(outgoing, 1_008)];
  outgoing.sendAgain(c);
  outgoing.sendAgain(a);
  outgoing.sendAgain(b);
  outgoing.acknowledge(b);
  assert.deepEqual([a, b, c].map(brief), ['0:0-1000', '0:1000-1500', '1:0-1000']);
  const again = cutAll(outgoing, 1_008).map(brief);
  assert.deepEqual(again, ['0:0-1000', '1:0-1000', '1:1000-1500', '2:0-1000', '2:1000-1500']);
});

test('what was given up and arrived after all does not go again', () => {
  const outgoing = new OutgoingClass(HISTORY);
  outgoing.queue(new Uint8Array(3_000));
  const [first, second] = [mustCut(outgoing), mustCut(outgoing)];
  outgoing.sendAgain(first);
  outgoing.sendAgain(second);
  outgoing.acknowledge(first);
  assert.equal(mustCut(outgoing).from, second.from);
  outgoing.sendAgain(first);
  assert.equal(mustCut(outgoing).from, second.to);
});

test('a lost fragment that no longer fits is cut in two', () => {
  const outgoing = new OutgoingClass(HISTORY);
  outgoing.queue(new Uint8Array(900));
  outgoing.sendAgain(mustCut(outgoing));
  const [first, second] = [mustCut(outgoing, 500), mustCut(outgoing, 500)];
  assert.equal(first.to, second.from);
  assert.equal(second.to, 900);
});

test('only what was not begun can be withdrawn, and the numbers have no gap', () => {
  const outgoing = new OutgoingClass(LIVE);
  const tickets = [1, 2, 3, 4].map(() => outgoing.queue(new Uint8Array(500)));
  assert.equal(brief(mustCut(outgoing, 100)), '0:0-92');
  assert.deepEqual(
    outgoing.drop((ticket) => ticket < 3),
    [1, 2],
  );
  assert.deepEqual(tickets, [0, 1, 2, 3]);
  assert.equal(outgoing.bufferedBytes, 2 * chargeOf(500));
  const rest = cutAll(outgoing);
  assert.deepEqual(rest.map(brief), ['0:92-500', '1:0-500']);
  assert.equal(rest[1]?.record.ticket, 3);
  assert.deepEqual(
    outgoing.drop(() => true),
    [],
  );
});

test('no room for a beginning takes no number', () => {
  const outgoing = new OutgoingClass(LIVE);
  outgoing.queue(new Uint8Array(500));
  assert.equal(outgoing.cut(30), null);
  assert.deepEqual(
    outgoing.drop(() => true),
    [0],
  );
  outgoing.queue(new Uint8Array(5));
  assert.equal(brief(mustCut(outgoing)), '0:0-5');
});

test('the buffer is bounded, also for tiny records, and tells once when it has drained', () => {
  const outgoing = new OutgoingClass(HISTORY);
  let count = 0;
  while (outgoing.queue(new Uint8Array(1)) !== null) count += 1;
  assert.equal(count, Math.floor(QUEUE_BYTES / chargeOf(1)));
  assert.equal(outgoing.takeDrained(), false);
  outgoing.drop((ticket) => ticket > count / 4);
  assert.equal(outgoing.takeDrained(), true);
  assert.equal(outgoing.takeDrained(), false);
  assert.notEqual(outgoing.queue(new Uint8Array(MAX_RECORD_BYTES)), null);
});

test('a record of no bytes or of more than 1 MiB is a mistake, one of 1 MiB is none', () => {
  const outgoing = new OutgoingClass(HISTORY);
  assert.throws(() => outgoing.queue(new Uint8Array()), RangeError);
  assert.throws(() => outgoing.queue(new Uint8Array(MAX_RECORD_BYTES + 1)), RangeError);
  assert.equal(outgoing.queue(new Uint8Array(MAX_RECORD_BYTES)), 0);
});

test('nothing goes beyond the credit, and an older credit takes nothing back', () => {
  const outgoing = new OutgoingClass(HISTORY);
  for (let record = 0; record < 3; record += 1) outgoing.queue(new Uint8Array(MAX_RECORD_BYTES));
  const cut = cutAll(outgoing, 1_171);
  const last = cut.at(-1);
  assert.ok(last !== undefined);
  assert.equal(last.record.start + last.to, CREDIT_WINDOW_BYTES);
  outgoing.allow(CREDIT_WINDOW_BYTES + 20);
  outgoing.allow(CREDIT_WINDOW_BYTES);
  const more = mustCut(outgoing);
  assert.equal(more.record.start + more.to, CREDIT_WINDOW_BYTES + 20);
  assert.equal(outgoing.hasWork, false);
});

test('no record begins too far ahead of the oldest that the peer lacks', () => {
  const outgoing = new OutgoingClass(LIVE);
  for (let record = 0; record < MAX_RECORDS_AHEAD + 5; record += 1) outgoing.queue(new Uint8Array(10));
  const cut = cutAll(outgoing);
  assert.equal(cut.length, MAX_RECORDS_AHEAD);
  for (const fragment of cut.slice(1)) outgoing.acknowledge(fragment);
  assert.equal(outgoing.hasWork, false);
  assert.ok(cut[0] !== undefined && outgoing.acknowledge(cut[0]));
  assert.equal(cutAll(outgoing).length, 5);
});

test('a repeat goes once, when it is due, unless it is acknowledged or large', () => {
  const outgoing = new OutgoingClass(LIVE);
  const repeats = new Repeats();
  for (const sizeBytes of [100, 200, 8_000, 300]) outgoing.queue(new Uint8Array(sizeBytes));
  const cut = cutAll(outgoing, 1_171);
  for (const fragment of cut) repeats.add(fragment, 10);
  assert.ok(cut[0] !== undefined);
  outgoing.acknowledge(cut[0]);
  assert.equal(repeats.dueMs, 13);
  assert.equal(repeats.take(12.9, 1_171), null);
  const [first, second, third] = [repeats.take(13, 150), repeats.take(13, 1_171), repeats.take(13, 1_171)];
  assert.ok(first !== null && second !== null && third !== null);
  assert.deepEqual([first, second, third].map(brief), ['1:0-142', '1:142-200', '3:0-300']);
  assert.equal(repeats.take(99, 1_171), null);
  assert.equal(repeats.dueMs, Number.POSITIVE_INFINITY);
});
