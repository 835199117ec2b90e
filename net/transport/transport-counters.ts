/** The counters of the sockets, as they are written; everybody else sees them read-only as `DatagramCounters`. */
import type { DatagramCounters } from './datagrams.ts';

const ERROR_KINDS_LIMIT = 32;

export class TransportCounters implements DatagramCounters {
  received = 0;
  receivedForeign = 0;
  lastForeignMs: number | null = null;
  droppedWaiting = 0;
  droppedSize = 0;
  droppedOffLink = 0;
  sent = 0;
  announced = 0;
  unsent = 0;
  reopened = 0;
  readonly #errors = new Map<string, number>();

  get errors(): ReadonlyMap<string, number> {
    return this.#errors;
  }

  /** @param what failed: `send`, `receive`, `join`, `bind`, `option`. */
  noteError(what: string, error: unknown): void {
    const name = `${what} ${errorCode(error)}`;
    const kind = this.#errors.has(name) || this.#errors.size < ERROR_KINDS_LIMIT ? name : 'others';
    this.#errors.set(kind, (this.#errors.get(kind) ?? 0) + 1);
  }
}

/** The system's code of an error, such as `EADDRINUSE`; `unknown` where it has none. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
