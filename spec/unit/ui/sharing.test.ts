/**
 * What one person may see of another's log: in a sentence, being changed, and who saw a line.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import type { LogLine, Witness } from '../../../storage/log.ts';
import { MAX_SCOPE_NAMES, scopeSchema } from '../../../overlay/ipc/index.ts';
import type { Scope } from '../../../overlay/ipc/index.ts';
import { standsFor, witnessesOf, witnessNames, witnessText } from '../../../overlay/ui/history/witnesses.ts';
import {
  dayFieldMs,
  finishScope,
  isSameScope,
  nothing,
  offeredNames,
  scopeProblem,
  scopeText,
  sharesWhispers,
  toggleName,
} from '../../../overlay/ui/people/scope-draft.ts';
import { isoDay } from '../../../overlay/ui/screen/clock-text.ts';
import { entryId, logLine } from './lines.ts';
import { peerId } from './people.ts';

const live: Scope = { share: 'live', sinceMs: null, games: null, channels: null };
const since = new Date(2026, 10, 24).getTime();

test('a scope is said in a sentence', () => {
  assert.equal(scopeText(nothing), 'nothing');
  assert.equal(scopeText(live), 'new lines of all games, all channels');
  assert.equal(
    scopeText({ ...live, games: ['Chess'], channels: ['team', 'party'] }),
    'new lines of Chess, team and party',
  );
  assert.equal(
    scopeText({ share: 'history', sinceMs: since, games: ['a', 'b', 'c'], channels: null }),
    'new and kept lines since Tue 24 Nov 2026 of 3 games, all channels',
  );
});

test('a name is taken out of all of them, and put in; the list stays bounded', () => {
  assert.deepEqual(toggleName(null, 'b', false, ['a', 'b', 'c']), ['a', 'c']);
  assert.deepEqual(toggleName(['a'], 'b', true, ['a', 'b']), ['a', 'b']);
  assert.deepEqual(toggleName(['a'], 'a', true, ['a']), ['a']);
  const many = Array.from({ length: MAX_SCOPE_NAMES }, (_, index) => `game ${index}`);
  assert.equal(toggleName(many, 'one more', true, []).length, MAX_SCOPE_NAMES);
  assert.equal(offeredNames(many, ['one more']).length, MAX_SCOPE_NAMES);
  assert.deepEqual(offeredNames(['a', 'b'], ['b', 'x']), ['a', 'b', 'x']);
});

test('none of a kind is refused in words, as the command would', () => {
  for (const scope of [
    { ...live, games: [] },
    { ...live, channels: [] },
  ]) {
    assert.notEqual(scopeProblem(scope), null);
    assert.equal(v.safeParse(scopeSchema, scope).success, false);
  }
  assert.equal(scopeProblem({ ...nothing, games: [] }), null);
  assert.equal(scopeProblem(live), null);
});

test('what is sent holds nothing that does not count, and fits the command', () => {
  const draft: Scope = { share: 'none', sinceMs: since, games: [], channels: ['team'] };
  assert.deepEqual(finishScope(draft), nothing);
  assert.equal(finishScope({ ...live, sinceMs: since }).sinceMs, null);
  const history: Scope = { ...live, share: 'history', sinceMs: since };
  assert.deepEqual(finishScope(history), history);
  for (const scope of [draft, { ...live, sinceMs: since }, history]) {
    assert.equal(v.safeParse(scopeSchema, finishScope(scope)).success, true);
  }
});

test('scopes that mean the same are the same', () => {
  assert.equal(isSameScope({ ...live, games: ['a', 'b'] }, { ...live, games: ['b', 'a'], sinceMs: 5 }), true);
  assert.equal(isSameScope({ ...live, games: ['a'] }, live), false);
  assert.equal(isSameScope({ ...nothing, channels: ['team'] }, nothing), true);
});

test('whispers are told of, named or among all channels', () => {
  assert.equal(sharesWhispers(live), true);
  assert.equal(sharesWhispers({ ...live, channels: ['team', 'Whisper'] }), true);
  assert.equal(sharesWhispers({ ...live, channels: ['team'] }), false);
  assert.equal(sharesWhispers(nothing), false);
});

test('a date field gives its local midnight, and nothing that is no day', () => {
  const atMs = dayFieldMs('2026-11-24');
  assert.equal(atMs, since);
  assert.equal(isoDay(atMs ?? 0), '2026-11-24');
  for (const bad of ['', '2026-02-30', '24.11.2026', 'x']) assert.equal(dayFieldMs(bad), null);
});

const mine = { id: entryId(1), peer: null, line: 'Kai: go', text: 'go', speaker: 'Kai', confidence: 0.5, atMs: 20 };
const hers = {
  id: entryId(2),
  peer: peerId(1),
  line: 'Kai: gо',
  text: 'gо',
  speaker: 'Kai',
  confidence: 0.9,
  atMs: 10,
};

/** A line with what storage adds to it. */
function witnessed(witnesses: readonly Witness[]): LogLine {
  return logLine(1, { witnesses });
}

test('a line that only this device saw names no witness', () => {
  assert.deepEqual(witnessesOf(logLine(1)), []);
  assert.deepEqual(witnessesOf(witnessed([mine])), []);
  assert.deepEqual(witnessesOf(witnessed([])), []);
});

test('the own reading comes first, then the others by time', () => {
  const late = { ...hers, peer: peerId(2), atMs: 30 };
  assert.deepEqual(
    witnessesOf(witnessed([late, hers, mine])).map(({ peer }) => peer),
    [null, peerId(1), peerId(2)],
  );
});

test('a line that one peer alone read names that peer', () => {
  const shared = logLine(3, { origin: { peer: peerId(1), feed: '0'.repeat(32), number: 7 } });
  assert.deepEqual(witnessesOf(shared), [
    { peer: peerId(1), line: shared.line, confidence: shared.confidence, atMs: shared.atMs },
  ]);
});

test('a line stands for the other readings of it, not for itself nor for others', () => {
  const line = witnessed([mine, hers]);
  assert.equal(standsFor(line, hers.id), true);
  assert.equal(standsFor(line, line.id), false);
  assert.equal(standsFor(line, entryId(9)), false);
  assert.equal(standsFor(logLine(1), hers.id), false);
});

test('a row names who saw its line in short', () => {
  const names = witnessNames(witnessesOf(witnessed([mine, hers, hers])), () => 'Ana');
  assert.deepEqual(names, ['You', 'Ana']);
  assert.deepEqual([['Ana'], ['You', 'Ana'], ['You', 'Ana', 'Bo', 'Cy']].map(witnessText), [
    'Ana',
    'You, Ana',
    'You +3',
  ]);
});
