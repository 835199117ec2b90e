/** Ids for tests: a text that is one, as one. */
import assert from 'node:assert/strict';

/** `value`, which `isIt` must hold for. */
export function known<T extends string>(value: string, isIt: (value: unknown) => value is T): T {
  assert.ok(isIt(value), value);
  return value;
}
