/**
 * package-lock.json names every package of every platform. npm leaves out, without a word, what a registry does not have
 * for another platform, and `npm ci` then refuses the lock file on every machine.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as v from 'valibot';
import { REPO_ROOT } from '../../../overlay/runtime/paths.mjs';

const names = v.optional(v.record(v.string(), v.string()), {});
const lockSchema = v.object({
  packages: v.record(
    v.string(),
    v.object({
      version: v.optional(v.string()),
      integrity: v.optional(v.string()),
      resolved: v.optional(v.string()),
      dependencies: names,
      optionalDependencies: names,
    }),
  ),
});

const { packages } = v.parse(lockSchema, JSON.parse(readFileSync(join(REPO_ROOT, 'package-lock.json'), 'utf8')));

/** As Node resolves: in the package's own node_modules, then in those of the folders around it. */
function isLocked(place: string, name: string): boolean {
  const parts = place === '' ? [] : place.split('/node_modules/');
  return Array.from({ length: parts.length + 1 }, (_, outwards) => parts.slice(0, parts.length - outwards)).some(
    (kept) =>
      packages[[...kept, name].join('/node_modules/').replace(/^(?!node_modules\/)/, 'node_modules/')] !== undefined,
  );
}

test('every dependency of every package is in the lock file, also those of other platforms', () => {
  const missing = Object.entries(packages).flatMap(([place, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter((name) => !isLocked(place, name))
      .map((name) => `${place} needs ${name}`),
  );
  assert.deepEqual(missing, []);
});

test('every package has its integrity hash and no address of a registry', () => {
  const wrong = Object.entries(packages).filter(
    ([place, entry]) => place !== '' && (entry.integrity === undefined || entry.resolved !== undefined),
  );
  assert.deepEqual(
    wrong.map(([place]) => place),
    [],
  );
});
