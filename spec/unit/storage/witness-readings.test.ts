/** The readings of a line that several devices saw: they vote, are corrected, bettered and deleted together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Entry } from '../../../storage/index.ts';
import { chat, minute, visit } from './lobby-visit.ts';
import { find, findText, startMs } from './log-kit.ts';
import { inEachWay } from './log-ways.ts';
import { Device, seen } from './peer-kit.ts';

test('of two readings the more confident is shown, and found', async () => {
  const [me, ann] = [new Device(null), new Device('Ann')];
  const [mine, hers] = [me.session(), ann.session()];
  const entries: readonly Entry[] = [
    mine,
    hers,
    me.line(mine.id, '<Bob> hallo world', startMs, { confidence: 0.4, colours: ['#111111'] }),
    ann.line(hers.id, '<Bob> hello world', startMs + 100, { confidence: 0.9, channel: 'team', colours: ['#222222'] }),
    me.line(mine.id, '<Bob> second line', startMs + minute, { confidence: 0.8 }),
    ann.line(hers.id, '<Bob> secona line', startMs + minute + 100, { confidence: 0.7 }),
  ];
  await inEachWay(entries, (log, way) => {
    assert.deepEqual(findText(log, ''), ['<Bob> hello world', '<Bob> second line'], way);
    assert.deepEqual(findText(log, 'hello'), ['<Bob> hello world']);
    assert.deepEqual(findText(log, 'hallo'), []);
    const [line] = find(log, '');
    assert.deepEqual(
      { ...line, witnesses: 0, session: 0 },
      {
        id: entries[2]?.id,
        session: 0,
        game: 'Quake',
        lobby: 'Arena',
        atMs: startMs,
        line: '<Bob> hello world',
        speaker: 'Bob',
        text: 'hello world',
        channel: 'team',
        confidence: 0.9,
        colours: ['#222222'],
        revised: false,
        hasPicture: false,
        witnesses: 0,
      },
    );
    assert.deepEqual(findText(log, 'channel:team'), ['<Bob> hello world']);
    const items = log.feeds.read('Quake', 1, 10);
    assert.deepEqual(
      items.map(({ entry }) => entry),
      [entries[0], entries[2], entries[4]],
      'the own feed gives what this device read',
    );
  });
});

test('three readings vote letter by letter', async () => {
  const devices = [new Device(null), new Device('Ann'), new Device('Bob')];
  const readings = ['<Zoe> the fiag is at our base', '<Zoe> the flag 1s at oor base', '<Zge> thc flag is at our baze'];
  const entries = devices.map((device, at) => visit(device, [readings[at] ?? ''], startMs + at * 100).entries);
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ]) {
    await inEachWay(
      order.flatMap((at) => entries[at] ?? []),
      (log, way) => {
        const [line] = find(log, '');
        assert.equal(line?.line, '<Zoe> the flag is at our base', way);
        assert.equal(line.speaker, 'Zoe');
        assert.equal(line.text, 'the flag is at our base');
        assert.equal(line.witnesses?.length, 3);
        assert.equal(line.witnesses[0]?.peer, null);
        assert.deepEqual(findText(log, 'flag base'), [line.line]);
      },
    );
  }
});

test('a correction by the user stands against every vote, a peer user’s against the readers', async () => {
  const [me, ann, bob] = [new Device(null), new Device('Ann'), new Device('Bob')];
  const [mine, hers, his] = [
    visit(me, ['<Zoe> the flag'], startMs),
    visit(ann, ['<Zoe> the flag'], startMs + 100),
    visit(bob, ['<Zoe> the flag'], startMs + 200),
  ];
  const together = [...mine.entries, ...hers.entries, ...his.entries];
  const line = mine.lines[0]?.id ?? me.id();
  const herLine = hers.lines[0]?.id ?? me.id();
  const byAnn = ann.revision(herLine, '<Zoe> the flags', { by: 'user', confidence: 1 });
  await inEachWay([...together, byAnn], (log, way) => {
    assert.deepEqual(findText(log, ''), ['<Zoe> the flags'], way);
    assert.ok(find(log, '')[0]?.revised);
  });
  const byMe = me.revision(line, '<Zoe> THE FLAG', { by: 'user', confidence: 1 });
  const entries = [...together, byAnn, byMe, bob.revision(his.lines[0]?.id ?? line, '<Zoe> a flag', { by: 'user' })];
  await inEachWay([...entries, me.revision(line, '<Zoe> the f1ag', { confidence: 0.99 })], (log, way) => {
    assert.deepEqual(findText(log, ''), ['<Zoe> THE FLAG'], way);
  });
  const ofHers = me.revision(herLine, '<Zoe> the frag', { by: 'user' });
  await inEachWay([...hers.entries, ofHers, ...mine.entries, ...his.entries], (log, way) => {
    assert.deepEqual(findText(log, ''), ['<Zoe> the frag'], way);
  });
});

test('a better reading votes anew, and brings together what was misread', async () => {
  const [me, ann] = [new Device(null), new Device('Ann')];
  const [mine, hers] = [
    visit(me, ['<Zoe> xxxx yyyy zzz'], startMs),
    visit(ann, ['<Zoe> where is the flag'], startMs + 100),
  ];
  const line = mine.lines[0]?.id ?? me.id();
  const better = me.revision(line, '<Zoe> where is the f1ag', { confidence: 0.6 });
  const best = ann.revision(hers.lines[0]?.id ?? line, '<Zoe> where is the flag?', { confidence: 0.9 });
  await inEachWay([...mine.entries, ...hers.entries], (log) => assert.equal(find(log, '').length, 2));
  await inEachWay([...mine.entries, ...hers.entries, better], (log, way) => {
    assert.deepEqual(
      seen(log),
      [{ line: '<Zoe> where is the f1ag', by: ['me: <Zoe> where is the f1ag', 'Ann: <Zoe> where is the flag'] }],
      way,
    );
  });
  await inEachWay([...mine.entries, ...hers.entries, better, best], (log, way) => {
    assert.deepEqual(findText(log, ''), ['<Zoe> where is the flag?'], way);
    assert.deepEqual(findText(log, 'f1ag?'), ['<Zoe> where is the flag?']);
  });
});

test('a deleted line is deleted in the readings of all who saw it', async () => {
  for (const which of [0, 1]) {
    const [me, ann] = [new Device(null), new Device('Ann')];
    const [mine, hers] = [visit(me, chat.slice(0, 2), startMs), visit(ann, chat.slice(0, 2), startMs + 100)];
    const of = (which === 0 ? mine : hers).lines[0]?.id ?? me.id();
    const gone: Entry = { kind: 'tombstone', id: me.id(), of, atMs: startMs };
    const after = [me.revision(of, '<Bob> back'), ann.revision(hers.lines[0]?.id ?? of, '<Bob> back')];
    await inEachWay([...mine.entries, ...hers.entries, gone, ...after], (log, way) => {
      assert.deepEqual(findText(log, ''), [chat[1]], way);
      assert.equal(log.stats().lines, 1);
      assert.deepEqual(
        log.sessions().map(({ lines }) => lines),
        [1],
      );
      for (const { id } of [mine.lines[0], hers.lines[0]].flatMap((line) => line ?? [])) {
        assert.ok(!log.context(id, 0, 0).ok);
      }
    });
  }
});
