/**
 * Alerts: which lines say a name or word of the user, in spite of reading errors, and when the bell rings.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as assertAll, property, string } from 'fast-check';
import * as v from 'valibot';
import { alertTerms, settingsSchema } from '../../../overlay/ipc/index.ts';
import type { Settings } from '../../../overlay/ipc/index.ts';
import { alertTermsOf, findAlerts } from '../../../overlay/ui/hud/alerts.ts';
import { emptyScreen, reduceScreen } from '../../../overlay/ui/screen/model.ts';
import type { ScreenAction, ScreenModel } from '../../../overlay/ui/screen/model.ts';
import { cutRuns } from '../../../overlay/ui/screen/text-runs.ts';
import { joinTerms, splitTerms } from '../../../overlay/ui/settings/alert-terms.ts';
import { logLine } from './lines.ts';

const settings = v.parse(settingsSchema, {});

function withAlerts(part: Partial<Settings['alerts']>): Settings {
  return { ...settings, alerts: { ...settings.alerts, ...part } };
}

function marked(text: string, part: Partial<Settings['alerts']>, speaker: string | null = 'Kai'): readonly string[] {
  const hits = findAlerts({ speaker, text }, alertTermsOf(withAlerts(part).alerts));
  return cutRuns(text, hits).flatMap((run) => (run.hit ? [run.text] : []));
}

const names = ['Rook', 'xX_Shadow-Knight_Xx', 'Zoë'];

test('a name is found as a whole word, in any case, with or without its ornaments', () => {
  assert.deepEqual(marked('hey ROOK, behind you', { names }), ['ROOK']);
  assert.deepEqual(marked('@rook: go', { names }), ['rook']);
  assert.deepEqual(marked('zoe come', { names }), ['zoe']);
  assert.deepEqual(marked('xX_Shadow-Knight_Xx help', { names }), ['xX_Shadow-Knight_Xx']);
  assert.deepEqual(marked('rookie mistake, crook', { names }), []);
});

test('reading errors do not hide it', () => {
  for (const read of ['R00k', 'xX_Shad0w-Kn1ght_Xx', 'xX_Shadow Knight_Xx', 'xX_Shadaw-Knight_Xx'])
    assert.deepEqual(marked(`wait for ${read} there`, { names }), [read]);
});

test('an ordinary word is not taken for another that is near', () => {
  const words = ['heal', 'tank', 'healer'];
  assert.deepEqual(marked('deal, thank you, dealer', { words }), []);
  assert.deepEqual(marked('need a heal and a tank', { words }), ['heal', 'tank']);
});

test('what the user says is no alert, though the name was misread', () => {
  assert.deepEqual(marked('Rook here', { names }, 'R0ok'), []);
  assert.deepEqual(marked('Rook here', { names }, null), ['Rook']);
});

test('a term of two words is found across the blank that reading lost or put in', () => {
  const words = ['world boss'];
  for (const read of ['world boss', 'WORLDBOSS', 'World Boss'])
    assert.deepEqual(marked(`${read} now`, { words }), [read]);
  assert.deepEqual(marked('the world is full of a boss', { words }), []);
});

test('whatever is said, the runs give the text back and every hit holds something', () => {
  assertAll(
    property(string({ unit: 'grapheme', maxLength: 80 }), string({ maxLength: 12 }), (text, word) => {
      const hits = findAlerts({ speaker: null, text }, alertTermsOf(withAlerts({ names: [word] }).alerts));
      const runs = cutRuns(text, hits);
      assert.equal(runs.map((run) => run.text).join(''), text);
      assert.ok(hits.every(({ start, end }) => start < end && end <= text.length));
    }),
  );
});

function screenWith(part: Partial<Settings['alerts']>, ...actions: readonly ScreenAction[]): ScreenModel {
  const begin: ScreenAction = { kind: 'event', event: { name: 'settings', settings: withAlerts(part) } };
  return [begin, ...actions].reduce(reduceScreen, emptyScreen);
}

type Line = ReturnType<typeof logLine>;

function kept(number: number, part: Partial<Line>): ScreenAction {
  return { kind: 'event', event: { name: 'line.kept', line: logLine(number, part) } };
}

function revised(number: number, part: Partial<Line>): ScreenAction {
  return { kind: 'event', event: { name: 'line.revised', line: logLine(number, part) } };
}

test('the bell rings once for a line, though it is read again', () => {
  const text = 'Rook, come';
  const model = screenWith({ names }, kept(1, { text }), revised(1, { text: 'Rook, come!' }));
  assert.equal(model.bell.rings, 1);
});

test('a better reading that brings the name out rings; of a line that has left the HUD it does not', () => {
  const found = screenWith({ names }, kept(1, { text: 'Rcck' }), revised(1, { text: 'Rook' }));
  assert.equal(found.bell.rings, 1);
  const late = screenWith({ names }, revised(1, { text: 'Rook' }));
  assert.equal(late.bell.rings, 0);
});

function say(number: number, speaker: string): ScreenAction {
  return kept(number, { text: 'Rook!', speaker });
}

test('the same speaker with the same word is quiet until the cooldown is over; another speaker is heard', () => {
  const part = { names, cooldownS: 15 };
  assert.equal(screenWith(part, say(1, 'Kai'), say(2, 'Kai'), say(15, 'Kai')).bell.rings, 1);
  assert.equal(screenWith(part, say(1, 'Kai'), say(16, 'Kai')).bell.rings, 2);
  assert.equal(screenWith(part, say(1, 'Kai'), say(2, 'Mia')).bell.rings, 2);
});

test('a clock that jumps back does not silence the bell', () => {
  const part = { names, cooldownS: 15 };
  const model = screenWith(part, kept(500, { text: 'Rook!' }), kept(100, { text: 'Rook!' }));
  assert.equal(model.bell.rings, 2);
});

test('a flood of alerts is remembered within bounds', () => {
  const flood = Array.from({ length: 500 }, (_, at) => kept(at, { text: 'Rook', speaker: `S${at}` }));
  const { bell } = screenWith({ names }, ...flood);
  assert.equal(bell.rings, 500);
  assert.ok(bell.last.length <= 64 && bell.told.length <= 32);
});

test('terms are typed with commas between them, each once', () => {
  const split = splitTerms(' Rook,  world   boss ,,Rook\nhealer ');
  assert.deepEqual(split, { ok: true, terms: ['Rook', 'world boss', 'healer'] });
  assert.equal(joinTerms(split.ok ? split.terms : []), 'Rook, world boss, healer');
});

test('what cannot be kept is refused with the reason, and the schema agrees', () => {
  const tooMany = Array.from({ length: alertTerms.most + 1 }, (_, at) => `word${at}`);
  const bad: readonly (readonly [string, RegExp])[] = [
    ['a', /too short/],
    ['..', /too short/],
    ['x'.repeat(alertTerms.longest + 1), /longer than 60/],
    [tooMany.join(','), /At most 40 .* these are 41/],
  ];
  for (const [typed, why] of bad) {
    const split = splitTerms(typed);
    assert.ok(!split.ok);
    assert.match(split.problem, why);
  }
  const damaged = v.parse(settingsSchema, { alerts: { names: tooMany, words: ['heal'] } });
  assert.deepEqual([damaged.alerts.names, damaged.alerts.words], [[], ['heal']]);
});
