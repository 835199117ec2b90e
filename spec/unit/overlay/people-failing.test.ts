/** Whatever happens to the network, the log stays open and lines are kept; the user is told why, and what can mend, mends. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { IDENTITY_KEY } from '../../../net/contacts/book-record.ts';
import { openDatagrams } from '../../../net/index.ts';
import { PeopleService } from '../../../overlay/engine/people/people-service.ts';
import type { PeopleServiceOptions } from '../../../overlay/engine/people/people-service.ts';
import type { PeopleState } from '../../../overlay/ipc/index.ts';
import { makeEntryIds } from '../../../storage/index.ts';
import { strongRandom } from '../storage/log-kit.ts';
import { MemoryDisk } from '../storage/memory-disk.ts';
import { game, isKept, runEngine } from './engine-kit.ts';
import type { EngineRun } from './engine-kit.ts';

const passphrase = 'correct horse battery';

interface Run {
  readonly run: EngineRun;
  readonly service: PeopleService;
  readonly problems: readonly string[];
  readonly mistakes: readonly unknown[];
  readonly states: readonly PeopleState[];
  readonly written: Map<string, string>;
  /** Resolves once `holds`, looked at whenever something was told. */
  readonly until: (holds: () => boolean) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** An engine with people beside it, as the engine's process puts them together. */
async function start(context: TestContext, disk: MemoryDisk, more: Partial<PeopleServiceOptions> = {}): Promise<Run> {
  const run = await runEngine(disk, Date.now());
  run.engine.answer('session.open', { game, atMs: run.clock.nowMs });
  const problems: string[] = [];
  const mistakes: unknown[] = [];
  const states: PeopleState[] = [];
  const written = new Map<string, string>();
  const told = new EventEmitter();
  const service = await PeopleService.open({
    log: run.log,
    newId: makeEntryIds(Date.now, strongRandom),
    random: strongRandom,
    clock: { unixMs: () => Date.now(), elapsedMs: () => performance.now() },
    sockets: null,
    retryMs: [1],
    emit: (event) => {
      if (event.name === 'people.state') states.push(event.state);
      told.emit('told');
    },
    onProblem: (problem) => {
      problems.push(problem);
      told.emit('told');
    },
    onMistake: (mistake) => mistakes.push(mistake),
    writeFile: (path, pieces) => {
      written.set(path, [...pieces].join(''));
      return Promise.resolve({ ok: true, value: undefined });
    },
    ...more,
  });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await service.close();
    await run.engine.close();
  };
  context.after(close);
  return {
    run,
    service,
    problems,
    mistakes,
    states,
    written,
    async until(holds) {
      while (!holds()) await once(told, 'told');
    },
    close,
  };
}

async function mustKeep(run: EngineRun, line: string): Promise<void> {
  run.say(line);
  await run.heard(isKept(line));
  assert.ok(run.lines().some((each) => each.line === line));
}

async function stateOf(service: PeopleService): Promise<PeopleState> {
  const answer = await service.answer('people.state', null);
  assert.ok(answer.ok, answer.ok ? '' : answer.error.message);
  return answer.value;
}

