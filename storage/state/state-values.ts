/** The state in memory: values by key, keys in order, and the bounds of both. */
import type { LogError } from '../log.ts';
import type { StateChange } from '../state.ts';

const keyLimit = 200;
const valueBytesLimit = 64 * 1024;
const keysLimit = 200_000;
/** Of all keys and values as JSON. */
const contentBytesLimit = 64 * 1024 * 1024;
const fewChanges = 64;

function sizeOf(key: string, value: string | null): number {
  return Buffer.byteLength(JSON.stringify([key, value])) + 1;
}

export class StateValues {
  readonly #values: Map<string, string>;
  /** Sorted by UTF-16 units, as `<` compares. */
  #keys: string[];
  #bytes = 0;

  constructor(values: Map<string, string>) {
    this.#values = values;
    this.#keys = [...values.keys()].sort();
    for (const [key, value] of values) this.#bytes += sizeOf(key, value);
  }

  /** Bytes of all keys and values as JSON. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  all(): ReadonlyMap<string, string> {
    return this.#values;
  }

  list(prefix: string): readonly (readonly [key: string, value: string])[] {
    const found: (readonly [string, string])[] = [];
    for (let at = this.#place(prefix); at < this.#keys.length; at += 1) {
      const key = this.#keys[at] ?? '';
      if (!key.startsWith(prefix)) break;
      found.push([key, this.#values.get(key) ?? '']);
    }
    return found;
  }

  /** Index of the first key that is not before `key`. */
  #place(key: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#keys[middle] ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Bytes of the changes as JSON.
   * @throws RangeError where a key or value breaks the bounds of `StateChange`: a mistake of the caller.
   */
  check(changes: readonly StateChange[]): number {
    let bytes = 0;
    for (const { key, value } of changes) {
      if (key.length < 1 || key.length > keyLimit) {
        throw new RangeError(`Expected 1 to ${keyLimit} characters for key but received ${key.length}`);
      }
      const valueBytes = value === null ? 0 : Buffer.byteLength(value);
      if (valueBytes > valueBytesLimit) {
        throw new RangeError(`Expected at most ${valueBytesLimit} bytes for value but received ${valueBytes}`);
      }
      bytes += sizeOf(key, value);
    }
    return bytes;
  }

  /** Why the changes do not fit; null where they do. */
  refusal(changes: readonly StateChange[]): LogError | null {
    const after = new Map<string, string | null>();
    for (const { key, value } of changes) after.set(key, value);
    let [keys, bytes] = [this.#values.size, this.#bytes];
    for (const [key, value] of after) {
      const before = this.#values.get(key);
      if (before !== undefined) {
        keys -= 1;
        bytes -= sizeOf(key, before);
      }
      if (value !== null) {
        keys += 1;
        bytes += sizeOf(key, value);
      }
    }
    // What makes it smaller is always taken.
    if ((keys <= keysLimit && bytes <= contentBytesLimit) || bytes < this.#bytes) return null;
    const message =
      'There is no more room for contacts and waiting messages, so this was not kept. What was kept before is safe. ' +
      'Remove contacts or messages that wait, then try again.';
    return { kind: 'io', message };
  }

  apply(changes: readonly StateChange[]): void {
    // One key in its place moves all keys behind it, so many are sorted in at once.
    const many = changes.length > fewChanges;
    for (const { key, value } of changes) this.#set(key, value, many);
    if (many) this.#keys = [...this.#values.keys()].sort();
  }

  #set(key: string, value: string | null, sortedLater: boolean): void {
    const before = this.#values.get(key);
    if (before !== undefined) this.#bytes -= sizeOf(key, before);
    if (value === null) {
      this.#values.delete(key);
      if (before !== undefined && !sortedLater) this.#keys.splice(this.#place(key), 1);
      return;
    }
    this.#values.set(key, value);
    this.#bytes += sizeOf(key, value);
    if (before === undefined && !sortedLater) this.#keys.splice(this.#place(key), 0, key);
  }
}
