/** The socket by which the command line reaches the program that has the data folder open: bad callers, and a dead one's file. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connectControl } from '../../../overlay/engine/control/control-client.ts';
import { controlPath } from '../../../overlay/engine/control/control-path.ts';
import { serveControl } from '../../../overlay/engine/control/control-server.ts';
import type { ControlServer } from '../../../overlay/engine/control/control-server.ts';
import { PeopleService } from '../../../overlay/engine/people/people-service.ts';
import { makeEntryIds } from '../../../storage/index.ts';
import type { Log } from '../../../storage/index.ts';
import { makeClock, mustOpen, seededRandom } from '../storage/log-kit.ts';
import { MemoryDisk } from '../storage/memory-disk.ts';

let folder: string;
let path: string;
let log: Log;
let service: PeopleService;
let server: ControlServer | null;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lobbykeep-control-'));
  path = controlPath(folder, 'linux');
  const clock = makeClock();
  log = await mustOpen({ folder: '/log', files: new MemoryDisk(), clock });
  service = await PeopleService.open({
    log,
    clock: { unixMs: clock, elapsedMs: () => performance.now() },
    random: seededRandom('control'),
    newId: makeEntryIds(clock, seededRandom('ids')),
    sockets: null,
    emit: () => {},
    onProblem: () => {},
    writeFile: () => Promise.resolve({ ok: true, value: undefined }),
  });
  // As a killed program leaves it: a file where the socket is to be.
  await writeFile(path, '');
  server = await serveControl(service, path, 'linux');
});

after(async () => {
  await server?.close();
  await service.close();
  await log.close();
  await rm(folder, { recursive: true, force: true });
});

/** A connection that writes what it likes; resolves once it is open. */
async function connectRaw(): Promise<Socket> {
  const socket = createConnection(path);
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Resolves when the connection has ended, also by a reset. */
function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.on('close', () => resolve());
  });
}

async function connect(): Promise<NonNullable<Awaited<ReturnType<typeof connectControl>>>> {
  const client = await connectControl(path);
  assert.ok(client !== null);
  return client;
}

test('a dead socket of another program is taken over, and only this user may open it', async () => {
  assert.ok(server !== null);
  const { mode } = await stat(path);
  assert.equal(mode & 0o777, 0o600);
});

test('a call is answered, several at once each with its own answer', async () => {
  const client = await connect();
  assert.deepEqual(await client.call('people.set-name', { name: 'Mia' }), { ok: true });
  const [state, page] = await Promise.all([
    client.call('people.state', null),
    client.call('messages.page', { with: { kind: 'peer', peer: 'a'.repeat(64) }, before: null, limit: 5 }),
  ]);
  assert.match(JSON.stringify(state), /"name":"Mia"/);
  assert.deepEqual(page, { ok: true, value: { messages: [], more: false } });
  client.close();
});

test('a call that is none, or of another shape, is refused with a sentence; the connection stays', async () => {
  const client = await connect();
  await assert.rejects(client.call('people.burn', null), /There is no call named people\.burn/);
  await assert.rejects(client.call('constructor', null), /There is no call named constructor/);
  await assert.rejects(client.call('people.set-name', { name: 5 }), /Expected the shape of people\.set-name/);
  assert.match(JSON.stringify(await client.call('people.state', null)), /"ok":true/);
  client.close();
});

for (const [what, line] of [
  ['no JSON', '{"seq": 1,'],
  ['JSON of another shape', '[1, 2, 3]'],
  ['a call without a number', '{"name": "people.state", "input": null}'],
] as const) {
  test(`a caller that sends ${what} is hung up on, and the others are not`, async () => {
    const other = await connect();
    const socket = await connectRaw();
    const closed = closeOf(socket);
    socket.write(`${line}\n`);
    await closed;
    assert.match(JSON.stringify(await other.call('people.state', null)), /"ok":true/);
    other.close();
  });
}

test('a line without an end is not collected for ever', async () => {
  const socket = await connectRaw();
  const closed = closeOf(socket);
  const piece = 'x'.repeat(256 * 1024);
  let pieces = 0;
  // 4 MiB are let in; what is written after that goes nowhere.
  const write = (): void => {
    while (!socket.destroyed && pieces < 64) {
      pieces += 1;
      if (!socket.write(piece)) return;
    }
  };
  socket.on('drain', write);
  write();
  await closed;
  assert.ok(pieces <= 64);
  const client = await connect();
  assert.match(JSON.stringify(await client.call('people.state', null)), /"ok":true/);
  client.close();
});

test('a call under way is told when the other program ends; nobody listens afterwards', async () => {
  const client = await connect();
  const call = client.call('people.state', null);
  await server?.close();
  server = null;
  await assert.rejects(call, /ended/);
  await assert.rejects(client.call('people.state', null), /ended/);
  assert.equal(await connectControl(path), null);
});

test('the socket stands in the data folder, in the temporary folder where its name would be too long', () => {
  assert.equal(controlPath('/data', 'linux'), '/data/control.sock');
  const long = controlPath(`/${'d'.repeat(120)}`, 'linux');
  assert.ok(long.startsWith(tmpdir()) && Buffer.byteLength(long) <= 100);
  assert.notEqual(long, controlPath(`/${'e'.repeat(120)}`, 'linux'));
  assert.match(controlPath('C:\\data', 'win32'), /^\\\\\.\\pipe\\lobbykeep-[0-9a-f]{16}$/);
});
