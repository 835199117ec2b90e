/** What a profile can say of a chat beyond the forms of its lines: colours, decorations, languages, who comes and goes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chatLanguages } from '../../../capture/ocr/chat-languages.ts';
import { checkExamples } from '../../../capture/parse/examples.ts';
import { Grammar } from '../../../capture/parse/grammar.ts';
import { parseProfile } from '../../../capture/parse/profile.ts';
import type { Profile } from '../../../capture/parse/profile-schema.ts';

const least = { name: 'mine', title: 'My game', source: 'me' };
const speech = { pattern: '^(?<speaker>[^:]{1,40}): (?<text>.*)$', channel: 'all' };

function profileOf(fields: Readonly<Record<string, unknown>>): Profile {
  const parsed = parseProfile({ ...least, lines: [speech], ...fields }, 'mine');
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.error.message);
  return parsed.value;
}

function grammarOf(fields: Readonly<Record<string, unknown>>): Grammar {
  return new Grammar(profileOf(fields));
}

function refusal(fields: Readonly<Record<string, unknown>>): string {
  const parsed = parseProfile({ ...least, lines: [speech], ...fields }, 'mine');
  assert.ok(!parsed.ok);
  return parsed.error.message;
}

test('the colours of a line tell its channel where its form says so', () => {
  const colours = [
    { channel: 'team', near: '#4080ff', within: 20 },
    { channel: 'guild', hue: [100, 140] },
    { channel: 'alarm', hue: [350, 10], run: 'first' },
    { channel: 'whisper', hue: [290, 310], run: 'last' },
  ];
  const grammar = grammarOf({ colours, lines: [{ ...speech, byColour: true }] });
  const rows: readonly (readonly [colours: readonly string[], channel: string])[] = [
    [[], 'all'],
    [['#ffffff'], 'all'],
    [['#ffffff', '#4a7af0'], 'team'],
    [['#406aff'], 'all'],
    [['#30e040'], 'guild'],
    [['#ff2020', '#ffffff'], 'alarm'],
    [['#ff0018'], 'alarm'],
    [['#ffffff', '#ff2020'], 'all'],
    [['#ffffff', '#e040e0'], 'whisper'],
    [['#e040e0', '#ffffff'], 'all'],
    // A grey has no hue.
    [['#808c80'], 'all'],
  ];
  for (const [measured, channel] of rows) {
    const parsed = grammar.parse('Mia: gg', measured);
    assert.deepEqual([parsed.channel, parsed.speaker, parsed.structured], [channel, 'Mia', true], measured.join());
  }
});

test('a mark in the line counts more than a colour, and a line of no form goes by its colour', () => {
  const grammar = grammarOf({ colours: [{ channel: 'team', near: '#4080ff' }] });
  assert.equal(grammar.parse('Mia: gg', ['#4080ff']).channel, 'all');
  const other = grammar.parse('flag taken', ['#4080ff']);
  assert.deepEqual([other.channel, other.structured], ['team', false]);
  assert.equal(grammar.parse('flag taken').channel, 'system');
});

test('ranks, levels and tags are taken off a name and stay in the line, but never the whole name', () => {
  const decorations = { before: ['\\[[^\\]]{1,8}\\]', 'Lv\\.? ?\\d{1,3}'], after: ['\\(\\d{1,3}\\)', '\\*'] };
  const grammar = grammarOf({ decorations });
  const rows = [
    ['Mia: gg', 'Mia'],
    ['[KoG] Mia: gg', 'Mia'],
    ['[KoG]Lv. 30 [x] Mia (12)*: gg', 'Mia'],
    ['Mia Lv. 30: gg', 'Mia Lv. 30'],
    ['[KoG]: gg', '[KoG]'],
    ['*: gg', '*'],
    ['[a][b][c][d][e][f] Mia: gg', '[e][f] Mia'],
  ] as const;
  for (const [line, speaker] of rows) assert.equal(grammar.parse(line).speaker, speaker, line);
  assert.equal(grammar.parse('[KoG] Mia: gg').text, 'gg');
});

test('one line may be written in several languages', () => {
  const pattern = ['^(?<who>\\S{1,20}) joined the game$', '^(?<who>\\S{1,20}) hat das Spiel betreten$'];
  const lobby = [{ pattern: ['^Map: (?<lobby>.{1,40})$', '^Karte: (?<lobby>.{1,40})$'] }];
  const grammar = grammarOf({ lines: [{ pattern, channel: 'system', event: 'joins' }, speech], lobby });
  for (const line of ['Mia joined the game', 'Mia hat das Spiel betreten', 'Mia j0ined the game']) {
    assert.deepEqual(grammar.parse(line).presence, { kind: 'joins', who: 'Mia' }, line);
  }
  assert.equal(grammar.lobbyOf('Karte: Dust'), 'Dust');
});

test('who comes and goes, and what the user said, is told apart from speech', () => {
  const lines = [
    { pattern: '^(?<who>.{1,20}) left$', channel: 'system', event: 'leaves' },
    { pattern: '^To (?<who>[^:]{1,20}): (?<text>.*)$', channel: 'whisper', own: true },
    speech,
  ];
  const grammar = grammarOf({ lines, decorations: { before: ['\\[x\\]'] } });
  const left = grammar.parse('[x] Mia left');
  assert.deepEqual([left.presence, left.speaker, left.own], [{ kind: 'leaves', who: 'Mia' }, null, false]);
  const own = grammar.parse('To Mia: hi');
  assert.deepEqual([own.own, own.speaker, own.text, own.presence], [true, null, 'hi', null]);
  assert.equal(grammar.parse('Mia: To me').own, false);
});

test('a mark of the lobby is found behind a stamp', () => {
  const grammar = grammarOf({ stamp: '^\\d\\d:\\d\\d ', lobby: [{ pattern: '^Map: (?<lobby>.{1,40})$' }] });
  assert.equal(grammar.lobbyOf('12:34 Map: Dust'), 'Dust');
  assert.equal(grammar.lobbyOf('Map: Dust'), 'Dust');
});

test('a misread mark is known where else everything would be a name', () => {
  const team = { pattern: '^\\[Team\\] (?<speaker>[^:]{1,20}): (?<text>.*)$', channel: 'team' };
  const voice = { pattern: '^\\(Team\\) (?<speaker>[^:]{1,20}): (?<text>.*)$', channel: 'voice' };
  const parse = (line: string) => grammarOf({ lines: [team, voice, speech] }).parse(line);
  assert.equal(
    parse('(Team) Mia: gg').channel,
    'voice',
    'what is read as it is written is never taken for another mark',
  );
  assert.deepEqual([parse('(Team] Mia: gg').channel, parse('(Team] Mia: gg').speaker], ['team', 'Mia']);
  assert.deepEqual([parse('Theo: gg').channel, parse('Theo: gg').speaker], ['all', 'Theo']);
  const unordered = grammarOf({ lines: [speech, team] }).parse('(Team] Mia: gg');
  assert.equal(unordered.channel, 'all', 'a form that stands before the mark keeps its place');
});

test('what holds across fields is checked, and said in a sentence', () => {
  assert.match(refusal({ colours: [{ channel: 'team' }] }), /colours\.0: Expected either near or hue\.$/);
  assert.match(refusal({ colours: [{ channel: 'a', near: '#ffffff', hue: [1, 2] }] }), /Expected either near or hue/);
  assert.match(refusal({ lines: [{ ...speech, event: 'joins' }] }), /lines\.0: Expected the group \(\?<who>/);
  assert.match(
    refusal({ lines: [{ ...speech, pattern: '^(a+)+$' }] }),
    /lines\.0\.pattern: Expected a regular .* fast/,
  );
  assert.match(refusal({ lines: [{ ...speech, pattern: ['^a', '('] }] }), /lines\.0\.pattern\.1: Expected a regular/);
  assert.match(refusal({ windows: [{ title: '(a|a)*$' }] }), /windows\.0\.title: /);
  assert.match(refusal({ lines: [{ ...speech, chanel: 'x' }] }), /lines\.0\.chanel: /);
  assert.match(refusal({ languages: ['de'] }), /languages\.0: /);
});

test('examples are checked field by field, and each difference is named', () => {
  const right = { line: 'Mia: gg', speaker: 'Mia', channel: 'all', text: 'gg' };
  const wrong = {
    ...right,
    speaker: 'Mi',
    channel: 'team',
    text: 'g',
    own: true,
    joins: 'Mia',
    leaves: 'Mia',
    lobby: 'x',
  };
  const [good, bad] = checkExamples(profileOf({ examples: [right, wrong] }));
  assert.deepEqual(good?.differences, []);
  assert.deepEqual(bad?.differences, [
    'Expected "Mi" for speaker but received "Mia"',
    'Expected "team" for channel but received "all"',
    'Expected "g" for text but received "gg"',
    'Expected true for own but received false',
    'Expected "Mia" for joins but received nothing',
    'Expected "Mia" for leaves but received nothing',
    'Expected "x" for lobby but received nothing',
  ]);
});

test("a chat is read in the user's languages, then in those of the game that are here, four at most", () => {
  assert.deepEqual(chatLanguages(['eng'], []), { languages: ['eng'], missing: [] });
  assert.deepEqual(chatLanguages(['eng'], ['deu', 'eng', 'xxx']), { languages: ['eng', 'deu'], missing: ['xxx'] });
  const four = chatLanguages(['eng', 'deu', 'fra'], ['spa', 'deu']);
  assert.deepEqual(four, { languages: ['eng', 'deu', 'fra', 'spa'], missing: [] });
  assert.equal(chatLanguages(['eng', 'deu', 'fra', 'spa'], ['rus']).languages.length, 4);
  // What the user chose is not judged here: the engine names what of it is missing.
  assert.deepEqual(chatLanguages(['xxx'], []).languages, ['xxx']);
});
