/** What the tests of the engine share: an engine over a real log, its messages, and parcels as a reader sends them. */
import assert from 'node:assert/strict';
import { Engine } from '../../../overlay/engine/engine.ts';
import type { EngineMessage, LogParcel, ReaderCorrection, ReaderReceipt } from '../../../overlay/ipc/index.ts';
import { makeEntryIds } from '../../../storage/index.ts';
import type { Log, LogLine } from '../../../storage/index.ts';
import { find, makeClock, mustOpen, seededRandom, startMs } from '../storage/log-kit.ts';
import type { MemoryDisk } from '../storage/memory-disk.ts';

export const game = 'Practice Lobby';

export interface EngineRun {
  readonly engine: Engine;
  readonly log: Log;
  readonly clock: { (): number; nowMs: number };
  readonly messages: readonly EngineMessage[];
  readonly receipts: readonly ReaderReceipt[];
  readonly corrections: readonly ReaderCorrection[];
  /** Lines announced as kept, in order. */
  kept(): readonly string[];
  lines(query?: string): readonly LogLine[];
  say(line: string, tMs?: number, key?: string): void;
  take(event: LogParcel['event']): void;
  /** Resolves when an announcement fits. */
  heard(fits: (message: EngineMessage) => boolean): Promise<void>;
}

/** An engine over the log on `disk`; a later one over the same disk is a later start of the app. */
export async function runEngine(disk: MemoryDisk, nowMs = startMs): Promise<EngineRun> {
  const clock = makeClock(nowMs);
  // The lock of a killed process is broken by the next; here both are one process.
  disk.drop('/log/lock');
  const log = await mustOpen({ folder: '/log', files: disk, clock });
  const messages: EngineMessage[] = [];
  const receipts: ReaderReceipt[] = [];
  const corrections: ReaderCorrection[] = [];
  let waiting: { readonly fits: (message: EngineMessage) => boolean; readonly resolve: () => void }[] = [];
  const engine = new Engine({
    log,
    clock,
    newId: makeEntryIds(clock, seededRandom(`engine ${nowMs}`)),
    // Retries come at once: the tests mend the disk between two of them.
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
    writeFile: () => Promise.resolve({ ok: true, value: undefined }),
    onGrew: () => {},
    onCorrected: (correction) => void corrections.push(correction),
    onMistake: (mistake) => {
      throw mistake;
    },
    emit: (message) => {
      messages.push(message);
      const heard = waiting.filter(({ fits }) => fits(message));
      waiting = waiting.filter((wait) => !heard.includes(wait));
      for (const { resolve } of heard) resolve();
    },
  });
  let seq = 0;
  const take = (event: LogParcel['event']): void => {
    seq += 1;
    engine.take({ seq, region: 0, event }, (receipt) => receipts.push(receipt));
  };
  return {
    engine,
    log,
    clock,
    messages,
    receipts,
    corrections,
    kept: () =>
      messages.flatMap((message) =>
        message.kind === 'event' && message.event.name === 'line.kept' ? [message.event.line.line] : [],
      ),
    lines: (query = '') => find(log, query),
    say: (line, tMs = clock.nowMs, key = `k${seq}`) => take(lineEvent(line, tMs, key)),
    take,
    heard: (fits) =>
      messages.some(fits) ? Promise.resolve() : new Promise((resolve) => waiting.push({ fits, resolve })),
  };
}

export function lineEvent(line: string, tMs: number, key: string): Extract<LogParcel['event'], { kind: 'line' }> {
  const reading = { line, speaker: null, text: line, channel: 'all', confidence: 0.9, colours: ['#ffffff'] };
  return { kind: 'line', key, tMs, firstMs: tMs, reading, picture: null };
}

export function isKept(line: string): (message: EngineMessage) => boolean {
  return (message) =>
    message.kind === 'event' && message.event.name === 'line.kept' && message.event.line.line === line;
}

/** The answer of a call that must succeed. */
export async function answerOf(answer: unknown): Promise<unknown> {
  const value: unknown = await answer;
  assert.ok(
    !(typeof value === 'object' && value !== null && 'ok' in value) || value.ok === true,
    JSON.stringify(value),
  );
  return value;
}
