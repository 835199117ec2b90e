/** Scopes by themselves: what each allows, and when one surely allows all that another does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { allows, isAtLeast, liveFromStart, noScope } from '../../../../net/scope/scope.ts';
import type { LiveFrom, Scope } from '../../../../net/scope/scope.ts';
import type { FeedItem } from '../../../../storage/feeds.ts';
import { OwnChat } from '../sync/own-chat.ts';

const chat = new OwnChat('scope');
chat.say('Quake', 'one');
chat.say('Quake', 'two', 'team');
const [session, line, teamLine] = chat.items('Quake');

function at(item: FeedItem | undefined, change: Partial<FeedItem>): FeedItem {
  assert.ok(item !== undefined);
  return { ...item, ...change };
}

function scoped(change: Partial<Scope>): Scope {
  return { share: 'history', sinceMs: null, games: null, channels: null, ...change };
}

const live: LiveFrom = { sessions: 10, others: 10, channels: new Map([['team', 20]]), open: 8 };

const table: readonly (readonly [string, Scope, FeedItem, boolean])[] = [
  ['nothing', noScope, at(line, {}), false],
  ['a line of history', scoped({}), at(line, {}), true],
  ['a line at the beginning of history', scoped({ sinceMs: 50 }), at(line, { atMs: 50 }), true],
  ['a line before it', scoped({ sinceMs: 50 }), at(line, { atMs: 49 }), false],
  ['a session that ended before it', scoped({ sinceMs: 50 }), at(session, { atMs: 49 }), false],
  ['a session that ended after it', scoped({ sinceMs: 50 }), at(session, { atMs: 50 }), true],
  ['a game that is named', scoped({ games: ['x', 'Quake'] }), at(line, {}), true],
  ['a game that is not', scoped({ games: ['quake'] }), at(line, {}), false],
  ['any game where none is named', scoped({ games: [] }), at(line, {}), false],
  ['a channel that is named', scoped({ channels: ['team'] }), at(teamLine, {}), true],
  ['a channel that is not', scoped({ channels: ['team'] }), at(line, {}), false],
  ['a session, which has no channel', scoped({ channels: [] }), at(session, {}), true],
  ['a deleted line', scoped({}), at(line, { entry: null, channel: null }), false],
  ['a line before live', scoped({ share: 'live' }), at(line, { number: 10 }), false],
  ['a line after it', scoped({ share: 'live' }), at(line, { number: 11 }), true],
  [
    'a line after it whose clock stood earlier',
    scoped({ share: 'live', sinceMs: 50 }),
    at(line, { number: 11, atMs: 1 }),
    true,
  ],
  ['a line of a channel whose live is later', scoped({ share: 'live' }), at(teamLine, { number: 20 }), false],
  ['a line after that', scoped({ share: 'live' }), at(teamLine, { number: 21 }), true],
  ['the session that was open', scoped({ share: 'live' }), at(session, { number: 8 }), true],
  ['one that was not', scoped({ share: 'live' }), at(session, { number: 7 }), false],
  ['a later one', scoped({ share: 'live' }), at(session, { number: 11 }), true],
];

for (const [what, scope, item, isAllowed] of table) {
  test(`${what}: ${isAllowed ? 'yes' : 'no'}`, () => assert.equal(allows(scope, item, 'Quake', live), isAllowed));
}

const arbitrary: fc.Arbitrary<Scope> = fc.record({
  share: fc.constantFrom('none', 'live', 'history'),
  sinceMs: fc.option(fc.nat(3)),
  games: fc.option(fc.subarray(['Quake', 'Doom'])),
  channels: fc.option(fc.subarray(['all', 'team'])),
});

test('a scope that is at least another allows all that the other does', () => {
  let wider = 0;
  fc.assert(
    fc.property(arbitrary, arbitrary, (wide, narrow) => {
      if (!isAtLeast(wide, narrow)) return;
      wider += 1;
      for (const game of ['Quake', 'Doom']) {
        for (const channel of [null, 'all', 'team']) {
          for (const atMs of [0, 1, 2, 3]) {
            const item = at(channel === null ? session : line, { channel, atMs, number: 5 });
            const [isNarrow, isWide] = [narrow, wide].map((scope) => allows(scope, item, game, liveFromStart));
            assert.ok(!isNarrow || isWide, JSON.stringify({ wide, narrow, game, channel, atMs }));
          }
        }
      }
    }),
    { numRuns: 3_000 },
  );
  assert.ok(wider > 300, `${wider} compared`);
});

test('a scope is at least itself, unless live and history cannot be told apart by clocks', () => {
  fc.assert(fc.property(arbitrary, (scope) => assert.ok(isAtLeast(scope, scope))));
  assert.ok(isAtLeast(scoped({}), scoped({ share: 'live' })));
  assert.ok(!isAtLeast(scoped({ sinceMs: 5 }), scoped({ share: 'live' })));
  assert.ok(!isAtLeast(scoped({ share: 'live' }), scoped({})));
});
