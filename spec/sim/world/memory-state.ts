/** A state store on a virtual disk, with the promises of `StateStore`: a refused write stays in memory and goes with the next. */
import type { LogError, Result } from '../../../storage/log.ts';
import type { StateChange, StateStore } from '../../../storage/state.ts';
import type { Chance } from './chance.ts';
import { DiskQueue } from './disk-queue.ts';
import type { DiskMood } from './disk-queue.ts';
import type { Timeline } from './timeline.ts';

const keyCharacters = 200;
const valueBytes = 64 * 1024;

export class MemoryState implements StateStore {
  readonly #durable: Map<string, string>;
  readonly #view: Map<string, string>;
  readonly #queue: DiskQueue;
  /** In memory and not on disk: waiting, or refused. Goes to disk in its order, with whatever is written next. */
  readonly #memory: { readonly order: number; readonly changes: readonly StateChange[] }[] = [];
  #writes = 0;
  /** Bytes that went to the disk, for who watches what strangers cost. */
  writtenBytes = 0;

  constructor(timeline: Timeline, chance: Chance, mood: DiskMood, durable: ReadonlyMap<string, string>) {
    this.#durable = new Map(durable);
    this.#view = new Map(durable);
    this.#queue = new DiskQueue(timeline, chance, mood);
  }

  /** What is on disk. */
  get durable(): ReadonlyMap<string, string> {
    return this.#durable;
  }

  get(key: string): string | null {
    return this.#view.get(key) ?? null;
  }

  list(prefix: string): readonly (readonly [key: string, value: string])[] {
    const found = [...this.#view].filter(([key]) => key.startsWith(prefix));
    return found.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  async write(changes: readonly StateChange[]): Promise<Result<void, LogError>> {
    for (const change of changes) checkChange(change);
    for (const change of changes) put(this.#view, change);
    this.#writes += 1;
    const order = this.#writes;
    this.#memory.push({ order, changes });
    return this.#queue.add({ parts: 1, apply: () => this.#keep(order) });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #keep(order: number): void {
    while ((this.#memory[0]?.order ?? Infinity) <= order) {
      for (const change of this.#memory.shift()?.changes ?? []) {
        put(this.#durable, change);
        this.writtenBytes += change.key.length + (change.value?.length ?? 0);
      }
    }
  }

  crash(): void {
    this.#queue.crash();
  }

  get isIdle(): boolean {
    return this.#queue.isIdle;
  }
}

function checkChange({ key, value }: StateChange): void {
  if (key.length < 1 || key.length > keyCharacters) {
    throw new RangeError(`Expected 1 to ${keyCharacters} characters for a key but received ${key.length}`);
  }
  const bytes = value === null ? 0 : Buffer.byteLength(value);
  if (bytes > valueBytes) throw new RangeError(`Expected at most ${valueBytes} bytes for ${key} but received ${bytes}`);
}

function put(map: Map<string, string>, { key, value }: StateChange): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}
