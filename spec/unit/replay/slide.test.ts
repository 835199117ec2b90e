/** The first lines of a chat that slide in, one caught in the middle of it, are told whole, all of them, in order. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { runCli } from '../cli/cli-world.ts';

const recording = fileURLToPath(new URL('../../fixtures/practice-slide', import.meta.url));
const lineSchema = v.object({ line: v.string() });

test('lines that slide in before the distance of lines is known are told letter for letter', async () => {
  const truth = v.parse(v.array(lineSchema), JSON.parse(await readFile(join(recording, 'truth.json'), 'utf8')));
  const { code, out, err } = await runCli(['replay', recording, '--profile', 'practice', '--jsonl']);
  assert.equal(code, 0, err);
  const told = out.trim().split('\n');
  assert.deepEqual(
    told.map((text) => v.parse(lineSchema, JSON.parse(text)).line),
    truth.map(({ line }) => line),
  );
});
