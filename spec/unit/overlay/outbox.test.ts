/** The way from reader to engine when the engine is killed: each line reaches the log exactly once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Outbox } from '../../../overlay/reader/outbox.ts';
import type { ReaderParcel } from '../../../overlay/ipc/index.ts';
import { lineEvent } from './engine-kit.ts';

/** Ids as the log makes them: they sort in the order of keeping. */
function idOf(index: number): string {
  return `id${String(index).padStart(4, '0')}`;
}

function makeOutbox(): { readonly outbox: Outbox; readonly sent: ReaderParcel[]; readonly lost: { count: number } } {
  const sent: ReaderParcel[] = [];
  const lost = { count: 0 };
  const outbox = new Outbox({
    send: (parcel) => sent.push(parcel),
    onLost: () => {
      lost.count += 1;
    },
  });
  return { outbox, sent, lost };
}

function textOf({ event }: ReaderParcel): string {
  return event.kind === 'line' ? event.reading.line : event.kind;
}

/** A log that keeps the first `count` lines of what it is sent. */
function keep(log: string[], sent: readonly ReaderParcel[], count: number): void {
  log.push(
    ...sent
      .slice(0, count)
      .filter(({ event }) => event.kind === 'line')
      .map(textOf),
  );
}

test('whatever the engine kept and receipted before it died, each line is in the log once', () => {
  const cases = fc.record({
    // Few words: repeats are what a match by text alone would get wrong.
    words: fc.array(fc.constantFrom('gg', 'hi', 'lol'), { minLength: 1, maxLength: 20 }),
    kept: fc.nat(20),
    receipted: fc.nat(20),
  });
  fc.assert(
    fc.property(cases, ({ words, kept, receipted }) => {
      const { outbox, sent } = makeOutbox();
      for (const [index, word] of words.entries()) outbox.push(0, lineEvent(word, index, `k${index}`));
      const keptCount = Math.min(kept, words.length);
      // Without a receipt only the text is left to go by: then the words must differ.
      const receiptCount = Math.min(Math.max(receipted, 1), keptCount);
      const log: string[] = [];
      keep(log, sent, keptCount);
      if (receiptCount > 0) outbox.take({ seq: receiptCount, last: idOf(receiptCount - 1) });
      sent.length = 0;
      outbox.resend(log.map((line, index) => ({ key: idOf(index), line })));
      keep(log, sent, sent.length);
      assert.deepEqual(log, words);
    }),
  );
});

test('without any receipt the lines that end the log are recognised by their text', () => {
  const { outbox, sent } = makeOutbox();
  for (const word of ['a', 'b', 'c']) outbox.push(0, lineEvent(word, 0, word));
  sent.length = 0;
  outbox.resend(['x', 'a', 'b'].map((line, index) => ({ key: `id${index}`, line })));
  assert.deepEqual(sent.map(textOf), ['c']);
});

test('a lobby that the engine had not written is told again, before the lines after it', () => {
  const { outbox, sent } = makeOutbox();
  outbox.push(0, lineEvent('before', 0, 'k0'));
  outbox.take({ seq: 1, last: 'id0' });
  outbox.push(0, { kind: 'lobby', tMs: 1, reason: 'pattern', name: 'Two' });
  outbox.push(0, lineEvent('after', 2, 'k1'));
  sent.length = 0;
  outbox.resend([{ key: 'id0', line: 'before' }]);
  assert.deepEqual(sent.map(textOf), ['lobby', 'after']);
  assert.deepEqual(outbox.unkept(0), [{ key: 'k1', line: 'after' }]);
});

test('it holds a bounded number of events, counts what it drops, and is empty when all is durable', async () => {
  const { outbox, sent, lost } = makeOutbox();
  for (let index = 0; index < 1_003; index += 1) outbox.push(0, lineEvent(`line ${index}`, index, `k${index}`));
  assert.equal(lost.count, 3);
  assert.equal(outbox.unkept(0).length, 1_000);
  const empty = outbox.empty();
  outbox.take({ seq: sent.length, last: 'id' });
  await empty;
  assert.equal(outbox.unkept(0).length, 0);
});
