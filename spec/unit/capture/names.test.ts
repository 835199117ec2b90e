/** Names vote: a doubtful reading is told by the name as it is known, a certain one never. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Strip } from '../../../capture/image/strip.ts';
import { Names } from '../../../capture/names.ts';
import { Grammar } from '../../../capture/parse/grammar.ts';
import { Row } from '../../../capture/row.ts';
import { mustLoad } from './profile-kit.ts';
import type { NamedLine } from '../../../capture/names.ts';

/** A line `name: text` of which each other reading of the name is less likely by so much. */
function lineOf(
  owner: object,
  name: string,
  others: Readonly<Record<string, number>> = {},
  read = `${name}: gg`,
): NamedLine {
  const text = `${name}: gg`;
  const logLikelihood = (asked: string): number => {
    if (asked === text) return -1;
    for (const [other, worth] of Object.entries(others)) if (asked === `${other}: gg`) return -1 + worth;
    return -40;
  };
  return { owner, text, name, at: 0, evidence: { read, logLikelihood } };
}

function told(names: Names, line: NamedLine): string | null {
  names.take(line);
  return names.textOf(line.owner);
}

test('a doubtful reading is told by a name that was read before', () => {
  const names = new Names();
  for (let at = 0; at < 4; at++) told(names, lineOf({}, 'HogBoss', { MogBoss: -6 }));
  assert.equal(told(names, lineOf({}, 'MogBoss', { HogBoss: -1.5 })), 'HogBoss: gg');
});

test('a name that is read for certain is somebody else, however alike', () => {
  const names = new Names();
  for (let at = 0; at < 20; at++) told(names, lineOf({}, 'botmaster01', { botmaster02: -9 }));
  assert.equal(told(names, lineOf({}, 'botmaster02', { botmaster01: -9 })), 'botmaster02: gg');
  assert.equal(
    told(names, lineOf({}, 'botmaster03', { botmaster01: -0.2 })),
    'botmaster03: gg',
    'numbers tell people apart',
  );
  assert.equal(told(names, lineOf({}, 'Bob')), 'Bob: gg');
  assert.equal(told(names, lineOf({}, 'Rob', { Bob: -8 })), 'Rob: gg');
});

test('what all lines together speak for wins over what was read first, in lines told before as well', () => {
  const names = new Names();
  const first = lineOf({}, 'xX_slayer', { xX_Slayer: -0.4 });
  assert.equal(told(names, first), 'xX_slayer: gg');
  for (let at = 0; at < 3; at++) told(names, lineOf({}, 'xX_Slayer', { xX_slayer: -1 }));
  assert.equal(names.textOf(first.owner), 'xX_Slayer: gg');
});

test('what pixels do not tell, the more usual spelling does: no space, and an l among digits', () => {
  const names = new Names();
  for (let at = 0; at < 9; at++) {
    const [tag, plain] = ['[CLAN] Vex', '[CLAN]Vex'];
    const line = at % 3 === 0 ? lineOf({}, plain, { [tag]: -0.1 }) : lineOf({}, tag, { [plain]: -0.5 });
    assert.equal(told(names, line), at % 3 === 0 || at > 0 ? `${plain}: gg` : `${tag}: gg`);
    const stroke = lineOf({}, 'I1I1_O0', { l1l1_O0: -0.5 });
    assert.equal(told(names, stroke), at === 0 ? 'I1I1_O0: gg' : 'l1l1_O0: gg');
  }
  for (let at = 0; at < 9; at++) {
    assert.equal(told(names, lineOf({}, 'Old Joe', { OldJoe: -6 })), 'Old Joe: gg');
    assert.equal(told(names, lineOf({}, 'xI7', { xl7: -6 })), 'xI7: gg');
  }
});

test('what another engine was preferred for counts beside what the recogniser saw', () => {
  const names = new Names();
  // The recogniser makes the same mistake in each line; of some the other engine's reading was taken.
  const owners = [{}, {}, {}, {}, {}, {}];
  for (const [at, owner] of owners.entries()) {
    if (at < 3) names.take(lineOf(owner, 'xX_slayer', { xX_Slayer: -1 }));
    else names.take(lineOf(owner, 'xX_Slayer', { xX_slayer: 1 }, 'xX_slayer: gg'));
  }
  for (const owner of owners) assert.equal(names.textOf(owner), 'xX_Slayer: gg');
});

test('another reading of a line replaces the one before', () => {
  const names = new Names();
  const owner = {};
  told(names, lineOf(owner, 'MogBoss'));
  assert.equal(told(names, lineOf(owner, 'HogBoss')), 'HogBoss: gg');
  // Nothing speaks for the first reading any more.
  assert.equal(told(names, lineOf({}, 'NogBoss', { MogBoss: -0.1, HogBoss: -3 })), 'NogBoss: gg');
});

test('a name that was told before a restart is known', () => {
  const names = new Names();
  for (let at = 0; at < 3; at++) names.know('HogBoss');
  names.know(null);
  assert.equal(told(names, lineOf({}, 'MogBoss', { HogBoss: -1.5 })), 'HogBoss: gg');
  assert.equal(told(names, lineOf({}, 'HogBoss')), 'HogBoss: gg');
});

test('as many people as come, memory is bounded and the newest are known', () => {
  const names = new Names();
  const owners = Array.from({ length: 1000 }, () => ({}));
  for (const [at, owner] of owners.entries()) told(names, lineOf(owner, `player ${at * 7919}`));
  assert.equal(names.textOf(owners[0] ?? {}), null);
  assert.equal(names.textOf(owners.at(-1) ?? {}), `player ${999 * 7919}: gg`);
});

/** A row that reads as `read`, in which each other text is less likely by so much. */
function rowOf(read: string, others: Readonly<Record<string, number>> = {}): Row {
  const row = new Row(new Strip(40, { top: 0, bottom: 10, baseline: 8 }, { left: 0, right: 40 }, 0), 0);
  const logLikelihood = (asked: string): number => (asked === read ? -1 : -1 + (others[asked] ?? -40));
  row.take({ text: read, confidence: 0.95, words: [], characters: [], evidence: { read, logLikelihood } });
  return row;
}

test('a line without a form that begins as those of somebody do, but for a misread mark, is theirs', async () => {
  const grammar = new Grammar(await mustLoad('generic'));
  const names = new Names();
  const early = rowOf('NyxT look behind you', { 'Nyx: look behind you': -1 });
  const wrapped = rowOf('Nyx t is behind you');
  for (const row of [early, wrapped]) assert.equal(names.learn(row, grammar).size, 0, 'nobody is known yet');
  assert.equal(names.learn(rowOf('Nyx: gg'), grammar).get(early.token), undefined, 'once is not enough');
  const texts = names.learn(rowOf('Nyx: where is the key'), grammar);
  assert.equal(texts.get(early.token), 'Nyx: look behind you', 'lines that were told before are corrected');
  assert.equal(texts.get(wrapped.token), undefined, 'what the pixels rule out stays as it was read');
  const late = rowOf('Nyx? lol', { 'Nyx: lol': -1 });
  assert.equal(names.learn(late, grammar).get(late.token), 'Nyx: lol');
});
