/**
 * The scope of a peer as it is kept: less at once, more from the disk on, *live* by number, and what every change
 * makes of it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noScope } from '../../../../net/scope/scope.ts';
import type { Scope } from '../../../../net/scope/scope.ts';
import { PeerScope } from '../../../../net/scope/peer-scope.ts';
import { ScopeJudge } from '../../../../net/scope/scope-judge.ts';
import { FakeDisk, settle } from '../sync/fake-disk.ts';
import { peerNamed } from '../sync/link-world.ts';
import { OwnChat } from '../sync/own-chat.ts';

const ben = peerNamed('ben');

function scoped(change: Partial<Scope>): Scope {
  return { share: 'live', sinceMs: null, games: null, channels: null, ...change };
}

class Kept {
  readonly chat = new OwnChat('kept');
  readonly disk = new FakeDisk(this.chat);
  scope = new PeerScope(this.disk.state, this.chat, ben);

  constructor() {
    this.disk.isQuick = true;
  }

  async set(change: Partial<Scope>): Promise<void> {
    assert.ok((await this.scope.set(scoped(change)).kept).ok);
  }

  /** As the next start of the program finds it. */
  restart(): void {
    this.scope = new PeerScope(this.disk.state, this.chat, ben);
  }

  /** The numbers that may be sent. */
  allowed(game = 'Quake'): readonly number[] {
    const judge = new ScopeJudge(this.scope, this.chat);
    const numbers = this.chat.items(game).flatMap((item) => (judge.allows(game, item) ? [item.number] : []));
    for (const number of numbers) assert.ok(this.scope.skip(game, 1) <= number, 'skipping loses nothing');
    return numbers;
  }
}

test('nothing is shared with a peer of whom nothing was said', () => {
  const { scope } = new Kept();
  assert.deepEqual(scope.scope, noScope);
  assert.equal(scope.revision, 1);
  assert.ok(!scope.allowsGame('Quake') && !scope.isChanging);
});

test('live is what is appended after the scope was set, whatever the clocks say', async () => {
  const kept = new Kept();
  kept.chat.say('Quake', 'one');
  kept.chat.say('Quake', 'two', 'all', kept.chat.nowMs + 86_400_000);
  await kept.set({ share: 'live' });
  kept.chat.nowMs -= 3_600_000;
  kept.chat.say('Quake', 'three');
  kept.chat.say('Doom', 'new game');
  assert.deepEqual(kept.allowed(), [1, 4], 'the open session and what came after');
  assert.deepEqual(kept.allowed('Doom'), [1, 2]);
  kept.restart();
  assert.deepEqual(kept.allowed(), [1, 4]);
});

test('what stays in scope keeps its live, what comes in begins its own', async () => {
  const kept = new Kept();
  kept.chat.begin('Quake');
  await kept.set({ channels: ['all'] });
  kept.chat.say('Quake', '2');
  kept.chat.say('Quake', '3', 'team');
  await kept.set({ channels: ['all', 'team'] });
  kept.chat.say('Quake', '4', 'team');
  assert.deepEqual(kept.allowed(), [1, 2, 4]);
  await kept.set({ channels: null });
  kept.chat.say('Quake', '5', 'whisper');
  assert.deepEqual(kept.allowed(), [1, 2, 4, 5]);
  await kept.set({ channels: ['whisper', 'team'] });
  assert.deepEqual(kept.allowed(), [1, 4, 5]);
  await kept.set({ channels: null });
  assert.deepEqual(kept.allowed(), [1, 4, 5], 'what was out of scope in between begins anew');
  kept.restart();
  assert.deepEqual(kept.allowed(), [1, 4, 5]);
});

test('a game that was out of scope begins anew, also after none and after history', async () => {
  const kept = new Kept();
  await kept.set({ games: ['Doom'] });
  kept.chat.say('Quake', 'x');
  kept.chat.end('Quake');
  await kept.set({ games: null });
  kept.chat.say('Quake', 'y');
  assert.deepEqual(kept.allowed(), [4, 5]);
  await kept.set({ share: 'none' });
  kept.chat.say('Quake', 'z');
  await kept.set({});
  assert.deepEqual(kept.allowed(), [4], 'the session that is open');
  await kept.set({ share: 'history' });
  assert.deepEqual(kept.allowed(), [1, 2, 3, 4, 5, 6]);
  await kept.set({});
  assert.deepEqual(kept.allowed(), [4]);
});

