/** Lines that several devices saw: found to be one line, shown once, with every reading kept. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log } from '../../../storage/index.ts';
import { alternate, chat, folder, minute, second, visit } from './lobby-visit.ts';
import { find, findText, mustAppend, mustOpen, startMs } from './log-kit.ts';
import { inEachWay } from './log-ways.ts';
import { MemoryDisk } from './memory-disk.ts';
import { Device, peerId, seen } from './peer-kit.ts';

test('what two devices saw of a lobby is there once, in search, context, tail and sessions', async () => {
  const [me, ann] = [new Device(null), new Device('Ann')];
  const [mine, hers] = [visit(me, chat, startMs), visit(ann, chat, startMs + 300)];
  for (const entries of [
    [...mine.entries, ...hers.entries],
    [...hers.entries, ...mine.entries],
    alternate(mine.entries, hers.entries),
    alternate(hers.entries, mine.entries),
  ]) {
    await inEachWay(entries, (log, way) => {
      assert.deepEqual(
        seen(log),
        chat.map((line) => ({ line, by: [`me: ${line}`, `Ann: ${line}`] })),
        way,
      );
      const lines = find(log, '');
      assert.deepEqual(
        lines.map(({ id, session, origin }) => ({ id, session, origin })),
        mine.lines.map(({ id }) => ({ id, session: mine.session.id, origin: undefined })),
      );
      assert.deepEqual(lines[0]?.witnesses, [
        {
          id: mine.lines[0]?.id,
          peer: null,
          line: chat[0],
          speaker: 'Bob',
          text: 'hello everybody',
          confidence: 0.5,
          atMs: startMs,
        },
        {
          id: hers.lines[0]?.id,
          peer: peerId('Ann'),
          line: chat[0],
          speaker: 'Bob',
          text: 'hello everybody',
          confidence: 0.5,
          atMs: startMs + 300,
        },
      ]);
      assert.equal(log.stats().lines, chat.length);
      assert.deepEqual(
        log.sessions().map(({ id, origin, lines: count }) => ({ id, origin, count })),
        [{ id: mine.session.id, origin: null, count: chat.length }],
      );
      assert.equal(log.stats().sessions, 1);
      for (const line of [mine.lines[2], hers.lines[2]]) {
        const around = line === undefined ? null : log.context(line.id, 1, 1);
        assert.ok(around?.ok);
        assert.deepEqual(
          around.value.map(({ id }) => id),
          mine.lines.slice(1, 4).map(({ id }) => id),
        );
      }
      assert.deepEqual(log.tail(mine.session.id, 9), lines);
      assert.deepEqual(log.tail(hers.session.id, 9), []);
      assert.equal(findText(log, 'gg').length, 2);
    });
  }
});

test('a line that one of them missed is there in its place in the lobby, by whoever saw it', async () => {
  const [me, ann] = [new Device(null), new Device('Ann')];
  const mine = visit(me, chat.slice(0, 3), startMs);
  const late = ann.session('Quake', null, startMs + 5 * second);
  const hers = chat.slice(1).map((text, at) => ann.line(late.id, text, startMs + (at + 1) * 4 * second + 200));
  await inEachWay([...mine.entries, late, ...hers], (log, way) => {
    assert.deepEqual(
      seen(log).map(({ line, by }) => ({ line, count: by.length })),
      chat.map((line, at) => ({ line, count: at === 0 || at > 2 ? 0 : 2 })),
      way,
    );
    const lines = find(log, '');
    assert.ok(lines.every(({ session, lobby }) => session === mine.session.id && lobby === 'Arena'));
    assert.equal(lines[4]?.origin?.peer, peerId('Ann'));
    const [, , middle] = lines;
    const around = middle === undefined ? null : log.context(middle.id, 1, 2);
    assert.ok(around?.ok);
    assert.deepEqual(
      around.value.map(({ line }) => line),
      chat.slice(1),
    );
    assert.deepEqual(
      log.sessions().map(({ lines: count }) => count),
      [5],
    );
    assert.equal(findText(log, 'lobby:arena flag').length, 1);
  });
});

test('one message said again and again pairs in order and stays as many', async () => {
  const [me, ann] = [new Device(null), new Device('Ann')];
  const spam = Array.from({ length: 12 }, () => '<Bob> gg');
  for (const everyMs of [300, 1_500, 4_000]) {
    const [mine, hers] = [visit(me, spam, startMs, everyMs), visit(ann, spam, startMs + 150, everyMs)];
    for (const entries of [[...mine.entries, ...hers.entries], alternate(mine.entries, hers.entries)]) {
      await inEachWay(
        entries,
        (log) => {
          const pairs = find(log, '').map(({ witnesses = [] }) => witnesses.map(({ id }) => id));
          assert.deepEqual(
            pairs,
            mine.lines.map(({ id }, at) => [id, hers.lines[at]?.id]),
            `${everyMs} ms apart`,
          );
        },
        7,
      );
    }
  }
});

test('matches never cross: an older line is not taken once a younger one is', async () => {
  const [me, ann] = [new Device(null), new Device('Ann')];
  const mine = visit(me, ['<Bob> one two three', '<Zoe> other words', '<Bob> four five six'], startMs, second);
  const hers = visit(ann, ['<Bob> four five six', '<Bob> one two three'], startMs + 2 * second, second);
  await inEachWay([...mine.entries, ...hers.entries], (log, way) => {
    const alone = seen(log).filter(({ by }) => by.length === 0);
    assert.deepEqual(
      alone.map(({ line }) => line).sort(),
      ['<Bob> one two three', '<Bob> one two three', '<Zoe> other words'],
      way,
    );
  });
});

const pairs: readonly [what: string, mine: string, hers: string, later: number, together: boolean][] = [
  ['the same', '<Bob> hello there', '<Bob> hello there', 400, true],
  ['other case, accents and look-alikes', '<Zoë> He1lo modern 5un', '<Zoe> hello modem sun', 400, true],
  ['lost spaces', '<Bob> come to the base', '<Bob> cometo thebase', 400, true],
  ['a fifth of the letters', '<Bob> come to the base', '<Bob> cone lo the bace', 400, true],
  ['a speaker that only one could read', '<Bob> come to the base', '[Bob] come to the base', 400, true],
  ['a half of the letters', '<Bob> come to the base', '<Bob> gone or the lake', 400, false],
  ['another speaker', '<Bob> gg', '<Ann> gg', 400, false],
  ['another word', '<Bob> yes', '<Bob> no', 400, false],
  ['other letters of one', '<Bob> a', '<Bob> b', 400, false],
  ['eight seconds later', '<Bob> hello there', '<Bob> hello there', 8_000, true],
  ['twelve seconds later', '<Bob> hello there', '<Bob> hello there', 12_000, false],
];

for (const [what, one, other, later, together] of pairs) {
  test(`two readings with ${what} are ${together ? 'one line' : 'two lines'}`, async () => {
    const log = await mustOpen({ folder, files: new MemoryDisk() });
    const mine = visit(new Device(null), [one], startMs);
    const hers = visit(new Device('Ann'), [other], startMs + later);
    await mustAppend(log, [...mine.entries, ...hers.entries]);
    assert.equal(find(log, '').length, together ? 1 : 2);
  });
}

test('lines of another game, of one device twice, and of a game that nobody named stay apart', async () => {
  const [me, ann, again] = [new Device(null), new Device('Ann'), new Device('Ann', 'second generation')];
  const mine = visit(me, chat.slice(0, 1), startMs);
  const other = ann.session('Doom', 'Arena', startMs);
  const elsewhere = ann.line(other.id, chat[0] ?? '', startMs + 100);
  const nowhere = ann.line(ann.id(), chat[0] ?? '', startMs + 200);
  const log = await mustOpen({ folder, files: new MemoryDisk() });
  await mustAppend(log, [...mine.entries, other, elsewhere, nowhere]);
  assert.equal(find(log, '').length, 3);
  const [first, secondFeed] = [visit(ann, ['<Zoe> only mine'], startMs), visit(again, ['<Zoe> only mine'], startMs)];
  await mustAppend(log, [...first.entries, ...secondFeed.entries]);
  assert.equal(find(log, 'only').length, 2);
});

const long = [
  '<Bob> hello everybody',
  '<Zoe> hi',
  '<Bob> who takes the left side',
  '<Mara> I do not know',
  '<Bob> gg',
  '<Zoe> where is the flag?',
  '<Bob> gg',
  '<Mara> wait for me please',
];

test('clocks that are minutes apart are found out by the lines, also what came before that', async () => {
  for (const offsetMs of [-295_000, -70_000, 40_000, 297_000]) {
    const [me, ann] = [new Device(null), new Device('Ann')];
    const [mine, hers] = [visit(me, long, startMs), visit(ann, long, startMs + offsetMs)];
    for (const entries of [
      [...mine.entries, ...hers.entries],
      [...hers.entries, ...mine.entries],
      alternate(mine.entries, hers.entries),
    ]) {
      await inEachWay(entries, (log, way) => {
        const counts = find(log, '').map(({ witnesses = [] }) => witnesses.length);
        assert.deepEqual(
          counts,
          long.map(() => 2),
          `${offsetMs} ms, ${way}`,
        );
      });
    }
  }
});

test('clocks that are too far apart, or lines that say too little, bring nothing together', async () => {
  for (const [texts, offsetMs] of [
    [long, 320_000],
    [['<Bob> gg', '<Bob> gg', '<Bob> gg', '<Bob> gg'], 60_000],
  ] as const) {
    const [mine, hers] = [visit(new Device(null), texts, startMs), visit(new Device('Ann'), texts, startMs + offsetMs)];
    const log = await mustOpen({ folder, files: new MemoryDisk() });
    await mustAppend(log, [...mine.entries, ...hers.entries]);
    assert.equal(find(log, '').length, texts.length * 2);
  }
});

test('a clock that is set in the middle is noticed, and the lines after it find each other again', async () => {
  const [me, ann] = [new Device(null), new Device('Ann')];
  const mine = visit(
    me,
    [...long, ...long.map((line) => `${line} again`), ...long.map((line) => `${line} and again`)],
    startMs,
  );
  const session = ann.session('Quake', null, startMs);
  const hers = mine.lines.map(({ line }, at) =>
    ann.line(session.id, line, startMs + at * 4 * second + (at < 8 ? 90_000 : 200)),
  );
  await inEachWay(alternate(mine.entries, [session, ...hers]), (log, way) => {
    const apart = find(log, '').filter(({ witnesses }) => witnesses === undefined);
    assert.deepEqual(
      apart.map(({ line }) => line),
      [],
      way,
    );
  });
});

test('two peers in a lobby without this device are one, and this device joins when it comes', async () => {
  const [me, ann, bob] = [new Device(null), new Device('Ann'), new Device('Bob')];
  const [hers, his] = [visit(ann, long, startMs + 90_000), visit(bob, long, startMs - 100_000)];
  const entries = [...hers.entries, ...his.entries];
  await inEachWay(entries, (log, way) => {
    assert.deepEqual(
      find(log, '').map(({ id, witnesses = [] }) => ({ id, count: witnesses.length })),
      hers.lines.map(({ id }) => ({ id, count: 2 })),
      way,
    );
    assert.equal(log.sessions().length, 1);
    assert.equal(log.sessions()[0]?.origin, peerId('Ann'));
  });
  const mine = visit(me, long, startMs);
  await inEachWay([...entries, ...mine.entries], (log, way) => {
    assert.deepEqual(
      find(log, '').map(({ id, witnesses = [] }) => ({ id, count: witnesses.length })),
      mine.lines.map(({ id }) => ({ id, count: 3 })),
      way,
    );
    assert.deepEqual(
      log.sessions().map(({ id, origin, lines }) => ({ id, origin, lines })),
      [{ id: mine.session.id, origin: null, lines: long.length }],
    );
  });
});

test('lines whose session comes late find their witnesses then', async () => {
  const [me, ann] = [new Device(null), new Device('Ann')];
  const [mine, hers] = [visit(me, chat, startMs), visit(ann, chat, startMs + 100)];
  await inEachWay([...hers.entries, ...mine.lines, mine.session], (log, way) => {
    assert.ok(
      find(log, '').every(({ witnesses = [], id }, at) => witnesses.length === 2 && id === mine.lines[at]?.id),
      way,
    );
  });
});

/** The names of peers, as the engine knows them. */
const annOnly = (name: string): readonly string[] => (name === 'ann' ? [peerId('Ann')] : []);

