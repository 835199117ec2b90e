/**
 * Two links over the real log and the real state: lines, better readings, a scope that widens, messages and what was
 * shown of them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scope } from '../../../../net/scope/scope.ts';
import type { PeerLink } from '../../../../net/sync/peer-link.ts';
import type { Log } from '../../../../storage/index.ts';
import { EntryMaker, findText, mustAppend, mustOpen, mustVerify, startMs } from '../../storage/log-kit.ts';
import { MemoryDisk } from '../../storage/memory-disk.ts';
import { Pipe, peerNamed, startLink } from './link-world.ts';

const all: Scope = { share: 'history', sinceMs: null, games: null, channels: null };

interface Party {
  readonly log: Log;
  readonly pipe: Pipe;
  readonly link: PeerLink;
  readonly outbox: ReturnType<typeof startLink>['outbox'];
}

function start(name: string, peer: string, log: Log, run: number): Party {
  const pipe = new Pipe();
  const { feeds } = log;
  const shared = {
    lengths: () => feeds.lengths(),
    read: (game: string, from: number, limit: number) => feeds.read(game, from, limit),
    append: (entries: Parameters<Log['append']>[0]) => log.append(entries),
    have: (feed: string) => log.have(feed),
  };
  const { link, outbox } = startLink({
    name,
    peer: peerNamed(peer),
    seed: `${name} ${run}`,
    state: log.state,
    log: shared,
    clock: { unixMs: () => startMs, elapsedMs: () => 0 },
    queue: (cls, bytes) => pipe.queue(cls, bytes),
    drop: (cls) => pipe.drop(cls),
  });
  return { log, pipe, link, outbox };
}

/** Until nothing moves: the disks are memory, so a few turns of the loop write all that waits. */
async function rest(a: Party, b: Party): Promise<void> {
  for (let idle = 0; idle < 30; idle += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      for (const cls of [0, 1, 2] as const) while (from.pipe.deliver(cls, from.link, to.link)) idle = 0;
    }
  }
}

test('what one log shares, the other has, also after the scope has widened and a restart', async () => {
  const [diskA, diskB] = [new MemoryDisk(), new MemoryDisk()];
  const logA = await mustOpen({ folder: '/a', files: diskA });
  const logB = await mustOpen({ folder: '/b', files: diskB });
  const a = start('a', 'b', logA, 0);
  let b = start('b', 'a', logB, 0);
  const maker = new EntryMaker();
  const session = maker.session('Quake', 'Arena');
  const early = Array.from({ length: 700 }, (_, at) => maker.line(session.id, `early ${at}`));
  await mustAppend(logA, [session, ...early]);
  await a.link.setScope({ ...all, share: 'live' });
  a.link.up('b 0', true);
  b.link.up('a 0', true);
  await rest(a, b);
  const late = maker.line(session.id, 'lte');
  await mustAppend(logA, [late, maker.revision(late.id, 'late')]);
  a.link.logGrew('Quake');
  await rest(a, b);
  assert.deepEqual(findText(logB, ''), ['late']);
  await a.link.setScope(all);
  await rest(a, b);
  assert.deepEqual(findText(logB, ''), findText(logA, ''));
  assert.equal(findText(logB, 'lobby:arena game:quake').length, 701);
  await mustVerify(logB);
  await logB.close();
  const again = await mustOpen({ folder: '/b', files: diskB });
  b = start('b', 'a', again, 1);
  a.link.up('b 1', true);
  b.link.up('a 0', true);
  const crossed = a.pipe.crossedBytes;
  await rest(a, b);
  assert.ok(a.pipe.crossedBytes - crossed < 500, 'nothing is sent twice');
  assert.equal(findText(again, '').length, 701);
  assert.deepEqual([...a.link.faults, ...b.link.faults], []);
  await Promise.all([logA.close(), again.close()]);
});

test('messages are in both logs with their states, and read as shown where they were drawn', async () => {
  const logA = await mustOpen({ folder: '/a', files: new MemoryDisk() });
  const logB = await mustOpen({ folder: '/b', files: new MemoryDisk() });
  const [a, b] = [start('a', 'b', logA, 0), start('b', 'a', logB, 0)];
  a.link.up('b 0', true);
  b.link.up('a 0', true);
  for (const text of ['one', 'two']) {
    assert.ok((await a.outbox.post({ text, room: null, receivers: [peerNamed('b')] })).ok);
  }
  await rest(a, b);
  const [conversation] = logB.conversations();
  assert.deepEqual([conversation?.peer, conversation?.count, conversation?.unshown], [peerNamed('a'), 2, 2]);
  const page = logB.messages({ peer: peerNamed('a') }, { limit: 10 });
  assert.deepEqual(
    page.map(({ text, seq }) => [text, seq]),
    [
      ['one', 1],
      ['two', 2],
    ],
  );
  await b.link.markShown(page.slice(0, 1).map(({ id }) => id));
  await rest(a, b);
  assert.equal(logB.conversations()[0]?.unshown, 1);
  const sent = logA.messages({ peer: peerNamed('b') }, { limit: 10 });
  assert.deepEqual(
    sent.map(({ text, states }) => [text, states]),
    [
      ['one', [{ peer: peerNamed('b'), state: 'shown' }]],
      ['two', [{ peer: peerNamed('b'), state: 'kept' }]],
    ],
  );
  await Promise.all([logA.close(), logB.close()]);
});
