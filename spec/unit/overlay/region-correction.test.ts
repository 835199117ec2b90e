/** What the reader's process runs hears what the user makes of a line, in the region that told it, and at any time. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as v from 'valibot';
import { readerCorrectionSchema, readerReceiptSchema } from '../../../overlay/ipc/index.ts';
import { frameMs, stack, Stage } from '../capture/scene-kit.ts';
import { readTwoRegions } from './region-kit.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lobbykeep-correction-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const said = ['Mia0: anyone up for the old mine?', 'Zed: need 2 healers', 'Mia0: who has the blue key'];

test('a name that the user corrects in one line is corrected in the others of the same region, under their keys', async () => {
  const { reading, parcels, problems } = await readTwoRegions(folder);
  const stage = new Stage(440, 100, 'dark');
  let tMs = 1_790_000_000_000;
  const keyOf = (line: string, region: number): string | undefined => {
    for (const parcel of parcels)
      if (parcel.region === region && parcel.event.kind === 'line' && parcel.event.reading.line === line)
        return parcel.event.key;
    return undefined;
  };
  const show = async (count: number): Promise<void> => {
    for (let frame = 0; frame < 4; frame++) {
      tMs += frameMs;
      for (const region of [0, 1]) {
        const picture = await stage.draw(tMs, stack(said.slice(0, count), 96));
        reading.offer({ region, ...picture, pixels: new Uint8Array(picture.pixels) });
      }
    }
  };
  await show(1);
  await show(2);
  await show(3);
  const isTold = (): boolean => [0, 1].every((region) => keyOf(said[2] ?? '', region) !== undefined);
  for (let wait = 0; wait < 400 && !isTold(); wait++) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(isTold(), 'all was told');
  const line = 'MiaO: anyone up for the old mine?';
  reading.correct({ region: 0, key: keyOf(said[0] ?? '', 0) ?? '', line });
  // Of another region, of no line, of a region that is not there.
  for (const [region, key] of [[1, 'no such key'] as const, [3, keyOf(said[0] ?? '', 0) ?? ''] as const])
    reading.correct({ region, key, line });
  await show(3);
  await reading.finish();
  assert.deepEqual(problems, []);
  const revised = parcels.flatMap(({ region, event }) =>
    event.kind === 'revision' ? [{ region, key: event.key, line: event.reading.line }] : [],
  );
  assert.deepEqual(revised, [{ region: 0, key: keyOf(said[2] ?? '', 0), line: 'MiaO: who has the blue key' }]);
});

test('a receipt and a correction come by one port, and neither is taken for the other', () => {
  const receipt = { seq: 4, last: null };
  const correction = { region: 0, key: 'a1', line: 'Mia: hi' };
  assert.ok(v.safeParse(readerReceiptSchema, receipt).success && !v.safeParse(readerCorrectionSchema, receipt).success);
  assert.ok(
    v.safeParse(readerCorrectionSchema, correction).success && !v.safeParse(readerReceiptSchema, correction).success,
  );
  for (const wrong of [{ region: 4 }, { region: -1 }, { line: '' }, { line: 'x'.repeat(2001) }, { key: 7 }])
    assert.ok(!v.safeParse(readerCorrectionSchema, { ...correction, ...wrong }).success, JSON.stringify(wrong));
});
