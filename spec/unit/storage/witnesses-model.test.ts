/**
 * Whole lobbies of several witnesses, played from a seed: the log must come out the same however it came to be, break no
 * rule of groups, and bring together what belongs together.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseEntryId } from '../../../storage/index.ts';
import type { Entry, Log, LogLine } from '../../../storage/index.ts';
import { judge, mix, playLobby } from './lobby-model.ts';
import type { Arrival, Judgement, LobbyPlan, WitnessPlan } from './lobby-model.ts';
import { find, mustAppend, mustOpen, mustVerify } from './log-kit.ts';
import { MemoryDisk } from './memory-disk.ts';
import { peerId } from './peer-kit.ts';

const folder = '/log';

/** All that the log shows, as text. */
function dump(log: Log): string {
  const { journalBytes, ...stats } = log.stats();
  assert.ok(journalBytes > 0);
  const feeds = log.feeds.lengths().map(({ game, length }) => log.feeds.read(game, 1, length));
  const shown = { lines: find(log, ''), sessions: log.sessions(), stats, feeds, remote: log.remoteFeeds() };
  return JSON.stringify(shown, null, 1);
}

/** Each group has one line of a witness, its representative first, and two witnesses' lines stand in one order. */
function checkGroups(lines: readonly LogLine[]): void {
  const orders = new Map<string, { readonly mine: number; readonly others: number }[]>();
  for (const line of lines) {
    const { witnesses = [] } = line;
    if (line.witnesses === undefined) continue;
    assert.ok(witnesses.length > 1);
    assert.equal(witnesses[0]?.id, line.id);
    assert.equal(
      line.origin === undefined,
      witnesses.some(({ peer }) => peer === null),
      'an own line represents',
    );
    assert.equal(new Set(witnesses.map(({ peer }) => peer)).size, witnesses.length);
    for (const one of witnesses) {
      for (const other of witnesses) {
        if ((one.peer ?? '') >= (other.peer ?? '')) continue;
        const key = `${one.peer ?? 'me'} ${other.peer ?? 'me'}`;
        orders.set(key, [...(orders.get(key) ?? []), { mine: one.atMs, others: other.atMs }]);
      }
    }
  }
  for (const [key, order] of orders) {
    order.sort((a, b) => a.mine - b.mine || a.others - b.others);
    const crossed = order.some(({ mine, others }, at) => {
      const before = order[at - 1];
      return before !== undefined && mine > before.mine && others < before.others;
    });
    assert.ok(!crossed, `the pairs of ${key} cross`);
  }
}

const arrivals = ['in turn', 'by time', 'at random'] as const satisfies readonly Arrival[];

async function logOf(entries: readonly Entry[], together: number): Promise<Log> {
  const log = await mustOpen({ folder, files: new MemoryDisk() });
  for (let at = 0; at < entries.length; at += together) await mustAppend(log, entries.slice(at, at + together));
  return log;
}

const share = (most: number) => fc.integer({ min: 0, max: most * 100 }).map((percent) => percent / 100);
const witness = (name: string | null, farMs: number): fc.Arbitrary<WitnessPlan> =>
  fc.record({
    name: fc.constant(name),
    offsetMs: fc.integer({ min: -farMs, max: farMs }),
    missed: share(0.3),
    misread: share(0.08),
  });
const plan: fc.Arbitrary<LobbyPlan> = fc.record({
  seed: fc.nat(1_000_000),
  lines: fc.integer({ min: 1, max: 50 }),
  repeated: share(0.8),
  witnesses: fc.oneof(
    fc.tuple(witness(null, 0), witness('Ann', 140_000)),
    fc.tuple(witness('Ann', 140_000), witness('Bob', 140_000)),
    fc.tuple(witness(null, 0), witness('Ann', 140_000), witness('Bob', 140_000)),
    fc.tuple(witness(null, 0), witness('Ann', 2_000), witness('Bob', 2_000), witness('Cid', 2_000)),
  ),
});

/** Corrections, better readings and deletions strewn among the lines. */
function disturb(entries: readonly Entry[], seed: number): readonly Entry[] {
  return entries.flatMap((entry, at): readonly Entry[] => {
    if (entry.kind !== 'line' || (at * 7 + seed) % 9 > 1) return [entry];
    const id = parseEntryId(entry.id.replace(/^../, '7Z'));
    assert.ok(id !== null);
    if ((at + seed) % 4 === 0) return [entry, { kind: 'tombstone', id, of: entry.id, atMs: entry.atMs }];
    const { line, speaker, text, channel, colours, atMs } = entry;
    const body = { line: `${line}!`, speaker, text: `${text}!`, channel, colours, confidence: 0.95, picture: null };
    // By the user of this device, whoever's line it is; by a reader only where the line is an own one.
    const by = entry.origin === undefined && at % 2 === 0 ? 'reader' : 'user';
    return [entry, { kind: 'revision', id, of: entry.id, atMs, by, ...body }];
  });
}

