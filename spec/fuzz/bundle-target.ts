/** The parser of diagnostics bundles: whatever a file holds, it is refused with a sentence, or each of its frames is one or a sentence. */
import { gzipSync } from 'node:zlib';
import { decodeBundle, DiagnosticsRecorder, writeBundle } from '../../capture/diagnostics/index.ts';
import { framesOf, hasText, looksOf } from '../../capture/grab/bundle.ts';
import { parseProfile } from '../../capture/index.ts';
import type { Chance } from '../sim/world/chance.ts';
import { expect, utf8 } from './target.ts';
import type { FuzzTarget } from './target.ts';

const [width, height] = [20, 12];

export async function bundleTarget(chance: Chance): Promise<FuzzTarget> {
  const seeds = [await writeSmall(chance, true), await writeSmall(chance, false)];
  return {
    name: 'diagnostics bundle',
    seeds: [...seeds, ...seeds.map((seed) => new Uint8Array(gzipSync(seed)))],
    take: async (input) => {
      const packed = decodeBundle(input);
      if (!packed.ok) expect(packed.error.message.length > 20, 'a sentence for the user');
      // A changed byte breaks the sum at the end of gzip: behind one that fits, every record is looked at.
      const bundle = packed.ok ? packed : decodeBundle(gzipSync(input, { level: 1 }));
      if (!bundle.ok) return bundle.error.kind;
      if (!hasText(bundle.value)) {
        const text = JSON.stringify(bundle.value);
        expect(!/"(?:png|mask|speaker)":/.test(text), 'no picture and no name where it says that there is none');
        return 'without text';
      }
      let frames = 0;
      parseProfile(bundle.value.about.of, 'generic');
      for (let region = 0; region < bundle.value.about.regions; region += 1)
        for await (const frame of framesOf(looksOf(bundle.value, region))) {
          if (!frame.ok) expect(frame.error.length > 10, 'a sentence for a damaged frame');
          else {
            expect(
              frame.value.pixels.length === frame.value.width * frame.value.height * 4,
              'pixels of the whole frame',
            );
            frames += 1;
          }
        }
      return frames === 3 ? 'whole' : 'damaged frames';
    },
  };
}

/** A bundle of three small frames, a reading, a line and a mask. */
async function writeSmall(chance: Chance, isFull: boolean): Promise<Uint8Array> {
  const recorder = new DiagnosticsRecorder();
  const still = chance.bytes(width * height * 4);
  for (const [at, pixels] of [chance.bytes(still.length), still, still.slice()].entries())
    recorder.watch(0).looked({ tMs: at * 250, width, height, pixels }, { strips: [], pitchPx: 11, sight: null });
  const reading = { line: 'Bo: gg', speaker: 'Bo', text: 'gg', channel: 'all', confidence: 0.5, colours: [] };
  recorder.told(0, { kind: 'line', key: '1', tMs: 500, firstMs: 250, reading, picture: null });
  recorder.told(0, { kind: 'lobby', tMs: 500, reason: 'pattern', name: 'Arena' });
  recorder.told(0, { kind: 'state', tMs: 500, state: { kind: 'engine-failed', message: 'It ended.' } });
  const profile = parseProfile(
    { name: 'generic', title: 'Any', source: 'here', lines: [{ pattern: '^a', channel: 'all' }] },
    'generic',
  );
  if (!profile.ok) throw new Error(profile.error.message);
  const stats = { frames: 3, unchanged: 1, waiting: 0, reads: 1, lines: 1, revisions: 0 };
  const mask = chance.bytes(width * height).map((byte) => (byte > 127 ? 255 : 0));
  const strips = [{ topPx: 1, bottomPx: 10, state: 'settled', reading } as const];
  const sight = { tMs: 500, width, height, mask, strips, stats };
  const about = { savedAt: new Date(0), version: '1', languages: ['eng'], engine: 'none', font: null };
  let text = '';
  const subject = { ...about, profile: profile.value, regions: [{ stats, sight }] };
  for await (const line of writeBundle(subject, recorder.steps(), isFull)) text += line;
  return utf8(text);
}
