/** What the reader's process runs, fed as it is fed live: its diagnostics hold every region, who read, and replay to what it told. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeBundle } from '../../../capture/diagnostics/index.ts';
import { frameMs, stack, Stage } from '../capture/scene-kit.ts';
import { runCli } from '../cli/cli-world.ts';
import { parseOutput } from '../replay/replay-kit.ts';
import { readTwoRegions } from './region-kit.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lobbykeep-regions-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const said = ['Mia_07: anyone up for the old mine?', 'Zed: need 2 healers and a tank', 'Bo: who has the blue key'];

test('two regions are read, saved with text, and each is replayed to the lines that were told of it', async () => {
  const { reading, parcels, problems } = await readTwoRegions(folder);
  const stage = new Stage(440, 100, 'dark');
  let tMs = 1_790_000_000_000;
  for (const [at] of said.entries())
    for (let count = 0; count < 4; count++) {
      tMs += frameMs;
      // The second region hears the last line only.
      for (const [region, rows] of [said.slice(0, at + 1), at === 2 ? said.slice(2) : []].entries()) {
        const frame = await stage.draw(tMs, stack(rows, 96));
        reading.offer({ region, ...frame, pixels: new Uint8Array(frame.pixels) });
      }
    }
  await reading.finish();
  assert.deepEqual(problems, []);
  const path = join(folder, 'two.ndjson.gz');
  const saved = await reading.saveDiagnostics(path, true, '0.1.0');
  assert.ok(saved.ok && saved.value.spanMs === 11 * frameMs);
  const bundle = decodeBundle(await readFile(path));
  assert.ok(bundle.ok);
  const { about, records } = bundle.value;
  assert.deepEqual([about.regions, about.profile, about.app.version], [2, 'generic', '0.1.0']);
  assert.match(about.engine, /^chat-line .* tesseract\.js too$/);
  assert.equal(records.filter(({ kind }) => kind === 'figures').length, 2);
  assert.equal(records.filter(({ kind }) => kind === 'font').length, 1);
  assert.ok(records.some((record) => record.kind === 'read' && record.by === 'engine'));
  for (const region of [0, 1]) {
    const told = parcels.flatMap((parcel) =>
      parcel.region === region && parcel.event.kind === 'line' ? [parcel.event.reading.line] : [],
    );
    assert.equal(told.length, region === 0 ? 3 : 1);
    const { code, out, err } = await runCli(['replay', path, '--region', String(region + 1)]);
    assert.equal(code, 0, err);
    assert.deepEqual(
      parseOutput(out).map(({ line }) => line),
      told,
    );
  }
});
