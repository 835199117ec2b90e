/** What the tests of the log share: a seeded world, entries by the dozen, opening that must succeed. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { makeEntryIds, openLog } from '../../../storage/index.ts';
import type {
  EntryId,
  LineEntry,
  Log,
  LogLine,
  OpenLogOptions,
  RevisionEntry,
  SessionEntry,
} from '../../../storage/index.ts';

export const startMs = 1_760_000_000_000;
export const strongRandom = (count: number): Uint8Array => new Uint8Array(randomBytes(count));

/** Bytes that depend on the seed alone. */
export function seededRandom(seed: string): (count: number) => Uint8Array {
  let block = 0;
  return (count) => {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at += 32) {
      const digest = createHash('sha256').update(`${seed} ${block}`).digest();
      bytes.set(digest.subarray(0, Math.min(32, count - at)), at);
      block += 1;
    }
    return bytes;
  };
}

/** A clock that stands until it is set. */
export function makeClock(nowMs = startMs): { (): number; nowMs: number } {
  const clock = Object.assign(() => clock.nowMs, { nowMs });
  return clock;
}

/** Makes entries with ids and times that count up. */
export class EntryMaker {
  readonly clock = makeClock();
  readonly id = makeEntryIds(this.clock, seededRandom('entries'));

  session(game = 'Quake', lobby: string | null = 'Arena'): SessionEntry {
    this.clock.nowMs += 1_000;
    return { kind: 'session', id: this.id(), atMs: this.clock.nowMs, game, lobby, reason: 'pattern' };
  }

  line(session: EntryId, line: string, more: Partial<LineEntry> = {}): LineEntry {
    this.clock.nowMs += 1_000;
    const body = { line, speaker: null, text: line, channel: 'all', confidence: 0.5, colours: [] };
    return { kind: 'line', id: this.id(), session, atMs: this.clock.nowMs, ...body, picture: null, ...more };
  }

  revision(of: EntryId, line: string, more: Partial<RevisionEntry> = {}): RevisionEntry {
    this.clock.nowMs += 1_000;
    const body = { line, speaker: null, text: line, channel: 'all', confidence: 0.9, colours: [] };
    const made = { id: this.id(), of, atMs: this.clock.nowMs, by: 'reader', ...body, picture: null } as const;
    return { kind: 'revision', ...made, ...more };
  }
}

type OpenOptions = Partial<OpenLogOptions> & Pick<OpenLogOptions, 'folder'>;

export function logOptions(options: OpenOptions): OpenLogOptions {
  return { mode: 'write', clock: makeClock(), random: strongRandom, ...options };
}

/** Opens, and fails the test where that fails. */
export async function mustOpen(options: OpenOptions): Promise<Log> {
  const opened = await openLog(logOptions(options));
  assert.ok(opened.ok, opened.ok ? '' : opened.error.message);
  return opened.value;
}

/** Lines that match, oldest first. */
export function find(log: Log, query: string): readonly LogLine[] {
  const page = log.search(query, { limit: 1000 });
  assert.ok(page.ok, page.ok ? '' : page.error.message);
  return [...page.value.lines].reverse();
}

export function findText(log: Log, query: string): readonly string[] {
  return find(log, query).map((line) => line.line);
}

export async function mustAppend(log: Log, entries: Parameters<Log['append']>[0]): Promise<void> {
  const kept = await log.append(entries);
  assert.ok(kept.ok, kept.ok ? '' : kept.error.message);
}

export async function mustVerify(log: Log): Promise<void> {
  const report = await log.verify();
  assert.deepEqual(report.problems, []);
  assert.ok(report.ok);
}