test('by: finds what this device or a peer read, alone or with others', async () => {
  const [me, ann, bob] = [new Device(null), new Device('Ann'), new Device('Bob')];
  const mine = visit(me, ['<Zoe> seen by two', '<Zoe> mine alone'], startMs, minute);
  const hers = visit(ann, ['<Zoe> seen by two'], startMs + 100);
  const his = bob.session('Doom', null, startMs);
  const entries = [...mine.entries, ...hers.entries, his, bob.line(his.id, 'his alone', startMs + 2 * minute)];
  await inEachWay(entries, (log, way) => {
    const byName = (query: string) => {
      const page = log.search(query, { peersOf: annOnly });
      assert.ok(page.ok);
      return page.value.lines.map(({ line }) => line).reverse();
    };
    assert.deepEqual(findText(log, 'by:me'), ['<Zoe> seen by two', '<Zoe> mine alone'], way);
    assert.deepEqual(findText(log, `by:${peerId('Ann').slice(0, 8)}`), ['<Zoe> seen by two']);
    assert.deepEqual(findText(log, `by:${peerId('Bob')}`), ['his alone']);
    assert.deepEqual(findText(log, '-by:me'), ['his alone']);
    assert.deepEqual(findText(log, 'by:ann'), []);
    assert.deepEqual(byName('by:ANN'), ['<Zoe> seen by two']);
    assert.deepEqual(byName('-by:ann by:me'), ['<Zoe> mine alone']);
    assert.deepEqual(byName('by:nobody'), []);
    const exported = log.export('by:ann', 'jsonl', { peersOf: annOnly });
    assert.ok(exported.ok);
    assert.equal([...exported.value].length, 1);
    const refused = log.search('by:');
    assert.ok(!refused.ok && refused.error.message.includes('by:'));
  });
});

test('shared lines are searched like own ones, and counted once', async () => {
  const [me, ann] = [new Device(null), new Device('Ann')];
  const log: Log = await mustOpen({ folder, files: new MemoryDisk() });
  const texts = Array.from({ length: 120 }, (_, at) => `<Bob> message number ${at} of many`);
  await mustAppend(log, visit(ann, texts, startMs).entries);
  await mustAppend(log, visit(me, texts, startMs + 200).entries);
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = log.search('message', { limit: 7, ...(cursor === null ? {} : { cursor }) });
    assert.ok(page.ok);
    assert.equal(page.value.total, 120);
    ids.push(...page.value.lines.map(({ line }) => line));
    cursor = page.value.next;
  } while (cursor !== null);
  assert.deepEqual(ids, texts.toReversed());
});
