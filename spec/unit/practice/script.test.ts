/**
 * The practice lobby's script: deterministic, lively enough to try a reader on, and true to the grammar that the
 * practice profile describes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { loadProfile } from '../../../capture/index.ts';
import { Grammar } from '../../../capture/parse/grammar.ts';
import { createChance } from '../../../overlay/practice/chance.ts';
import { channels } from '../../../overlay/practice/grammar.ts';
import type { ChatLine } from '../../../overlay/practice/grammar.ts';
import { lineLengthLimit, writeScript } from '../../../overlay/practice/script.ts';
import type { ScriptStep } from '../../../overlay/practice/script.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

function takeSteps(seed: number, count: number, lobbyEveryMs = 60_000): readonly ScriptStep[] {
  const script = writeScript(createChance(seed), { lobbyEveryMs });
  return Array.from({ length: count }, () => script.next().value);
}

function linesOf(steps: readonly ScriptStep[]): readonly ChatLine[] {
  return steps.flatMap((step) => (step.kind === 'line' ? [step.said] : []));
}

test('one seed always writes the same script, and another seed another', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      assert.deepEqual(takeSteps(seed, 80), takeSteps(seed, 80));
      assert.notDeepEqual(takeSteps(seed, 80), takeSteps((seed + 1) % 2 ** 32, 80));
    }),
    { numRuns: 50 },
  );
});

test('the practice profile takes every line apart as it was put together, and names each lobby', async () => {
  const profile = await loadProfile('practice', [fileURLToPath(new URL('../../../assets/profiles', import.meta.url))]);
  assert.ok(profile.ok);
  const grammar = new Grammar(profile.value);
  fc.assert(
    fc.property(seeds, (seed) => {
      const steps = takeSteps(seed, 200);
      const lobbies = steps.slice(0, -1).flatMap((step) => (step.kind === 'lobby' ? [step.name] : []));
      assert.deepEqual(
        linesOf(steps).flatMap(({ line }) => grammar.lobbyOf(line) ?? []),
        lobbies,
      );
      for (const said of linesOf(steps)) {
        const { channel, speaker, text } = said;
        const { presence, ...parsed } = grammar.parse(said.line);
        assert.deepEqual(parsed, { channel, speaker, text, structured: true, own: false });
        const who = /^(\S+) (?:joined|left) the party\.$/.exec(said.line)?.[1];
        assert.equal(presence?.who, who, said.line);
        assert.equal(said.runs.map((run) => run.text).join(''), said.line);
      }
    }),
    { numRuns: 50 },
  );
});

test('a line is short enough for three rows and holds no slot, no edge space and no double space', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      for (const { line } of linesOf(takeSteps(seed, 200))) {
        assert.ok(line.length <= lineLengthLimit, line);
        assert.doesNotMatch(line, /[{}]|^\s|\s$|\s\s/);
        assert.ok(
          line.split(' ').every((word) => word.length <= 40),
          line,
        );
      }
    }),
    { numRuns: 50 },
  );
});

test('a thousand lines hold every channel, repeats at once and later, bursts, links, smileys, accents, numbers and wraps', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const steps = takeSteps(seed, 1040);
      const lines = linesOf(steps);
      const texts = lines.map(({ line }) => line);
      assert.deepEqual(new Set(lines.map(({ channel }) => channel)), new Set(channels));
      assert.ok(texts.some((line, index) => line === texts[index - 1]));
      assert.ok(texts.some((line, index) => texts[index - 1] !== line && texts.indexOf(line) < index));
      const hurried = steps.map((step) => step.waitMs < 400);
      assert.ok(hurried.some((_, index) => index > 1 && hurried.slice(index - 1, index + 1).every(Boolean)));
      for (const kind of [/https?:\/\//, /:\)|:D|<3|xD/, /[À-ÿ]/, /\d{3}/]) {
        assert.ok(
          texts.some((line) => kind.test(line)),
          String(kind),
        );
      }
      assert.ok(texts.filter((line) => line.length > 60).length >= 10);
    }),
    { numRuns: 20 },
  );
});

test('lobbies follow each other at the asked interval, never the same twice in a row, and begin with their name', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 5000, max: 90_000 }), (seed, lobbyEveryMs) => {
      const steps = takeSteps(seed, 300, lobbyEveryMs);
      let spentMs = 0;
      let last: string | null = null;
      for (const [index, step] of steps.entries()) {
        if (step.kind === 'line') {
          spentMs += step.waitMs;
          continue;
        }
        assert.ok(spentMs <= lobbyEveryMs);
        assert.notEqual(step.name, last);
        const next = steps[index + 1];
        if (next !== undefined) {
          assert.ok(next.kind === 'line');
          assert.equal(next.said.line, `Joined lobby ${step.name}`);
        }
        last = step.name;
        spentMs = 0;
      }
      assert.notEqual(last, null);
    }),
    { numRuns: 50 },
  );
});

test('an interval that leaves no time for a chat is refused', () => {
  assert.throws(() => writeScript(createChance(1), { lobbyEveryMs: 4999 }).next(), RangeError);
});
