/** Two devices on the virtual LAN, from the code to the shared log: the whole way in one calm run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scope } from '../../net/scope/scope.ts';
import type { EntryId, LineEntry, SessionEntry } from '../../storage/entry.ts';
import { Chance } from './world/chance.ts';
import { Device } from './world/device.ts';
import type { DeviceWatch } from './world/device.ts';
import { Lan } from './world/lan.ts';
import { Timeline } from './world/timeline.ts';

test('two devices ask, accept, talk and share what they read', async () => {
  const chance = new Chance('calm');
  const timeline = new Timeline();
  const lan = new Lan(timeline, chance.fork('lan'));
  const problems: string[] = [];
  const requests: string[] = [];
  const watch: DeviceWatch = {
    onKept: () => {},
    onRequest: (device, peer) => requests.push(`${device.name} ${peer}`),
    onProblem: (device, message) => problems.push(`${device.name}: ${message}`),
  };
  const [ada, bob] = ['ada', 'bob'].map((name) => new Device(name, lan, chance.fork(name), watch));
  assert.ok(ada !== undefined && bob !== undefined);
  for (const device of [ada, bob]) {
    device.machine.replug([lan.freshPlug('eth0', 0, true)]);
    void device.start();
  }
  await timeline.pass(2_000);
  assert.ok(ada.program !== null && bob.program !== null);
  const { book, node } = ada.program;
  const making = book.makeToken('for bob');
  await timeline.pass(100);
  const token = await making;
  assert.ok(token.ok);
  void bob.ask(token.value.code);
  await timeline.pass(500);
  assert.deepEqual(requests, [`ada ${bob.id}`]);
  void ada.accept(bob.id);
  const isTogether = () => node.presence(bob.id) === 'connected' && bob.program?.node.presence(ada.id) === 'connected';
  assert.ok(await timeline.passUntil(isTogether, 5_000), `together: ${JSON.stringify(node.counters())}`);
  const said = await settled(timeline, [
    node.outbox.post({ text: 'hello', room: null, receivers: [bob.id] }),
    bob.program.node.outbox.post({ text: 'hello yourself', room: null, receivers: [ada.id] }),
  ]);
  assert.deepEqual(
    said.map(({ ok }) => ok),
    [true, true],
  );
  await timeline.pass(500);
  assert.deepEqual(texts(bob), ['me: hello yourself', 'them: hello'].sort());
  assert.deepEqual(texts(ada), ['me: hello', 'them: hello yourself'].sort());
  assert.deepEqual(states(ada), ['received', 'kept']);

  const session = sessionOf(ada, 'Quake');
  await settled(timeline, [ada.keep('Quake', [session, lineOf(ada, session.id, 'gg')])]);
  const scope: Scope = { share: 'history', sinceMs: null, games: null, channels: null };
  const link = node.link(bob.id);
  assert.ok(link !== null);
  assert.deepEqual(await settled(timeline, [link.setScope(scope)]), [{ ok: true, value: undefined }]);
  await timeline.pass(1_000);
  assert.deepEqual(lines(bob), ['gg']);
  await settled(timeline, [ada.keep('Quake', [lineOf(ada, session.id, 'well played')])]);
  await timeline.pass(500);
  assert.deepEqual(lines(bob), ['gg', 'well played']);
  assert.deepEqual(problems, []);
});

async function settled<T>(timeline: Timeline, waiting: readonly Promise<T>[]): Promise<readonly T[]> {
  const all = Promise.all(waiting);
  await timeline.pass(100);
  return all;
}

function texts({ log }: Device): readonly string[] {
  const found = log.journal.flatMap((entry) =>
    entry.kind === 'message' ? [`${entry.from === null ? 'me' : 'them'}: ${entry.text}`] : [],
  );
  return found.sort();
}

function states({ log }: Device): readonly string[] {
  return log.journal.flatMap((entry) => (entry.kind === 'message-state' ? [entry.state] : []));
}

function lines({ log }: Device): readonly string[] {
  return log.journal.flatMap((entry) => (entry.kind === 'line' ? [entry.text] : []));
}

function sessionOf({ program, clock }: Device, game: string): SessionEntry {
  assert.ok(program !== null);
  return { kind: 'session', id: program.newId(), atMs: clock.unixMs(), game, lobby: 'Arena', reason: 'pattern' };
}

function lineOf({ program, clock }: Device, session: EntryId, text: string): LineEntry {
  assert.ok(program !== null);
  const body = { line: `Mia: ${text}`, speaker: 'Mia', text, channel: 'all', confidence: 0.9, colours: ['#ffffff'] };
  return { kind: 'line', id: program.newId(), session, atMs: clock.unixMs(), ...body, picture: null };
}
