/** The grammar of lines with the profiles that are shipped: stamp, channel, speaker, text and lobby marks of real forms. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as fc from 'fast-check';
import { Grammar } from '../../../capture/parse/grammar.ts';
import { mustLoad } from './profile-kit.ts';

let generic: Grammar;
let practice: Grammar;
before(async () => {
  generic = new Grammar(await mustLoad('generic'));
  practice = new Grammar(await mustLoad('practice'));
});

/** What most lines are. */
const plain = { structured: true, own: false, presence: null };

type Row = readonly [line: string, channel: string, speaker: string | null, text: string];

const genericRows: readonly Row[] = [
  ['Mia_07: gg', 'all', 'Mia_07', 'gg'],
  ['Dr. Kaboom: its whitelisted, ask Dr_Kaboom', 'all', 'Dr. Kaboom', 'its whitelisted, ask Dr_Kaboom'],
  ['[KoG] Zed: kk', 'all', '[KoG] Zed', 'kk'],
  ['[KoG]Zed: kk', 'all', '[KoG]Zed', 'kk'],
  ['Zoë: déjà vu', 'all', 'Zoë', 'déjà vu'],
  ['小明: 你好', 'all', '小明', '你好'],
  ['A: ', 'all', 'A', ''],
  ['Mia_07: see https://example.org:8080/a?b=c', 'all', 'Mia_07', 'see https://example.org:8080/a?b=c'],
  ['<Mia_07> gg', 'all', 'Mia_07', 'gg'],
  ['<Mia_07>gg', 'all', 'Mia_07', 'gg'],
  ['<Mia 07> note: this has a colon', 'all', 'Mia 07', 'note: this has a colon'],
  ['[12:34] Mia_07: gg', 'all', 'Mia_07', 'gg'],
  ['[2:34:56] <Mia_07> gg', 'all', 'Mia_07', 'gg'],
  ['12:34 Mia_07: gg', 'all', 'Mia_07', 'gg'],
  ['[Team] Mia_07: push now', 'team', 'Mia_07', 'push now'],
  ['(TEAM) Mia_07: push now', 'team', 'Mia_07', 'push now'],
  ['[Team]Mia 07: push now', 'team', 'Mia 07', 'push now'],
  ['[P] Mia_07: inv me', 'party', 'Mia_07', 'inv me'],
  ['[Group] Mia_07: inv me', 'party', 'Mia_07', 'inv me'],
  ['[Guild] Mia_07: raid at 20:00', 'guild', 'Mia_07', 'raid at 20:00'],
  ['(Clan) Mia_07: raid', 'guild', 'Mia_07', 'raid'],
  ['From Mia_07: psst', 'whisper', 'Mia_07', 'psst'],
  ['[12:34] Von Mia_07: psst', 'whisper', 'Mia_07', 'psst'],
  ["*** 'Mia_07' entered and joined the game", 'system', null, "'Mia_07' entered and joined the game"],
  ['# Mia_07 joined', 'system', null, 'Mia_07 joined'],
  ['** round over', 'system', null, 'round over'],
];

const practiceRows: readonly Row[] = [
  ['Nyx: anyone up for a duel?', 'all', 'Nyx', 'anyone up for a duel?'],
  ['[Team] Nyx: hold left', 'team', 'Nyx', 'hold left'],
  ['[Guild] Nyx: hello', 'guild', 'Nyx', 'hello'],
  ['From Nyx: psst', 'whisper', 'Nyx', 'psst'],
  ['Nyx has slain a level 9 Boar', 'system', null, 'Nyx has slain a level 9 Boar'],
  ['Joined lobby Ember Keep', 'system', null, 'Joined lobby Ember Keep'],
];

test('the generic profile takes the forms of chat apart', () => {
  for (const [line, channel, speaker, text] of genericRows)
    assert.deepEqual(generic.parse(line), { ...plain, channel, speaker, text }, line);
});

test('the practice profile takes the lines of the practice lobby apart', () => {
  for (const [line, channel, speaker, text] of practiceRows)
    assert.deepEqual(practice.parse(line), { ...plain, channel, speaker, text }, line);
});

test('the practice profile tells who comes and goes', () => {
  assert.deepEqual(practice.parse('Nyx joined the party.').presence, { kind: 'joins', who: 'Nyx' });
  assert.deepEqual(practice.parse('Nyx left the party.').presence, { kind: 'leaves', who: 'Nyx' });
});

test('what has no form of chat is kept whole, without a speaker', () => {
  const lines = [
    'Flag captured by red',
    'https://example.org',
    'look at https://example.org',
    'a name of far too many letters to be one: hi',
    ': nobody',
    '<> nobody',
    '',
  ];
  for (const line of lines) {
    const other = { ...plain, speaker: null, text: line, channel: 'system', structured: false };
    assert.deepEqual(generic.parse(line), other, line);
  }
});

test('a stamp alone begins a line and stands not in its text', () => {
  const parsed = generic.parse('[23:59] Flag captured by red');
  assert.deepEqual(parsed, { ...plain, speaker: null, text: 'Flag captured by red', channel: 'system' });
});

test('a line longer than any chat is not taken apart', () => {
  const line = `Mia_07: ${'a'.repeat(1000)}`;
  assert.deepEqual(generic.parse(line), { ...plain, speaker: null, text: line, channel: 'system', structured: false });
  assert.equal(generic.lobbyOf(`Joined lobby ${'a'.repeat(1000)}`), undefined);
});

test('lobby lines name their lobby, and other lines open none', () => {
  assert.equal(generic.lobbyOf('Joined room Red Rock'), 'Red Rock');
  assert.equal(generic.lobbyOf('Entered match 42'), '42');
  assert.equal(practice.lobbyOf('Joined lobby Ember Keep'), 'Ember Keep');
  for (const line of ['Mia_07: Joined lobby Ember Keep', 'Joined the game', 'Joined lobby']) {
    assert.equal(generic.lobbyOf(line), undefined, line);
    assert.equal(practice.lobbyOf(line), undefined, line);
  }
});

test('whatever is read, the text is part of the line and the speaker stands before it', () => {
  const pieces = fc.constantFrom(
    '[Team]',
    '[12:34]',
    '<',
    '>',
    ':',
    ' ',
    '*',
    '#',
    'Mia',
    '07',
    'From',
    '\u{1f600}',
    'é',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'grapheme' })), { maxLength: 12 }), (parts) => {
      const line = parts.join('');
      const { speaker, text } = generic.parse(line);
      assert.ok(line.endsWith(text));
      if (speaker !== null) assert.ok(speaker !== '' && line.slice(0, line.length - text.length).includes(speaker));
    }),
  );
});
