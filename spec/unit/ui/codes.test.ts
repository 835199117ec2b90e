/**
 * Codes on the screen: cut into groups, marked, drawn; tokens and passphrases in words.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { encode } from 'uqr';
import type { Token } from '../../../overlay/ipc/index.ts';
import { bareCode, codeGroups, groupsText } from '../../../overlay/ui/people/code-groups.ts';
import { drawCode } from '../../../overlay/ui/people/code-picture.ts';
import { passphraseProblem } from '../../../overlay/ui/people/passphrase.ts';
import { standingOf, tokenText } from '../../../overlay/ui/people/token-text.ts';
import { nowMs, strangeText } from './people.ts';

const code = Array.from({ length: 12 }, (_, index) => `AB${String(index).padStart(2, '0')}XYZ`).join('-');

test('blanks and hyphens do not count, and case does not', () => {
  assert.equal(bareCode(' ab-c\n1 '), 'ABC1');
  assert.deepEqual(
    codeGroups(code.toLowerCase().replaceAll('-', '  '), []).map(({ text }) => text),
    code.split('-'),
  );
});

function groupStates(typed: string, wrong: readonly number[]): readonly string[] {
  return codeGroups(typed, wrong).map(({ state }) => state);
}

test('groups that cannot be right are marked, an unfinished one is no mistake, too many are surplus', () => {
  assert.deepEqual(groupStates('ABCDEFG-ABCDEFG-ABC', [1]), ['whole', 'wrong', 'unfinished']);
  assert.deepEqual(groupStates(`${code}-AAAAAAA`, []).slice(10), ['whole', 'whole', 'surplus']);
  assert.deepEqual(groupStates('', []), []);
});

test('nothing that is typed is lost in the groups', () => {
  fc.assert(
    fc.property(strangeText(120), (typed) => {
      const groups = codeGroups(typed, [0]);
      assert.equal(groups.map(({ text }) => text).join(''), bareCode(typed));
    }),
  );
});

test('wrong groups are named as one counts them', () => {
  assert.equal(groupsText([]), '');
  assert.equal(groupsText([2]), 'group 3');
  assert.equal(groupsText([2, 6]), 'groups 3 and 7');
  assert.equal(groupsText([0, 2, 6]), 'groups 1, 3 and 7');
});

/** Squares of a path of `M x y h w v1 h-w z` runs. */
function rasterise(path: string, size: number): boolean[][] {
  const squares = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let at = 0; at < Number(width); at += 1) {
      const row = squares[Number(y)];
      if (row !== undefined) row[Number(x) + at] = true;
    }
  }
  return squares;
}

test('the path draws exactly the squares of the QR picture', () => {
  const { size, path } = drawCode(code);
  assert.deepEqual(rasterise(path, size), encode(code, { ecc: 'M', border: 4 }).data);
});

test('a code fits version 5 with its quiet zone of four squares on each side', () => {
  const { size, path } = drawCode(code);
  assert.equal(size, 37 + 8);
  const squares = rasterise(path, size);
  for (const [y, row] of squares.entries()) {
    for (const [x, dark] of row.entries()) {
      if (x < 4 || y < 4 || x >= size - 4 || y >= size - 4) assert.equal(dark, false, `${x}, ${y}`);
    }
  }
  // The outer ring of the first finder pattern.
  assert.ok(squares[4]?.slice(4, 11).every(Boolean));
});

test('there is no picture of no code', () => {
  assert.throws(() => drawCode(''), /^RangeError: Expected a code for code but received an empty text/);
});

const token: Token = { id: 't', label: 'x', code, createdMs: nowMs, expiresMs: null, quota: 32, used: 3 };

test('a token says how many requests came and why nobody can ask any more', () => {
  assert.equal(tokenText(token, nowMs), '3 of 32 requests came');
  assert.match(tokenText({ ...token, expiresMs: nowMs + 1_000 }, nowMs), /^3 of 32 requests came; until /);
  assert.equal(standingOf({ ...token, used: 32 }, nowMs), 'used-up');
  assert.match(tokenText({ ...token, used: 32 }, nowMs), /nobody can ask with it any more$/);
  assert.equal(standingOf({ ...token, expiresMs: nowMs }, nowMs), 'expired');
  assert.match(tokenText({ ...token, expiresMs: nowMs }, nowMs), /^expired/);
});

test('a passphrase is long enough and typed twice alike', () => {
  assert.equal(passphraseProblem('four words are best', 'four words are best'), null);
  assert.equal(passphraseProblem('four words are best', null), null);
  assert.match(passphraseProblem('short', 'short') ?? '', /At least 8/);
  assert.match(passphraseProblem('four words are best', 'four words') ?? '', /not the same/);
});
