/** Two people's services on the loopback, over real logs: what one shows the other, and what the screen is told of it. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, before, test } from 'node:test';
import { randomBytes } from 'node:crypto';
import { PeopleService } from '../../../overlay/engine/people/people-service.ts';
import type { OverlayEvent, PeopleState, Scope } from '../../../overlay/ipc/index.ts';
import { makeEntryIds } from '../../../storage/index.ts';
import type { Entry, EntryId, LineEntry, Log } from '../../../storage/index.ts';
import { mustOpen } from '../storage/log-kit.ts';
import { MemoryDisk } from '../storage/memory-disk.ts';

const game = 'Practice Lobby';

interface Side {
  readonly log: Log;
  readonly newId: () => EntryId;
  readonly service: PeopleService;
  readonly events: OverlayEvent[];
  /** Resolves once `holds`; looked at after every event. */
  until(holds: () => boolean | Promise<boolean>): Promise<void>;
}

let ana: Side;
let bo: Side;
let session: EntryId;
let bosId: string;

function random(count: number): Uint8Array {
  return new Uint8Array(randomBytes(count));
}

async function openSide(name: string): Promise<Side> {
  const log = await mustOpen({ folder: '/log', files: new MemoryDisk(), clock: Date.now });
  const newId = makeEntryIds(Date.now, random);
  const events: OverlayEvent[] = [];
  const told = new EventEmitter();
  const service = await PeopleService.open({
    log,
    newId,
    random,
    clock: {
      unixMs: () => Date.now(),
      elapsedMs: () => performance.now(),
    },
    sockets: {
      bind: {
        address: '127.0.0.1',
        port: 0,
      },
    },
    emit: (event) => {
      events.push(event);
      told.emit('event');
    },
    onProblem: () => {},
    writeFile: () =>
      Promise.resolve({
        ok: true,
        value: undefined,
      }),
  });
  await service.answer('people.set-name', { name });
  return {
    log,
    newId,
    service,
    events,
    async until(holds) {
      for (;;) {
        const next = once(told, 'event');
        if (await holds()) return;
        await next;
      }
    },
  };
}

async function stateOf({ service }: Side): Promise<PeopleState> {
  const answer = await service.answer('people.state', null);
  assert.ok(answer.ok);
  return answer.value;
}

async function keep(...entries: readonly Entry[]): Promise<void> {
  const kept = await ana.log.append(entries);
  assert.ok(kept.ok);
  ana.service.logGrew(game);
}

function lineOf(text: string): LineEntry {
  const body = { line: `Kai: ${text}`, speaker: 'Kai', text, channel: 'all', confidence: 0.9, colours: [] };
  return { kind: 'line', id: ana.newId(), session, atMs: Date.now(), ...body, picture: null };
}

function share(share: Scope['share']) {
  return ana.service.answer('people.scope', {
    peer: bosId,
    scope: { share, sinceMs: null, games: null, channels: null },
  });
}

/** Texts of Bo's log, oldest first. */
function texts(): readonly string[] {
  const found = bo.log.search('', { limit: 100 });
  assert.ok(found.ok);
  return found.value.lines.map(({ text }) => text).reverse();
}

before(async () => {
  [ana, bo] = await Promise.all([openSide('Ana'), openSide('Bo')]);
  const { me, network } = await stateOf(ana);
  bosId = (await stateOf(bo)).me.peerId;
  const address = `127.0.0.1:${network.sessionPort ?? 0}`;
  assert.ok((await bo.service.answer('people.ask', { code: me.code, note: '', address })).ok);
  await ana.until(async () => (await stateOf(ana)).requests.length > 0);
  assert.ok((await ana.service.answer('people.accept', { peer: bosId })).ok);
  await bo.until(async () => (await stateOf(bo)).contacts.some(({ state }) => state === 'connected'));
  session = ana.newId();
  await keep({ kind: 'session', id: session, atMs: Date.now(), game, lobby: 'Frostgate', reason: 'window' });
});

after(async () => {
  for (const side of [ana, bo]) {
    await side.service.close();
    await side.log.close();
  }
});

test('new lines go to who may see them, each told once; those kept before come when more is shown', async () => {
  await keep(lineOf('first'), lineOf('second'));
  await share('live');
  await bo.until(async () => (await stateOf(bo)).contacts.some(({ scopeTheirs }) => scopeTheirs?.share === 'live'));
  await keep(lineOf('third'));
  await bo.until(() => texts().length > 0);
  assert.deepEqual(texts(), ['third']);
  const told = bo.events.filter(({ name }) => name === 'line.kept');
  assert.equal(told.length, 1);

  await share('history');
  await bo.until(() => texts().length >= 3);
  assert.deepEqual(texts(), ['first', 'second', 'third']);
  assert.equal(bo.log.sessions()[0]?.lobby, 'Frostgate');
});

test('a line that both read is told as a change of the one that stands there', async () => {
  const own = bo.newId();
  const both = lineOf('we both saw these words here');
  const entries = [
    { kind: 'session', id: own, atMs: Date.now(), game, lobby: 'Frostgate', reason: 'window' },
    { ...both, id: bo.newId(), session: own },
  ] as const;
  assert.ok((await bo.log.append(entries)).ok);
  const before = bo.events.filter(({ name }) => name === 'line.kept').length;
  await keep(both);
  await bo.until(() => bo.events.some((event) => event.name === 'line.revised' && event.line.id === entries[1].id));
  assert.equal(bo.events.filter(({ name }) => name === 'line.kept').length, before);
  const found = bo.log.search('"we both saw"');
  assert.ok(found.ok && found.value.lines.length === 1);
  assert.deepEqual(
    found.value.lines[0]?.witnesses?.map(({ peer }) => peer === null),
    [true, false],
  );
});
