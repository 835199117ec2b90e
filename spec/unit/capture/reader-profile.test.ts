/** The reader with the real engine, on chats whose profile says more than the generic one does. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ReaderEvent, Reading } from '../../../capture/events.ts';
import type { OcrEngine } from '../../../capture/ocr/engine.ts';
import type { Profile } from '../../../capture/parse/profile-schema.ts';
import { ChatReader } from '../../../capture/reader.ts';
import { mustStart } from '../ocr/text-kit.ts';
import { mustLoad } from './profile-kit.ts';
import { frameMs, stack, Stage } from './scene-kit.ts';

let engine: OcrEngine;
let profile: Profile;
before(async () => {
  engine = await mustStart();
  profile = {
    ...(await mustLoad('generic')),
    colours: [{ channel: 'white', near: '#ffffff', within: 60, run: 'any' }],
    lines: [
      { pattern: '^(?<who>\\S{2,16}) joined the game$', channel: 'system', event: 'joins' },
      { pattern: '^To (?<who>[^:]{2,16}): (?<text>.+)$', channel: 'whisper', own: true },
      { pattern: '^(?<speaker>[^:]{2,16}): (?<text>.+)$', channel: 'all', byColour: true },
    ],
  };
});
after(() => engine.close());

/** What is told of lines that are said one after the other. */
async function read(lines: readonly string[], by: Pick<OcrEngine, 'read'>): Promise<readonly Reading[]> {
  const told: Reading[] = [];
  const emit = (event: ReaderEvent): void => {
    if (event.kind === 'line') told.push(event.reading);
  };
  const reader = new ChatReader({ profile, engine: by, emit });
  const stage = new Stage(440, 136, 'dark');
  for (let frame = 0; frame < lines.length * 4; frame += 1) {
    const rows = stack(lines.slice(0, 1 + Math.floor(frame / 4)), stage.height - 4);
    await reader.push(await stage.draw(frame * frameMs, rows));
  }
  await reader.finish();
  return told;
}

test('who joins, what the user said, and the channel that the colour tells, are told with the line', async () => {
  const told = await read(['Nyx joined the game', 'To Nyx: see you there', 'Nyx: on my way'], engine);
  assert.deepEqual(
    told.map(({ speaker, channel, own, presence }) => [speaker, channel, own, presence]),
    [
      [null, 'system', undefined, { kind: 'joins', who: 'Nyx' }],
      [null, 'whisper', true, undefined],
      ['Nyx', 'white', undefined, undefined],
    ],
  );
});

test('a doubtful line of somebody who was seen to join is chat, one of a stranger is not', async () => {
  // The engine reads all well, and doubts what was said.
  const unsure: Pick<OcrEngine, 'read'> = {
    read: async (strips) => {
      const answer = await engine.read(strips);
      if (!answer.ok) return answer;
      const doubted = answer.value.map(({ text, words }) => ({
        text,
        words,
        confidence: text.includes(':') ? 0.2 : 0.9,
      }));
      return { ok: true, value: doubted };
    },
  };
  const told = await read(['Nyx joined the game', 'Zed: anyone here?', 'Nyx: on my way'], unsure);
  assert.deepEqual(
    told.map(({ line }) => line),
    ['Nyx joined the game', 'Nyx: on my way'],
  );
});
