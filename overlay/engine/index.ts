/**
 * The engine's process (a utility process of Electron): opens the log, binds the engine to main's port and to the
 * reader's. Usage: `utilityProcess.fork(engine.mjs, [DATA_FOLDER])`. While the log cannot be opened it tries again and
 * says so; calls are then answered with that sentence. Whatever the network throws, the log stays open.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { makeEntryIds, openLog } from '../../storage/index.ts';
import type { Log } from '../../storage/index.ts';
import { engineCallSchemas, engineRequestSchema, parentPortOf, readerParcelSchema } from '../ipc/index.ts';
import type { ChildPort, EngineCallName, EngineMessage, ReaderCorrection } from '../ipc/index.ts';
import { Engine } from './engine.ts';
import { writeWhole } from './export-file.ts';
import { controlPath } from './control/control-path.ts';
import { serveControl } from './control/control-server.ts';
import { callPeople } from './people/call-people.ts';
import { PeopleService } from './people/people-service.ts';

/** Between two tries to open the log. */
const REOPEN_MS = 2_000;
/** A reader that was killed has its port closed within milliseconds; longer than this nobody waits for it. */
const PORT_CLOSE_MS = 1_000;

/** Mistakes of the network that nobody caught, after which this process is started anew all the same. */
const STRAYS_LIMIT = 100;

const parent = parentPortOf(process);
const post: (message: EngineMessage) => void = parent.postMessage.bind(parent);

/** What this process holds. */
const held: {
  engine: Engine | null;
  /** Opened once the log is, beside the engine; never rejects. */
  people: Promise<PeopleService> | null;
  strays: number;
  problem: string;
  readerPort: { readonly port: ChildPort; readonly closed: Promise<void> } | null;
  badParcels: number;
} = { engine: null, people: null, strays: 0, problem: 'The log is being opened.', readerPort: null, badParcels: 0 };

function writeFile(path: string, pieces: Iterable<string>): ReturnType<typeof writeWhole> {
  return writeWhole(path, randomBytes(6).toString('hex'), pieces);
}

function startEngine(log: Log, dataFolder: string): void {
  // The clock may have been set back since the newest line of this device: ids must not go back with it.
  const newestMs = log.stats().lastOwnMs ?? 0;
  const newId = makeEntryIds(
    () => Math.max(Date.now(), newestMs),
    (count) => randomBytes(count),
  );
  const people = PeopleService.open({
    log,
    newId,
    writeFile,
    clock: {
      unixMs: () => Date.now(),
      elapsedMs: () => performance.now(),
    },
    random: (sizeBytes) => new Uint8Array(randomBytes(sizeBytes)),
    sockets: {},
    emit: (event) =>
      post({
        kind: 'event',
        event,
      }),
    onMistake: (mistake) => console.error(mistake),
    onProblem: (text) =>
      post({
        kind: 'notice',
        text,
      }),
  });
  const engine = new Engine({
    log,
    newId,
    writeFile,
    clock: Date.now,
    sleep: (delayMs) => sleep(delayMs),
    emit: post,
    onMistake: fail,
    onGrew: (game) => void people.then((service) => service.logGrew(game)),
    onCorrected: tellReader,
  });
  held.engine = engine;
  held.people = people;
  people
    .then((service) => serveControl(service, controlPath(dataFolder, process.platform), process.platform))
    .catch((error: unknown) => {
      console.error(error);
      const text = 'The command line cannot reach this program: its socket could not be made. All else goes on.';
      post({ kind: 'notice', text });
    });
  post({ kind: 'log', open: true, problem: null });
}

/**
 * Thrown where nobody caught it. All that writes the log ends in `fail` by itself, so it is of the network: that is taken down, and
 * the log goes on.
 */
function strayed(mistake: unknown): void {
  held.strays += 1;
  if (held.people === null || held.strays > STRAYS_LIMIT) fail(mistake);
  void held.people.then((service) => service.broke(mistake));
}

/** A programmer's mistake: main sees the process end and starts another. */
function fail(error: unknown): never {
  console.error(error);
  process.exit(70);
}

async function openUntilItWorks(dataFolder: string): Promise<void> {
  const folder = join(dataFolder, 'log');
  for (;;) {
    const opened = await openLog({ folder, mode: 'write', clock: Date.now, random: (count) => randomBytes(count) });
    if (opened.ok) {
      startEngine(opened.value, dataFolder);
      return;
    }
    held.problem = opened.error.message;
    post({ kind: 'log', open: false, problem: held.problem });
    await sleep(REOPEN_MS);
  }
}

function tellReader(correction: ReaderCorrection): void {
  const port = held.readerPort?.port;
  port?.postMessage(correction);
}

function bindReader(port: ChildPort): void {
  const closed = new Promise<void>((resolve) => {
    port.on('close', resolve);
  });
  held.readerPort = { port, closed };
  port.on('message', ({ data }) => {
    const parcel = v.safeParse(readerParcelSchema, data);
    if (!parcel.success) {
      held.badParcels += 1;
      return;
    }
    try {
      held.engine?.take(parcel.output, (receipt) => port.postMessage(receipt));
    } catch (mistake) {
      fail(mistake);
    }
  });
  port.start();
}

async function lastReaderDry(): Promise<void> {
  const last = held.readerPort;
  if (last === null) return;
  held.readerPort = null;
  await Promise.race([last.closed, sleep(PORT_CLOSE_MS)]);
}

function isCallName(name: string): name is EngineCallName {
  return Object.hasOwn(engineCallSchemas, name);
}

async function answer<N extends EngineCallName>(
  name: N,
  schema: (typeof engineCallSchemas)[N],
  input: unknown,
): Promise<unknown> {
  if (held.engine === null) throw new Error(held.problem);
  const parsed = v.safeParse(schema, input);
  if (!parsed.success)
    throw new TypeError(`Expected the shape of ${name} but received another: ${parsed.issues[0].message}`);
  if (name === 'reader.known') await lastReaderDry();
  if (name === 'close') await (await held.people)?.close();
  return held.engine.answer(name, parsed.output);
}

async function answerPeople(name: string, input: unknown): Promise<unknown> {
  if (held.people === null) throw new Error(held.problem);
  return callPeople(await held.people, name, input);
}

function serve(name: string, input: unknown): Promise<unknown> {
  if (isCallName(name)) return answer(name, engineCallSchemas[name], input);
  return answerPeople(name, input);
}

process.on('uncaughtException', strayed);
process.on('unhandledRejection', strayed);
// Ctrl+C in a terminal reaches every process of the app; main ends this one when its work is done.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
parent.on('message', ({ data, ports }) => {
  const request = v.safeParse(engineRequestSchema, data);
  if (!request.success) return;
  if (request.output.kind === 'reader') {
    const port = ports[0];
    if (port !== undefined) bindReader(port);
    return;
  }
  const { seq, name, input } = request.output;
  serve(name, input)
    .then((value) => post({ kind: 'answer', seq, value, failure: null }))
    .catch((error: unknown) => {
      const failure = error instanceof Error ? error.message : String(error);
      post({ kind: 'answer', seq, value: null, failure });
    })
    .finally(() => {
      if (name === 'close') setImmediate(() => process.exit(0));
    });
});

const dataFolder = process.argv[2];
if (dataFolder === undefined)
  throw new TypeError('Expected the data folder as argument of the engine but received none');
openUntilItWorks(dataFolder).catch(fail);
