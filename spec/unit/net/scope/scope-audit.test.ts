/** The audit: what went, once each, however often it goes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFeedId } from '../../../../net/records/ids.ts';
import { audit, stageAudit } from '../../../../net/scope/scope-audit.ts';
import { FakeDisk } from '../sync/fake-disk.ts';
import { peerNamed } from '../sync/link-world.ts';
import { OwnChat } from '../sync/own-chat.ts';

const ben = peerNamed('ben');
const feed = '0123456789abcdef0123456789abcdef';
assert.ok(isFeedId(feed));

test('lines and better readings are counted once, with their times; sessions are not', async () => {
  const chat = new OwnChat('audit');
  const disk = new FakeDisk(chat);
  disk.isQuick = true;
  for (const text of ['one', 'two', 'three']) chat.say('Quake', text);
  chat.revise('Quake', 2, 'won', 'all');
  const items = chat.items('Quake');
  const note = async (from: number, to: number, nowMs: number) => {
    const changes = stageAudit(disk.state, ben, { feed, game: 'Quake', items: items.slice(from - 1, to) }, nowMs);
    await disk.state.write(changes);
    return changes.length;
  };
  assert.equal(await note(1, 1, 5), 0, 'nothing to tell of a session');
  await note(3, 4, 10);
  await note(1, 4, 20);
  await note(1, 5, 30);
  const times = items.slice(1).map(({ atMs }) => atMs);
  const told = { game: 'Quake', lines: 4, firstMs: Math.min(...times), lastMs: Math.max(...times), sentMs: 30 };
  assert.deepEqual(audit(disk.state, ben), [told]);
  assert.deepEqual(audit(disk.crash({ state: 0, log: 0, torn: 0 }).state, ben), [told]);
  assert.deepEqual(audit(disk.state, peerNamed('eva')), []);
});
