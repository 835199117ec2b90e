/**
 * The reader's process (a utility process of Electron, low priority): frames in from the capture renderer, lines out to
 * the engine. Usage: `utilityProcess.fork(reader.mjs, [MODEL_FOLDER, PROFILE_FOLDER, ...])`. It may be killed at any moment: whatever it
 * had not handed on is still on the screen, and the next one is told what is kept.
 */
import { randomBytes } from 'node:crypto';
import { constants, setPriority } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { grabbedFrameSchema } from '../../capture/grab/live/messages.ts';
import { parentPortOf, readerCommandSchema, readerCorrectionSchema, readerReceiptSchema } from '../ipc/index.ts';
import type { ChildPort, KnownLines, ReaderCommand, ReaderMessage } from '../ipc/index.ts';
import { Outbox } from './outbox.ts';
import { RegionReading } from './region-reading.ts';
import { showSight } from './sight.ts';

/** A reading that takes longer than this hangs: the process ends itself, main starts another. */
const HANG_MS = 20_000;
const HANG_EXIT = 71;
const SIGHT_INTERVAL_MS = 500;
/** What a killed reader learned in this time is learned again. */
const FONT_INTERVAL_MS = 30_000;
/** How long an ending reader waits for the engine to keep its last lines. */
const LAST_RECEIPT_MS = 3_000;

// The game comes first. Threads that start from here on (Tesseract's) inherit this priority.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const parent = parentPortOf(process);
const post: (message: ReaderMessage) => void = parent.postMessage.bind(parent);

/** What this process holds. */
const held: {
  frames: ChildPort | null;
  engine: ChildPort | null;
  reading: RegionReading | null;
  sights: boolean;
  showing: boolean;
  /** Diagnostics that are being written. */
  saving: Promise<void> | null;
  lost: number;
  badFrames: number;
} = { frames: null, engine: null, reading: null, sights: false, showing: false, saving: null, lost: 0, badFrames: 0 };

const outbox = new Outbox({
  send: (parcel) => held.engine?.postMessage(parcel),
  onLost: () => {
    held.lost += 1;
    if (held.lost === 1) {
      post({
        kind: 'notice',
        text: 'The log has taken no line for a long time; the oldest lines read meanwhile are lost.',
      });
    }
  },
});

function bindFrames(port: ChildPort): void {
  held.frames?.close();
  held.frames = port;
  port.on('message', ({ data }) => {
    const frame = v.safeParse(grabbedFrameSchema, data);
    if (frame.success) held.reading?.offer(frame.output);
    else held.badFrames += 1;
  });
  // Until it is known how to read, the first frame waits in the port, and the sender sends no second.
  if (held.reading !== null) port.start();
}

function bindEngine(port: ChildPort): void {
  held.engine?.close();
  held.engine = port;
  port.on('message', ({ data }) => {
    const receipt = v.safeParse(readerReceiptSchema, data);
    if (receipt.success) {
      outbox.take(receipt.output);
      return;
    }
    const correction = v.safeParse(readerCorrectionSchema, data);
    if (correction.success) held.reading?.correct(correction.output);
  });
  port.start();
}

async function start(command: Extract<ReaderCommand, { kind: 'start' }>): Promise<void> {
  const [, , modelFolder, ...profileFolders] = process.argv;
  if (modelFolder === undefined || profileFolders.length === 0)
    throw new TypeError('Expected the folders of models and of profiles as arguments but received less');
  held.reading = await RegionReading.begin({
    profile: command.profile,
    profileFolders,
    modelFolder,
    languages: command.languages,
    fontPath: command.font,
    known: command.known,
    run: randomBytes(4).toString('hex'),
    outbox,
    post,
    onTaken: (taken) => held.frames?.postMessage({ taken }),
    onError: (error) => {
      console.error(error);
      process.exit(70);
    },
    elapsedMs: () => performance.now(),
  });
  if (held.reading !== null) held.frames?.start();
}

/** Lines on their way are known too, by the keys that they are sent again with. */
function rejoin(known: KnownLines): void {
  const kept = known[0] ?? [];
  outbox.resend(kept);
  held.reading?.rename((region) => [...(known[region] ?? []), ...outbox.unkept(region)]);
}

async function showSights(): Promise<void> {
  if (!held.sights || held.showing || held.reading === null) return;
  held.showing = true;
  try {
    const font = await held.reading.fontSight();
    for (const [region, sight] of held.reading.sights().entries()) {
      if (sight !== null) post({ kind: 'sight', region, sight: await showSight(sight, font) });
    }
  } finally {
    held.showing = false;
  }
}

async function diagnose({ id, path, text, version }: Extract<ReaderCommand, { kind: 'diagnose' }>): Promise<void> {
  const saved = await held.reading?.saveDiagnostics(path, text, version);
  const error = 'The reader is still starting: nothing was read yet. Try again in a moment.';
  if (saved === undefined) post({ kind: 'diagnosed', id, outcome: { ok: false, error } });
  else post({ kind: 'diagnosed', id, outcome: saved.ok ? { ok: true, ...saved.value } : saved });
}

async function stop(): Promise<void> {
  await held.reading?.finish();
  await Promise.race([Promise.all([outbox.empty(), held.saving]), sleep(LAST_RECEIPT_MS)]);
  process.exit(0);
}

function obey(command: ReaderCommand, ports: readonly ChildPort[]): Promise<void> | void {
  const [first, second] = ports;
  switch (command.kind) {
    case 'start':
      if (first !== undefined) bindFrames(first);
      if (second !== undefined) bindEngine(second);
      return start(command);
    case 'engine':
      if (first !== undefined) bindEngine(first);
      return rejoin(command.known);
    case 'frames':
      if (first !== undefined) bindFrames(first);
      return;
    case 'sights':
      held.sights = command.on;
      return;
    case 'diagnose':
      held.saving = diagnose(command);
      return held.saving;
    case 'ping':
      return post({ kind: 'pong' });
    case 'stop':
      return stop();
  }
}

function fail(error: unknown): never {
  // A programmer's mistake: main sees the process end and starts another.
  console.error(error);
  process.exit(70);
}

// Ctrl+C in a terminal reaches every process of the app; main ends this one when its work is done.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
parent.on('message', ({ data, ports }) => {
  const command = v.safeParse(readerCommandSchema, data);
  if (command.success) Promise.resolve(obey(command.output, ports)).catch(fail);
});
setInterval(() => {
  if ((held.reading?.busyMs ?? 0) > HANG_MS) process.exit(HANG_EXIT);
}, 1_000);
setInterval(() => {
  held.reading?.saveFont().catch(fail);
}, FONT_INTERVAL_MS);
setInterval(() => {
  showSights().catch(fail);
}, SIGHT_INTERVAL_MS);