test('a better reading goes where its line goes, and nowhere else', async () => {
  const kept = new Kept();
  kept.chat.say('Quake', 'old');
  await kept.set({ channels: ['all'] });
  kept.chat.say('Quake', 'new');
  kept.chat.say('Quake', 'hidden', 'team');
  kept.chat.revise('Quake', 2, 'late reading of the old line', 'all');
  kept.chat.revise('Quake', 3, 'of the new', 'all');
  kept.chat.revise('Quake', 3, 'into another channel', 'team');
  kept.chat.revise('Quake', 4, 'out of another channel', 'all');
  assert.deepEqual(kept.allowed(), [1, 3, 6]);
});

test('a better reading far behind its line is not looked for', async () => {
  const kept = new Kept();
  await kept.set({ share: 'history' });
  kept.chat.say('Quake', 'far');
  for (let count = 0; count < 4_095; count += 1) kept.chat.say('Quake', 'x');
  kept.chat.revise('Quake', 2, 'just near enough', 'all');
  kept.chat.revise('Quake', 2, 'too far', 'all');
  const judge = new ScopeJudge(kept.scope, kept.chat);
  const last = kept.chat.items('Quake').slice(-2);
  assert.deepEqual(
    last.map((item) => judge.allows('Quake', item)),
    [true, false],
  );
});

test('from the moment a scope is set nothing may be sent until it is on disk', async () => {
  const kept = new Kept();
  await kept.set({ share: 'history' });
  kept.disk.isQuick = false;
  const { version } = kept.scope;
  const less = kept.scope.set(scoped({ share: 'none' }));
  assert.ok(less.narrows && kept.scope.isChanging && kept.scope.version > version);
  kept.disk.step();
  assert.ok((await less.kept).ok);
  assert.ok(!kept.scope.isChanging && !kept.scope.allowsGame('Quake'));
  const more = kept.scope.set(scoped({ share: 'history' }));
  assert.ok(!more.narrows && kept.scope.isChanging && !kept.scope.allowsGame('Quake'));
  kept.disk.step();
  await more.kept;
  assert.ok(kept.scope.allowsGame('Quake'));
});

test('more that the disk refuses leaves all as it was; less that it refuses holds everything back', async () => {
  const kept = new Kept();
  await kept.set({ games: ['Quake'] });
  kept.disk.isQuick = false;
  const more = kept.scope.set(scoped({}));
  await settle();
  kept.disk.refuse();
  assert.ok(!(await more.kept).ok);
  assert.ok(!kept.scope.isChanging && kept.scope.allowsGame('Quake') && !kept.scope.allowsGame('Doom'));
  const less = kept.scope.set(scoped({ share: 'none' }));
  await settle();
  kept.disk.refuse();
  assert.ok(!(await less.kept).ok);
  assert.ok(kept.scope.isChanging);
  kept.disk.isQuick = true;
  await kept.set({ games: ['Doom'] });
  assert.ok(!kept.scope.isChanging && kept.scope.allowsGame('Doom') && !kept.scope.allowsGame('Quake'));
});

test('of scopes that are set in a row the last counts, and all are counted', async () => {
  const kept = new Kept();
  kept.disk.isQuick = false;
  const changes = ['history', 'none', 'live'].map((share) =>
    kept.scope.set(scoped({ share: share === 'history' ? 'history' : share === 'none' ? 'none' : 'live' })),
  );
  kept.disk.step();
  await settle();
  assert.ok(kept.scope.isChanging);
  kept.disk.step();
  kept.disk.step();
  await Promise.all(changes.map(({ kept }) => kept));
  assert.deepEqual([kept.scope.scope.share, kept.scope.revision, kept.scope.isChanging], ['live', 4, false]);
});

test('a scope beyond the bounds of its record is a mistake of the caller', () => {
  const { scope } = new Kept();
  const wrong = [
    { games: Array<string>(65).fill('x') },
    { channels: Array<string>(33).fill('x') },
    { games: [''] },
    { games: ['x'.repeat(201)] },
    { sinceMs: -1 },
    { sinceMs: 0.5 },
    { games: Array<string>(64).fill('\u0001'.repeat(200)) },
  ];
  for (const change of wrong) assert.throws(() => scope.set(scoped(change)), RangeError);
  assert.ok(!scope.isChanging);
});