test('keys that cannot be read stop the network alone, and a backup brings it back', async (context) => {
  const disk = new MemoryDisk();
  const folder = await mkdtemp(join(tmpdir(), 'lobbykeep-people-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'backup.json');
  const before = await start(context, disk);
  const { peerId } = (await stateOf(before.service)).me;
  assert.ok((await before.service.answer('people.backup', { passphrase, path })).ok);
  await writeFile(path, before.written.get(path) ?? '');
  await before.run.log.state.write([{ key: IDENTITY_KEY, value: '{"no":"keys"}' }]);
  await before.close();

  const { run, service, problems } = await start(context, disk);
  await mustKeep(run, 'gg');
  const [sentence = ''] = problems;
  assert.match(sentence, /^The network could not be started: .+\. The log goes on\.$/);
  const answer = await service.answer('people.state', null);
  assert.ok(!answer.ok);
  assert.deepEqual(answer.error, { kind: 'off', message: sentence });
  service.logGrew('Quake');
  await mustKeep(run, 'wp');
  assert.equal(problems.length, 1, 'trying again is of no use');

  const restored = await service.answer('people.restore', { passphrase, path });
  assert.ok(restored.ok, restored.ok ? '' : restored.error.message);
  assert.equal((await stateOf(service)).me.peerId, peerId);
  await mustKeep(run, 'ns');
});

test('contacts that cannot be read are told of, one by one, and all else runs', async (context) => {
  const disk = new MemoryDisk();
  const before = await start(context, disk);
  for (const [key] of before.run.log.state.list('')) {
    if (key !== IDENTITY_KEY) await before.run.log.state.write([{ key, value: '[' }]);
  }
  await before.close();
  const { run, service, problems } = await start(context, disk);
  assert.ok(problems.length > 0);
  for (const problem of problems) assert.match(problem, /cannot be read/);
  assert.equal((await stateOf(service)).network.kind, 'off');
  await mustKeep(run, 'gg');
});

test('a port that another program has is no reason to stop: another port is taken', async (context) => {
  const other = createSocket('udp4');
  other.bind(0, '127.0.0.1');
  await once(other, 'listening');
  context.after(() => other.close());
  const { port } = other.address();
  const { run, service, problems } = await start(context, new MemoryDisk(), {
    sockets: { bind: { address: '127.0.0.1', port } },
  });
  const { network } = await stateOf(service);
  assert.equal(network.kind, 'on');
  assert.notEqual(network.sessionPort, port);
  assert.deepEqual(problems, []);
  await mustKeep(run, 'gg');
});

test('sockets that cannot be had are tried again until they can', async (context) => {
  let tries = 0;
  const refusals = 3;
  const { run, service, problems, states, until } = await start(context, new MemoryDisk(), {
    sockets: {
      bind: { address: '127.0.0.1', port: 0 },
      open: (options) => {
        tries += 1;
        const message = 'No UDP socket could be opened (EPERM).';
        if (tries <= refusals) return Promise.resolve({ ok: false, error: { kind: 'no-socket', message } });
        return openDatagrams(options);
      },
    },
  });
  const message = 'No UDP socket could be opened (EPERM). The log goes on.';
  assert.deepEqual((await stateOf(service)).network, { kind: 'failed', sessionPort: null, message });
  await mustKeep(run, 'gg');
  await until(() => states.at(-1)?.network.kind === 'on');
  assert.equal(tries, refusals + 1);
  assert.deepEqual(problems, [message], 'the same is said once');
  await mustKeep(run, 'wp');
});

test('a network that throws as it is made is said to have failed, and is made again', async (context) => {
  let [isBroken, attempts] = [true, 0];
  const { run, service, problems, mistakes, until, states } = await start(context, new MemoryDisk(), {
    random: (sizeBytes) => {
      // The id of a boot, which every node makes first.
      if (sizeBytes === 8) {
        attempts += 1;
        isBroken = attempts < 3;
        if (isBroken) throw new RangeError('Expected entropy but received none');
      }
      return strongRandom(sizeBytes);
    },
  });
  await mustKeep(run, 'gg');
  await until(() => states.length > 0);
  assert.equal((await stateOf(service)).network.kind, 'off');
  assert.deepEqual(problems, [
    'The network could not be started: Expected entropy but received none. The log goes on.',
  ]);
  assert.equal(mistakes.length, 2);
  await mustKeep(run, 'wp');
});

test('a network that throws later is taken down and started again; the same person is there', async (context) => {
  const { run, service, problems, states, until } = await start(context, new MemoryDisk(), {
    sockets: { bind: { address: '127.0.0.1', port: 0 } },
  });
  const { me } = await stateOf(service);
  await until(() => states.length > 0);
  service.broke(new Error('Expected the impossible'));
  await mustKeep(run, 'gg');
  await until(() => problems.length > 0);
  assert.deepEqual(problems, ['The network failed: Expected the impossible. The log goes on.']);
  const told = states.length;
  await until(() => states.slice(told).some(({ network }) => network.kind === 'on'));
  assert.equal((await stateOf(service)).me.peerId, me.peerId);
  await mustKeep(run, 'wp');
});

test('what comes in and makes the network throw takes the network down, and no more', async (context) => {
  let isBroken = false;
  const { run, service, problems, mistakes, until } = await start(context, new MemoryDisk(), {
    sockets: { bind: { address: '127.0.0.1', port: 0 } },
    clock: {
      elapsedMs: () => performance.now(),
      // A request is read by it.
      unixMs: () => {
        if (!isBroken) return Date.now();
        isBroken = false;
        throw new RangeError('Expected a clock but received none');
      },
    },
  });
  const { sessionPort } = (await stateOf(service)).network;
  assert.ok(sessionPort !== null);
  const stranger = createSocket('udp4');
  context.after(() => stranger.close());
  isBroken = true;
  stranger.send(new Uint8Array(1_024).fill(1), sessionPort, '127.0.0.1');
  await until(() => problems.length > 0);
  assert.deepEqual(problems, ['The network failed: Expected a clock but received none. The log goes on.']);
  assert.equal(mistakes.length, 1);
  await mustKeep(run, 'gg');
});
