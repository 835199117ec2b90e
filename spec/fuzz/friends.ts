/** Two devices of the virtual LAN after a while together: what went between them, and what the first has on its disk. */
import type { PeerId } from '../../net/peer-id.ts';
import type { Scope } from '../../net/scope/scope.ts';
import type { Endpoint } from '../../net/world.ts';
import type { EntryId } from '../../storage/entry.ts';
import type { Chance } from '../sim/world/chance.ts';
import { Device } from '../sim/world/device.ts';
import { Lan } from '../sim/world/lan.ts';
import { Timeline } from '../sim/world/timeline.ts';

const datagramsLimit = 120;
const history: Scope = { share: 'history', sinceMs: null, games: null, channels: null };

export interface Friends {
  /** Of the second, to the first or to all; the first of each type, and some more. */
  readonly datagrams: readonly Uint8Array[];
  /** What the first has in its state. */
  readonly values: ReadonlyMap<string, string>;
  /** The second, as the first knows it. */
  readonly peer: PeerId;
  readonly from: Endpoint;
}

export async function makeFriends(chance: Chance): Promise<Friends> {
  const timeline = new Timeline();
  const lan = new Lan(timeline, chance.fork('lan'));
  const datagrams: Uint8Array[] = [];
  const watch = { onKept: () => {}, onRequest: () => {}, onProblem: () => {} };
  const [ada, bob] = [
    new Device('ada', lan, chance.fork('ada'), watch),
    new Device('bob', lan, chance.fork('bob'), watch),
  ];
  lan.onSend = ({ by, bytes }) => {
    if (by === bob.machine && datagrams.length < datagramsLimit) datagrams.push(bytes.slice());
  };
  for (const device of [ada, bob]) {
    device.machine.replug([lan.freshPlug('eth0', 0, true)]);
    void device.start();
  }
  await timeline.pass(2_000);
  const [adas, bobs] = [ada.program, bob.program];
  if (adas === null || bobs === null) throw new Error('Expected two programs that run');
  const making = adas.book.makeToken('for bob');
  await timeline.pass(100);
  const token = await making;
  if (!token.ok) throw new Error(token.error.message);
  void bob.ask(token.value.code);
  await timeline.pass(500);
  void ada.accept(bob.id);
  await timeline.passUntil(() => adas.node.presence(bob.id) === 'connected', 10_000);
  for (const [device, { node, newId }, other] of [
    [ada, adas, bob],
    [bob, bobs, ada],
  ] as const) {
    void node.outbox.post({ text: 'hello', room: null, receivers: [other.id] });
    void node.rooms.make('Friends', [other.id]);
    void node.link(other.id)?.setScope(history);
    await timeline.pass(300);
    void device.keep('Quake', chat(newId, device.clock.unixMs()));
    await timeline.pass(500);
  }
  await timeline.pass(2_000);
  // The machine of the second goes, so that some is waiting.
  bob.crash();
  void adas.node.outbox.post({ text: 'are you there?', room: null, receivers: [bob.id] });
  await timeline.pass(2_000);
  const [address = ''] = bob.machine.addresses;
  return { datagrams, values: new Map(ada.state.durable), peer: bob.id, from: { address, port: 41_975 } };
}

function chat(newId: () => EntryId, atMs: number) {
  const session = newId();
  const body = { line: '<Mia> gg', speaker: 'Mia', text: 'gg', channel: 'all', confidence: 0.5, colours: [] };
  const line = { kind: 'line', id: newId(), session, atMs, ...body, picture: null } as const;
  return [{ kind: 'session', id: session, atMs, game: 'Quake', lobby: 'Arena', reason: 'pattern' } as const, line];
}