test('a log of many witnesses is the same as appended, by its snapshot, and rebuilt', async () => {
  await fc.assert(
    fc.asyncProperty(
      plan,
      fc.constantFrom(...arrivals),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(1_000),
      async (lobbyPlan, arrival, together, cut) => {
        const entries = disturb(mix(playLobby(lobbyPlan).feeds, arrival, lobbyPlan.seed), cut);
        const files = new MemoryDisk();
        const first = await mustOpen({ folder, files });
        const middle = cut % entries.length;
        await mustAppend(first, entries.slice(0, middle));
        await first.close();
        const log = await mustOpen({ folder, files });
        for (let at = middle; at < entries.length; at += together) {
          await mustAppend(log, entries.slice(at, Math.min(at + together, entries.length)));
        }
        const expected = dump(log);
        checkGroups(find(log, ''));
        await mustVerify(log);
        assert.deepEqual(log.problems(), []);
        await log.close();
        const snapped = await mustOpen({ folder, files, mode: 'read' });
        assert.equal(dump(snapped), expected, 'by the snapshot');
        await snapped.close();
        files.drop('/log/index.lks');
        const rebuilt = await mustOpen({ folder, files, mode: 'read' });
        assert.equal(dump(rebuilt), expected, 'rebuilt');
        await mustVerify(rebuilt);
        await rebuilt.close();
      },
    ),
    { numRuns: 25, seed: 7 },
  );
});

async function judgeAll(
  lobbyPlan: Omit<LobbyPlan, 'seed'>,
  arrival: Arrival,
): Promise<Judgement & { readonly seen: number }> {
  const sum = { shown: 0, joined: 0, apart: 0, wrong: 0, seen: 0 };
  for (const seed of [1, 2]) {
    const { feeds, truth, seenCount } = playLobby({ ...lobbyPlan, seed });
    const log = await logOf(mix(feeds, arrival, seed), 64);
    const found = judge(find(log, ''), truth);
    await log.close();
    for (const figure of ['shown', 'joined', 'apart', 'wrong'] as const) sum[figure] += found[figure];
    sum.seen += seenCount;
  }
  return sum;
}

const me: WitnessPlan = { name: null, offsetMs: 0, missed: 0, misread: 0 };

for (const arrival of arrivals) {
  test(`well-read lines all find their like, ${arrival}`, async () => {
    const witnesses = [me, { ...me, name: 'Ann', offsetMs: -130_000 }, { ...me, name: 'Bob', offsetMs: 1_400 }];
    const found = await judgeAll({ lines: 150, repeated: 0.4, witnesses }, arrival);
    assert.deepEqual(
      { shown: found.shown, apart: found.apart, wrong: found.wrong },
      { shown: found.seen, apart: 0, wrong: 0 },
    );
  });

  test(`of badly read lines, with every tenth missed, nine of ten find their like, ${arrival}`, async () => {
    const bad = { missed: 0.1, misread: 0.05 };
    const witnesses = [
      { ...me, ...bad },
      { ...me, ...bad, name: 'Ann', offsetMs: 200_000 },
      { ...me, ...bad, name: 'Bob', offsetMs: -45_000 },
    ];
    const found = await judgeAll({ lines: 150, repeated: 0.3, witnesses }, arrival);
    const recall = found.joined / (found.joined + found.apart);
    assert.ok(recall > 0.9, `recall ${recall}`);
    assert.ok(found.wrong / found.joined < 0.01, `${found.wrong} of ${found.joined} wrong`);
  });
}

test('two lobbies of one game at one time are not mixed up', async () => {
  const one = playLobby({ seed: 5, lines: 120, repeated: 0, witnesses: [me] });
  const other = playLobby({ seed: 6, lines: 120, repeated: 0, witnesses: [{ ...me, name: 'Ann', offsetMs: 900 }] });
  const log = await logOf(mix([...one.feeds, ...other.feeds], 'by time', 1), 16);
  assert.equal(find(log, '').length, 240);
  assert.equal(log.sessions().length, 2);
  assert.deepEqual(log.sessions()[1]?.origin, peerId('Ann'));
  await log.close();
});
