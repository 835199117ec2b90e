/** A state in a map, kept at once: what a target begins with, one value of it changed. */
import type { StateStore } from '../../storage/state.ts';

/** @param values is written to. */
export function memoryState(values: Map<string, string>): StateStore {
  return {
    get: (key) => values.get(key) ?? null,
    list: (prefix) => [...values].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)),
    write: (changes) => {
      for (const { key, value } of changes) {
        if (value === null) values.delete(key);
        else values.set(key, value);
      }
      return Promise.resolve({ ok: true, value: undefined });
    },
    close: () => Promise.resolve(),
  };
}
