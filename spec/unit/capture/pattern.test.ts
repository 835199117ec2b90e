/** Patterns of profiles: their parts, which of them may run for long on some line, and how they match what was misread. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isQuick, MAX_LINE_CHARS } from '../../../capture/parse/pattern-cost.ts';
import { parsePattern } from '../../../capture/parse/pattern-syntax.ts';
import type { PatternSequence } from '../../../capture/parse/pattern-syntax.ts';
import { ignoreLostSpaces, loosen } from '../../../capture/parse/pattern-tolerance.ts';

function written(alternatives: readonly PatternSequence[]): string {
  return alternatives
    .map((sequence) =>
      sequence
        .map((part) => {
          const source = part.kind === 'group' ? `${part.open}${written(part.alternatives)})` : part.source;
          return source + part.repeat.mark;
        })
        .join(''),
    )
    .join('|');
}

const sources = [
  '',
  '^$',
  'a|b||c',
  '^(?:\\[\\d{1,2}:\\d{2}(?::\\d{2})?\\]|\\d{1,2}:\\d{2})\\s+',
  '(?<speaker>[^\\]:]{1,24}?)\\k<speaker>(?=x)(?!y)(?<=z)(?<!w)',
  '\\p{Lu}\\u{1f600}\\u0041\\x41\\cA\\b\\B\\0[\\]\\[(]+?\\.*',
  '(a)\\1{2}b{3,}?c{4}',
  '\u{1f600}+.',
];

test('the parts of a pattern are all of it, in order', () => {
  for (const source of sources) {
    assert.ok(isPattern(source), source);
    assert.equal(written(parsePattern(source)), source);
  }
});

test('a pattern made of parts at random is read back as it was written', () => {
  fc.assert(
    fc.property(anyPattern, (source) => {
      fc.pre(isPattern(source));
      assert.equal(written(parsePattern(source)), source);
    }),
  );
});

const piece = fc.constantFrom('a', 'b', '\\d', '.', '[ab]', '[^:]', '\\[', '^', '$', '\\b', 'é', ':', '\u{1f600}');
const mark = fc.constantFrom('', '', '', '*', '+', '?', '{1,3}', '{2,}', '{4}', '*?', '{1,30}');
const { pattern: anyPattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small' },
    fc.tuple(piece, mark).map((both) => both.join('')),
    fc
      .tuple(fc.constantFrom('(?:', '(', '(?<n>'), tie('pattern'), mark)
      .map(([open, inner, m]) => `${open}${inner})${m}`),
  ),
  pattern: fc
    .array(fc.oneof(tie('part'), fc.constant('|')), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join('')),
}));

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'u').source !== '';
  } catch {
    return false;
  }
}

/** Each backtracks for longer than the sun will shine, or for seconds, on some line of a thousand letters. */
const slow = [
  '^(a+)+$',
  '^(?:a|a)*$',
  '^(?:a|aa)+$',
  '^(.*)*$',
  '^(?:\\w+\\s?)*$',
  '^.*.*.*x$',
  '^(?:.{1,30} ){1,5}x',
  '.*.*',
  '(?<speaker>.+): (?<text>.+)x',
  '^(?:(?:a?){20}){20}$',
  '^(?=(?:a|b|ab)*$)c',
];

test('a pattern that may run for long is refused', () => {
  for (const source of slow) {
    assert.ok(isPattern(source), source);
    assert.ok(!isQuick(source), source);
  }
});

const quick = [
  '^(?<speaker>[^:]{1,24}): (?<text>.*)$',
  '^\\[(?<speaker>[^\\]]{1,24})\\] (?<text>.+)$',
  '^(?:Team|Party|Guild) > (?<text>.*)$',
  '(?:joined|left) the game',
  '^(.+) \\((.+)\\)$',
  '^(?:\\d\\d:){1,1000}',
  '^.{1,40}? @ .{1,40}$',
];

test('the patterns that chats need are taken', () => {
  for (const source of quick) assert.ok(isQuick(source), source);
});

