/** An engine on demand runs only while something is asked of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OcrEngine } from '../../../capture/ocr/engine.ts';
import { OnDemandEngine } from '../../../capture/ocr/on-demand.ts';

const IDLE_MS = 30;

const readNothing: OcrEngine['read'] = async (lines) => {
  await sleep(2 * IDLE_MS);
  return { ok: true, value: lines.map(() => ({ text: '', confidence: 0, words: [] })) };
};

/** Counts its starts and ends; reads nothing, and takes a while for it. */
class Counted {
  starts = 0;
  ends = 0;

  start(): Promise<{ ok: true; value: OcrEngine }> {
    this.starts += 1;
    const close = (): Promise<void> => {
      this.ends += 1;
      return Promise.resolve();
    };
    return Promise.resolve({ ok: true, value: { name: 'counted', read: readNothing, close } });
  }
}

test('it starts with the first question, once, ends when it is idle, and starts again', async () => {
  const counted = new Counted();
  const engine = new OnDemandEngine('counted', () => counted.start(), IDLE_MS);
  assert.equal(counted.starts, 0);
  const answers = await Promise.all([engine.read([]), engine.read([])]);
  assert.ok(answers.every(({ ok }) => ok));
  assert.deepEqual([counted.starts, counted.ends], [1, 0], 'a question that takes long is not idleness');
  await sleep(3 * IDLE_MS);
  assert.deepEqual([counted.starts, counted.ends], [1, 1]);
  assert.ok((await engine.read([])).ok);
  assert.equal(counted.starts, 2);
  await engine.close();
  assert.equal(counted.ends, 2);
  const late = await engine.read([]);
  assert.equal(late.ok ? '' : late.error.kind, 'closed');
  assert.equal(counted.starts, 2);
});

test('what does not start is asked once, and says why each time', async () => {
  let starts = 0;
  const fail = (): Promise<{ ok: false; error: { kind: 'start-failed'; message: string } }> => {
    starts += 1;
    return Promise.resolve({ ok: false, error: { kind: 'start-failed', message: 'No.' } });
  };
  const engine = new OnDemandEngine('failing', fail, IDLE_MS);
  for (let count = 0; count < 2; count++) {
    const answer = await engine.read([]);
    assert.equal(answer.ok ? '' : answer.error.message, 'No.');
    await sleep(2 * IDLE_MS);
  }
  assert.equal(starts, 1);
  await engine.close();
});
