/**
 * Sends the outbox of one peer within a boot: from the oldest message that the peer has not kept, in order, at most
 * 64 ahead of what it has kept. Waits for the peer to say where it stands, because one of the two may have been
 * restored from a backup. Source: spec/PROTOCOL.md, *Messages*.
 */
import type { EntryId } from '../../storage/entry.ts';
import type { StateStore } from '../../storage/state.ts';
import { DiskRetry } from '../disk-retry.ts';
import { encodeRecord } from '../records/record.ts';
import type { Clock } from '../world.ts';
import type { OutboxLine, Position } from './outbox-line.ts';

/** Messages sent and not kept by the peer: what a receiver must have room for. */
export const MESSAGE_WINDOW = 64;

export interface MessageSenderOptions {
  readonly line: OutboxLine;
  readonly state: StateStore;
  readonly clock: Clock;
  /** Whether the message is in the log, so that it may go. */
  readonly isLogged: (id: EntryId) => boolean;
  /** Queues on class 1; false where it is full. */
  readonly queue: (bytes: Uint8Array) => boolean;
  /** The peer keeps these already. */
  readonly onKept: (ids: readonly EntryId[]) => void;
}

export class MessageSender {
  readonly #options: MessageSenderOptions;
  readonly #retry = new DiskRetry();
  /** Where the peer stands, from when it must still be made to fit; undefined while it has not said. */
  #position: Position | undefined;
  /** Next number to send; null until the streams fit. */
  #next: number | null = null;
  #renewing = false;

  constructor(options: MessageSenderOptions) {
    this.#options = options;
  }

  /** A boot began: nothing is under way. */
  reset(): void {
    this.#position = undefined;
    this.#next = null;
  }

  /** The peer said where it stands; only the first time in a boot counts. */
  positioned(position: Position): void {
    if (this.#position !== undefined) return;
    this.#position = position;
    void this.#fit();
  }

  /**
   * What was queued and not sent was dropped: begins again at the oldest message. What arrives twice is only
   * confirmed.
   */
  rewind(): void {
    if (this.#next !== null) this.#next = this.#options.line.base;
  }

  /** Queues what may go. Whether there was anything. */
  pump(): boolean {
    const { line, isLogged, queue } = this.#options;
    const before = this.#next;
    while (this.#next !== null && this.#next <= line.last && this.#next < line.base + MESSAGE_WINDOW) {
      const message = line.read(this.#next);
      if (message !== null && (!isLogged(message.id) || !queue(encodeRecord({ kind: 'message', ...message })))) break;
      this.#next += 1;
    }
    return this.#next !== before;
  }

  get nextMs(): number {
    return this.#next === null ? this.#retry.nextMs : Infinity;
  }

  poll(): void {
    void this.#fit();
  }

  /** Takes what the peer has kept as kept; begins a new stream where the two memories contradict each other. */
  async #fit(): Promise<void> {
    const { line, state, clock, onKept } = this.#options;
    if (this.#renewing || this.#next !== null || !this.#retry.mayTry(clock.elapsedMs())) return;
    this.#renewing = true;
    while (this.#position !== undefined && this.#next === null) {
      const position = this.#position;
      const kept = line.keptBy(position);
      if (kept !== null) {
        this.#next = kept.next;
        onKept(kept.ids);
        break;
      }
      const renewal = line.stageRenewal();
      const written = await state.write(renewal.changes);
      if (!written.ok) {
        this.#retry.failed(clock.elapsedMs());
        break;
      }
      this.#retry.succeeded();
      line.renewed(renewal);
      // Whatever the peer keeps is of another stream, which fits unless a message was kept meanwhile.
    }
    this.#renewing = false;
    this.pump();
  }
}