test('what is taken fails within a moment on the worst lines', () => {
  const lines = ['a', 'ab', 'a:', '[a] ', ' '].map((unit) => unit.repeat(MAX_LINE_CHARS).slice(0, MAX_LINE_CHARS - 1));
  fc.assert(
    fc.property(anyPattern, (source) => {
      fc.pre(isPattern(source) && isQuick(source));
      const expression = new RegExp(source, 'u');
      const before = process.cpuUsage();
      for (const line of lines) expression.exec(`${line}\u2020`);
      const { user, system } = process.cpuUsage(before);
      assert.ok(user + system < 2_000_000, `${source} took ${user + system} µs`);
    }),
    { numRuns: 300 },
  );
});

type Loose = readonly [pattern: string, matches: readonly string[], not: readonly string[]];

const loose: readonly Loose[] = [
  [
    '^\\[Team\\] (?<speaker>[^:<>]{1,24}): (?<text>.*)$',
    ['[Team] Mia: gg', '(Team] Mia: gg', '|Team] Mia: gg', 'lTeam] Mia: gg', 'ITeam1 Mia; gg', '{Team) Mia: gg'],
    ['Mia: gg', '[Tram] Mia: gg', 'xTeam] Mia: gg', '[Team] Mia gg', '[Guild] Mia: gg'],
  ],
  [
    '^[\\[(](?:Party|P)[\\])] ?(?<speaker>[^:<>]{1,24}): ?(?<text>.*)$',
    ['|P] Mia: gg', '(P) Mia: gg', '[Party] Mia: gg'],
    ['lP] Mia: gg', 'P Mia: gg'],
  ],
  [
    '^(?<who>\\S{2,24}) joined the game\\.$',
    ['Mia joined the game.', 'Mia j0ined the game,', 'Mia jo1ned thegame.'],
    ['Mia joins the game.', 'Mia jumped the gate.'],
  ],
];

test('a mark, its brackets and fixed words are known though they were misread, and nothing else is', () => {
  for (const [source, matches, not] of loose) {
    const loosened = loosen(source);
    assert.ok(loosened !== null, source);
    const expression = new RegExp(loosened, 'u');
    for (const line of matches) assert.match(line, expression);
    for (const line of not) assert.doesNotMatch(line, expression);
  }
});

test('the space behind a closing bracket may be lost, and no other', () => {
  const rows = [
    ['^<(?<speaker>[^<>]{1,9})> (?<text>.*)$', '<Mia>gg', true],
    ['^\\[(?:Team)\\] (?<speaker>[^:]{1,9}): (?<text>.*)$', '[Team]Mia: gg', true],
    ['^(?:[\\])>] x|y)', '>x', true],
    ['^(?<speaker>[^:]{1,9}): (?<text>.*)$', 'Mia:gg', false],
    ['^a\\]? b', 'ab', false],
    ['^a\\] {2}b', 'a]b', false],
  ] as const;
  for (const [source, line, fits] of rows) {
    assert.equal(new RegExp(source, 'u').test(line), false, line);
    assert.equal(new RegExp(ignoreLostSpaces(source), 'u').test(line), fits, line);
  }
  const spaced = new RegExp(ignoreLostSpaces(rows[0][0]), 'u').exec('<Mia> gg');
  assert.equal(spaced?.groups?.['text'], 'gg');
});

test('a form that fixes nothing is not loosened', () => {
  const open = [
    '^(?<speaker>[^:]{1,24}): (?<text>.*)$',
    '^<(?<speaker>[^<>]{1,32})> ?(?<text>.*)$',
    '^\\*{2,3} ?(.+)$',
  ];
  for (const source of [...open, '^To (?<who>\\S+): (?<text>.*)$', '^\\[(?<speaker>[^\\]]{1,9})\\] (?<text>.*)$']) {
    assert.equal(loosen(source), null, source);
  }
});

test('what a pattern matches, it matches loosened as well, with the same groups', () => {
  for (const [source, [line = '']] of loose) {
    const exact = new RegExp(source, 'u').exec(line)?.groups;
    if (exact !== undefined) assert.deepEqual(new RegExp(loosen(source) ?? '', 'u').exec(line)?.groups, exact);
  }
});
