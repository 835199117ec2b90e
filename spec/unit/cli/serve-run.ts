/** `peer serve` as a process of its own, with its JSON events; the other subcommands talk to it through its socket. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { OverlayEvent } from '../../../overlay/ipc/index.ts';

const program = fileURLToPath(new URL('../../../overlay/cli/index.ts', import.meta.url));
/** For a machine that others use as well. */
const patienceMs = 60_000;

interface ReadyEvent {
  readonly name: 'ready';
  readonly network: { readonly sessionPort: number };
}
export type ServeEvent = OverlayEvent | ReadyEvent;

export interface ServeRun {
  readonly port: number;
  /** Printed so far. */
  readonly events: readonly ServeEvent[];
  /** The first event, of those that were and those to come, that fits. */
  waitFor<E extends ServeEvent>(what: string, fits: (event: ServeEvent) => event is E): Promise<E>;
  /** Resolves with the exit code, null where a signal ended it. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

const eventSchema = v.custom<ServeEvent>((value) => typeof value === 'object' && value !== null && 'name' in value);

export async function startServe(data: string): Promise<ServeRun> {
  const args = ['--import', 'tsx', program, 'peer', 'serve', '--data', data, '--bind', '127.0.0.1:0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'exit').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));
  const events: ServeEvent[] = [];
  const waiting = new Set<() => void>();
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(v.parse(eventSchema, JSON.parse(line)));
    for (const look of waiting) look();
  });
  const waitFor: ServeRun['waitFor'] = (what, fits) =>
    new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(limit);
        waiting.delete(look);
        settle();
      };
      const look = (): void => {
        const found = events.find(fits);
        if (found !== undefined) end(() => resolve(found));
      };
      const give = (why: string): void => end(() => reject(new Error(`${why}: ${what}; ${errors.join(' | ')}`)));
      const limit = setTimeout(() => give('Waited in vain'), patienceMs);
      void exit.then(() => give('It ended before'));
      waiting.add(look);
      look();
    });
  const ready = await waitFor('ready', (event): event is ReadyEvent => event.name === 'ready');
  return {
    port: ready.network.sessionPort,
    events,
    waitFor,
    stop(signal) {
      child.kill(signal);
      return exit;
    },
  };
}
