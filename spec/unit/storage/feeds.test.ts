/** Own feeds as the network reads them, and feeds of peers as the log takes them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stillOpenMs } from '../../../storage/index.ts';
import type { Entry, FeedItem, Log } from '../../../storage/index.ts';
import { find, findText, mustAppend, mustOpen, startMs, strongRandom } from './log-kit.ts';
import { inEachWay } from './log-ways.ts';
import { MemoryDisk } from './memory-disk.ts';
import { Device, feedId, peerId } from './peer-kit.ts';

const folder = '/log';
const picture = { mime: 'image/png', widthPx: 2, heightPx: 2, bytes: strongRandom(40) } as const;

function readAll(log: Log, game: string): readonly FeedItem[] {
  return log.feeds.read(game, 1, 1000);
}

const entriesOf = (items: readonly FeedItem[]) => items.map((item) => item.entry);

test('an own feed holds sessions, ends, lines and revisions of one game in order, as they were appended', async () => {
  const me = new Device(null);
  const [quake, doom] = [me.session('Quake'), me.session('Doom', null)];
  const said = me.line(quake.id, '<Bob> he1lo', startMs + 1, { colours: ['#ffcc00', '#00ff00'], picture });
  const better = me.revision(said.id, '<Bob> hello', { confidence: 0.9 });
  const mine = me.revision(said.id, 'Hello all', { by: 'user' });
  const other = me.line(doom.id, 'rip and tear', startMs + 2);
  const end = me.end(quake.id, startMs + 9);
  const entries: readonly Entry[] = [quake, doom, said, other, better, mine, end];
  await inEachWay(entries, (log, way) => {
    assert.deepEqual(
      log.feeds.lengths(),
      [
        { game: 'Quake', length: 5 },
        { game: 'Doom', length: 2 },
      ],
      way,
    );
    const items = readAll(log, 'Quake');
    assert.deepEqual(entriesOf(items), [quake, { ...said, picture: null }, better, mine, end], way);
    assert.deepEqual(
      items.map(({ number, channel, atMs }) => ({ number, channel, atMs })),
      [
        { number: 1, channel: null, atMs: startMs + 9 },
        { number: 2, channel: 'all', atMs: startMs + 1 },
        { number: 3, channel: 'all', atMs: startMs + 1 },
        { number: 4, channel: 'all', atMs: startMs + 1 },
        { number: 5, channel: null, atMs: startMs + 9 },
      ],
      way,
    );
    assert.deepEqual(entriesOf(readAll(log, 'Doom')), [doom, other]);
    assert.equal(readAll(log, 'Doom')[0]?.atMs, stillOpenMs);
    assert.deepEqual(entriesOf(log.feeds.read('Quake', 2, 2)), [{ ...said, picture: null }, better]);
    assert.deepEqual(log.feeds.read('Quake', 6, 10), []);
    assert.deepEqual(log.feeds.read('Chess', 1, 10), []);
  });
});

test('a bad range of a feed is a mistake', async () => {
  const log = await mustOpen({ folder, files: new MemoryDisk() });
  assert.throws(() => log.feeds.read('Quake', 0, 1), RangeError);
  assert.throws(() => log.feeds.read('Quake', 1.5, 1), RangeError);
  assert.throws(() => log.feeds.read('Quake', 1, 0), RangeError);
});

test('a deleted line, and what was said about it, are holes in the feed', async () => {
  const me = new Device(null);
  const session = me.session();
  const [stays, goes] = [me.line(session.id, 'stays', startMs + 1), me.line(session.id, 'goes', startMs + 2)];
  const entries: readonly Entry[] = [
    session,
    goes,
    me.revision(goes.id, 'goes too'),
    stays,
    { kind: 'tombstone', id: me.id(), of: goes.id, atMs: startMs },
    me.revision(goes.id, 'goes later'),
  ];
  await inEachWay(entries, (log, way) => {
    const items = readAll(log, 'Quake');
    assert.deepEqual(entriesOf(items), [session, null, null, stays, null], way);
    assert.deepEqual(
      items.map(({ number }) => number),
      [1, 2, 3, 4, 5],
    );
  });
});

test('what names a session that comes later is numbered when it comes', async () => {
  const me = new Device(null);
  const session = me.session();
  const early = me.line(session.id, 'early', startMs + 1);
  const better = me.revision(early.id, 'earlier');
  const late = me.line(session.id, 'late', startMs + 2);
  const end = me.end(session.id, startMs + 3);
  await inEachWay([early, better, end, session, late], (log, way) => {
    assert.deepEqual(entriesOf(readAll(log, 'Quake')), [session, early, better, end, late], way);
    assert.deepEqual(log.feeds.lengths(), [{ game: 'Quake', length: 5 }]);
  });
});

test('a revision that came before its line follows it in the feed', async () => {
  const me = new Device(null);
  const session = me.session();
  const line = me.line(session.id, 'lime', startMs + 1);
  const better = me.revision(line.id, 'line');
  await inEachWay([session, better, line], (log, way) => {
    assert.deepEqual(entriesOf(readAll(log, 'Quake')), [session, line, better], way);
  });
});

test('entries of peers are shown with their origin, and are in no own feed', async () => {
  const [me, ann] = [new Device(null), new Device('Ann')];
  const [mine, hers] = [me.session('Quake'), ann.session('Doom', 'Hangar')];
  const line = ann.line(hers.id, '<Ann> hello', startMs + 1);
  const corrected = me.revision(line.id, '<Ann> hullo', { by: 'user' });
  const entries: readonly Entry[] = [
    mine,
    hers,
    line,
    ann.revision(line.id, '<Ann> hallo'),
    corrected,
    ann.end(hers.id),
  ];
  await inEachWay(entries, (log, way) => {
    assert.deepEqual(log.feeds.lengths(), [{ game: 'Quake', length: 1 }], way);
    const [found] = find(log, 'lobby:hangar');
    assert.equal(found?.line, '<Ann> hullo');
    assert.deepEqual(found?.origin, { peer: peerId('Ann'), feed: feedId('Ann'), number: 2 });
    assert.equal('witnesses' in (found ?? {}), false);
    assert.deepEqual(
      log.sessions().map(({ game, origin, toMs }) => ({ game, origin, toMs })),
      [
        { game: 'Quake', origin: null, toMs: null },
        { game: 'Doom', origin: peerId('Ann'), toMs: startMs },
      ],
    );
    assert.deepEqual(
      log.tail(hers.id, 5).map(({ id }) => id),
      [line.id],
    );
    assert.deepEqual(log.remoteFeeds(), [{ peer: peerId('Ann'), feed: feedId('Ann'), game: 'Doom', have: 4 }]);
    assert.equal(log.have(feedId('Ann')), 4);
    assert.equal(log.have(feedId('nobody')), 0);
  });
});

test('holes count as taken, and give their game to lines whose session is not shared', async () => {
  const ann = new Device('Ann');
  const hidden = ann.id();
  const holes = ann.holes(7, 'Doom');
  const line = ann.line(hidden, 'hello', startMs + 1);
  await inEachWay([holes, line, ann.holes(2)], (log, way) => {
    assert.equal(log.have(feedId('Ann')), 10, way);
    assert.deepEqual(log.remoteFeeds(), [{ peer: peerId('Ann'), feed: feedId('Ann'), game: 'Doom', have: 10 }]);
    assert.deepEqual(findText(log, 'game:doom'), ['hello']);
    assert.equal(find(log, '')[0]?.origin?.number, 8);
  });
});

test('an end or a revision of something that a peer does not share leaves no trace', async () => {
  const ann = new Device('Ann');
  const entries = [ann.end(ann.id()), ann.revision(ann.id(), 'better'), ann.holes(1)];
  await inEachWay(entries, (log, way) => {
    assert.deepEqual(log.sessions(), [], way);
    assert.equal(log.have(feedId('Ann')), 3);
  });
});

test('a batch that comes again is not kept again, in one append or another', async () => {
  const ann = new Device('Ann');
  const session = ann.session();
  const entries: readonly Entry[] = [session, ann.line(session.id, 'one', startMs + 1), ann.holes(3)];
  const log = await mustOpen({ folder, files: new MemoryDisk() });
  const results = await Promise.all([log.append(entries), log.append(entries), log.append([...entries, ...entries])]);
  assert.ok(results.every((result) => result.ok));
  await mustAppend(log, entries);
  assert.equal((await log.verify()).records, 3);
  assert.equal(log.have(feedId('Ann')), 5);
});

test('what came as holes comes as entries later, once, and joins what is there', async () => {
  const [ann, again] = [new Device('Ann'), new Device('Ann')];
  const session = ann.session();
  const older = ann.line(session.id, 'older', startMs + 1);
  const end = ann.end(session.id, startMs + 9);
  const newer = ann.line(session.id, 'newer', startMs + 2);
  const holes = again.holes(3, 'Quake');
  await inEachWay([holes, newer, session, older, end, older, session, holes], (log, way) => {
    assert.deepEqual(findText(log, ''), ['older', 'newer'], way);
    assert.equal(log.have(feedId('Ann')), 4);
    assert.deepEqual(
      log.sessions().map(({ lobby, toMs, lines }) => [lobby, toMs, lines]),
      [['Arena', startMs + 9, 2]],
    );
  });
});

test('an entry with a known id and a new number takes the number and says nothing', async () => {
  const [me, ann] = [new Device(null), new Device('Ann')];
  const [session, hers] = [me.session(), ann.session()];
  const line = me.line(session.id, 'mine', startMs + 1);
  const copied = { ...ann.line(hers.id, 'not hers', startMs + 2), id: line.id };
  const copiedSession = { ...ann.session('Doom'), id: session.id };
  await inEachWay([session, line, hers, copied, copiedSession], (log, way) => {
    assert.deepEqual(findText(log, ''), ['mine'], way);
    assert.equal(log.have(feedId('Ann')), 3);
    assert.equal(log.sessions().length, 2);
    assert.equal(find(log, '')[0]?.origin, undefined);
  });
});

test('a peer can say nothing about what is not of its own feed', async () => {
  const [me, ann, bob] = [new Device(null), new Device('Ann'), new Device('Bob')];
  const [session, hers] = [me.session(), ann.session('Doom')];
  const [mine, annLine] = [me.line(session.id, 'mine', startMs + 1), ann.line(hers.id, 'hers', startMs + 2)];
  const entries: readonly Entry[] = [
    session,
    mine,
    hers,
    annLine,
    bob.session('Chess'),
    bob.revision(mine.id, 'stolen', { by: 'user' }),
    bob.revision(annLine.id, 'stolen', { by: 'user' }),
    bob.end(session.id),
    bob.end(hers.id),
    bob.line(session.id, 'put into a foreign session', startMs + 3),
  ];
  await inEachWay(entries, (log, way) => {
    assert.deepEqual(findText(log, '-foreign'), ['mine', 'hers'], way);
    assert.deepEqual(findText(log, 'game:quake'), ['mine']);
    assert.deepEqual(
      log.tail(session.id, 9).map(({ line }) => line),
      ['mine'],
    );
    assert.ok(log.sessions().every(({ toMs }) => toMs === null));
    assert.deepEqual(entriesOf(readAll(log, 'Quake')), [session, mine]);
  });
});

test("this device's user stands against a peer's, and a peer's user against its reader", async () => {
  const [me, ann] = [new Device(null), new Device('Ann')];
  const hers = ann.session();
  const [one, two] = [ann.line(hers.id, 'one', startMs + 1), ann.line(hers.id, 'two', startMs + 2)];
  const entries: readonly Entry[] = [
    hers,
    one,
    two,
    me.revision(one.id, 'one of me', { by: 'user' }),
    ann.revision(one.id, 'one of Ann', { by: 'user' }),
    ann.revision(two.id, 'two of Ann', { by: 'user' }),
    ann.revision(two.id, 'two of a reader'),
  ];
  await inEachWay(entries, (log, way) => {
    assert.deepEqual(findText(log, ''), ['one of me', 'two of Ann'], way);
  });
});

test('a line of a peer that the user deleted stays deleted', async () => {
  const [me, ann] = [new Device(null), new Device('Ann')];
  const hers = ann.session();
  const line = ann.line(hers.id, 'goes', startMs + 1);
  const gone: Entry = { kind: 'tombstone', id: me.id(), of: line.id, atMs: startMs };
  await inEachWay([hers, line, gone, ann.revision(line.id, 'goes on')], (log, way) => {
    assert.deepEqual(findText(log, ''), [], way);
    assert.equal(log.have(feedId('Ann')), 3);
  });
});

test("a peer's clock does not count as this device's", async () => {
  const [me, ann] = [new Device(null), new Device('Ann')];
  const [mine, hers] = [me.session(), ann.session('Doom')];
  const far = startMs + 400 * 365 * 86_400_000;
  await inEachWay([mine, me.line(mine.id, 'mine', startMs + 1), hers, ann.line(hers.id, 'far', far)], (log) => {
    const { lastMs, lastOwnMs } = log.stats();
    assert.deepEqual({ lastMs, lastOwnMs }, { lastMs: far, lastOwnMs: startMs + 1 });
  });
});
