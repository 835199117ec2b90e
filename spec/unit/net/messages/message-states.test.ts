/** States of sent messages: only forward, only of messages that went to this peer, and only what the log has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AWAITED_MESSAGES, OutboxLine } from '../../../../net/messages/outbox-line.ts';
import { MessageStates } from '../../../../net/messages/message-states.ts';
import type { EntryId } from '../../../../storage/entry.ts';
import { makeEntryIds } from '../../../../storage/index.ts';
import { seededRandom, startMs } from '../../storage/log-kit.ts';
import { FakeDisk, settle } from '../sync/fake-disk.ts';
import { peerNamed } from '../sync/link-world.ts';
import { OwnChat } from '../sync/own-chat.ts';

const ben = peerNamed('ben');
const newId = makeEntryIds(() => startMs, seededRandom('ids'));

class Sent {
  readonly disk = new FakeDisk(new OwnChat('me'));
  readonly line = new OutboxLine(this.disk.state, ben, seededRandom('line'));
  readonly noted: EntryId[] = [];
  readonly states = new MessageStates({
    peer: ben,
    line: this.line,
    state: this.disk.state,
    log: this.disk.log,
    clock: { unixMs: () => startMs, elapsedMs: () => 0 },
    onNoted: (ids) => this.noted.push(...ids),
    onKept: () => {},
  });

  constructor() {
    this.disk.isQuick = true;
  }

  async add(): Promise<EntryId> {
    const id = newId();
    const staged = this.line.stage({ id, room: null, text: 'x', atMs: startMs });
    await this.disk.state.write(staged.changes);
    this.line.added(staged);
    return id;
  }

  logged(): readonly string[] {
    return this.disk.entries.flatMap((entry) => (entry.kind === 'message-state' ? [entry.state] : []));
  }
}

test('a message goes through its states once each, leaves the outbox when kept and the memory when shown', async () => {
  const sent = new Sent();
  const id = await sent.add();
  for (const state of ['received', 'received', 'kept', 'received', 'kept', 'shown', 'kept', 'shown'] as const) {
    sent.states.take(state, [id]);
    await settle();
    if (state === 'kept') assert.equal(sent.line.waiting, 0);
  }
  assert.deepEqual(sent.logged(), ['received', 'kept', 'shown']);
  assert.deepEqual(sent.noted, [id, id]);
  assert.equal(sent.line.stageOf(id), null);
});

test('states that come at once leave the highest in the log, and shown says kept', async () => {
  const sent = new Sent();
  const id = await sent.add();
  sent.states.take('shown', [id]);
  sent.states.take('kept', [id]);
  sent.states.take('received', [id]);
  await settle();
  assert.deepEqual(sent.logged(), ['shown']);
  assert.equal(sent.line.waiting, 0);
});

test('states of messages that did not go to this peer are ignored', async () => {
  const sent = new Sent();
  await sent.add();
  sent.states.take('kept', [newId()]);
  sent.states.take('received', [newId()]);
  await settle();
  assert.deepEqual(sent.logged(), []);
  assert.equal(sent.line.waiting, 1);
});

test('a message stays in the outbox until kept is in the log', async () => {
  const sent = new Sent();
  const id = await sent.add();
  sent.disk.isQuick = false;
  sent.states.take('kept', [id]);
  await settle();
  assert.equal(sent.disk.step('state'), false, 'the outbox is not touched before');
  sent.disk.step('log');
  await settle();
  assert.equal(sent.line.waiting, 1);
  sent.disk.step('state');
  await settle();
  assert.equal(sent.line.waiting, 0);
});

test('of kept messages only the latest thousand are awaited to be shown', async () => {
  const sent = new Sent();
  const ids: EntryId[] = [];
  for (let count = 0; count < AWAITED_MESSAGES + 20; count += 1) ids.push(await sent.add());
  sent.states.take('kept', ids);
  await settle();
  const awaited = ids.filter((id) => sent.line.stageOf(id) === 'awaited');
  assert.deepEqual(awaited, ids.slice(20));
  const again = new OutboxLine(sent.disk.state, ben, seededRandom('line'));
  assert.deepEqual(
    ids.filter((id) => again.stageOf(id) === 'awaited'),
    ids.slice(20),
  );
});
