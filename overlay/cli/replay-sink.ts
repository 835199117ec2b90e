/** The log that a replay writes: the same engine as the app's, so that what is replayed is kept as if it were seen. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReaderEvent, Result } from '../../capture/index.ts';
import { makeEntryIds, openLog } from '../../storage/index.ts';
import type { EntryId, UnixMs } from '../../storage/index.ts';
import { Engine } from '../engine/engine.ts';
import type { CommandIo } from './command.ts';
import { logFolder } from './data-folder.ts';

export interface ReplaySink {
  take(event: ReaderEvent): void;
  /** Resolves once all that was taken is durable, or a sentence says why it is not. */
  close(): Promise<string | null>;
}

export interface ReplaySinkOptions {
  readonly dataFolder: string;
  /** Game that the session is kept under. */
  readonly game: string;
  /** Added to the times of the recording: the moment at which it is taken to have begun. */
  readonly startMs: UnixMs;
  /** Called with each line once it is durable; the id is the one that it has in the log. */
  readonly onKept: (id: EntryId, line: string) => void;
  readonly io: CommandIo;
}

/** Opens the log for writing; the error is a sentence. */
export async function openReplaySink(options: ReplaySinkOptions): Promise<Result<ReplaySink, string>> {
  const { startMs } = options;
  const { clock, random, env } = options.io;
  const folder = logFolder(options.dataFolder);
  const opened = await openLog({ folder, mode: 'write', clock, random, passphrase: env['LOBBYKEEP_PASSPHRASE'] });
  if (!opened.ok) return { ok: false, error: opened.error.message };
  let problem: string | null = null;
  const engine = new Engine({
    log: opened.value,
    clock,
    newId: makeEntryIds(clock, random),
    sleep: (delayMs) => sleep(delayMs, undefined, { ref: false }),
    writeFile: () => Promise.resolve({ ok: false, error: { message: 'A replay exports nothing.' } }),
    onGrew: () => {},
    onCorrected: () => {},
    onMistake: (mistake) => {
      throw mistake;
    },
    emit: (message) => {
      if (message.kind === 'log') ({ problem } = message);
      if (message.kind === 'event' && message.event.name === 'line.kept') {
        const { id, line } = message.event.line;
        options.onKept(id, line);
      }
    },
  });
  await engine.answer('session.open', { game: options.game, atMs: startMs });
  let seq = 0;
  const take = (event: ReaderEvent): void => {
    if (event.kind === 'state') return;
    const tMs = event.tMs + startMs;
    const moved = event.kind === 'line' ? { ...event, tMs, firstMs: event.firstMs + startMs } : { ...event, tMs };
    engine.take({ seq: ++seq, region: 0, event: moved }, () => undefined);
  };
  const close = async (): Promise<string | null> => {
    await engine.close();
    return problem;
  };
  return { ok: true, value: { take, close } };
}
