/**
 * Writes on their way to a virtual disk: those that wait share one fsync, which takes a while of virtual time and may fail. At
 * a crash a part of what waits is on disk, the older before the younger; the rest is lost, and nothing of it ever answers.
 */
import type { LogError, Result } from '../../../storage/log.ts';
import type { Chance } from './chance.ts';
import type { Timeline } from './timeline.ts';

/** How a disk behaves; may be changed at any moment. */
export interface DiskMood {
  /** Of one fsync, ms. */
  syncMs: readonly [least: number, most: number];
  /** Every write fails while it is. */
  isFull: boolean;
}

export interface QueuedWrite {
  /** Parts that are durable one after the other. */
  readonly parts: number;
  /** Makes the first `parts` durable. */
  readonly apply: (parts: number) => void;
}

interface Ticket extends QueuedWrite {
  readonly resolve: (result: Result<void, LogError>) => void;
}

const full: Result<void, LogError> = { ok: false, error: { kind: 'disk-full', message: 'The disk is full.' } };

export class DiskQueue {
  readonly #timeline: Timeline;
  readonly #chance: Chance;
  readonly #mood: DiskMood;
  #waiting: Ticket[] = [];
  #syncing: readonly Ticket[] = [];
  #isDead = false;
  /** Called when a group is durable, or was refused, before anybody is answered. */
  onGroup: (isDurable: boolean) => void = () => {};

  constructor(timeline: Timeline, chance: Chance, mood: DiskMood) {
    this.#timeline = timeline;
    this.#chance = chance;
    this.#mood = mood;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.#syncing.length === 0;
  }

  /** Resolves when it is durable or refused; never after a crash. */
  add(write: QueuedWrite): Promise<Result<void, LogError>> {
    return new Promise((resolve) => {
      if (this.#isDead) return;
      this.#waiting.push({ ...write, resolve });
      if (this.#syncing.length === 0) this.#sync();
    });
  }

  /** The power fails. */
  crash(): void {
    if (this.#isDead) return;
    this.#isDead = true;
    const all = [...this.#syncing, ...this.#waiting];
    // Often nothing or all of it: the ends are where mistakes are.
    const share = this.#chance.pick([0, 1, this.#chance.share()]);
    let parts = Math.round(share * all.reduce((sum, write) => sum + write.parts, 0));
    for (const write of all) {
      const taken = Math.min(parts, write.parts);
      parts -= taken;
      if (taken > 0) write.apply(taken);
      if (taken < write.parts) break;
    }
    this.#waiting = [];
    this.#syncing = [];
  }

  #sync(): void {
    this.#syncing = this.#waiting;
    this.#waiting = [];
    this.#timeline.after(this.#chance.between(...this.#mood.syncMs), () => {
      if (this.#isDead) return;
      const group = this.#syncing;
      this.#syncing = [];
      const isDurable = !this.#mood.isFull;
      if (isDurable) for (const write of group) write.apply(write.parts);
      this.onGroup(isDurable);
      for (const { resolve } of group) resolve(isDurable ? { ok: true, value: undefined } : full);
      if (this.#waiting.length > 0 && this.#syncing.length === 0) this.#sync();
    });
  }
}
